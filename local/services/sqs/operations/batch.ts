import { AwsError } from '../../../aws-error.ts';
import { batchErrorCode } from '../errors.ts';

const idRule = /^[A-Za-z0-9_-]{1,80}$/;

/** Runs `act` for each entry; what AWS refuses goes to Failed with the entry's id, the rest to Successful. */
export function batch<E extends { Id: string }>(
  entries: readonly E[] | undefined,
  act: (entry: E) => object | undefined,
) {
  checkEntries(entries);
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...act(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({
        Id: entry.Id,
        Code: batchErrorCode(error),
        Message: error.message,
        SenderFault: error.statusCode < 500,
      });
    }
  }
  return { ...(Successful.length > 0 && { Successful }), ...(Failed.length > 0 && { Failed }) };
}

function checkEntries<E extends { Id: string }>(entries: readonly E[] | undefined): asserts entries is readonly E[] {
  if (!Array.isArray(entries) || entries.length === 0) {
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > 10) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  }
  const ids = new Set<string>();
  for (const { Id } of entries) {
    if (!idRule.test(Id ?? '')) {
      throw new AwsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (ids.has(Id)) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`);
    ids.add(Id);
  }
}
