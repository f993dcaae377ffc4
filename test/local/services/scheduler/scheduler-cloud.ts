import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { AwsError } from '../../../../local/aws-error.ts';
import { type ManualClock, manualClock } from '../../../../local/clocks/manual.ts';
import { LocalCloud } from '../../../../local/cloud.ts';
import { createScheduler } from '../../../../local/services/scheduler/index.ts';
import { createSqs } from '../../../../local/services/sqs/index.ts';
import { type RecordedCall, recorder } from '../events/cloud.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const Arn = 'arn:aws:lambda:us-east-1:000000000000:function:work';
export const RoleArn = 'arn:aws:iam::000000000000:role/invoke';
export const OFF = { FlexibleTimeWindow: { Mode: 'OFF' as const } };

/** The Scheduler, and targets that write down how they are called. */
export async function startScheduler(
  options: { clock?: ManualClock; dataFolder?: string; fail?: () => Error | boolean } = {},
) {
  const clock = options.clock ?? manualClock();
  const calls: (RecordedCall & { at: string })[] = [];
  const recorded: RecordedCall[] = [];
  const note = () => {
    calls.push({ ...recorded.at(-1)!, at: new Date(clock.now()).toISOString() });
    const failure = options.fail?.();
    if (failure) throw failure === true ? new AwsError('ServiceException', 'not now', 500) : failure;
  };
  const cloud = await LocalCloud.start({
    clock,
    dataFolder: options.dataFolder,
    services: [
      createSqs,
      createScheduler,
      recorder(recorded, 'lambda', ['Invoke'], note),
      recorder(recorded, 'states', ['StartExecution'], note),
      recorder(recorded, 'events', ['PutEvents'], () => {
        note();
        return { Entries: [{}] };
      }),
      recorder(recorded, 'dynamodb', ['PutItem'], note),
      recorder(recorded, 'sns', ['Publish'], note),
    ],
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SchedulerClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  const stop = async () => {
    client.destroy();
    await cloud.close();
  };
  const send = (command: any): Promise<any> => client.send(command);
  return {
    cloud,
    clock,
    calls,
    send,
    stop,
    times: () => calls.map((call) => call.at.slice(0, 19)),
    create: (ScheduleExpression: string, more: any = {}) => {
      const Target = { Arn, RoleArn, ...more.Target };
      return send(new CreateScheduleCommand({ Name: 's', ScheduleExpression, ...OFF, ...more, Target }));
    },
  };
}
