import { expect, test } from 'vitest';
import { deadLetterReason } from '../../lib/aws/dead-letter-reason.ts';
import { failedCall, type RedeliveryClients, redeliver, targetInput } from '../../lib/aws/redeliver.ts';
import { MemoryRunStore } from '../fixtures/ports/memory-run-store.ts';

const letter = (body: object, attributes: Record<string, string> = {}) => ({
  id: 'm1',
  sentAt: 0,
  body: JSON.stringify(body),
  attributes,
  receipt: 'r1',
});
const queue = { name: 'trigger', url: 'http://127.0.0.1/dead', sourceUrl: 'http://127.0.0.1/queue', messages: 1 };
const event = { time: '2026-11-21T06:00:00Z', detail: { object: { key: 'landing/a "b" <c>.csv', size: 3 } } };

test('an event that a rule could not deliver is made what the rule makes of it', () => {
  const body = JSON.stringify(event);
  const target = { Id: 't', Arn: 'arn' };
  expect(JSON.parse(targetInput({ ...target, InputPath: '$.detail' }, body))).toEqual(event.detail);
  const InputTransformer = {
    InputPathsMap: { key: '$.detail.object.key', size: '$.detail.object.size' },
    InputTemplate: '{"trigger":{"key":<key>,"size":<size>}}',
  };
  expect(JSON.parse(targetInput({ ...target, InputTransformer }, body))).toEqual({
    trigger: { key: 'landing/a "b" <c>.csv', size: 3 },
  });
  expect(targetInput(target, body)).toBe(body);
});

test('a call that Lambda gave up carries its function, its payload and the error', async () => {
  const given = letter({
    requestContext: { functionArn: 'arn:aws:lambda:us-east-1:1:function:penstock-orders-compensate:$LATEST' },
    requestPayload: { status: 'ABORTED' },
    responsePayload: { errorType: 'ServiceUnavailableError', errorMessage: 'the bus is away' },
  });
  expect(failedCall(given)).toMatchObject({ payload: { status: 'ABORTED' } });
  expect(await deadLetterReason(new MemoryRunStore(), queue, given)).toEqual({
    error: 'ServiceUnavailableError',
    message: 'the bus is away',
  });
});

test('an error whose text is read by the machine is shown by what went wrong', async () => {
  const errorMessage = JSON.stringify({
    errorType: 'CircuitOpenError',
    errorMessage: 'left alone',
    retryAfterSeconds: 9,
  });
  const given = letter({
    requestContext: { functionArn: 'arn:aws:lambda:us-east-1:1:function:penstock-orders-compensate:$LATEST' },
    responsePayload: { errorType: 'CircuitOpenError', errorMessage },
  });
  expect(await deadLetterReason(new MemoryRunStore(), queue, given)).toEqual({
    error: 'CircuitOpenError',
    message: 'left alone',
  });
});

test('an event that was not delivered carries the error of EventBridge', async () => {
  const given = letter(event, { ERROR_CODE: 'NO_PERMISSIONS', ERROR_MESSAGE: 'not allowed', RULE_ARN: 'r' });
  expect(await deadLetterReason(new MemoryRunStore(), queue, given)).toMatchObject({ error: 'NO_PERMISSIONS' });
});

const file = { kind: 'file', bucket: 'lake', key: 'landing/orders/a', versionId: 'v1', size: 1, sequencer: '01' };
const prefix = 'landing/orders/';

test.each([
  ['a file with a run of its own', file, { prefix }, false],
  ['a file of a folder with a marker', file, { prefix, complete: { marker: '_SUCCESS' } }, false],
  ['a file of a set that a count makes whole', file, { prefix, complete: { count: 2 } }, true],
  ['a file of a window', file, { prefix, window: { seconds: 300 } }, true],
  ['the end of a window', { kind: 'batch', place: prefix, number: 1 }, undefined, true],
])('a message about %s tells whether others wait for its run', async (_, trigger, files, isOfSeveral) => {
  const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:penstock-orders';
  const body = { pipeline: 'orders', planDigest: 'a'.repeat(64), stateMachineArn, trigger, ...(files && { files }) };
  const { error, message } = await deadLetterReason(new MemoryRunStore(), queue, letter(body));
  expect([error, /run together with it/.test(message)]).toEqual(['StartRefused', isOfSeveral]);
});

/** Clients that tell what they were asked, and of one rule with one target. */
function recording(Arn: string) {
  const asked: { readonly name: string; readonly input: object }[] = [];
  const client = {
    async send({ constructor: { name }, input }: { readonly constructor: { readonly name: string }; input: object }) {
      asked.push({ name: name.replace(/Command$/, ''), input });
      return { Targets: [{ Id: 'target', Arn, InputPath: '$.detail' }] };
    },
  };
  const clients = { sqs: client, lambda: client, sfn: client, events: client } as unknown as RedeliveryClients;
  return { clients, asked };
}

const ruleOf = (name: string) => `arn:aws:events:us-east-1:000000000000:rule/${name}`;
const targets = {
  machine: 'arn:aws:states:us-east-1:000000000000:stateMachine:penstock-orders-escalate',
  function: 'arn:aws:lambda:us-east-1:000000000000:function:penstock-orders-compensate',
  queue: 'arn:aws:sqs:us-east-1:000000000000:trigger',
};

test.each([
  ['penstock-orders-file-1', { Rule: 'penstock-orders-file-1' }],
  ['penstock/penstock-orders-expired', { Rule: 'penstock-orders-expired', EventBusName: 'penstock' }],
])('the targets of the rule %s are asked of its own bus', async (rule, expected) => {
  const { clients, asked } = recording(targets.queue);
  await redeliver(clients, queue, letter(event, { RULE_ARN: ruleOf(rule), TARGET_ARN: targets.queue }));
  expect(asked[0]).toEqual({ name: 'ListTargetsByRule', input: expected });
});

const input = JSON.stringify(event.detail);
test.each([
  ['machine', 'StartExecution', { stateMachineArn: targets.machine, input }],
  ['function', 'Invoke', { FunctionName: targets.function, InvocationType: 'Event', Payload: input }],
  ['queue', 'SendMessage', { QueueUrl: queue.sourceUrl, MessageBody: input }],
] as const)('an event for a %s goes there', async (kind, name, expected) => {
  const { clients, asked } = recording(targets[kind]);
  const attributes = { RULE_ARN: ruleOf('penstock/penstock-orders'), TARGET_ARN: targets[kind] };
  await redeliver(clients, queue, letter(event, attributes));
  expect(asked.slice(1)).toEqual([{ name, input: expected }]);
});
