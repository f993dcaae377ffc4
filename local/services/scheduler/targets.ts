import { NotSupportedError } from '../../aws-error.ts';
import type { Cloud, Principal } from '../../service.ts';
import { sendToQueue } from '../events/delivery/dead-letters.ts';
import { invalid, type Target } from './state.ts';

/** One invocation of a target. */
export interface Call {
  readonly target: Target;
  readonly input: string;
  /** The same on every attempt. */
  readonly executionId: string;
}

type Send = (cloud: Cloud, call: Call, caller: Principal) => Promise<unknown>;

/** SDK names of services whose signing name is another. */
const signingNames: Record<string, string> = {
  sfn: 'states',
  eventbridge: 'events',
  cloudwatch: 'monitoring',
  cloudwatchlogs: 'logs',
};

/** What only reads is no target. */
const reading = new RegExp(
  `^(${[
    ...[
      'get',
      'describe',
      'list',
      'poll',
      'receive',
      'search',
      'scan',
      'query',
      'select',
      'read',
      'lookup',
      'discover',
    ],
    ...['validate', 'batchGet', 'batchDescribe', 'batchRead', 'transactGet', 'adminGet', 'adminList', 'testMigration'],
    ...['retrieve', 'testConnection', 'translateDocument', 'isAuthorized', 'invokeModel'],
  ].join('|')})`,
);

/** How a target is invoked, by its ARN. Throws where local AWS does not have it. */
export function targetSender(arn: string): Send {
  const [, , service = '', , , ...resource] = arn.split(':');
  if (service === 'scheduler') {
    const [, sdkService = '', action = ''] = resource;
    return universal(sdkService, action, arn);
  }
  const send = templated[service === 'states' ? `states:${resource[0]}` : service];
  if (!send) throw new NotSupportedError(`the Scheduler target ${arn}`);
  return send;
}

/** Whether a target is an operation of any API, whose input is that of the API. */
export const isUniversal = (arn: string) => arn.split(':')[2] === 'scheduler';

/** What AWS demands of a target besides ARN and role. */
export function checkTarget(target: Target): void {
  if (target.Arn.includes(':events:') && !target.EventBridgeParameters) {
    throw invalid('EventBridgeParameters must be provided for an EventBridge event bus target.');
  }
  if (target.Arn.includes(':sqs:') && target.Arn.endsWith('.fifo') && !target.SqsParameters?.MessageGroupId) {
    throw invalid('SqsParameters.MessageGroupId must be provided for a FIFO queue target.');
  }
  if (isUniversal(target.Arn)) jsonObject(target.Input ?? '{}');
}

const templated: Record<string, Send> = {
  lambda: (cloud, { target, input }, caller) =>
    cloud.call(
      'lambda',
      'Invoke',
      { FunctionName: target.Arn, InvocationType: 'Event', Payload: Buffer.from(input) },
      caller,
    ),
  sqs: (cloud, { target, input }, caller) =>
    sendToQueue(
      cloud,
      target.Arn,
      { MessageBody: input, MessageGroupId: target.SqsParameters?.MessageGroupId },
      caller,
    ),
  sns: (cloud, { target, input }, caller) =>
    cloud.call('sns', 'Publish', { TopicArn: target.Arn, Message: input }, caller),
  'states:stateMachine': (cloud, { target, input, executionId }, caller) =>
    cloud.call('states', 'StartExecution', { stateMachineArn: target.Arn, input, name: executionId }, caller),
  events: async (cloud, { target, input }, caller) => {
    const { DetailType, Source } = target.EventBridgeParameters!;
    const entry = { EventBusName: target.Arn, DetailType, Source, Detail: input };
    const { Entries } = await cloud.call('events', 'PutEvents', { Entries: [entry] }, caller);
    if (Entries[0].ErrorCode) throw invalid(`${Entries[0].ErrorCode}: ${Entries[0].ErrorMessage}`);
  },
};

/** `arn:aws:scheduler:::aws-sdk:dynamodb:putItem`: any operation, with the input of its API. */
function universal(sdkService: string, action: string, arn: string): Send {
  if (!/^[a-z0-9]+$/.test(sdkService) || !/^[a-z][A-Za-z0-9]+$/.test(action)) throw invalid(`${arn} is not a target.`);
  if (reading.test(action)) {
    throw invalid(`${arn} is not a target: read operations are not supported.`);
  }
  const operation = action[0]!.toUpperCase() + action.slice(1);
  return (cloud, { input }, caller) =>
    cloud.call(signingNames[sdkService] ?? sdkService, operation, jsonObject(input), caller);
}

function jsonObject(text: string): object {
  try {
    const value = JSON.parse(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value;
  } catch {
    // Not JSON is no object either.
  }
  throw invalid('The Input of an AWS SDK target must be a JSON object.');
}
