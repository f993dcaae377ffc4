import type { Table } from './tables.ts';

type Value = Record<string, unknown> | undefined;

/**
 * The partition keys that a request names, for `dynamodb:LeadingKeys` in policies. Undefined where it names none, as a
 * Scan does: such a request has no value for the key.
 */
export function leadingKeys(table: Table | undefined, operation: string, input: any): string[] | undefined {
  if (!table) return undefined;
  const { KeySchema, GlobalSecondaryIndexes = [] } = table.description;
  const index = GlobalSecondaryIndexes.find(({ IndexName }) => IndexName === input.IndexName);
  const partition = partitionOf(index?.KeySchema ?? KeySchema);
  const values = operation === 'Query' ? [queried(partition, input)] : itemsOf(input).map((item) => item?.[partition]);
  const keys = values.map(textOf).filter((key) => key !== undefined);
  return keys.length ? keys : undefined;
}

function partitionOf(schema: readonly { AttributeName: string; KeyType: string }[]): string {
  return schema.find(({ KeyType }) => KeyType === 'HASH')!.AttributeName;
}

/** The keys or items of a request on one table, be it of one item, of a batch or of a transaction. */
function itemsOf(input: any): any[] {
  if (Array.isArray(input)) return input.map((write) => write?.PutRequest?.Item ?? write?.DeleteRequest?.Key);
  return input.Keys ?? [input.Key ?? input.Item];
}

/** A query compares its partition key for equality, in an expression or in the older list of conditions. */
function queried(partition: string, input: any): Value {
  const { KeyConditionExpression = '', ExpressionAttributeNames = {}, ExpressionAttributeValues = {} } = input;
  const aliases = Object.keys(ExpressionAttributeNames).filter(
    (alias) => ExpressionAttributeNames[alias] === partition,
  );
  for (const name of [partition, ...aliases]) {
    const escaped = name.replace(/[^\w]/g, '\\$&');
    const found = new RegExp(`(?<![\\w#:.])${escaped}\\s*=\\s*(:\\w+)|(:\\w+)\\s*=\\s*${escaped}(?![\\w.])`).exec(
      KeyConditionExpression,
    );
    if (found) return ExpressionAttributeValues[(found[1] ?? found[2])!];
  }
  return input.KeyConditions?.[partition]?.AttributeValueList?.[0];
}

function textOf(value: Value): string | undefined {
  const [text] = Object.values(value ?? {});
  if (text instanceof Uint8Array) return Buffer.from(text).toString('base64');
  return text === undefined ? undefined : String(text);
}
