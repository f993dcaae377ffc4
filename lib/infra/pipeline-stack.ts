import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { CallSource } from '../component/operator.ts';
import type { Plan } from '../component/plan.ts';
import { bundleHandlers } from './bundle/handlers.ts';
import { duckdbLayer } from './duckdb-layer.ts';
import { EndedExecutions } from './ended-executions.ts';
import { Escalation } from './escalation.ts';
import { machineAlarms } from './machine-alarms.ts';
import { machineArn } from './machine-arn.ts';
import { PipelineMachine } from './pipeline-machine.ts';
import type { PlatformStack } from './platform-stack.ts';
import { pipelineBundles, StageFunctions } from './stage-functions.ts';
import { groupStages } from './stage-groups.ts';
import { StageWorkers } from './stage-workers.ts';
import { TriggerRules } from './trigger-rules.ts';

export interface PipelineStackProps extends StackProps {
  readonly plan: Plan;
  readonly platform: PlatformStack;
  /** File whose default export is the definition. Needed only where the plan has `map` steps. */
  readonly file?: string;
  /** Modules of the user's functions by node id, where they do not stand in `file`: those of a YAML pipeline. */
  readonly functions?: Readonly<Record<string, CallSource>>;
}

/** Everything of one pipeline: its state machine, functions, buffers, triggers and alarms. */
export class PipelineStack extends Stack {
  readonly plan: Plan;
  readonly machine: PipelineMachine;
  readonly workers: readonly StageWorkers[];
  readonly steps: StageFunctions;
  /** Bytes of code, by bundle. */
  readonly codeBytes: Readonly<Record<string, number>>;

  constructor(scope: Construct, id: string, props: PipelineStackProps) {
    super(scope, id, props);
    const { plan, platform, file, functions } = props;
    this.plan = plan;
    const machineName = `${platform.platformName}-${plan.pipeline}`;
    const arn = machineArn(this, machineName);
    const bundle = bundleHandlers({
      bundles: { ...pipelineBundles, ...(plan.escalate && { escalate: ['escalate'] }) },
      folder: platform.functionsFolder,
      pipeline: { plan, file, functions },
    });
    try {
      const shared = { machineName, plan, platform, bundle, layer: duckdbLayer(this, 'Duckdb') };
      this.workers = groupStages(plan).map(
        (group) => new StageWorkers(this, constructId(group.id), { ...shared, group, machineArn: arn }),
      );
      this.steps = new StageFunctions(this, 'Steps', shared);
      if (plan.escalate)
        new Escalation(this, 'Escalation', {
          machineName,
          plan,
          levels: plan.escalate,
          platform,
          code: bundle.codeOf('escalate'),
        });
    } finally {
      // By now the code is in the cloud assembly.
      bundle.remove();
    }
    this.codeBytes = bundle.bytes;
    this.machine = new PipelineMachine(this, 'Run', {
      machineName,
      plan,
      platform,
      functions: this.steps.functions,
      buffers: Object.fromEntries(this.workers.map(({ group, buffer }) => [group.id, buffer.queue])),
    });
    machineAlarms(this, { machineArn: this.machine.machine.ref, topic: platform.alarms });
    new EndedExecutions(this, 'Ended', {
      machineName,
      pipeline: plan.pipeline,
      bus: platform.bus,
      machineArn: arn,
      compensate: this.steps.functions.compensate,
      deadLetters: platform.trigger.buffer.deadLetters,
    });
    new TriggerRules(this, 'Triggers', { machineName, machineArn: arn, plan, platform });
    new CfnOutput(this, 'MachineArn', {
      description: 'State machine of the pipeline',
      value: this.machine.machine.ref,
    });
    new CfnOutput(this, 'PlanDigest', { description: 'Plan that is deployed', value: plan.digest });
  }
}

/** Construct id of a stage group, e.g. `Worker`, `Worker2`. */
function constructId(group: string): string {
  return group
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
