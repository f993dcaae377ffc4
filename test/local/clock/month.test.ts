import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalApp } from '../../../local/index.ts';
import { call, TemplateApps } from '../provisioning/template-app.ts';

const apps = new TemplateApps();
afterAll(() => apps.close());

const hour = 3_600_000;
const day = 24 * hour;
const month = 30 * day;
const period = 12 * hour;
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const role = (service: string, Action: string) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
    },
    Policies: [
      {
        PolicyName: 'p',
        PolicyDocument: { Statement: [{ Effect: 'Allow', Action: [Action, 'logs:*'], Resource: '*' }] },
      },
    ],
  },
});

/** Everything that waits: schedules of both kinds, a row, an object, an execution, a message and an alarm on it. */
const Resources = {
  FunctionRole: role('lambda.amazonaws.com', 'sqs:*'),
  Diary: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: 'diary',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: arn('FunctionRole'),
      Code: { ZipFile: "exports.handler = async ({ who, time }) => { console.log('DIARY', who, time); };" },
    },
  },
  Often: {
    Type: 'AWS::Events::Rule',
    Properties: {
      ScheduleExpression: 'cron(0 */12 * * ? *)',
      Targets: [
        {
          Id: 'diary',
          Arn: arn('Diary'),
          InputTransformer: { InputPathsMap: { time: '$.time' }, InputTemplate: '{"who":"often","time":<time>}' },
        },
      ],
    },
  },
  MayInvoke: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: arn('Diary'),
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: arn('Often'),
    },
  },
  SchedulerRole: role('scheduler.amazonaws.com', 'lambda:InvokeFunction'),
  Daily: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ScheduleExpression: 'cron(30 6 * * ? *)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: arn('Diary'),
        RoleArn: arn('SchedulerRole'),
        Input: '{"who":"daily","time":"<aws.scheduler.scheduled-time>"}',
      },
    },
  },
  Rows: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName: 'rows',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'until', Enabled: true },
    },
  },
  Lake: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketName: 'lake',
      LifecycleConfiguration: { Rules: [{ Id: 'old', Status: 'Enabled', Prefix: '', ExpirationInDays: 7 }] },
    },
  },
  StatesRole: role('states.amazonaws.com', 'sqs:*'),
  Patience: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      RoleArn: arn('StatesRole'),
      DefinitionString: JSON.stringify({
        StartAt: 'Wait',
        States: { Wait: { Type: 'Wait', Seconds: (14 * day) / 1000, Next: 'Done' }, Done: { Type: 'Succeed' } },
      }),
    },
  },
  Work: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'work', VisibilityTimeout: 6 * 3600 } },
  Backlog: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: 'backlog',
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: 'work' }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    },
  },
};

const seconds = (time: number) => Math.floor(time / 1000);

// The clock that goes on by itself has to look around at every step. Sixteen days are past every time that matters: the
// 14 days of the execution, the 10 of the row, the 7 of the object and the 4 of the message.
describe.each([
  ['manual', month],
  ['fast-forward', 16 * day],
] as const)('on a %s clock', (choice, length) => {
  let app: LocalApp;
  let began: number;
  let execution: string;
  let took: number;
  let history: any[];

  beforeAll(async () => {
    app = await apps.start({ S: { Resources } }, { clock: choice });
    // Nobody may see time pass between what follows and the first look at the clock.
    const release = app.clock.hold!();
    began = app.clock.now();
    await call(app, 'dynamodb', 'PutItem', {
      TableName: 'rows',
      Item: { id: { S: 'short' }, until: { N: String(seconds(began + 10 * day)) } },
    });
    await call(app, 'dynamodb', 'PutItem', {
      TableName: 'rows',
      Item: { id: { S: 'long' }, until: { N: String(seconds(began + 60 * day)) } },
    });
    await call(app, 's3', 'PutObject', { Bucket: 'lake', Key: 'old', Body: 'x' });
    await call(app, 'sqs', 'SendMessage', { QueueUrl: queueUrl(), MessageBody: 'x' });
    await call(app, 'sqs', 'ReceiveMessage', { QueueUrl: queueUrl() });
    const stateMachineArn = app.stacks.S!.resources.Patience!.ref;
    ({ executionArn: execution } = await call(app, 'states', 'StartExecution', { stateMachineArn }));
    release();
    const start = performance.now();
    await pass(app, 5 * day);
    ({ AlarmHistoryItems: history } = await call(app, 'monitoring', 'DescribeAlarmHistory', { AlarmName: 'backlog' }));
    // An alarm looks every minute; what it has to see is over.
    await call(app, 'monitoring', 'DeleteAlarms', { AlarmNames: ['backlog'] });
    await pass(app, length - 5 * day);
    took = performance.now() - start;
  }, 120_000);

  afterAll(() => apps.stop(app));

  const queueUrl = () => `${app.endpoint}/${app.cloud.accountId}/work`;

  it('lets weeks pass within seconds', () => {
    expect(app.clock.now() - began).toBeGreaterThanOrEqual(length);
    expect(took).toBeLessThan(30_000);
  });

  it('runs everything that was scheduled, in order', async () => {
    const entries = await diary(app);
    const often = entries.filter(({ who }) => who === 'often').map(({ time }) => time);
    const days = entries.filter(({ who }) => who === 'daily').map(({ time }) => time);
    // A clock that goes on by itself has gone a little further by now.
    const ended = app.clock.now();
    expect(often).toEqual(due(began, ended, period, 0).slice(0, often.length));
    expect(days).toEqual(due(began, ended, day, 6.5 * hour).slice(0, days.length));
    expect(often.length).toBeGreaterThanOrEqual(length / period - 1);
    expect(days.length).toBeGreaterThanOrEqual(length / day - 1);
    const times = entries.map(({ time }) => time);
    expect(times).toEqual([...times].sort());
  });

  it('ends rows, objects and executions at their times', async () => {
    const { Items } = await call(app, 'dynamodb', 'Scan', { TableName: 'rows' });
    expect(Items.map(({ id }: any) => id.S)).toEqual(['long']);
    expect((await call(app, 's3', 'ListObjectsV2', { Bucket: 'lake' })).KeyCount).toBe(0);
    const { status, startDate, stopDate } = await call(app, 'states', 'DescribeExecution', { executionArn: execution });
    expect(status).toBe('SUCCEEDED');
    expect(stopDate.getTime() - startDate.getTime()).toBeCloseTo(14 * day, -4);
  });

  it('shows a message again after its timeout, loses it after its retention, and rings the alarm in between', async () => {
    const sinceBegan = (suffix: string): number =>
      history.find(({ HistorySummary }: any) => HistorySummary.endsWith(suffix)).Timestamp - began;
    expect(sinceBegan('to ALARM')).toBeGreaterThanOrEqual(6 * hour);
    expect(sinceBegan('to ALARM')).toBeLessThanOrEqual(6 * hour + 120_000);
    expect(sinceBegan('to OK')).toBeGreaterThanOrEqual(4 * day);
    expect(await call(app, 'sqs', 'ReceiveMessage', { QueueUrl: queueUrl() })).toEqual({});
  });
});

/** Lets time pass: by hand, or by waiting for it. */
async function pass(app: LocalApp, milliseconds: number): Promise<void> {
  if ('advance' in app.clock) await (app.clock as any).advance(milliseconds);
  else await app.clock.sleep(milliseconds);
}

/** What the function was told, in the order of its log. */
async function diary(app: LocalApp): Promise<{ who: string; time: string }[]> {
  const found: { who: string; time: string }[] = [];
  for (let nextToken: string | undefined, more = true; more; more = nextToken !== undefined) {
    const page = await call(app, 'logs', 'FilterLogEvents', {
      logGroupName: '/aws/lambda/diary',
      filterPattern: 'DIARY',
      nextToken,
    });
    for (const { message } of page.events) {
      const [, who, time] = /DIARY (\w+) (\S+)/.exec(message)!;
      found.push({ who: who!, time: time! });
    }
    ({ nextToken } = page);
  }
  return found;
}

/** The times between two that lie a whole number of periods and an offset after midnight. */
function due(from: number, to: number, period: number, offset: number): string[] {
  const times: string[] = [];
  for (let at = Math.floor(from / day) * day + offset; at <= to; at += period) {
    if (at > from) times.push(`${new Date(at).toISOString().slice(0, 19)}Z`);
  }
  return times;
}
