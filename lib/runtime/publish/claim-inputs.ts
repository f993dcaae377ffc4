import { concurrently } from '../../core/concurrently.ts';
import { InputConsumedError } from '../../core/errors/input-consumed-error.ts';
import { pinnedInputs } from '../extract/pinned-inputs.ts';
import type { Ports } from '../ports/ports.ts';
import { publishingEnded } from './publishing-ended.ts';

type ClaimPorts = Pick<Ports, 'objects' | 'runs'>;
interface RunName {
  readonly pipeline: string;
  readonly run: string;
}

/**
 * Takes the run's input files for this run alone. Done before any table moves, so that of two runs that read the same
 * file one publishes it. Throws `InputConsumedError`, and `RunStateError` where the run was ended meanwhile.
 */
export async function claimInputs(ports: ClaimPorts, { pipeline, run }: RunName): Promise<void> {
  const { main } = await pinnedInputs(ports.objects, { pipeline, run });
  const files = main.map(({ key, versionId = '' }) => ({ key, versionId }));
  const outcome = await ports.runs.claim(pipeline, run, files);
  if (outcome === 'refused') throw publishingEnded(run);
  if (outcome === 'claimed') return;
  const [taken] = await ports.runs.consumed(pipeline, run, files);
  throw new InputConsumedError({
    problem: 'another run has published an input file of this run',
    received: taken && `${taken.key}${taken.versionId && ` in version ${taken.versionId}`}`,
    change: 'nothing: its rows are published once; files that only this run read are taken up by the next one',
  });
}

/** Gives back what `claimInputs` took. */
export async function releaseInputs(ports: ClaimPorts, { pipeline, run }: RunName): Promise<void> {
  const { main } = await pinnedInputs(ports.objects, { pipeline, run });
  await concurrently(main, 16, ({ key, versionId = '' }) => ports.runs.release(pipeline, run, { key, versionId }));
}
