import { reviewStage } from '../keys.ts';
import type { LedgerEntry, LedgerFile } from '../ledger/ledger-entry.ts';

/** Files that a run publishes as one output: those of its chunks, or what a person has left of them. */
export function runFiles(entries: readonly LedgerEntry[], output: string): readonly LedgerFile[] {
  const released = entries.find(({ stage, chunk }) => stage === reviewStage && chunk === output);
  const from = released ? [released] : entries.filter(({ stage }) => stage !== reviewStage);
  return from.flatMap(({ files }) => files).filter((file) => file.kind === 'table' && file.of === output);
}
