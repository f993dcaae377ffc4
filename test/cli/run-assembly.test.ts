import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { ListQueuesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, describe, expect, it } from 'vitest';
import { readFaultFile } from '../../lib/cli/fault-file.ts';
import { Printer } from '../../lib/cli/print.ts';
import { runAssembly } from '../../lib/cli/run-assembly.ts';
import { type FaultPlan, rootCredentials } from '../../local/index.ts';
import { TemplateApps } from '../local/provisioning/template-app.ts';

const apps = new TemplateApps();
afterAll(() => apps.close());

const stack = (queue: string) => ({
  Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: queue } } },
  Outputs: { Name: { Value: { 'Fn::GetAtt': ['Queue', 'QueueName'] } } },
});

/** Starts an app and gives what it has printed so far, a way to wait for a text in it, and one to end it. */
function start(
  folder: string,
  more: { json?: boolean; watch?: boolean; explainAccess?: boolean; faults?: FaultPlan } = {},
) {
  let said = '';
  const output = new Writable({
    write(chunk, _, done) {
      said += chunk;
      done();
    },
  });
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  const running = runAssembly({
    folder,
    dataFolder: undefined,
    port: 0,
    clock: 'real',
    faults: more.faults,
    explainAccess: more.explainAccess ?? false,
    watch: more.watch ?? false,
    printer: new Printer(output as unknown as NodeJS.WriteStream, more.json ?? false),
    stopped,
  });
  const says = async (text: string) => {
    while (!said.includes(text)) await new Promise((resolve) => setTimeout(resolve, 10));
    return said;
  };
  const end = async () => {
    stop();
    await running;
    return said;
  };
  return { running, says, end };
}

it('runs the synthesized app of anybody, and says how to reach it', async () => {
  const app = start(apps.write({ Shop: stack('orders') }), { explainAccess: true });
  const said = await app.says('Ctrl-C stops.');
  expect(said).toContain('Shop  1 resources');
  expect(said).toContain('Name = orders');
  expect(said).toMatch(/export AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+/);
  expect(await app.end()).toContain('access, by role');
});

it('lists what each role used, never used and was denied', async () => {
  const role = (Statement: object[]) => ({
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'worker',
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: { Ref: 'AWS::AccountId' } } }],
      },
      Policies: [{ PolicyName: 'p', PolicyDocument: { Statement } }],
    },
  });
  const Role = role([
    { Effect: 'Allow', Action: ['sqs:ListQueues', 'sqs:DeleteQueue'], Resource: '*' },
    { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::lake/*' },
  ]);
  const app = start(apps.write({ Shop: { Resources: { ...stack('orders').Resources, Role } } }), {
    explainAccess: true,
  });
  const [, endpoint] = /AWS_ENDPOINT_URL=(\S+)/.exec(await app.says('Ctrl-C stops.'))!;
  const access = { endpoint, region: 'us-east-1', maxAttempts: 1 };
  const sts = new STSClient({ ...access, credentials: rootCredentials });
  const RoleArn = 'arn:aws:iam::000000000000:role/worker';
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = Credentials as any;
  const sqs = new SQSClient({ ...access, credentials: { accessKeyId, secretAccessKey, sessionToken } });
  await sqs.send(new ListQueuesCommand({}));
  await sqs.send(new ListQueuesCommand({}));
  const message = { QueueUrl: `${endpoint}/000000000000/orders`, MessageBody: 'x' };
  await expect(sqs.send(new SendMessageCommand(message))).rejects.toMatchObject({
    name: 'AccessDenied',
    message:
      'User: arn:aws:sts::000000000000:assumed-role/worker/test is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:us-east-1:000000000000:orders because no identity-based policy allows the sqs:SendMessage action',
  });
  const said = await app.end();
  const lines = said.slice(said.indexOf('access, by role')).split('\n');
  expect(lines.map((line) => line.trim().replace(/\s+/g, ' ')).filter(Boolean)).toEqual([
    'access, by role',
    'worker',
    'used sqs:ListQueues × 2',
    'never used sqs:DeleteQueue on *',
    'never used s3:GetObject on arn:aws:s3:::lake/*',
    'denied sqs:SendMessage on arn:aws:sqs:us-east-1:000000000000:orders, 1 call',
  ]);
});

it('gives it all as JSON at the end', async () => {
  const app = start(apps.write({ Shop: stack('orders') }), { json: true });
  expect(JSON.parse(await app.end())).toMatchObject({
    endpoint: expect.stringMatching(/^http:/),
    environment: { AWS_REGION: 'us-east-1' },
    stacks: { Shop: { Name: 'orders' } },
  });
});

describe('faults out of a file', () => {
  const file = join(apps.folder, 'faults.json');
  const sends = { service: 'sqs', operation: 'SendMessage' };

  /** What an app said whose calls went wrong by the plan, and the numbers of the sends that did. */
  async function struckBy(plan: object): Promise<{ said: string; struck: number[] }> {
    writeFileSync(file, JSON.stringify(plan));
    const app = start(apps.write({ Shop: stack('orders') }), { faults: readFaultFile(file) });
    const [, endpoint] = /AWS_ENDPOINT_URL=(\S+)/.exec(await app.says('Ctrl-C stops.'))!;
    const sqs = new SQSClient({ endpoint, region: 'us-east-1', credentials: rootCredentials, maxAttempts: 1 });
    const message = { QueueUrl: `${endpoint}/000000000000/orders`, MessageBody: 'x' };
    const struck: number[] = [];
    for (let nth = 1; nth <= 20; nth++) await sqs.send(new SendMessageCommand(message)).catch(() => struck.push(nth));
    return { said: await app.end(), struck };
  }

  it('strike what they say, and are told at the end', async () => {
    const throttle = { match: { ...sends, nth: [2, 5] }, action: { type: 'throttle' } };
    const { said, struck } = await struckBy([throttle]);
    expect(struck).toEqual([2, 5]);
    expect(said).toContain('faults: 2 calls struck');
    expect(said).toContain('throttle sqs:SendMessage  of the matching calls number 2, 5');
  });

  it('strike the same calls in every run with the same seed', async () => {
    const faults = [{ match: { ...sends, probability: 0.5 }, action: { type: 'throttle' } }];
    const [first, again, other] = [
      await struckBy({ seed: 1, faults }),
      await struckBy({ seed: 1, faults }),
      await struckBy({ seed: 2, faults }),
    ];
    expect(first.struck.length).toBeGreaterThan(2);
    expect(again.struck).toEqual(first.struck);
    expect(other.struck).not.toEqual(first.struck);
  });

  it('are refused with the file where it cannot be read', () => {
    writeFileSync(file, '[{');
    for (const one of [file, join(apps.folder, 'none.json')]) {
      expect(() => readFaultFile(one)).toThrow(
        expect.objectContaining({
          problem: 'the plan of faults cannot be read',
          received: expect.stringContaining(one),
        }),
      );
    }
  });
});

it('applies what is synthesized anew', async () => {
  const folder = apps.write({ Shop: stack('orders') });
  const app = start(folder, { watch: true });
  await app.says('Ctrl-C stops.');
  writeFileSync(join(folder, 'Shop.json'), JSON.stringify(stack('returns')));
  writeFileSync(join(folder, 'manifest.json'), readFileSync(join(folder, 'manifest.json')));
  await app.says('live after');
  expect(await app.end()).toContain('changed');
});

it('refuses a folder without an app', async () => {
  await expect(start(apps.folder).running).rejects.toMatchObject({
    problem: 'there is no synthesized app in this folder',
    change: expect.stringContaining('cdk synth'),
  });
});
