import { concurrently } from '../../core/concurrently.ts';
import { InputConsumedError } from '../../core/errors/input-consumed-error.ts';
import { pinnedInputs } from '../extract/pinned-inputs.ts';
import type { Ports } from '../ports/ports.ts';

type ClaimPorts = Pick<Ports, 'objects' | 'runs'>;
interface RunName {
  readonly pipeline: string;
  readonly run: string;
}

/**
 * Takes the run's input files for this run alone. Done before any table moves, so that of two runs that read the same
 * file one publishes it. Throws `InputConsumedError`.
 */
export async function claimInputs(ports: ClaimPorts, { pipeline, run }: RunName): Promise<void> {
  const { main } = await pinnedInputs(ports.objects, { pipeline, run });
  await concurrently(main, 16, async ({ key, versionId = '' }) => {
    if (await ports.runs.claim(pipeline, run, { key, versionId })) return;
    throw new InputConsumedError({
      problem: 'another run has published an input file of this run',
      received: `${key}${versionId && ` in version ${versionId}`}`,
      change: 'nothing: its rows are published once; files that only this run read are taken up by the next one',
    });
  });
}

/** Gives back what `claimInputs` took. */
export async function releaseInputs(ports: ClaimPorts, { pipeline, run }: RunName): Promise<void> {
  const { main } = await pinnedInputs(ports.objects, { pipeline, run });
  await concurrently(main, 16, ({ key, versionId = '' }) => ports.runs.release(pipeline, run, { key, versionId }));
}
