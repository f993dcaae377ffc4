import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allServices } from '../../../../local/all-services.ts';
import { root } from '../../../../local/iam/principals.ts';
import type { ServiceFactory } from '../../../../local/service.ts';
import type { Json, JsonObject } from '../../../../local/states/json.ts';
import { CalledCloud } from './called-cloud.ts';

let states: CalledCloud;
let roleArn: string;
let names: string[];

beforeAll(async () => {
  names = [];
  const services = (await allServices()).map(
    (create): ServiceFactory =>
      (cloud) => {
        const service = create(cloud);
        names.push(service.name);
        return service;
      },
  );
  states = await CalledCloud.start(services);
  const iam = (operation: string, input: JsonObject) =>
    states.cloud.call('iam', operation, input, root(states.cloud.accountId));
  const Principal = { Service: 'states.amazonaws.com' };
  const trust = { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }] };
  const { Role } = await iam('CreateRole', { RoleName: 'all', AssumeRolePolicyDocument: JSON.stringify(trust) });
  const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam('PutRolePolicy', { RoleName: 'all', PolicyName: 'all', PolicyDocument });
  roleArn = Role.Arn;
});
afterAll(() => states.close());

let count = 0;
async function task(resource: string, Parameters: JsonObject = {}): Promise<Json> {
  const Call = { Type: 'Task', Resource: `arn:aws:states:::aws-sdk:${resource}`, Parameters, End: true };
  const machine = { StartAt: 'Call', States: { Call } };
  const arn = await states.create(machine, { name: `machine-${count++}`, roleArn });
  return states.settled(await states.begin(arn));
}

/** One action of every service, by the name that it has in a resource, and a member of its answer or its error. */
const services: [string, string, JsonObject, string][] = [
  ['apigateway', 'apigatewayv2:getApis', {}, 'Items'],
  ['cloudformation', 'cloudformation:describeStacks', {}, 'States.TaskFailed'],
  ['dynamodb', 'dynamodb:listTables', {}, 'TableNames'],
  ['dynamodb', 'dynamodbstreams:listStreams', {}, 'Streams'],
  ['events', 'eventbridge:listRules', {}, 'Rules'],
  [
    'execute-api',
    'apigatewaymanagementapi:postToConnection',
    { ConnectionId: 'c' },
    'ApiGatewayManagementApi.GoneException',
  ],
  ['glue', 'glue:getTable', { DatabaseName: 'd', Name: 't' }, 'Glue.EntityNotFoundException'],
  ['iam', 'iam:listRoles', {}, 'Roles'],
  ['kms', 'kms:listKeys', {}, 'Keys'],
  ['lambda', 'lambda:listFunctions', {}, 'Functions'],
  ['logs', 'cloudwatchlogs:describeLogGroups', {}, 'LogGroups'],
  ['monitoring', 'cloudwatch:describeAlarms', {}, 'MetricAlarms'],
  ['s3', 's3:listBuckets', {}, 'Buckets'],
  ['scheduler', 'scheduler:listSchedules', {}, 'Schedules'],
  ['secretsmanager', 'secretsmanager:listSecrets', {}, 'SecretList'],
  ['ses', 'sesv2:listEmailIdentities', {}, 'EmailIdentities'],
  ['sns', 'sns:listTopics', {}, 'Topics'],
  ['sqs', 'sqs:getQueueUrl', { QueueName: 'q' }, 'Sqs.QueueDoesNotExistException'],
  ['ssm', 'ssm:getParametersByPath', { Path: '/' }, 'Parameters'],
  ['states', 'sfn:listStateMachines', {}, 'StateMachines'],
  ['sts', 'sts:getCallerIdentity', {}, 'Arn'],
];

describe('a task that calls through the SDK', () => {
  it.each(services)('reaches %s by %s', async (_service, resource, parameters, expected) => {
    const { status, output, error } = await task(resource, parameters);
    if (status === 'SUCCEEDED') expect(JSON.parse(output)).toHaveProperty(expected);
    else expect(error).toBe(expected);
  });

  it('reaches every service that is here', () => {
    expect([...new Set(services.map(([service]) => service))].sort()).toEqual(names.sort());
  });

  it.each(['events:listRules', 'logs:describeLogGroups', 'monitoring:describeAlarms', 'states:listStateMachines'])(
    'does not reach a service by a name that only signatures have: %s',
    async (resource) => {
      await expect(task(resource)).rejects.toMatchObject({ code: 'InvalidDefinition' });
    },
  );

  it.each([
    ['ses:listIdentities', 'ses (version 1):ListIdentities'],
    ['apigateway:getRestApis', 'apigateway (REST APIs):GetRestApis'],
  ])('does not take an older service for the newer one: %s', async (resource, what) => {
    expect(await task(resource)).toMatchObject({
      error: 'States.TaskFailed',
      cause: `local AWS does not support ${what}`,
    });
  });
});
