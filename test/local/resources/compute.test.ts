import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { LocalApp } from '../../../local/index.ts';
import { call, TemplateApps } from '../provisioning/template-app.ts';

const apps = new TemplateApps();
afterAll(() => apps.close());

const trusting = (Service: string, more: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } }] },
    ...more,
  },
});
const allowing = (Action: string[]) => ({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const receiving = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
const Role = trusting('lambda.amazonaws.com', {
  Policies: [{ PolicyName: 'p', PolicyDocument: allowing(receiving) }],
  ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
});
const worker = (text: string, more: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role: arn('Role'),
    Code: {
      ZipFile: `exports.handler = async (event) => ({ said: ${JSON.stringify(text)}, env: process.env.GREETING, event });`,
    },
    ...more,
  },
});

const invoked = async (app: LocalApp, FunctionName: string, event: object = {}) => {
  const { Payload } = await call(app, 'lambda', 'Invoke', {
    FunctionName,
    Payload: Buffer.from(JSON.stringify(event)),
  });
  return JSON.parse(Buffer.from(Payload).toString());
};

it('runs functions with inline code, and changes code and environment in place', { timeout: 20_000 }, async () => {
  const dataFolder = join(apps.folder, 'function');
  const first = await apps.start(
    {
      S: {
        Resources: {
          Role,
          Hello: worker('hello', { Environment: { Variables: { GREETING: 'hi' } }, ReservedConcurrentExecutions: 2 }),
          V1: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Hello' } } },
          Live: {
            Type: 'AWS::Lambda::Alias',
            Properties: {
              FunctionName: { Ref: 'Hello' },
              Name: 'live',
              FunctionVersion: { 'Fn::GetAtt': ['V1', 'Version'] },
            },
          },
          Retries: {
            Type: 'AWS::Lambda::EventInvokeConfig',
            Properties: { FunctionName: { Ref: 'Hello' }, Qualifier: '$LATEST', MaximumRetryAttempts: 0 },
          },
          MayCall: {
            Type: 'AWS::Lambda::Permission',
            Properties: {
              FunctionName: arn('Hello'),
              Action: 'lambda:InvokeFunction',
              Principal: 'events.amazonaws.com',
              SourceArn: 'arn:aws:events:us-east-1:000000000000:rule/r',
            },
          },
        },
        Outputs: { Live: { Value: { Ref: 'Live' } } },
      },
    },
    { dataFolder },
  );
  const name = first.stacks.S!.resources.Hello!.ref;
  expect(await invoked(first, name)).toMatchObject({ said: 'hello', env: 'hi' });
  expect(await invoked(first, first.stacks.S!.outputs.Live!)).toMatchObject({ said: 'hello' });
  const rule = { kind: 'service', arn: 'events.amazonaws.com' } as const;
  const asRule = (sourceArn: string) =>
    first.cloud.call('lambda', 'Invoke', { FunctionName: name }, { ...rule, sourceArn });
  await expect(asRule('arn:aws:events:us-east-1:000000000000:rule/r')).resolves.toMatchObject({
    StatusCode: 200,
    ExecutedVersion: '$LATEST',
  });
  await expect(asRule('arn:aws:events:us-east-1:000000000000:rule/x')).rejects.toThrow('lambda:InvokeFunction');
  await apps.stop(first);

  const second = await apps.start({ S: { Resources: { Role, Hello: worker('goodbye') } } }, { dataFolder });
  expect(second.stacks.S!.resources.Hello!.ref).toBe(name);
  expect(await invoked(second, name)).toEqual({ said: 'goodbye', event: {} });
  await expect(call(second, 'lambda', 'GetAlias', { FunctionName: name, Name: 'live' })).rejects.toThrow();
  expect(await call(second, 'lambda', 'GetFunctionConcurrency', { FunctionName: name })).toEqual({});
  await apps.stop(second);
});

it('feeds functions from queues, and stops when the mapping goes', { timeout: 20_000 }, async () => {
  const dataFolder = join(apps.folder, 'mapping');
  const Queue = { Type: 'AWS::SQS::Queue' };
  const Mapping = {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: arn('Queue'),
      FunctionName: { Ref: 'Worker' },
      BatchSize: 5,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    },
  };
  const resources = { Role, Queue, Worker: worker('x') };
  const first = await apps.start({ S: { Resources: { ...resources, Mapping } } }, { dataFolder });
  const listed = await call(first, 'lambda', 'ListEventSourceMappings');
  expect(listed.EventSourceMappings).toMatchObject([{ BatchSize: 5, UUID: first.stacks.S!.resources.Mapping!.ref }]);
  await apps.stop(first);
  const changed = {
    ...Mapping,
    Properties: { ...Mapping.Properties, BatchSize: 1, FunctionResponseTypes: { Ref: 'AWS::NoValue' } },
  };
  const second = await apps.start({ S: { Resources: { ...resources, Mapping: changed } } }, { dataFolder });
  const [mapping] = (await call(second, 'lambda', 'ListEventSourceMappings')).EventSourceMappings;
  expect(mapping).toMatchObject({ BatchSize: 1, UUID: first.stacks.S!.resources.Mapping!.ref });
  expect(mapping.FunctionResponseTypes ?? []).toEqual([]);
  await apps.stop(second);
  const third = await apps.start({ S: { Resources: resources } }, { dataFolder });
  expect((await call(third, 'lambda', 'ListEventSourceMappings')).EventSourceMappings).toEqual([]);
  await apps.stop(third);
});

it('fills the substitutions of a state machine, and changes it in place', { timeout: 20_000 }, async () => {
  const dataFolder = join(apps.folder, 'machine');
  const Flow = trusting('states.amazonaws.com');
  const machine = (Properties: object) => ({
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: { RoleArn: arn('Flow'), ...Properties },
  });
  const definition = { StartAt: 'A', States: { A: { Type: 'Pass', Result: '${Word}-${Other}', End: true } } };
  const substituted = machine({
    DefinitionString: JSON.stringify(definition),
    DefinitionSubstitutions: { Word: 'one' },
  });
  const first = await apps.start({ S: { Resources: { Flow, Machine: substituted } } }, { dataFolder });
  const stateMachineArn = first.stacks.S!.resources.Machine!.ref;
  const shown = await call(first, 'states', 'DescribeStateMachine', { stateMachineArn });
  expect(JSON.parse(shown.definition).States.A.Result).toBe('one-${Other}');
  await apps.stop(first);
  const second = await apps.start(
    { S: { Resources: { Flow, Machine: machine({ Definition: definition }) } } },
    { dataFolder },
  );
  expect(second.stacks.S!.resources.Machine!.ref).toBe(stateMachineArn);
  const changed = await call(second, 'states', 'DescribeStateMachine', { stateMachineArn });
  expect(JSON.parse(changed.definition).States.A.Result).toBe('${Word}-${Other}');
  await apps.stop(second);
});

it('changes what a rule and a role hold, and takes away what is gone', async () => {
  const dataFolder = join(apps.folder, 'rule');
  const Queue = { Type: 'AWS::SQS::Queue' };
  const Bus = { Type: 'AWS::Events::EventBus', Properties: { Name: 'orders' } };
  const rule = (ids: string[]) => ({
    Type: 'AWS::Events::Rule',
    Properties: {
      EventBusName: { Ref: 'Bus' },
      EventPattern: { source: ['app'] },
      Targets: ids.map((Id) => ({ Id, Arn: arn('Queue') })),
    },
  });
  const policies = (names: string[]) => ({
    Policies: names.map((PolicyName) => ({ PolicyName, PolicyDocument: allowing(['sqs:SendMessage']) })),
  });
  const first = await apps.start(
    { S: { Resources: { Queue, Bus, Rule: rule(['a', 'b']), Role: trusting('x', policies(['p', 'q'])) } } },
    { dataFolder },
  );
  const { ref } = first.stacks.S!.resources.Rule!;
  expect(ref).toMatch(/^orders\|S-Rule-/);
  const Rule = ref.split('|')[1];
  await apps.stop(first);
  const second = await apps.start(
    { S: { Resources: { Queue, Bus, Rule: rule(['b']), Role: trusting('y', policies(['q'])) } } },
    { dataFolder },
  );
  const { Targets } = await call(second, 'events', 'ListTargetsByRule', { Rule, EventBusName: 'orders' });
  expect(Targets.map(({ Id }: any) => Id)).toEqual(['b']);
  const RoleName = second.stacks.S!.resources.Role!.ref;
  expect((await call(second, 'iam', 'ListRolePolicies', { RoleName })).PolicyNames).toEqual(['q']);
  expect((await call(second, 'iam', 'GetRole', { RoleName })).Role.AssumeRolePolicyDocument).toContain('"y"');
  await apps.stop(second);
  const third = await apps.start({ S: { Resources: {} } }, { dataFolder });
  expect((await call(third, 'iam', 'ListRoles')).Roles).toEqual([]);
  expect((await call(third, 'events', 'ListEventBuses')).EventBuses).toHaveLength(1);
  await apps.stop(third);
});

it('refuses code that is not in the assembly, and inline code of other runtimes', async () => {
  const starting = apps.start({
    S: {
      Resources: {
        Role,
        A: worker('x', { Code: { S3Bucket: 'somewhere', S3Key: 'x.zip' } }),
        B: worker('x', { Runtime: 'python3.13' }),
      },
    },
  });
  await expect(starting).rejects.toThrow('the cloud assembly has no asset for s3://somewhere/x.zip');
  await expect(starting).rejects.toThrow('inline code of the runtime python3.13');
});
