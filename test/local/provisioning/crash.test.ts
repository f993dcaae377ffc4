import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type FaultHook, LocalCloud } from '../../../local/cloud.ts';
import { root } from '../../../local/iam/principals.ts';
import { provisionApp } from '../../../local/provisioning/provision-app.ts';
import { createDynamodb } from '../../../local/services/dynamodb/index.ts';
import { createEvents } from '../../../local/services/events/index.ts';
import { createIam } from '../../../local/services/iam/index.ts';
import { createLambda } from '../../../local/services/lambda/index.ts';
import { createLogs } from '../../../local/services/logs/index.ts';
import { createS3 } from '../../../local/services/s3/index.ts';
import { createSns } from '../../../local/services/sns/index.ts';
import { createSqs } from '../../../local/services/sqs/index.ts';
import { createStepFunctions } from '../../../local/services/stepfunctions/index.ts';
import { readAssembly } from '../../../local/template/assembly.ts';
import { TemplateApps } from './template-app.ts';

const apps = new TemplateApps();
afterAll(() => apps.close());

const services = [
  createIam,
  createSqs,
  createSns,
  createS3,
  createDynamodb,
  createEvents,
  createLogs,
  createLambda,
  createStepFunctions,
];
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const trust = (...Service: string[]) => ({
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } }],
});
const policy = { Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }] };
const Resources = {
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: trust('lambda.amazonaws.com', 'states.amazonaws.com'),
      Policies: [{ PolicyName: 'inline', PolicyDocument: policy }],
    },
  },
  Managed: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: policy, Roles: [{ Ref: 'Role' }] } },
  Queue: { Type: 'AWS::SQS::Queue' },
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { Status: 'Enabled' } } },
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'k', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'k', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 't', Enabled: true },
    },
  },
  Log: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 7 } },
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'bus' } },
  Archive: { Type: 'AWS::Events::Archive', Properties: { SourceArn: arn('Bus') } },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventBusName: { Ref: 'Bus' },
      EventPattern: { source: ['x'] },
      Targets: [{ Id: 'q', Arn: arn('Queue') }],
    },
  },
  Topic: { Type: 'AWS::SNS::Topic', Properties: { Subscription: [{ Protocol: 'sqs', Endpoint: arn('Queue') }] } },
  Worker: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: arn('Role'),
      Code: { ZipFile: 'exports.handler = async () => 1' },
      ReservedConcurrentExecutions: 1,
    },
    DependsOn: 'Managed',
  },
  MayCall: {
    Type: 'AWS::Lambda::Permission',
    Properties: { FunctionName: { Ref: 'Worker' }, Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com' },
  },
  Mapping: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { FunctionName: { Ref: 'Worker' }, EventSourceArn: arn('Queue') },
  },
  Machine: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: { RoleArn: arn('Role'), DefinitionString: '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}' },
  },
};

const directory = apps.write({ S: { Resources } });

async function provision(dataFolder: string, faults?: FaultHook) {
  const cloud = await LocalCloud.start({ services, dataFolder, faults });
  try {
    const { S } = await provisionApp(readAssembly(directory), cloud, { log: () => {}, parameters: {} });
    const mappings = await cloud.call('lambda', 'ListEventSourceMappings', {}, root(cloud.accountId));
    expect(mappings.EventSourceMappings).toMatchObject([{ UUID: S!.resources.Mapping!.ref }]);
    return Object.fromEntries(
      Object.entries(S!.resources).map(([id, { ref }]) => [
        id,
        ref.replace(cloud.endpoint, '').replace(/^[0-9a-f-]{36}$/, 'some id'),
      ]),
    );
  } finally {
    await cloud.close();
  }
}

/** A process that dies at the nth call of a deployment: neither that call nor any later one comes back. */
function dyingAt(call: number, moment: 'before' | 'after'): FaultHook {
  let calls = 0;
  return async ({ principal }, run) => {
    if (principal.kind === 'root') calls++;
    if (calls === call && moment === 'after') await run();
    if (calls >= call) throw new Error('dead');
    return run();
  };
}

it('comes to the same whenever the process dies, before or after any effect', { timeout: 60_000 }, async () => {
  let calls = 0;
  const whole = await provision(join(apps.folder, 'whole'), ({ principal }, run) => {
    if (principal.kind === 'root') calls++;
    return run();
  });
  expect(calls).toBeGreaterThan(20);
  for (let call = 1; call <= calls; call++) {
    for (const moment of ['before', 'after'] as const) {
      const dataFolder = join(apps.folder, `${call}-${moment}`);
      await expect(provision(dataFolder, dyingAt(call, moment))).rejects.toThrow('dead');
      expect(await provision(dataFolder)).toEqual(whole);
    }
  }
});
