import { CloudWatchClient, PutMetricAlarmCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { manualClock } from '../../../../local/clocks/manual.ts';
import { LocalCloud, type LocalCloudOptions } from '../../../../local/cloud.ts';
import { createCloudwatch } from '../../../../local/services/cloudwatch/index.ts';
import { type RecordedCall, recorder } from '../events/cloud.ts';

export const topic = 'arn:aws:sns:us-east-1:000000000000:alarms';
export const minute = 60_000;

/** A cloud with CloudWatch on a manual clock, and recorders for what alarms call. */
export async function startCloudwatch(options: Partial<LocalCloudOptions> = {}) {
  const clock = options.clock ? (options.clock as ReturnType<typeof manualClock>) : manualClock();
  const calls: RecordedCall[] = [];
  const { services = [], ...others } = options;
  const cloud = await LocalCloud.start({
    clock,
    ...others,
    services: [
      createCloudwatch,
      ...services,
      recorder(calls, 'sns', ['Publish']),
      recorder(calls, 'lambda', ['Invoke']),
    ],
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new CloudWatchClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  const send = (command: any): Promise<any> => client.send(command);
  return {
    cloud,
    clock,
    calls,
    send,
    put: (MetricName: string, Value: number, more: object = {}) =>
      send(new PutMetricDataCommand({ Namespace: 'App', MetricData: [{ MetricName, Value, ...more }] })),
    alarm: (AlarmName: string, more: object = {}) =>
      send(
        new PutMetricAlarmCommand({
          AlarmName,
          Namespace: 'App',
          MetricName: 'errors',
          Statistic: 'Sum',
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 0,
          ComparisonOperator: 'GreaterThanThreshold',
          AlarmActions: [topic],
          ...more,
        }),
      ),
    /** What was published: alarm, old state, new state. */
    published: () =>
      calls
        .filter((call) => call.operation === 'Publish')
        .map((call) => JSON.parse(call.input.Message))
        .map((message) => `${message.AlarmName}: ${message.OldStateValue} -> ${message.NewStateValue}`),
    async stop() {
      client.destroy();
      await cloud.close();
    },
  };
}
