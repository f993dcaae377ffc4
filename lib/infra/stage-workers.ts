import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { alarm } from './alarm.ts';
import { Buffer } from './buffer.ts';
import { consume, consumePermission } from './consumer.ts';
import { functionEnvironment } from './function-environment.ts';
import { workerPermissions } from './permissions/function-permissions.ts';
import { PipelineFunction } from './pipeline-function.ts';
import type { StageFunctionsProps } from './stage-functions.ts';
import type { StageGroup } from './stage-groups.ts';

export interface StageWorkersProps extends StageFunctionsProps {
  readonly group: StageGroup;
  readonly machineArn: string;
}

/** Disk of a worker at `/tmp`: a chunk's files, and what does not fit in memory. */
export const workerDiskMegabytes = 4096;

/** A chunk that no worker has taken for this long means that something is in the way. */
const longestWaitSeconds = 600;

/** The buffer of a group of stages, and the function that works its chunks off. */
export class StageWorkers extends Construct {
  readonly group: StageGroup;
  readonly buffer: Buffer;
  readonly worker: PipelineFunction;

  constructor(scope: Construct, id: string, props: StageWorkersProps) {
    super(scope, id);
    const { group, platform, plan } = props;
    this.group = group;
    this.buffer = new Buffer(this, 'Buffer', { consumerTimeoutSeconds: group.timeoutSeconds, alarms: platform.alarms });
    this.worker = new PipelineFunction(this, 'Function', {
      functionName: `${props.machineName}-${group.id}`,
      description: `Works on the chunks of ${stagesText(group.stages)}`,
      code: props.bundle.codeOf('worker'),
      memoryMegabytes: group.memoryMegabytes,
      timeoutSeconds: group.timeoutSeconds,
      diskMegabytes: workerDiskMegabytes,
      environment: { ...functionEnvironment(platform, plan), PENSTOCK_BUFFER_URL: this.buffer.queue.queueUrl },
      permissions: [consumePermission(this.buffer.queue), ...workerPermissions(platform, plan, props.machineArn)],
      layers: [props.layer],
    });
    consume(this, this.worker.function, { queue: this.buffer.queue, batchSize: 1, concurrency: group.concurrency });
    this.#alarms(platform.alarms);
  }

  #alarms(topic: ITopic): void {
    const period = Duration.minutes(5);
    alarm(this, 'ErrorsAlarm', {
      description: 'Workers fail, or run out of time or memory: see the log of the function',
      metric: this.worker.function.metricErrors({ period }),
      above: 0,
      topic,
    });
    alarm(this, 'WaitAlarm', {
      description: 'Chunks wait for a worker: is the concurrency of the account used up?',
      metric: this.buffer.queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' }),
      above: longestWaitSeconds,
      topic,
    });
  }
}

/** A description has 256 characters. */
const mostNamed = 8;

function stagesText(stages: readonly string[]): string {
  if (stages.length <= mostNamed) return stages.join(', ');
  return `${stages.slice(0, mostNamed).join(', ')} and ${stages.length - mostNamed} further stages`;
}
