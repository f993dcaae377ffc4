import type { AuditEntry } from '../runtime/ports/audit.ts';
import type { Circuit, Circuits } from '../runtime/ports/circuits.ts';
import { changeNoted } from './dynamodb-audit.ts';
import { circuitPrefix, itemKeys } from './dynamodb-keys.ts';
import { type Attributes, asItem, type DynamodbTable } from './dynamodb-table.ts';

/** Circuits in the run table: one item for each system, in one partition. */
export class DynamodbCircuits implements Circuits {
  readonly #table: DynamodbTable;

  constructor(table: DynamodbTable) {
    this.#table = table;
  }

  async find(system: string): Promise<Circuit | undefined> {
    const item = await this.#table.get(itemKeys.circuit(system));
    return item && withoutKeys(item);
  }

  async list(): Promise<readonly Circuit[]> {
    const items = await Array.fromAsync(this.#table.under(itemKeys.circuit('').pk, circuitPrefix));
    return items.map(withoutKeys);
  }

  change(circuit: Circuit, audit?: AuditEntry): Promise<boolean> {
    if (circuit.version === 1) return this.restore(circuit);
    const put = {
      Item: itemOf(circuit),
      ConditionExpression: 'version = :before',
      ExpressionAttributeValues: asItem({ ':before': circuit.version - 1 }),
    };
    if (!audit) return this.#table.put(put);
    return changeNoted(this.#table, { Put: { ...put, TableName: this.#table.name } }, audit);
  }

  restore(circuit: Circuit): Promise<boolean> {
    return this.#table.put({ Item: itemOf(circuit), ConditionExpression: 'attribute_not_exists(pk)' });
  }
}

const itemOf = (circuit: Circuit) => asItem({ ...itemKeys.circuit(circuit.system), ...circuit });

function withoutKeys({ pk, sk, ...circuit }: Attributes): Circuit {
  return circuit as Circuit;
}
