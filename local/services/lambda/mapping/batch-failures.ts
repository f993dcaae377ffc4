/**
 * The ids of the items (messages, or records of a stream) that a handler with `ReportBatchItemFailures` has not done. An
 * answer without a list is a full success; one that cannot be understood, or that names an unknown item, is a full failure.
 */
export function failedItems(answer: Buffer, itemIds: readonly string[]): readonly string[] {
  let parsed: any;
  try {
    parsed = JSON.parse(answer.toString('utf8'));
  } catch {
    return itemIds;
  }
  if (parsed === null || parsed === undefined) return [];
  if (typeof parsed !== 'object') return itemIds;
  const failures = parsed.batchItemFailures;
  if (failures === null || failures === undefined) return [];
  if (!Array.isArray(failures)) return itemIds;
  const failed = failures.map((failure) => failure?.itemIdentifier);
  return failed.every((id) => itemIds.includes(id)) ? failed : itemIds;
}
