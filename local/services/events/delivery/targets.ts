import { NotSupportedError } from '../../../aws-error.ts';
import type { Cloud, Principal } from '../../../service.ts';
import type { BusEvent } from '../bus-event.ts';
import type { Target } from '../state.ts';
import { forwarded } from './forwarded.ts';

/** One event on its way to one target. */
export interface Shipment {
  readonly target: Target;
  /** What the target gets, already transformed. */
  readonly input: string;
  readonly event: BusEvent;
  /** The same on every attempt. */
  readonly id: string;
}

interface TargetKind {
  /** Whether AWS demands a role for it. */
  readonly needsRole: boolean;
  send(cloud: Cloud, shipment: Shipment, caller: Principal): Promise<unknown>;
}

/** What kind of target an ARN names. Throws where local AWS does not have it. */
export function targetKind(arn: string): TargetKind {
  const [, , service = '', , , resource = ''] = arn.split(':');
  const kind =
    kinds[
      service === 'states' || service === 'events' || service === 'logs'
        ? `${service}:${resource.split('/')[0]}`
        : service
    ];
  if (!kind) throw new NotSupportedError(`the EventBridge target ${arn}`);
  return kind;
}

const kinds: Record<string, TargetKind> = {
  sqs: {
    needsRole: false,
    send: (cloud, { target, input }, caller) => {
      const [, , , , account, name] = target.Arn.split(':');
      const group = target.SqsParameters?.MessageGroupId;
      const message = { QueueUrl: `${cloud.endpoint}/${account}/${name}`, MessageBody: input };
      return cloud.call(
        'sqs',
        'SendMessage',
        { ...message, ...(group !== undefined && { MessageGroupId: group }) },
        caller,
      );
    },
  },
  lambda: {
    needsRole: false,
    send: (cloud, { target, input }, caller) =>
      cloud.call(
        'lambda',
        'Invoke',
        { FunctionName: target.Arn, InvocationType: 'Event', Payload: Buffer.from(input) },
        caller,
      ),
  },
  sns: {
    needsRole: false,
    send: (cloud, { target, input }, caller) =>
      cloud.call('sns', 'Publish', { TopicArn: target.Arn, Message: input }, caller),
  },
  'states:stateMachine': {
    needsRole: true,
    // The name is the same on every attempt, so an attempt whose answer was lost starts nothing twice.
    send: (cloud, { target, input, event, id }, caller) =>
      cloud.call(
        'states',
        'StartExecution',
        { stateMachineArn: target.Arn, input, name: `${event.id}_${id}`.slice(0, 80) },
        caller,
      ),
  },
  'events:event-bus': {
    needsRole: false,
    send: (cloud, { target, event, input }, caller) => {
      const entry = { EventBusName: target.Arn, Source: event.source, DetailType: event['detail-type'], Detail: input };
      return cloud.call('events', 'PutEvents', { Entries: [{ ...entry, [forwarded]: event }] }, caller);
    },
  },
  'logs:log-group': {
    needsRole: false,
    send: async (cloud, { target, input, event, id }, caller) => {
      const logGroupName = target.Arn.split(':')[6]!;
      const stream = { logGroupName, logStreamName: `${event.id}_${id}` };
      await cloud.call('logs', 'CreateLogStream', stream, caller).catch(unlessItExists);
      const logEvents = [{ timestamp: cloud.clock.now(), message: input }];
      return cloud.call('logs', 'PutLogEvents', { ...stream, logEvents }, caller);
    },
  },
};

function unlessItExists(error: Error): void {
  if (error.name !== 'ResourceAlreadyExistsException') throw error;
}
