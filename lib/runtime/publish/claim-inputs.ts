import { concurrently } from '../../core/concurrently.ts';
import { InputConsumedError } from '../../core/errors/input-consumed-error.ts';
import { backfillClaim } from '../backfill/backfill-claim.ts';
import { growthClaims } from '../extract/growth-claims.ts';
import { pinnedInputs } from '../extract/pinned-inputs.ts';
import type { StageInput } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';
import type { InputVersion } from '../ports/run-store.ts';
import { replayClaim } from '../replay/replay-claim.ts';
import { publishingEnded } from './publishing-ended.ts';

type ClaimPorts = Pick<Ports, 'objects' | 'runs'>;
type ClaimInput = Pick<StageInput, 'pipeline' | 'run' | 'trigger'>;

/**
 * Takes the run's input files for this run alone. Done before any table moves, so that of two runs that read the same
 * file one publishes it. Throws `InputConsumedError`, and `RunStateError` where the run was ended meanwhile.
 */
export async function claimInputs(ports: ClaimPorts, input: ClaimInput): Promise<void> {
  const { pipeline, run, trigger } = input;
  const files = await claimed(ports, input);
  const outcome = await ports.runs.claim(pipeline, run, files);
  if (outcome === 'refused') throw publishingEnded(run);
  if (outcome === 'claimed') return;
  if (trigger.kind === 'replay')
    throw new InputConsumedError({
      problem: `another replay of rejects of "${trigger.of}" was published first`,
      received: `replay ${trigger.number} for ${trigger.tables.join(', ')}`,
      change: 'replay again: rows that the other one has taken are left out',
    });
  if (trigger.kind === 'backfill')
    throw new InputConsumedError({
      problem: `another run has published the slice ${trigger.slice} of the backfill "${trigger.of}"`,
      received: run,
      change: 'nothing: the slice is published once',
    });
  const [taken] = await ports.runs.consumed(pipeline, run, files);
  throw new InputConsumedError({
    problem: 'another run has published an input file of this run',
    received: taken && `${taken.key}${taken.versionId && ` in version ${taken.versionId}`}`,
    change:
      'nothing for its rows, which are published once: `npx penstock run retry` reads what no other run has taken; with `overlap: { policy: "queue" }` no run reads what another one is about to publish',
  });
}

/** Gives back what `claimInputs` took. */
export async function releaseInputs(ports: ClaimPorts, input: ClaimInput): Promise<void> {
  const { pipeline, run } = input;
  await concurrently(await claimed(ports, input), 16, (file) => ports.runs.release(pipeline, run, file));
}

/** A replay does not take files, but its place among the replays of its run; a slice takes its own. */
async function claimed({ objects }: ClaimPorts, { pipeline, run, trigger }: ClaimInput): Promise<InputVersion[]> {
  if (trigger.kind === 'replay') return [replayClaim(pipeline, trigger)];
  if (trigger.kind === 'backfill') return [backfillClaim(trigger)];
  const { main } = await pinnedInputs(objects, { pipeline, run });
  return main.flatMap(({ key, versionId = '', grown, repeats }) => [
    ...(grown ? growthClaims(key, grown.growth) : []),
    { key, versionId },
    ...(repeats === undefined ? [] : [{ key, versionId: repeats }]),
  ]);
}
