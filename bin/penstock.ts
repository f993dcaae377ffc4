#!/usr/bin/env node
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../lib/cli/program.ts';

// Whoever reads may stop before we do (`| head`); a command that serves goes on without its reader.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await runProgram(process.argv, {
  // aws-cdk-lib takes a second to load: only for the commands that need it.
  async synthesize(pipelines, outdir) {
    const { synthesize } = await import('../lib/infra/index.ts');
    return synthesize({ pipelines, outdir });
  },
  async idleCosts(pipelines) {
    const { idleCost, idleDollarsAfterFree, synthesize } = await import('../lib/infra/index.ts');
    const outdir = mkdtempSync(join(tmpdir(), 'penstock-cost-'));
    try {
      await synthesize({ pipelines, outdir });
      const names = ['penstock', ...pipelines.map(({ plan }) => `penstock-${plan.pipeline}`)];
      const stacks = Object.fromEntries(
        names.map((name) => [name, idleCost(JSON.parse(readFileSync(join(outdir, `${name}.template.json`), 'utf8')))]),
      );
      return { stacks, dollarsAfterFree: idleDollarsAfterFree(Object.values(stacks)) };
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  },
});
