import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import { s3Error } from '../errors.ts';
import type { S3State } from '../s3-state.ts';

/** Sets whom the bucket tells. Each queue is sent a test message first, and one that cannot be written to is refused. */
export function putBucketNotificationConfiguration({ buckets, events, cloud }: S3State): Operation {
  return async (input, context) => {
    const bucket = buckets.get(input.Bucket);
    const configuration = input.NotificationConfiguration ?? {};
    for (const kind of ['TopicConfigurations', 'LambdaFunctionConfigurations']) {
      if (configuration[kind]?.length) throw new NotSupportedError(`s3 notifications with ${kind}`);
    }
    const queues = (configuration.QueueConfigurations ?? []).map((each: any, index: number) => {
      if (!each.QueueArn || !each.Events?.length) throw s3Error('MalformedXML');
      return { ...each, Id: each.Id ?? `${bucket.record.id}-${index}` };
    });
    if (!input.SkipDestinationValidation) {
      for (const { QueueArn } of queues) {
        const Time = new Date(cloud.clock.now()).toISOString();
        const test = {
          Service: 'Amazon S3',
          Event: 's3:TestEvent',
          Time,
          Bucket: input.Bucket,
          RequestId: context.requestId,
          HostId: context.requestId,
        };
        await events.sendMessage(QueueArn, test).catch((error) => {
          if (!(error instanceof AwsError)) throw error;
          const details = { ArgumentName1: QueueArn, ArgumentValue1: error.message };
          throw s3Error('InvalidArgument', details, 'Unable to validate the following destination configurations');
        });
      }
    }
    const kept = { ...configuration, ...(queues.length > 0 && { QueueConfigurations: queues }) };
    buckets.change(bucket, { settings: { ...bucket.record.settings, notification: kept } });
  };
}

export function getBucketNotificationConfiguration({ buckets }: S3State): Operation {
  return async (input) => buckets.get(input.Bucket).record.settings.notification ?? {};
}
