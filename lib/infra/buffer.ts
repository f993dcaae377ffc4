import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { alarm } from './alarm.ts';

export interface BufferProps {
  /** Time limit of the function that takes messages off. A message stays hidden for six times as long. */
  readonly consumerTimeoutSeconds: number;
  /** Where the alarm goes that messages have been given up. */
  readonly alarms: ITopic;
}

/** A queue whose messages go to a dead-letter queue, and ring an alarm, when three deliveries have failed. */
export class Buffer extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { consumerTimeoutSeconds, alarms }: BufferProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(4),
      visibilityTimeout: Duration.seconds(6 * consumerTimeoutSeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 3 },
    });
    alarm(this, 'DeadLettersAlarm', {
      description: 'Messages were given up after three deliveries: look into them, then redrive the queue',
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      above: 0,
      topic: alarms,
    });
  }
}
