import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type FunctionEventInvokeConfig,
  GetFunctionEventInvokeConfigCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ManualClock, manualClock } from '../../../../local/clocks/manual.ts';
import { eventually, type LambdaCloud, lambdaCloud } from './lambda-cloud.ts';

const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

describe('asynchronous invocations', () => {
  let clock: ManualClock;
  let lambda: LambdaCloud;
  let record: string;
  beforeEach(async () => {
    clock = manualClock();
    lambda = await lambdaCloud({ clock });
    record = `${lambda.folder({ record: '' })}/record`;
  });
  afterEach(() => lambda.close());

  const attempts = () => readFileSync(record, 'utf8').split('\n').filter(Boolean);
  const deploy = (source: string, settings = {}) =>
    lambda.deploy(
      'later',
      `require('fs').appendFileSync(process.env.RECORD, context.awsRequestId + '\\n'); ${source}`,
      {
        Environment: { Variables: { RECORD: record } },
        ...settings,
      },
    );
  const invoke = (payload: object = {}) => lambda.invoke('later', payload, { InvocationType: 'Event' });
  const configure = (config: Partial<Omit<FunctionEventInvokeConfig, 'LastModified'>>) =>
    lambda.client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: 'later', ...config }));
  const queue = async (QueueName: string) => (await lambda.sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl!;
  const receive = async (QueueUrl: string) =>
    (await lambda.sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] }))).Messages ?? [];

  it('answer at once and run', async () => {
    await deploy('return 1');
    expect((await invoke()).StatusCode).toBe(202);
    await eventually(() => attempts().length === 1);
  });

  it('run a failing function again after one and two minutes, and then no more', async () => {
    await deploy("throw new Error('always')");
    await invoke();
    await eventually(() => attempts().length === 1);
    await clock.advance(59_000);
    expect(attempts()).toHaveLength(1);
    await clock.advance(1_000);
    expect(attempts()).toHaveLength(2);
    await clock.advance(120_000);
    expect(attempts()).toHaveLength(3);
    await clock.advance(86_400_000);
    expect(attempts()).toHaveLength(3);
    expect(new Set(attempts()).size).toBe(1);
  });

  it('tell the destinations how they ended', async () => {
    const [good, bad] = [await queue('good'), await queue('bad')];
    await deploy("if (event.fail) throw new Error('asked to'); return { done: true }");
    await configure({
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnSuccess: { Destination: queueArn('good') }, OnFailure: { Destination: queueArn('bad') } },
    });
    await invoke({ n: 1 });
    await invoke({ fail: true });
    await eventually(() => attempts().length === 2);
    await clock.advance(0);
    const [success] = await receive(good);
    expect(JSON.parse(success!.Body!)).toEqual({
      version: '1.0',
      timestamp: new Date(clock.now()).toISOString(),
      requestContext: {
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:later:$LATEST',
        condition: 'Success',
        approximateInvokeCount: 1,
      },
      requestPayload: { n: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST' },
      responsePayload: { done: true },
    });
    const [failure] = await receive(bad);
    expect(JSON.parse(failure!.Body!)).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
      requestPayload: { fail: true },
      responseContext: { functionError: 'Unhandled' },
      responsePayload: { errorType: 'Error', errorMessage: 'asked to' },
    });
  });

  it('end in the dead-letter queue of the function with the event as it was', async () => {
    const dead = await queue('dead');
    await deploy("throw new Error('no use')", { DeadLetterConfig: { TargetArn: queueArn('dead') } });
    await configure({ MaximumRetryAttempts: 1 });
    await invoke({ keep: 'me' });
    await eventually(() => attempts().length === 1);
    await clock.advance(60_000);
    await clock.advance(0);
    const [message] = await receive(dead);
    expect(JSON.parse(message!.Body!)).toEqual({ keep: 'me' });
    expect(message!.MessageAttributes!.ErrorMessage!.StringValue).toBe('no use');
    expect(message!.MessageAttributes!.RequestID!.StringValue).toBe(attempts()[0]);
  });

  it('give up when the event is too old', async () => {
    const dead = await queue('dead');
    await deploy("throw new Error('again')");
    await configure({
      MaximumEventAgeInSeconds: 90,
      DestinationConfig: { OnFailure: { Destination: queueArn('dead') } },
    });
    await invoke();
    await eventually(() => attempts().length === 1);
    await clock.advance(600_000);
    expect(attempts()).toHaveLength(2);
    const [message] = await receive(dead);
    expect(JSON.parse(message!.Body!).requestContext.condition).toBe('EventAgeExceeded');
  });

  it('wait while the function is throttled, without using up their attempts', async () => {
    await deploy('return 1');
    await lambda.call('PutFunctionConcurrency', { FunctionName: 'later', ReservedConcurrentExecutions: 0 });
    await invoke();
    await clock.advance(600_000);
    expect(attempts()).toHaveLength(0);
    await lambda.call('DeleteFunctionConcurrency', { FunctionName: 'later' });
    await clock.advance(300_000);
    await eventually(() => attempts().length === 1);
  });

  it('have a configuration that is put as a whole and updated in parts', async () => {
    await deploy('return 1');
    await configure({ MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 120 });
    const update = { FunctionName: 'later', MaximumRetryAttempts: 2 };
    await lambda.client.send(new UpdateFunctionEventInvokeConfigCommand(update));
    const get = () => lambda.client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: 'later' }));
    expect(await get()).toMatchObject({
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 120,
      LastModified: new Date(clock.now()),
    });
    await configure({ MaximumRetryAttempts: 0 });
    expect((await get()).MaximumEventAgeInSeconds).toBeUndefined();
    await expect(configure({ MaximumRetryAttempts: 3 })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('survive a restart of local AWS, as functions and mappings do', async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'lambda-data-'));
    const source = lambda.folder({
      'index.js': `const { existsSync, appendFileSync } = require('fs');
        exports.handler = async (event) => { if (!existsSync(event.gate)) throw new Error('shut'); appendFileSync(event.gate, event.text); }`,
    });
    const gate = join(source, 'gate');
    try {
      const before = await lambdaCloud({ clock, dataFolder });
      await before.deploy('durable', {}, { Code: { LocalPath: source } as never });
      await before.invoke('durable', { gate, text: 'arrived' }, { InvocationType: 'Event' });
      await eventually(async () => (await before.messages('durable', 'REPORT').catch(() => [])).length === 1);
      await before.close();
      (await import('node:fs')).writeFileSync(gate, '');
      const after = await lambdaCloud({ clock, dataFolder });
      await eventually(() => readFileSync(gate, 'utf8') === 'arrived');
      expect((await after.invoke('durable', { gate, text: '!' })).FunctionError).toBeUndefined();
      await after.close();
    } finally {
      rmSync(dataFolder, { recursive: true, force: true });
    }
  });
});
