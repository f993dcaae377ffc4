import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../../local/aws-error.ts';
import { integrationFor } from '../../../../local/states/integrations/integrations.ts';
import { taskFailure } from '../../../../local/states/integrations/task-failure.ts';
import type { Json, JsonObject } from '../../../../local/states/json.ts';
import { parseResource, type ServiceResource } from '../../../../local/states/resource.ts';
import type { StatesError } from '../../../../local/states/states-error.ts';
import { CalledCloud } from './called-cloud.ts';
import { fakeService } from './cloud-with-fakes.ts';

let states: CalledCloud;
/** Seconds that the last task took. */
let took: number;
let calls: { service: string; operation: string; input: Json }[];

/** A service that answers what it is told to, and keeps what it is called with. */
function answering(service: string, operation: string, answer: Json | Error) {
  return fakeService(service, {
    async [operation](input) {
      calls.push({ service, operation, input });
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
}

beforeEach(async () => {
  calls = [];
  states = await CalledCloud.start([
    answering('sns', 'Publish', { MessageId: 'm' }),
    answering('dynamodb', 'GetItem', { Item: { id: { S: '1' } } }),
    answering('events', 'PutEvents', {
      FailedEntryCount: 1,
      Entries: [{ EventId: 'e' }, { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }],
    }),
    answering('sqs', 'SendMessage', new AwsError('QueueDoesNotExist', 'no such queue', 400)),
    answering('secretsmanager', 'GetSecretValue', { Name: 'n', SecretString: 's', CreatedDate: new Date(0) }),
  ]);
});
afterEach(() => states.close());

async function task(Resource: string, Arguments: JsonObject): Promise<Json> {
  const machine = {
    QueryLanguage: 'JSONata',
    StartAt: 'Call',
    States: { Call: { Type: 'Task', Resource: `arn:aws:states:::${Resource}`, Arguments, End: true } },
  };
  const ended = await states.settled(await states.begin(await states.create(machine)));
  took = (ended.stopDate - ended.startDate) / 1000;
  return ended.status === 'SUCCEEDED' ? JSON.parse(ended.output) : { error: ended.error, cause: ended.cause };
}

describe('a task', () => {
  it('publishes to SNS, an object as JSON', async () => {
    expect(await task('sns:publish', { TopicArn: 't', Message: { a: 1 } })).toMatchObject({ MessageId: 'm' });
    expect(calls[0]!.input).toMatchObject({ TopicArn: 't', Message: '{"a":1}' });
  });

  it('asks DynamoDB', async () => {
    const output = await task('dynamodb:getItem', { TableName: 't', Key: { id: { S: '1' } } });
    expect(output).toMatchObject({ Item: { id: { S: '1' } } });
  });

  it('puts events, and fails where one of them was refused', async () => {
    const Entries = [
      { Source: 's', DetailType: 't', Detail: { a: 1 } },
      { Source: 's', DetailType: 't', Detail: 'x' },
    ];
    expect(await task('events:putEvents', { Entries })).toMatchObject({ error: 'EventBridge.FailedEntry' });
    expect(calls[0]!.input.Entries[0]).toMatchObject({ Detail: '{"a":1}' });
  });

  it('fails by the name of the service’s error', async () => {
    const output = await task('sqs:sendMessage', { QueueUrl: 'q', MessageBody: 'b' });
    expect(output).toMatchObject({ error: 'SQS.QueueDoesNotExistException' });
    expect(output.cause).toContain('no such queue (Service: ');
  });

  it.each([
    ['sqs:sendMessage', 'AccessDenied', 'SQS.AmazonSQSException'],
    ['aws-sdk:sqs:sendMessage', 'MissingParameter', 'Sqs.SqsException'],
    ['lambda:invoke', 'AccessDeniedException', 'Lambda.AWSLambdaException'],
    ['lambda:invoke', 'TooManyRequestsException', 'Lambda.TooManyRequestsException'],
    ['dynamodb:putItem', 'ValidationException', 'DynamoDB.AmazonDynamoDBException'],
    ['dynamodb:putItem', 'ConditionalCheckFailedException', 'DynamoDB.ConditionalCheckFailedException'],
    ['aws-sdk:dynamodb:putItem', 'ThrottlingException', 'DynamoDb.ThrottlingException'],
    ['sns:publish', 'InvalidParameter', 'SNS.InvalidParameterException'],
    ['aws-sdk:s3:getObject', 'NoSuchKey', 'S3.NoSuchKeyException'],
    ['aws-sdk:s3:getObject', 'AccessDenied', 'S3.S3Exception'],
    ['aws-sdk:s3:getObject', 'InvalidRange', 'S3.S3Exception'],
    ['states:startExecution', 'AccessDeniedException', 'StepFunctions.AWSStepFunctionsException'],
  ])('of %s is told %s as the exception that the SDK for Java would throw: %s', (resource, code, expected) => {
    const parsed = parseResource(`arn:aws:states:::${resource}`) as ServiceResource;
    const failure = taskFailure(new AwsError(code, 'why'), parsed, integrationFor(parsed), 'id') as StatesError;
    expect(failure.error).toBe(expected);
    expect(failure.reason).toMatch(/^why \(Service: \w+[,;] Status Code: 400[,;] .*Request ID: id/);
  });

  it('calls any service through the SDK, its dates as text', async () => {
    const output = await task('aws-sdk:secretsmanager:getSecretValue', { SecretId: 'n' });
    expect(output).toMatchObject({ Name: 'n', SecretString: 's', CreatedDate: '1970-01-01T00:00:00Z' });
  });

  it('fails where local AWS has no such service', async () => {
    const output = await task('aws-sdk:rekognition:detectFaces', { Image: {} });
    expect(output.error).toBe('States.TaskFailed');
    expect(output.cause).toContain('rekognition');
  });

  it.each([
    [
      'sqs:sendMessage',
      { QueueUrl: 'q', MessageBody: 'b', Delay: 1 },
      'The field "Delay" is not supported by Step Functions',
    ],
    ['sqs:sendMessage', { QueueUrl: 'q' }, "The field 'MessageBody' is required but was missing"],
    [
      'lambda:invoke',
      { FunctionName: 'f', TaskToken: 't' },
      'The field "TaskToken" is not supported by Step Functions',
    ],
    [
      'aws-sdk:sfn:startExecution',
      { stateMachineArn: 'a' },
      'The field "stateMachineArn" is not supported by Step Functions',
    ],
    [
      'events:putEvents',
      { Entries: [{ Source: 's', Kind: 'k' }] },
      'The field "Kind" is not supported by Step Functions',
    ],
    ['sqs:sendMessage', '{% [1] %}', 'Expected value of type [OBJECT]'],
  ] as [string, JsonObject, string][])(
    'of %s is not begun with parameters that it does not have: %o',
    async (resource, parameters, what) => {
      const { error, cause } = await task(resource, parameters);
      expect(error).toBe('States.Runtime');
      expect(cause).toContain(`could not be used to start the Task: [${what}]`);
      expect(calls).toEqual([]);
    },
  );

  it.each(['sqs:receiveMessage', 'aws-sdk:sqs:receiveMessages', 'dynamodb:query', 'states:stopExecution'])(
    'cannot call what AWS does not have: %s',
    async (resource) => {
      const message = `The resource provided arn:aws:states:::${resource} is not recognized.`;
      await expect(task(resource, {})).rejects.toMatchObject({ code: 'InvalidDefinition' });
      await expect(task(resource, {})).rejects.toThrow(message);
    },
  );

  it.each(['ecs:runTask.sync', 'glue:startJobRun.sync', 'athena:startQueryExecution', 'http:invoke'])(
    'fails by the name of an integration that local AWS lacks: %s',
    async (resource) => {
      const { error, cause } = await task(resource, { Some: 'parameter' });
      expect(error).toBe('States.TaskFailed');
      expect(cause).toContain(`the Step Functions integration with ${resource.split(':')[0]}`);
    },
  );

  it('tells of a submission that failed', async () => {
    const machine = {
      StartAt: 'Send',
      States: {
        Send: {
          Type: 'Task',
          Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
          Parameters: { QueueUrl: 'q', MessageBody: { 'token.$': '$$.Task.Token' } },
          End: true,
        },
      },
    };
    const executionArn = await states.begin(await states.create(machine));
    await states.settled(executionArn);
    expect(await states.types(executionArn)).toContain('TaskSubmitFailed');
  });
});

describe('a nested execution', () => {
  const inner = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 30, End: true } } };

  it.each([
    ['states:startExecution', 0, undefined],
    ['states:startExecution.sync', 30, '{"a":1}'],
    ['states:startExecution.sync:2', 30, { a: 1 }],
  ])('by %s is waited for as it says', async (resource, seconds, output) => {
    const StateMachineArn = await states.create(inner, { name: 'inner' });
    const result = await task(resource, { StateMachineArn, Input: { a: 1 } });
    expect(took).toBe(seconds);
    expect(result.Output).toEqual(output);
    expect(result.ExecutionArn).toContain(':execution:inner:');
  });

  it.each([
    ['is stopped', (executionArn: string) => states.call('StopExecution', { executionArn }), {}],
    ['waits no longer', () => states.clock.advance(10_000), { TimeoutSeconds: 10 }],
  ])('is stopped when the task that waits for it %s', async (_how, end, fields) => {
    const StateMachineArn = await states.create(inner, { name: 'inner' });
    const Resource = 'arn:aws:states:::states:startExecution.sync:2';
    const Parameters = { StateMachineArn };
    const outer = { StartAt: 'Call', States: { Call: { Type: 'Task', Resource, Parameters, ...fields, End: true } } };
    const executionArn = await states.begin(await states.create(outer, { name: 'outer' }));
    await states.clock.advance(0);
    await end(executionArn);
    await states.clock.advance(0);
    const { executions } = await states.call('ListExecutions', { stateMachineArn: StateMachineArn });
    expect(executions).toMatchObject([{ status: 'ABORTED' }]);
  });

  it('fails the task that waits for it', async () => {
    const fail = { StartAt: 'Fail', States: { Fail: { Type: 'Fail', Error: 'E', Cause: 'C' } } };
    const StateMachineArn = await states.create(fail, { name: 'inner' });
    const result = await task('states:startExecution.sync:2', { StateMachineArn });
    expect(result.error).toBe('States.TaskFailed');
    expect(JSON.parse(result.cause)).toMatchObject({ Status: 'FAILED', Error: 'E', Cause: 'C' });
  });
});
