import { App } from 'aws-cdk-lib/core';
import { compiledPipelines } from '../lib/cli/project.ts';
import { showErrors } from '../lib/cli/show-errors.ts';
import { addStacks, featureFlags } from '../lib/infra/index.ts';

/** The CDK app: one stack for each file of `pipelines/`, on top of the platform's. */
try {
  const app = new App({ context: featureFlags() });
  addStacks(app, { pipelines: await compiledPipelines() });
  app.synth();
} catch (error) {
  showErrors(error, process.stderr);
  process.exitCode = 1;
}
