import { concurrently } from '../../core/concurrently.ts';
import { runKeys } from '../keys.ts';
import type { ReplayTrigger } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunRecord } from '../ports/run-store.ts';

/** A run that has published rejects of another, or is about to. */
export interface Replay extends RunRecord {
  readonly trigger: ReplayTrigger;
}

/** The replays of a run's rejects that were published or are being published, in the order of their numbers. */
export async function findReplays(
  { runs }: Pick<Ports, 'runs'>,
  { pipeline, run }: Pick<RunRecord, 'pipeline' | 'run'>,
): Promise<readonly Replay[]> {
  const claims = await runs.claims(pipeline, runKeys(pipeline, run).rejected);
  const found = await concurrently(claims, 8, (claim) => runs.find(claim.run));
  return found
    .filter((record): record is Replay => record?.trigger.kind === 'replay')
    .sort((a, b) => a.trigger.number - b.trigger.number);
}
