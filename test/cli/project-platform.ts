import { join } from 'node:path';
import { doors } from '../../bin/doors.ts';
import { addressOf, writeAddress } from '../../lib/cli/platform-address.ts';
import { compiledPipelines } from '../../lib/cli/project.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { type InProcessApp, startInProcess } from '../fixtures/in-process-app.ts';
import { keepAssets, lendAssets } from '../fixtures/shared-assets.ts';
import type { TestProject } from './project.ts';

/** What `penstock local` runs of a project, without its process and those of the functions. Commands find it. */
export async function startProject(project: TestProject): Promise<InProcessApp> {
  return project.inFolder(async () => {
    const outdir = join(project.folder, 'cdk.out');
    lendAssets(outdir);
    await doors.synthesize(await compiledPipelines(), outdir);
    keepAssets(outdir);
    const app = await startInProcess(readAssembly(outdir));
    writeAddress(addressOf(app));
    return app;
  });
}
