import type { ClaimOutcome, InputVersion } from '../runtime/ports/run-store.ts';
import { whileCompleting } from './dynamodb-completing.ts';
import { itemKeys } from './dynamodb-keys.ts';
import { asItem, type DynamodbTable } from './dynamodb-table.ts';

/** A transaction holds 100 parts; one of them asks whether the run may publish. */
const filesAtOnce = 99;

/** Claims files, a transaction at a time, each of which holds only while the run may publish. */
export async function claimFiles(
  table: DynamodbTable,
  pipeline: string,
  run: string,
  files: readonly InputVersion[],
): Promise<ClaimOutcome> {
  // Several sources may read one file; a transaction takes each item once.
  const named = new Map(files.map((file) => [itemKeys.claim(pipeline, file).sk, file]));
  const versions = [...named.values()];
  for (let at = 0; at < versions.length; at += filesAtOnce) {
    const puts = versions.slice(at, at + filesAtOnce).map((file) => claimPut(table, pipeline, run, file));
    const failed = await table.transact([whileCompleting(table, run), ...puts]);
    if (failed.length > 0) return failed[0] === 0 ? 'refused' : 'taken';
  }
  return 'claimed';
}

function claimPut({ name }: DynamodbTable, pipeline: string, run: string, file: InputVersion) {
  return {
    Put: {
      TableName: name,
      Item: asItem({ ...itemKeys.claim(pipeline, file), run, key: file.key, versionId: file.versionId }),
      ConditionExpression: 'attribute_not_exists(pk) OR #run = :run',
      ExpressionAttributeNames: { '#run': 'run' },
      ExpressionAttributeValues: asItem({ ':run': run }),
    },
  };
}
