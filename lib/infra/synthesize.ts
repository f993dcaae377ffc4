import { resolve } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { addStacks, type PipelineEntry } from './add-stacks.ts';
import { featureFlags } from './feature-flags.ts';

export interface SynthesizeOptions {
  readonly pipelines: readonly PipelineEntry[];
  /** Folder of the cloud assembly, e.g. `cdk.out`. */
  readonly outdir: string;
  /** Begins the names of everything. Default `penstock`. */
  readonly name?: string;
  /** Folder of the handlers' source. Default: the package's own. */
  readonly functionsFolder?: string;
}

/**
 * Writes the cloud assembly that `cdk synth` would write, in-process and without the CDK's own validation, which takes
 * as long as all the rest; deploying does not go through here. Returns the folder, absolute.
 */
export async function synthesize({ pipelines, outdir, ...platform }: SynthesizeOptions): Promise<string> {
  const app = new App({
    outdir,
    context: featureFlags(),
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  addStacks(app, { pipelines, ...platform });
  return resolve(app.synth().directory);
}
