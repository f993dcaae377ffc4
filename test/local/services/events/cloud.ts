import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { manualClock } from '../../../../local/clocks/manual.ts';
import { LocalCloud, type LocalCloudOptions } from '../../../../local/cloud.ts';
import type { Operation, Principal, ServiceFactory } from '../../../../local/service.ts';
import { createEvents } from '../../../../local/services/events/index.ts';
import { createSqs } from '../../../../local/services/sqs/index.ts';

export interface RecordedCall {
  readonly service: string;
  readonly operation: string;
  readonly input: any;
  readonly principal: Principal;
}

/** A service that writes down every call. `answer` may throw. */
export function recorder(
  calls: RecordedCall[],
  name: string,
  names: string[],
  answer: (input: any) => any = () => ({}),
): ServiceFactory {
  return () => {
    const operations: Record<string, Operation> = {};
    for (const operation of names) {
      operations[operation] = async (input, { principal }) => {
        calls.push({ service: name, operation, input, principal });
        return answer(input);
      };
    }
    return { name, operations, permissions: () => [], http: async () => {} };
  };
}

/** A cloud with EventBridge and SQS on a manual clock, and recorders for whatever else events go to. */
export async function startEvents(options: Partial<LocalCloudOptions> & { lambda?: (input: any) => any } = {}) {
  const calls: RecordedCall[] = [];
  const clock = manualClock();
  const { lambda, services = [createSqs, createEvents], ...others } = options;
  const cloud = await LocalCloud.start({
    clock,
    services: [
      ...services,
      recorder(calls, 'lambda', ['Invoke'], lambda),
      recorder(calls, 'states', ['StartExecution']),
      recorder(calls, 'sns', ['Publish']),
      recorder(calls, 'logs', ['CreateLogStream', 'PutLogEvents']),
    ],
    ...others,
  });
  const client = new EventBridgeClient({
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const root: Principal = { kind: 'root', arn: 'arn:aws:iam::000000000000:root' };
  const send = (command: any): Promise<any> => client.send(command);
  return {
    cloud,
    clock,
    calls,
    send,
    root,
    /** A rule with a pattern and one target. */
    async rule(name: string, EventPattern: object, target: Partial<Target> & { Arn: string }, EventBusName?: string) {
      await send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(EventPattern), EventBusName }));
      return send(new PutTargetsCommand({ Rule: name, EventBusName, Targets: [{ Id: 't', ...target }] }));
    },
    putEvent: (entry: PutEventsRequestEntry) => send(new PutEventsCommand({ Entries: [entry] })),
    async queue(name: string, Attributes = {}) {
      await cloud.call('sqs', 'CreateQueue', { QueueName: name, Attributes }, root);
      return `arn:aws:sqs:us-east-1:000000000000:${name}`;
    },
    /** What lies in a queue, as messages. */
    async messages(name: string) {
      const QueueUrl = `${cloud.endpoint}/000000000000/${name}`;
      const input = {
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      };
      const { Messages = [] } = await cloud.call('sqs', 'ReceiveMessage', input, root);
      return Messages as any[];
    },
    async stop() {
      client.destroy();
      await cloud.close();
    },
  };
}

export const entry = (detail: object, more: object = {}) => ({
  Source: 'shop',
  DetailType: 'Order',
  Detail: JSON.stringify(detail),
  ...more,
});
