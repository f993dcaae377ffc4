import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FaultCloud, faultCloud } from './fault-cloud.ts';

let aws: FaultCloud;
beforeAll(async () => {
  aws = await faultCloud();
});
afterAll(() => aws.close());
afterEach(async () => {
  aws.faults.clear();
  await aws.nextQueue();
});

const sends = { service: 'sqs', operation: 'SendMessage' } as const;
const bodies = (messages: any[]) => messages.map(({ Body }) => Body);

describe('a call', () => {
  it.each(['before', 'after'] as const)('fails %s its effect, with the error of the plan', async (when) => {
    const error = { code: 'QueueIsTired', message: 'zzz', statusCode: 418 };
    aws.faults.add({ match: sends, action: { type: 'fail', when, error } });
    await expect(aws.send()).rejects.toMatchObject({ code: 'QueueIsTired', message: 'zzz', statusCode: 418 });
    expect(await aws.receive()).toHaveLength(when === 'after' ? 1 : 0);
  });

  it('loses its answer: the connection breaks, the effect stays, and the SDK sends again', async () => {
    aws.faults.add({ match: { ...sends, nth: 1 }, action: { type: 'lose' } });
    const message = { QueueUrl: aws.QueueUrl, MessageBody: 'x' };
    const once = aws.sqs.send(new SendMessageCommand(message));
    await expect(once).rejects.toThrow(/hang up|ECONNRESET|aborted/);
    expect(await aws.receive()).toHaveLength(1);

    aws.faults.add({ match: { ...sends, nth: 1 }, action: { type: 'lose' } });
    const patient = new SQSClient({ ...aws.access, maxAttempts: 2 });
    await patient.send(new SendMessageCommand(message));
    patient.destroy();
    expect(await aws.receive()).toHaveLength(2);
  });

  it('loses its request without an effect', async () => {
    aws.faults.add({ match: sends, action: { type: 'lose', when: 'before' } });
    await expect(aws.send()).rejects.toMatchObject({ code: 'SdkClientException' });
    expect(await aws.receive()).toHaveLength(0);
  });

  it.each([
    ['sqs', 'ListQueues', 'RequestThrottled'],
    ['s3', 'ListBuckets', 'SlowDown'],
    ['dynamodb', 'ListTables', 'ProvisionedThroughputExceededException'],
    ['lambda', 'ListFunctions', 'TooManyRequestsException'],
    ['events', 'ListRules', 'ThrottlingException'],
  ])('of %s is throttled in its own words', async (service, operation, code) => {
    aws.faults.add({ match: { service, operation }, action: { type: 'throttle' } });
    await expect(aws.call(service, operation)).rejects.toMatchObject({ code });
  });

  it('takes its time on the clock of the cloud', async () => {
    aws.faults.add({ match: sends, action: { type: 'delay', milliseconds: 60_000 } });
    const sending = aws.send();
    await aws.clock.advance(59_999);
    expect(await aws.receive()).toHaveLength(0);
    await aws.clock.advance(1);
    await sending;
    expect(await aws.receive()).toHaveLength(1);
  });

  it('has its effect twice', async () => {
    aws.faults.add({ match: sends, action: { type: 'duplicate' } });
    await aws.send();
    expect(await aws.receive()).toHaveLength(2);
  });

  it('changes places with the next one', async () => {
    aws.faults.add({ match: { ...sends, nth: 1 }, action: { type: 'reorder' } });
    await Promise.all([aws.send('first'), aws.send('second')]);
    expect(bodies(await aws.receive())).toEqual(['second', 'first']);
  });

  it('does not wait for ever for a next one', async () => {
    aws.faults.add({ match: sends, action: { type: 'reorder', withinMilliseconds: 500 } });
    const sending = aws.send();
    await aws.clock.advance(500);
    await sending;
    expect(await aws.receive()).toHaveLength(1);
  });
});

describe('a delivery', () => {
  it('of a queue comes twice, as the same message', async () => {
    aws.faults.add({ match: { service: 'sqs', operation: 'ReceiveMessage', nth: 1 }, action: { type: 'duplicate' } });
    await aws.send();
    const [first] = await aws.receive();
    const [second] = await aws.receive();
    expect(second.MessageId).toBe(first.MessageId);
    expect(second.ReceiptHandle).not.toBe(first.ReceiptHandle);
    expect(await aws.receive()).toHaveLength(0);
  });

  it('of a queue steps back behind later ones', async () => {
    aws.faults.add({ match: { service: 'sqs', operation: 'ReceiveMessage', nth: 1 }, action: { type: 'reorder' } });
    for (const body of ['a', 'b', 'c']) await aws.send(body);
    expect(bodies(await aws.receive())).toEqual(['b', 'c']);
    await aws.clock.advance(1000);
    expect(bodies(await aws.receive())).toEqual(['a']);
  });

  it('of an event to a target comes twice, with one id', async () => {
    await route({ source: ['shop'] });
    aws.faults.add({ match: { ...sends, caller: 'events.amazonaws.com' }, action: { type: 'duplicate' } });
    await aws.call('events', 'PutEvents', { Entries: [{ Source: 'shop', DetailType: 'sale', Detail: '{}' }] });
    await aws.clock.advance(1);
    const [first, second, ...more] = bodies(await aws.receive()).map((body) => JSON.parse(body));
    expect(second.id).toBe(first.id);
    expect(more).toEqual([]);
  });

  it("of a bucket's event comes twice or late, by the bucket", async () => {
    await route({ source: ['aws.s3'] });
    for (const Bucket of ['noisy', 'quiet']) {
      await aws.call('s3', 'CreateBucket', { Bucket });
      const NotificationConfiguration = { EventBridgeConfiguration: {} };
      await aws.call('s3', 'PutBucketNotificationConfiguration', { Bucket, NotificationConfiguration });
    }
    const events = { service: 'events', operation: 'ServiceEvent', caller: 's3.amazonaws.com' };
    aws.faults.add(
      { match: { ...events, resource: 'arn:aws:s3:::noisy' }, action: { type: 'duplicate' } },
      { match: { ...events, resource: 'arn:aws:s3:::quiet' }, action: { type: 'delay', milliseconds: 5000 } },
    );
    const put = (Bucket: string) => aws.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    await put('quiet');
    await put('noisy');
    await aws.clock.advance(10);
    const [first, second, ...more] = bodies(await aws.receive()).map((body) => JSON.parse(body));
    expect([first.detail.bucket.name, second.id]).toEqual(['noisy', first.id]);
    expect(more).toEqual([]);
    await aws.clock.advance(5000);
    expect(bodies(await aws.receive())).toMatchObject([expect.stringContaining('quiet')]);
  });
});

/** A rule that sends events to the queue. */
async function route(pattern: object): Promise<void> {
  const { RuleArn } = await aws.call('events', 'PutRule', { Name: 'r', EventPattern: JSON.stringify(pattern) });
  const { QueueArn } = aws;
  const Condition = { ArnEquals: { 'aws:SourceArn': RuleArn } };
  const Statement = [
    { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:*', Resource: QueueArn, Condition },
  ];
  const Attributes = { Policy: JSON.stringify({ Statement }) };
  await aws.call('sqs', 'SetQueueAttributes', { QueueUrl: aws.QueueUrl, Attributes });
  await aws.call('events', 'PutTargets', { Rule: 'r', Targets: [{ Id: 'q', Arn: QueueArn }] });
}

describe('a function', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fault-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['before', 'after'] as const)('dies %s the effect of its call', async (when) => {
    const FunctionName = `dies-${when}`;
    const MessageBody = 'from the grave';
    mkdirSync(join(folder, when));
    writeFileSync(
      join(folder, when, 'index.js'),
      `const { SQS } = require('@aws-sdk/client-sqs');
       exports.handler = async () => {
         await new SQS().sendMessage(${JSON.stringify({ QueueUrl: aws.QueueUrl, MessageBody })});
         return 'alive';
       };`,
    );
    await aws.call('lambda', 'CreateFunction', {
      FunctionName,
      Role: `arn:aws:iam::${aws.cloud.accountId}:role/worker`,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Timeout: 30,
      Code: { LocalPath: join(folder, when) },
    });
    aws.faults.add({
      match: { ...sends, caller: `arn:aws:sts::*:assumed-role/worker/${FunctionName}`, nth: 1 },
      action: { type: 'kill', when },
    });
    const invoke = async () => {
      const { Payload } = await aws.call('lambda', 'Invoke', { FunctionName });
      return JSON.parse(Payload.toString());
    };
    expect(await invoke()).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('Runtime exited with error: signal: killed'),
    });
    expect(await aws.receive()).toHaveLength(when === 'after' ? 1 : 0);
    expect(await invoke()).toBe('alive');
  });

  it('is the only one that can be killed', async () => {
    aws.faults.add({ match: sends, action: { type: 'kill', when: 'before' } });
    await aws.send();
    expect(await aws.receive()).toHaveLength(1);
  });
});

describe('a rule', () => {
  it('counts the calls that it names, also those that another rule strikes', async () => {
    aws.faults.add(
      { match: { ...sends, nth: 1 }, action: { type: 'throttle' } },
      { match: { ...sends, nth: [2, 4] }, action: { type: 'throttle' } },
    );
    expect(await struck(5)).toEqual([1, 2, 4]);
  });

  it('strikes the calls that it names, at most so many', async () => {
    aws.faults.add({ match: { ...sends, nth: [2, 4, 5], times: 2 }, action: { type: 'throttle' } });
    expect(await struck(6)).toEqual([2, 4]);
  });

  it('is for the resource that it names', async () => {
    await aws.call('sqs', 'CreateQueue', { QueueName: 'other' });
    aws.faults.add({ match: { ...sends, resource: 'arn:aws:sqs:*:*:oth*' }, action: { type: 'throttle' } });
    await aws.send();
    const QueueUrl = aws.QueueUrl.replace(/q\d+$/, 'other');
    await expect(aws.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' })).rejects.toThrow('throttled');
  });

  it('stops when it is taken away', async () => {
    const remove = aws.faults.add({ match: sends, action: { type: 'throttle' } });
    await expect(aws.send()).rejects.toThrow('throttled');
    remove();
    await aws.send();
  });

  it('strikes the same calls again under the same seed, and others under another', async () => {
    const chosen = async (seed: number) => {
      const other = await faultCloud({ seed });
      try {
        const action = { type: 'throttle' } as const;
        other.faults.add({ match: { ...sends, probability: 0.5 }, action });
        return await struck(40, other);
      } finally {
        await other.close();
      }
    };
    const [first, again, another] = [await chosen(7), await chosen(7), await chosen(8)];
    expect(first.length).toBeGreaterThan(10);
    expect(first.length).toBeLessThan(30);
    expect(again).toEqual(first);
    expect(another).not.toEqual(first);
  });

  it('tells what it did', async () => {
    const rule = { match: { ...sends, nth: 1 }, action: { type: 'throttle' } } as const;
    const before = aws.faults.log.length;
    aws.faults.add(rule);
    await struck(2);
    expect(aws.faults.log.slice(before)).toEqual([
      {
        at: aws.clock.now(),
        rule,
        nth: 1,
        service: 'sqs',
        operation: 'SendMessage',
        resources: [aws.QueueArn],
        caller: `arn:aws:iam::${aws.cloud.accountId}:root`,
      },
    ]);
  });

  it.each([
    [{ match: { service: 'sqs' }, action: { type: 'throttle' } }, 'faults[0].match.operation'],
    [
      { match: sends, action: { type: 'explode' } },
      'faults[0].action.type: there is no such fault (received "explode", allowed: delay,',
    ],
    [{ match: sends, action: { type: 'kill' } }, 'faults[0].action.when'],
    [{ match: { ...sends, nth: 0 }, action: { type: 'throttle' } }, 'faults[0].match.nth'],
    [{ match: { ...sends, rate: 1 }, action: { type: 'throttle' } }, 'allowed: service, operation, resource'],
    [{ match: { service: 'sqs', operation: 'Snd*' }, action: { type: 'throttle' } }, 'sqs has no operation "Snd*"'],
    [{ match: { service: 'sqss', operation: '*' }, action: { type: 'throttle' } }, 'there is no service "sqss"'],
    [
      { match: { service: 'events', operation: 'ServiceEvent' }, action: { type: 'throttle' } },
      'the events of services cannot suffer "throttle"',
    ],
  ])('that could never strike is refused: %j', (rule: any, problem) => {
    expect(() => aws.faults.add(rule)).toThrow(problem);
  });
});

/** The numbers of those of so many sends that fail. */
async function struck(count: number, cloud = aws): Promise<number[]> {
  const failed: number[] = [];
  for (let n = 1; n <= count; n++) await cloud.send().catch(() => failed.push(n));
  return failed;
}
