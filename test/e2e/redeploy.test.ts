import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { LocalApp, ManualClock } from '../../local/index.ts';
import { call, TemplateApps } from '../local/provisioning/template-app.ts';

const apps = new TemplateApps();
let app: LocalApp<ManualClock>;
afterEach(() => apps.stop(app));
afterAll(() => apps.close());

const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const trust = (Service: string) => ({
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } }],
});
const role = (service: string) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: trust(service),
    Policies: [
      {
        PolicyName: 'all',
        PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['logs:*', 'sqs:*', 'lambda:*'], Resource: '*' }] },
      },
    ],
  },
});
const worker = (answer: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: 'worker',
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role: arn('FunctionRole'),
    Code: { ZipFile: `exports.handler = async () => '${answer}';` },
  },
});
/** Waits an hour, then says where it ended. */
const machine = (ending: string) => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: {
    StateMachineName: 'flow',
    RoleArn: arn('StatesRole'),
    DefinitionString: JSON.stringify({
      StartAt: 'Wait',
      States: { Wait: { Type: 'Wait', Seconds: 3600, Next: 'End' }, End: { Type: 'Pass', Result: ending, End: true } },
    }),
  },
});
const queue = (Properties: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties });
const table = (keyName: string) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: keyName, AttributeType: 'S' }],
    KeySchema: [{ AttributeName: keyName, KeyType: 'HASH' }],
  },
});
const before = {
  FunctionRole: role('lambda.amazonaws.com'),
  StatesRole: role('states.amazonaws.com'),
  Worker: worker('old'),
  Flow: machine('old'),
  Work: queue({ QueueName: 'work' }),
  Old: queue({ QueueName: 'old' }),
  Rows: table('id'),
};

const start = async (templates: Readonly<Record<string, object>> = { S: { Resources: before } }) => {
  app = (await apps.start(templates, { clock: 'manual' })) as LocalApp<ManualClock>;
};
const redeploy = (...changes: object[]) =>
  app.redeploy(apps.write({ S: { Resources: Object.assign({}, before, ...changes) } }));
const url = (name: string) => `${app.endpoint}/${app.cloud.accountId}/${name}`;
const ref = (id: string) => app.stacks.S!.resources[id]!.ref;
const invoke = async () => JSON.parse((await call(app, 'lambda', 'Invoke', { FunctionName: 'worker' })).Payload);
const queueNames = async () =>
  ((await call(app, 'sqs', 'ListQueues')).QueueUrls ?? []).map((one: string) => one.split('/').at(-1));
const run = async () =>
  (await call(app, 'states', 'StartExecution', { stateMachineArn: ref('Flow') })).executionArn as string;
const ended = (executionArn: string) => call(app, 'states', 'DescribeExecution', { executionArn });

describe('an app that is deployed again while it runs', () => {
  it('has new code at once, and ends what runs on the old definition', async () => {
    await start();
    expect(await invoke()).toBe('old');
    const running = await run();
    await redeploy({ Worker: worker('new'), Flow: machine('new') });
    expect(await invoke()).toBe('new');
    const later = await run();
    await app.clock.advance(3_600_000);
    expect(await ended(running)).toMatchObject({ status: 'SUCCEEDED', output: '"old"' });
    expect(await ended(later)).toMatchObject({ status: 'SUCCEEDED', output: '"new"' });
  });

  it('keeps messages and rows, has what is new, and loses what has gone', async () => {
    await start();
    await call(app, 'sqs', 'SendMessage', { QueueUrl: url('work'), MessageBody: 'kept' });
    await call(app, 'dynamodb', 'PutItem', { TableName: ref('Rows'), Item: { id: { S: 'kept' } } });
    const { Old: _, ...rest } = before;
    const Resources = {
      ...rest,
      Work: queue({ QueueName: 'work', VisibilityTimeout: 7 }),
      New: queue({ QueueName: 'new' }),
    };
    await app.redeploy(apps.write({ S: { Resources } }));
    expect(await queueNames()).toEqual(['new', 'work']);
    const { Messages } = await call(app, 'sqs', 'ReceiveMessage', { QueueUrl: url('work') });
    expect(Messages).toMatchObject([{ Body: 'kept' }]);
    expect((await call(app, 'dynamodb', 'Scan', { TableName: ref('Rows') })).Count).toBe(1);
  });

  it('replaces what cannot be changed', async () => {
    await start();
    const old = ref('Rows');
    await redeploy({ Rows: table('other') });
    expect(ref('Rows')).not.toBe(old);
    expect((await call(app, 'dynamodb', 'ListTables')).TableNames).toEqual([ref('Rows')]);
  });

  it('loses the stacks that have gone', async () => {
    await start({ S: { Resources: before }, T: { Resources: { Extra: queue({ QueueName: 'extra' }) } } });
    await redeploy();
    expect(Object.keys(app.stacks)).toEqual(['S']);
    expect(await queueNames()).toEqual(['old', 'work']);
  });

  it('is as before where the new one cannot be made: code, messages, rows and what was to be replaced or to go', async () => {
    await start();
    await call(app, 'sqs', 'SendMessage', { QueueUrl: url('old'), MessageBody: 'kept' });
    await call(app, 'dynamodb', 'PutItem', { TableName: ref('Rows'), Item: { id: { S: 'kept' } } });
    const table_ = ref('Rows');
    const { Old: _, ...rest } = before;
    const Resources = {
      ...rest,
      Worker: worker('new'),
      Rows: table('other'),
      New: queue({ QueueName: 'new' }),
      Bad: { ...queue({ VisibilityTimeout: 1_000_000 }), DependsOn: ['Worker', 'Rows', 'New'] },
    };
    const T = { Resources: { Extra: queue({ QueueName: 'extra' }) } };
    await expect(app.redeploy(apps.write({ T, S: { Resources } }))).rejects.toThrow('S/Bad: ');
    expect(Object.keys(app.stacks)).toEqual(['S']);
    expect(await invoke()).toBe('old');
    expect(ref('Rows')).toBe(table_);
    expect((await call(app, 'dynamodb', 'Scan', { TableName: table_ })).Count).toBe(1);
    expect((await call(app, 'dynamodb', 'ListTables')).TableNames).toEqual([table_]);
    expect(await queueNames()).toEqual(['old', 'work']);
    expect((await call(app, 'sqs', 'ReceiveMessage', { QueueUrl: url('old') })).Messages).toHaveLength(1);
    await redeploy({ Worker: worker('newer') });
    expect(await invoke()).toBe('newer');
  });

  it('keeps of what a failed deployment made only what is to be retained always', async () => {
    await start();
    const made = (name: string, DeletionPolicy: string) => ({ ...queue({ QueueName: name }), DeletionPolicy });
    const added = { Always: made('always', 'Retain'), Later: made('later', 'RetainExceptOnCreate') };
    const Bad = { ...queue({ VisibilityTimeout: 1_000_000 }), DependsOn: ['Always', 'Later'] };
    await expect(redeploy(added, { Bad })).rejects.toThrow('S/Bad: ');
    expect(await queueNames()).toEqual(['always', 'old', 'work']);
    await redeploy({ Later: added.Later });
    await redeploy();
    expect(await queueNames()).toEqual(['always', 'later', 'old', 'work']);
  });

  it('is as before where there is no assembly', async () => {
    await start();
    await expect(app.redeploy(apps.folder)).rejects.toThrow('is not a cloud assembly');
    expect(await invoke()).toBe('old');
  });
});
