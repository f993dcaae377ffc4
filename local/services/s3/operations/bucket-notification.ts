import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import { s3Error } from '../errors.ts';
import { notificationTargets } from '../events.ts';
import { checkNotificationTargets } from '../notification-rules.ts';
import type { S3State } from '../s3-state.ts';

const kinds = ['QueueConfigurations', 'TopicConfigurations', 'LambdaFunctionConfigurations'];

/** Sets whom the bucket tells. Queues and topics are sent a test message, and one that cannot be written to is refused. */
export function putBucketNotificationConfiguration(s3: S3State): Operation {
  return async (input, context) => {
    const bucket = s3.buckets.get(input.Bucket);
    const { EventBridgeConfiguration, ...asked } = input.NotificationConfiguration ?? {};
    const notification: any = EventBridgeConfiguration ? { EventBridgeConfiguration } : {};
    for (const kind of kinds) {
      if (!asked[kind]?.length) continue;
      notification[kind] = asked[kind].map((each: any, index: number) => ({
        ...each,
        Id: each.Id ?? `${kind}-${index}`,
      }));
    }
    const targets = notificationTargets(notification);
    if (targets.some(({ arn, Events }) => !arn || !Events?.length)) throw s3Error('MalformedXML');
    checkNotificationTargets(targets);
    for (const { arn } of targets) {
      if (!input.SkipDestinationValidation && !/^arn:[^:]+:lambda:/.test(arn))
        await sendTest(s3, input.Bucket, arn, context.requestId);
    }
    s3.buckets.change(bucket, { settings: { ...bucket.record.settings, notification } });
  };
}

export function getBucketNotificationConfiguration({ buckets }: S3State): Operation {
  return async (input) => buckets.get(input.Bucket).record.settings.notification ?? {};
}

async function sendTest({ events, cloud }: S3State, Bucket: string, arn: string, RequestId: string): Promise<void> {
  const Time = new Date(cloud.clock.now()).toISOString();
  const message = { Service: 'Amazon S3', Event: 's3:TestEvent', Time, Bucket, RequestId, HostId: RequestId };
  try {
    await events.notify(arn, Bucket, message);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const details = { ArgumentName1: arn, ArgumentValue1: error.message };
    throw s3Error('InvalidArgument', details, 'Unable to validate the following destination configurations');
  }
}
