import { beforeAll, describe, expect, it } from 'vitest';
import { day } from '../../lib/core/durations.ts';
import { keptTime, longestReview, stagedLife, workTime } from '../../lib/core/staged-life.ts';
import { templateProblems } from './gates/template.ts';
import { expectSnapshot } from './snapshot.ts';
import { ofType, synthesized, type Template } from './synthesized.ts';

let platform: Template;
let pipeline: Template;
beforeAll(async () => {
  const templates = await synthesized();
  platform = templates.penstock!;
  pipeline = templates['penstock-flights']!;
});

describe('the templates', () => {
  it('are the ones that were agreed on', () => {
    expectSnapshot('penstock.template.json', normalised(platform));
    expectSnapshot('penstock-flights.template.json', normalised(pipeline));
  });

  it('pass every gate', () => {
    expect(templateProblems(platform)).toEqual([]);
    expect(templateProblems(pipeline)).toEqual([]);
  });

  it('give every function and machine a role of its own', () => {
    for (const template of [platform, pipeline]) {
      const roles = Object.values(template.Resources).flatMap(
        ({ Properties }) => Properties.Role ?? Properties.RoleArn ?? [],
      );
      expect(new Set(roles.map((role) => JSON.stringify(role))).size).toBe(roles.length);
      expect(ofType(template, 'AWS::IAM::Role')).toHaveLength(roles.length);
    }
  });

  it('lead every alarm to the alarm topic', () => {
    for (const template of [platform, pipeline]) {
      for (const [id, { Properties }] of ofType(template, 'AWS::CloudWatch::Alarm'))
        expect(Properties.AlarmActions, id).toHaveLength(1);
    }
  });
});

describe('the platform stack', () => {
  it('does not know any pipeline', () => {
    expect(JSON.stringify(platform)).not.toContain('flights');
    expect(JSON.stringify(platform)).not.toContain('Fn::ImportValue');
  });

  it('keeps what a run has staged until it has been decided on, and redriven, or its time is over', () => {
    const [[, { Properties }]] = ofType(platform, 'AWS::S3::Bucket') as [[string, any]];
    const staged = Properties.LifecycleConfiguration.Rules.find(({ Prefix }: any) => Prefix === 'staged/');
    expect(staged.ExpirationInDays * day).toBe(stagedLife);
    expect(stagedLife).toBeGreaterThanOrEqual(workTime + longestReview + keptTime);
  });

  it('keeps a lake that is versioned, encrypted, closed, and tells of its objects', () => {
    const [[, { Properties }]] = ofType(platform, 'AWS::S3::Bucket') as [[string, any]];
    expect(Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    const statements = ofType(platform, 'AWS::S3::BucketPolicy')[0]![1].Properties.PolicyDocument.Statement;
    expect(statements).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });

  it('keeps a run table with recovery, expiry and an index by time', () => {
    const [[, { Properties }]] = ofType(platform, 'AWS::DynamoDB::Table') as [[string, any]];
    expect(Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        { IndexName: 'byTime', KeySchema: [{ AttributeName: 'gsiPk' }, { AttributeName: 'gsiSk' }] },
      ],
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });

  it('lets the trigger start the machines of its own pipelines, and no other', () => {
    const [, trigger] = ofType(platform, 'AWS::IAM::Role').find(([id]) => id.startsWith('TriggerStarterRole'))!;
    const { Statement } = trigger.Properties.Policies[0].PolicyDocument;
    const starts = Statement.filter(({ Action }: any) => JSON.stringify(Action).includes('states:'));
    expect(starts).toMatchObject([
      { Action: ['states:DescribeStateMachine', 'states:StartExecution'], Effect: 'Allow' },
    ]);
    expect(JSON.stringify(starts[0].Resource)).toMatch(/:stateMachine:penstock-\*"\]\]\}$/);
  });
});

describe('the stack of a pipeline', () => {
  it("adds nothing to roles of the platform, which have room for so many pipelines' policies only", () => {
    expect(ofType(pipeline, 'AWS::IAM::Policy')).toEqual([]);
  });

  it('gives the engine to the functions that query, and to no other', () => {
    const functions = ofType(pipeline, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties);
    const querying = functions.filter(({ Layers }) => Layers).map(({ FunctionName }) => FunctionName);
    expect(querying.sort()).toEqual([
      'penstock-flights-assess',
      'penstock-flights-extract',
      'penstock-flights-release',
      'penstock-flights-worker',
    ]);
    for (const { Runtime, Architectures } of functions) {
      expect([Runtime, Architectures]).toEqual(['nodejs24.x', ['x86_64']]);
    }
  });

  it('hands one chunk at a time to a worker, up to the concurrency of the plan', () => {
    const [[, { Properties }]] = ofType(pipeline, 'AWS::Lambda::EventSourceMapping') as [[string, any]];
    expect(Properties).toMatchObject({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 16 } });
    const worker = ofType(pipeline, 'AWS::Lambda::Function').find(([, f]) =>
      f.Properties.FunctionName.endsWith('-worker'),
    )!;
    expect(worker[1].Properties).toMatchObject({ MemorySize: 3008, Timeout: 600 });
    expect(worker[1].Properties.ReservedConcurrentExecutions).toBeUndefined();
  });

  it('gives the address of the buffer to workers only', () => {
    const knowing = ofType(pipeline, 'AWS::Lambda::Function').filter(
      ([, f]) => f.Properties.Environment.Variables.PENSTOCK_BUFFER_URL,
    );
    expect(knowing.map(([, f]) => f.Properties.FunctionName)).toEqual(['penstock-flights-worker']);
  });
});

/** Without what changes with the code of a function or the version of the engine. */
function normalised(template: Template): unknown {
  const copy = structuredClone(template) as any;
  for (const resource of Object.values<any>(copy.Resources)) {
    if (resource.Type === 'AWS::StepFunctions::StateMachine')
      resource.Properties.DefinitionString = 'see flights.asl.json';
    if (resource.Type === 'AWS::Lambda::LayerVersion') resource.Properties.Description = 'DuckDB <version>';
  }
  return JSON.parse(JSON.stringify(copy).replace(/[0-9a-f]{64}\.zip/g, '<hash>.zip'));
}
