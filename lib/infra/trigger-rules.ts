import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { isOfPenstock } from '../component/event-filters.ts';
import type { FileRule, Plan, Trigger as TriggerPlan } from '../component/plan.ts';
import type { PlatformStack } from './platform-stack.ts';
import { deliveryPatience, ZonedSchedule } from './zoned-schedule.ts';

export interface TriggerRulesProps {
  readonly machineName: string;
  readonly machineArn: string;
  readonly plan: Plan;
  readonly platform: PlatformStack;
}

/**
 * What starts a pipeline: a rule for each trigger, on the default bus or on that of the runs, or a schedule of EventBridge Scheduler where it has a
 * time zone, which rules do not know. Each makes a `TriggerMessage` for the platform's queue.
 */
export class TriggerRules extends Construct {
  constructor(scope: Construct, id: string, props: TriggerRulesProps) {
    super(scope, id);
    const { plan, platform } = props;
    const { queue, deadLetters } = platform.trigger.buffer;
    const counts = { file: 0, schedule: 0, pipeline: 0, event: 0 };
    for (const trigger of plan.triggers) {
      counts[trigger.kind] += 1;
      const place = `${trigger.kind}-${counts[trigger.kind]}`;
      if (trigger.kind === 'schedule' && trigger.zone !== undefined) {
        const { kind: _, ...schedule } = trigger;
        new ZonedSchedule(this, place, { ...props, name: `${props.machineName}-${place}`, schedule });
        continue;
      }
      new CfnRule(this, place, {
        name: `${props.machineName}-${place}`,
        description: `Starts the pipeline ${plan.pipeline}`,
        ...occasionOf(trigger, platform),
        targets: [
          {
            id: 'trigger',
            arn: queue.queueArn,
            inputTransformer: transformerOf(trigger, props),
            retryPolicy: deliveryPatience,
            deadLetterConfig: { arn: deadLetters.queueArn },
          },
        ],
      });
    }
  }
}

function occasionOf(
  trigger: TriggerPlan,
  platform: PlatformStack,
): Pick<CfnRule, 'eventBusName' | 'eventPattern' | 'scheduleExpression'> {
  if (trigger.kind === 'schedule')
    return { eventBusName: undefined, scheduleExpression: trigger.expression, eventPattern: undefined };
  if (trigger.kind === 'pipeline')
    return {
      eventBusName: platform.bus.eventBusName,
      scheduleExpression: undefined,
      eventPattern: {
        source: ['penstock'],
        'detail-type': ['PipelineCompleted'],
        detail: { pipeline: [trigger.pipeline] },
      },
    };
  if (trigger.kind === 'event') {
    const { source, detailType, detail } = trigger;
    return {
      eventBusName: isOfPenstock(trigger) ? platform.bus.eventBusName : undefined,
      scheduleExpression: undefined,
      eventPattern: { source, ...(detailType && { 'detail-type': detailType }), ...(detail && { detail }) },
    };
  }
  return {
    eventBusName: undefined,
    scheduleExpression: undefined,
    eventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: [platform.lake.bucket.bucketName] }, object: { key: keysOf(trigger) } },
    },
  };
}

/** Of a folder that a marker completes nothing is of interest but the marker, in the prefix itself or below. */
function keysOf({ prefix, complete }: FileRule): readonly unknown[] {
  if (!complete || !('marker' in complete)) return [{ prefix }];
  const { marker } = complete;
  return [`${prefix}${marker}`, { wildcard: `${prefix.replace(/[\\*]/g, '\\$&')}*/${marker}` }];
}

/** Where the fields of `TriggerIdentity` lie in the event. */
const paths = {
  file: {
    bucket: '$.detail.bucket.name',
    key: '$.detail.object.key',
    versionId: '$.detail.object.version-id',
    size: '$.detail.object.size',
    sequencer: '$.detail.object.sequencer',
    etag: '$.detail.object.etag',
  },
  schedule: { time: '$.time' },
  pipeline: { run: '$.detail.run' },
  event: { id: '$.id' },
} as const;

/** Penstock's events are told at least once, each time in another event of EventBridge; the id within stays. */
const idOfOwnEvent = { id: '$.detail.id' };

/**
 * A placeholder that stands bare, not inside quotes, is replaced by its value as JSON: quotation marks, backslashes
 * and line ends of a key arrive escaped, numbers stay numbers.
 */
function transformerOf(
  trigger: TriggerPlan,
  { plan, machineArn }: TriggerRulesProps,
): CfnRule.InputTransformerProperty {
  const isOwn = trigger.kind === 'event' && isOfPenstock(trigger);
  const inputPathsMap: Record<string, string> = isOwn ? idOfOwnEvent : paths[trigger.kind];
  const message = {
    pipeline: plan.pipeline,
    planDigest: plan.digest,
    stateMachineArn: machineArn,
    ...(trigger.kind === 'file' && { files: ruleOf(trigger) }),
    ...(trigger.kind === 'schedule' && { schedule: ruleOf(trigger) }),
  };
  const placeholders = Object.keys(inputPathsMap).map((field) => `${JSON.stringify(field)}:<${field}>`);
  const identity = [`"kind":${JSON.stringify(trigger.kind)}`, ...placeholders].join(',');
  // What the user wrote is no placeholder, whatever stands in it.
  const constant = JSON.stringify(message).slice(0, -1).replaceAll('<', '\\u003c');
  return { inputPathsMap, inputTemplate: `${constant},"trigger":{${identity}}}` };
}

/** What the function that takes the message is told of the trigger itself. */
function ruleOf<Kind extends TriggerPlan>({ kind: _, ...rule }: Kind): Omit<Kind, 'kind'> {
  return rule;
}
