/**
 * The constructs that a plan becomes, for Penstock's own CDK app and for yours.
 * @example
 * const app = new App({ context: featureFlags() });
 * const platform = new PlatformStack(app, 'penstock');
 * new PipelineStack(app, 'penstock-flights', { platform, plan: await compile(flights), file: 'pipelines/flights.ts' });
 */
export { addStacks, type PipelineEntry, type StacksOptions } from './add-stacks.ts';
export { AlarmTopic } from './alarm-topic.ts';
export { Announcer, type AnnouncerProps } from './announcer.ts';
export { Buffer, type BufferProps } from './buffer.ts';
export {
  bundleHandlers,
  type HandlerBundle,
  type HandlerBundleProps,
  type HandlerCode,
  type PipelineSource,
} from './bundle/handlers.ts';
export { estimateRun, type RunEstimate, type RunInput } from './estimate/estimate-run.ts';
export { featureFlags } from './feature-flags.ts';
export { type IdleCost, type IdleCostItem, idleCost, idleDollarsAfterFree } from './idle-cost.ts';
export { Lake } from './lake.ts';
export { OverviewDashboard } from './overview-dashboard.ts';
export { PipelineBus } from './pipeline-bus.ts';
export { PipelineFunction, type PipelineFunctionProps } from './pipeline-function.ts';
export { PipelineMachine, type PipelineMachineProps } from './pipeline-machine.ts';
export { PipelineStack, type PipelineStackProps } from './pipeline-stack.ts';
export { PlatformStack, type PlatformStackProps } from './platform-stack.ts';
export { RunTable } from './run-table.ts';
export { StageFunctions, type StageFunctionsProps } from './stage-functions.ts';
export { groupStages, type StageGroup } from './stage-groups.ts';
export { StageWorkers, type StageWorkersProps } from './stage-workers.ts';
export { machineDefinition } from './state-machine/definition.ts';
export { type SynthesizeOptions, synthesize } from './synthesize.ts';
export { Trigger, type TriggerProps } from './trigger.ts';
export { TriggerRules, type TriggerRulesProps } from './trigger-rules.ts';
