import type { BackfillTrigger } from '../messages.ts';
import type { InputVersion } from '../ports/run-store.ts';

/** What a slice claims before it publishes: to be the one run of it. Files are left to the pipeline's own runs. */
export function backfillClaim({ of, slice }: BackfillTrigger): InputVersion {
  return { key: `backfills/${of}`, versionId: slice };
}
