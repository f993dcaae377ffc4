/**
 * The ids of the messages that a handler with `ReportBatchItemFailures` has not done. An answer without a list is a full
 * success; one that cannot be understood, or that names an unknown message, is a full failure.
 */
export function failedMessages(answer: Buffer, messageIds: readonly string[]): readonly string[] {
  let parsed: any;
  try {
    parsed = JSON.parse(answer.toString('utf8'));
  } catch {
    return messageIds;
  }
  if (parsed === null || parsed === undefined) return [];
  if (typeof parsed !== 'object') return messageIds;
  const failures = parsed.batchItemFailures;
  if (failures === null || failures === undefined) return [];
  if (!Array.isArray(failures)) return messageIds;
  const failed = failures.map((failure) => failure?.itemIdentifier);
  return failed.every((id) => messageIds.includes(id)) ? failed : messageIds;
}
