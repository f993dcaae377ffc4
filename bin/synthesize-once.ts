/**
 * One synthesis of the project in the current folder, in a process of its own: modules that a project has loaded once stay
 * as they were for as long as their process lives. Started ahead, it has loaded everything but the project when it is
 * asked. Started by `doors.synthesizer` only: `fork('synthesize-once.ts', [<outdir>])`; any message asks.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SynthesisResult } from './synthesizer.ts';

const [outdir] = process.argv.slice(2) as [string];
const asked = new Promise((resolve) => process.once('message', resolve));
// Whoever started it may have been killed.
process.once('disconnect', () => process.exit());

enableCompileCache();
const [{ faultsOf }, { compiledPipelines }, { synthesize }] = await Promise.all([
  import('../lib/cli/describe-error.ts'),
  import('../lib/cli/project.ts'),
  import('../lib/infra/index.ts'),
]);
// The platform alone goes through nearly all of the code that will be needed.
const rehearsal = mkdtempSync(join(tmpdir(), 'penstock-rehearsal-'));
await synthesize({ pipelines: [], outdir: rehearsal });
rmSync(rehearsal, { recursive: true, force: true });

await asked;
const result: SynthesisResult = await compiledPipelines()
  .then((pipelines) => synthesize({ pipelines, outdir }))
  .then(
    (folder) => ({ folder }),
    (error) => ({ faults: faultsOf(error) }),
  );
process.send!(result, () => process.exit());
