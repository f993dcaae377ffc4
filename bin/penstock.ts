#!/usr/bin/env node
import { runProgram } from '../lib/cli/program.ts';

await runProgram(process.argv, {
  // aws-cdk-lib takes a second to load: only for the commands that need it.
  async synthesize(pipelines, outdir) {
    const { synthesize } = await import('../lib/infra/index.ts');
    return synthesize({ pipelines, outdir });
  },
});
