import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Doors } from '../lib/cli/command.ts';
import { startSynthesizer } from './synthesizer.ts';

/** What the command line gets from the infrastructure. aws-cdk-lib takes a second to load: only where it is needed. */
export const doors: Doors = {
  async synthesize(pipelines, outdir) {
    const { synthesize } = await import('../lib/infra/index.ts');
    return synthesize({ pipelines, outdir });
  },
  synthesizer: startSynthesizer,
  async estimate(plan, input) {
    const { estimateRun } = await import('../lib/infra/index.ts');
    return estimateRun(plan, input);
  },
  async idleCosts(pipelines) {
    const { idleCost, idleDollarsAfterFree, synthesize } = await import('../lib/infra/index.ts');
    const outdir = mkdtempSync(join(tmpdir(), 'penstock-cost-'));
    try {
      await synthesize({ pipelines, outdir, templatesOnly: true });
      const names = ['penstock', ...pipelines.map(({ plan }) => `penstock-${plan.pipeline}`)];
      const stacks = Object.fromEntries(
        names.map((name) => [name, idleCost(JSON.parse(readFileSync(join(outdir, `${name}.template.json`), 'utf8')))]),
      );
      return { stacks, dollarsAfterFree: idleDollarsAfterFree(Object.values(stacks)) };
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  },
};
