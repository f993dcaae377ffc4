import type { App, Environment } from 'aws-cdk-lib/core';
import { ambiguousShares } from '../compiler/ambiguous-shares.ts';
import { orderPipelines } from '../compiler/pipeline-order.ts';
import type { CallSource } from '../component/operator.ts';
import type { Plan } from '../component/plan.ts';
import { PipelineNameTakenError } from './errors.ts';
import { PipelineStack } from './pipeline-stack.ts';
import { PlatformStack } from './platform-stack.ts';

/** A compiled pipeline and the file that it comes from. */
export interface PipelineEntry {
  readonly file: string;
  readonly plan: Plan;
  /** Modules of the user's functions by node id, where they do not stand in `file`. */
  readonly functions?: Readonly<Record<string, CallSource>>;
}

export interface StacksOptions {
  readonly pipelines: readonly PipelineEntry[];
  /** Begins the names of everything. Default `penstock`. */
  readonly name?: string;
  readonly functionsFolder?: string;
  /** Account and region. Default: those of the deployment. */
  readonly env?: Environment;
}

/**
 * The platform's stack and one for each pipeline. Throws `PipelineNameTakenError`,
 * `PipelineCycleError`, `ShareAmbiguousError`, `PlatformNameInvalidError`.
 */
export function addStacks(app: App, { pipelines, name = 'penstock', functionsFolder, env }: StacksOptions): void {
  for (const [pipeline, entries] of Map.groupBy(pipelines, ({ plan }) => plan.pipeline)) {
    if (entries.length > 1)
      throw new PipelineNameTakenError(
        pipeline,
        entries.map(({ file }) => file),
      );
  }
  orderPipelines(pipelines.map(({ plan }) => plan));
  const [ambiguous] = ambiguousShares(pipelines.map(({ plan }) => plan));
  if (ambiguous) throw ambiguous.error;
  const platform = new PlatformStack(app, name, { name, functionsFolder, env });
  for (const { file, plan, functions } of pipelines) {
    new PipelineStack(app, `${name}-${plan.pipeline}`, { plan, platform, file, functions, env });
  }
}
