import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { LocalApp } from '../../../local/index.ts';
import { call, TemplateApps } from './template-app.ts';

const apps = new TemplateApps();
afterAll(() => apps.close());

const queue = (Properties: object = {}, more: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties, ...more });
const queueUrls = async (app: LocalApp): Promise<string[]> => (await call(app, 'sqs', 'ListQueues')).QueueUrls ?? [];
const names = async (app: LocalApp) => (await queueUrls(app)).map((url) => url.split('/').at(-1)!);
const attribute = async (app: LocalApp, QueueUrl: string, name: string) =>
  (await call(app, 'sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: [name] })).Attributes?.[name];

/** A port that nobody listens on, as far as can be known. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('a first start', () => {
  it('gives outputs and resources, and carries exports to other stacks', async () => {
    const app = await apps.start({
      Base: {
        Resources: { Dead: queue() },
        Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Dead', 'Arn'] }, Export: { Name: 'dead' } } },
      },
      Flow: {
        Resources: {
          Work: queue({
            QueueName: 'work',
            RedrivePolicy: { deadLetterTargetArn: { 'Fn::ImportValue': 'dead' }, maxReceiveCount: '3' },
          }),
        },
        Outputs: { Url: { Value: { Ref: 'Work' } } },
      },
    });
    const { Url } = app.stacks.Flow!.outputs;
    expect(Url).toBe(`${app.endpoint}/000000000000/work`);
    expect(app.stacks.Base!.resources.Dead).toMatchObject({ type: 'AWS::SQS::Queue' });
    const redrive = JSON.parse(await attribute(app, Url!, 'RedrivePolicy'));
    expect(redrive.deadLetterTargetArn).toBe(app.stacks.Base!.outputs.Arn);
  });

  it('leaves out resources and outputs whose condition does not hold', async () => {
    const app = await apps.start(
      {
        S: {
          Parameters: { Stage: { Type: 'String', Default: 'dev' } },
          Conditions: { Production: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
          Resources: {
            Always: queue({ VisibilityTimeout: { 'Fn::If': ['Production', 300, { Ref: 'AWS::NoValue' }] } }),
            Audit: queue({}, { Condition: 'Production' }),
          },
          Outputs: { Audit: { Value: { Ref: 'Audit' }, Condition: 'Production' } },
        },
      },
      { parameters: { S: { Stage: 'test' } } },
    );
    expect(Object.keys(app.stacks.S!.resources)).toEqual(['Always']);
    expect(app.stacks.S!.outputs).toEqual({});
  });

  it('names every resource that cannot be made, and leaves out those that stand on one', async () => {
    const starting = apps.start({
      S: {
        Resources: {
          Cluster: { Type: 'AWS::ECS::Cluster' },
          Custom: { Type: 'Custom::Thing', Properties: { ServiceToken: 'x' } },
          Odd: queue({ Shiny: true }),
          Follower: queue({ QueueName: { Ref: 'Cluster' } }),
        },
      },
    });
    await expect(starting).rejects.toThrow(/resource type AWS::ECS::Cluster/);
    await expect(starting).rejects.toThrow('custom resources behind x');
    await expect(starting).rejects.toThrow(/property Shiny of AWS::SQS::Queue \(S\/Odd\)/);
    await expect(starting).rejects.not.toThrow(/Follower/);
  });

  it('shows a circular dependency', async () => {
    const starting = apps.start({
      S: { Resources: { A: queue({ QueueName: { Ref: 'B' } }), B: queue({}, { DependsOn: 'A' }) } },
    });
    await expect(starting).rejects.toThrow('circular dependency between resources: A → B → A');
  });

  it('fails where a rule of the template does', async () => {
    const Rules = { Big: { Assertions: [{ Assert: { 'Fn::Equals': ['1', '2'] }, AssertDescription: 'not big' }] } };
    await expect(apps.start({ S: { Rules, Resources: {} } })).rejects.toThrow('S: not big');
  });

  it('knows the pseudo parameters', async () => {
    const app = await apps.start({
      S: {
        Resources: {
          Where: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/x' } },
          Work: queue({ QueueName: { 'Fn::Join': ['-', ['q', { Ref: 'AWS::Region' }]] } }, { DependsOn: ['Where'] }),
        },
      },
    });
    expect(await names(app)).toEqual(['q-us-east-1']);
  });
});

describe('a start with a data folder', () => {
  const base = {
    A: queue({ VisibilityTimeout: 40 }),
    B: queue({}, { DeletionPolicy: 'Retain' }),
    C: queue({ QueueName: 'c' }),
  };

  it('finds everything again, on another port too, and changes only what changed', async () => {
    const dataFolder = join(apps.folder, 'again');
    const outputs = { Url: { Value: { Ref: 'A' } } };
    const first = await apps.start({ S: { Resources: base, Outputs: outputs } }, { dataFolder });
    await call(first, 'sqs', 'SendMessage', { QueueUrl: first.stacks.S!.outputs.Url, MessageBody: 'kept' });
    const before = await names(first);
    await apps.stop(first);

    const second = await apps.start(
      { S: { Resources: base, Outputs: outputs } },
      { dataFolder, port: await freePort() },
    );
    expect(second.endpoint).not.toBe(first.endpoint);
    const { Url } = second.stacks.S!.outputs;
    expect(Url!.startsWith(second.endpoint)).toBe(true);
    expect(await names(second)).toEqual(before);
    expect((await call(second, 'sqs', 'ReceiveMessage', { QueueUrl: Url })).Messages[0].Body).toBe('kept');
    await apps.stop(second);

    const changed = { ...base, A: queue({ DelaySeconds: 5 }) };
    const third = await apps.start({ S: { Resources: changed, Outputs: outputs } }, { dataFolder });
    expect(await names(third)).toEqual(before);
    expect(await attribute(third, third.stacks.S!.outputs.Url!, 'DelaySeconds')).toBe('5');
    expect(await attribute(third, third.stacks.S!.outputs.Url!, 'VisibilityTimeout')).toBe('30');
    await apps.stop(third);
  });

  it('deletes what has gone from the template, and keeps what is to be retained', async () => {
    const dataFolder = join(apps.folder, 'gone');
    const first = await apps.start({ S: { Resources: base } }, { dataFolder });
    const retained = first.stacks.S!.resources.B!.ref.split('/').at(-1);
    await apps.stop(first);
    const second = await apps.start({ S: { Resources: { C: base.C } } }, { dataFolder });
    expect((await names(second)).sort()).toEqual([retained, 'c'].sort());
    await apps.stop(second);
    // The retained queue is forgotten, not taken back: its id gives a new queue with a name of its own.
    const third = await apps.start({ S: { Resources: base } }, { dataFolder });
    expect(await names(third)).toHaveLength(4);
    await apps.stop(third);
  });

  it('replaces a resource where its service cannot change it, and deletes the old one last', async () => {
    const dataFolder = join(apps.folder, 'replaced');
    const follower = queue({
      QueueName: 'follower',
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['C', 'Arn'] }, maxReceiveCount: 2 },
    });
    const first = await apps.start({ S: { Resources: { C: queue({ QueueName: 'c' }), F: follower } } }, { dataFolder });
    await apps.stop(first);
    const second = await apps.start(
      { S: { Resources: { C: queue({ QueueName: 'd' }), F: follower } } },
      { dataFolder },
    );
    expect((await names(second)).sort()).toEqual(['d', 'follower']);
    const redrive = await attribute(second, second.stacks.S!.resources.F!.ref, 'RedrivePolicy');
    expect(JSON.parse(redrive).deadLetterTargetArn).toMatch(/:d$/);
    await apps.stop(second);
  });

  it('refuses to replace a resource whose name is fixed, and leaves it as it is', async () => {
    const dataFolder = join(apps.folder, 'fixed');
    const table = (key: string) => ({
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'rows',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
        KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
      },
    });
    const first = await apps.start({ S: { Resources: { Table: table('a') } } }, { dataFolder });
    await call(first, 'dynamodb', 'PutItem', { TableName: 'rows', Item: { a: { S: 'x' } } });
    await apps.stop(first);
    const replacing = () => apps.start({ S: { Resources: { Table: table('b') } } }, { dataFolder });
    await expect(replacing()).rejects.toThrow('rename "rows"');
    await expect(replacing()).rejects.toThrow('rename "rows"');
    const again = await apps.start({ S: { Resources: { Table: table('a') } } }, { dataFolder });
    expect((await call(again, 'dynamodb', 'Scan', { TableName: 'rows' })).Count).toBe(1);
    await apps.stop(again);
  });

  it('comes back on the port that it had, and says what it changed', async () => {
    const dataFolder = join(apps.folder, 'port');
    const log: string[] = [];
    const first = await apps.start({ S: { Resources: base }, T: { Resources: { A: queue() } } }, { dataFolder });
    await apps.stop(first);
    const options = { dataFolder, log: (line: string) => log.push(line) };
    const second = await apps.start({ S: { Resources: { A: queue(), B: base.B, D: queue() } } }, options);
    expect(second.endpoint).toBe(first.endpoint);
    expect(log).toEqual([
      'T is not in the assembly any more: left as it is',
      expect.stringMatching(/^S: (1 updated, 1 unchanged, 1 created|.*), 1 removed$/),
    ]);
    await apps.stop(second);
  });

  it('undoes a creation that a crash cut short, and makes the resource again', async () => {
    const dataFolder = join(apps.folder, 'crash');
    const Table = {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'rows',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'k', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'k', KeyType: 'HASH' }],
      },
    };
    const first = await apps.start({ S: { Resources: { Table } } }, { dataFolder });
    const records = first.cloud.store.collection<any>('cloudformation.resources');
    // What the store holds when the process dies between CreateTable and the note that it is done.
    records.set('S/Table', { ...records.get('S/Table'), status: 'creating' });
    await apps.stop(first);
    const second = await apps.start({ S: { Resources: { Table } } }, { dataFolder });
    expect((await call(second, 'dynamodb', 'ListTables')).TableNames).toEqual(['rows']);
    await apps.stop(second);
  });

  it('goes on from where a failed start stopped', async () => {
    const dataFolder = join(apps.folder, 'failed');
    const broken = { A: queue(), Bad: { Type: 'AWS::ECS::Cluster' } };
    await expect(apps.start({ S: { Resources: broken } }, { dataFolder })).rejects.toThrow('AWS::ECS::Cluster');
    const app = await apps.start({ S: { Resources: { A: broken.A } } }, { dataFolder });
    expect(await names(app)).toHaveLength(1);
    await apps.stop(app);
  });
});
