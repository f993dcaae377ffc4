import { resolve } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';
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
  /** True where only templates are looked at: code and engine, 70 MB, are not copied to `outdir`. Default false. */
  readonly templatesOnly?: boolean;
}

/**
 * Writes the cloud assembly that `cdk synth` would write, in-process and without the CDK's own validation, which takes
 * as long as all the rest; deploying does not go through here. Returns the folder, absolute.
 */
export async function synthesize(options: SynthesizeOptions): Promise<string> {
  const { pipelines, outdir, templatesOnly = false, ...platform } = options;
  const app = new App({
    outdir,
    context: { ...featureFlags(), ...(templatesOnly && { [DISABLE_ASSET_STAGING_CONTEXT]: true }) },
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  addStacks(app, { pipelines, ...platform });
  return resolve(app.synth().directory);
}
