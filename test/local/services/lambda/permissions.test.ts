import { join } from 'node:path';
import { CreateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, type LambdaCloud, lambdaCloud, role } from './lambda-cloud.ts';

const queueArn = 'arn:aws:sqs:us-east-1:000000000000:work';
const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

describe("a function's role", () => {
  let lambda: LambdaCloud;
  beforeEach(async () => {
    lambda = await lambdaCloud({ iam: true });
    await lambda.call('CreateRole', { RoleName: 'worker', AssumeRolePolicyDocument: JSON.stringify(trust) }, 'iam');
    await lambda.sqs.send(new CreateQueueCommand({ QueueName: 'work' }));
  });
  afterEach(() => lambda.close());

  const allow = (...Action: string[]) =>
    lambda.call(
      'PutRolePolicy',
      {
        RoleName: 'worker',
        PolicyName: Action.join('-').replaceAll(/\W/g, ''),
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
        }),
      },
      'iam',
    );
  const map = () =>
    lambda.client.send(new CreateEventSourceMappingCommand({ FunctionName: 'worker', EventSourceArn: queueArn }));

  it('bounds what the function may do through its SDK', async () => {
    await allow('logs:*');
    await lambda.deploy(
      'caller',
      `const { SQSClient, GetQueueUrlCommand } = require('@aws-sdk/client-sqs');
       return new SQSClient({}).send(new GetQueueUrlCommand({ QueueName: 'work' })).then(({ QueueUrl }) => QueueUrl, ({ message }) => message);`,
      { Environment: { Variables: { NODE_PATH: join(process.cwd(), 'node_modules') } }, MemorySize: 512, Timeout: 30 },
    );
    expect((await lambda.invoke('caller')).result).toMatch(
      /assumed-role\/worker\/caller is not authorized to perform: sqs:getqueueurl on resource: arn:aws:sqs:us-east-1:000000000000:work/i,
    );
    await allow('sqs:GetQueueUrl');
    expect((await lambda.invoke('caller')).result).toMatch(/\/work$/);
  });

  it('must let Lambda read the queue of a mapping', async () => {
    await lambda.deploy('worker', 'return 1');
    await expect(map()).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringMatching(/is not authorized to perform: sqs:getqueueattributes/i),
    });
    await allow('sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes');
    await expect(map()).resolves.toMatchObject({ State: 'Creating' });
  });

  it('must let the function write its log', async () => {
    await lambda.deploy('silent', "console.log('heard')");
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    await lambda.invoke('silent');
    expect((await warned).message).toMatch(
      /the log of the function silent could not be written: .*logs:CreateLogStream/,
    );
    await allow('logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents');
    await lambda.invoke('silent');
    await eventually(async () => (await lambda.messages('silent', 'heard')).length === 1);
  });

  it('must trust Lambda', async () => {
    const other = JSON.stringify(trust).replace('lambda.amazonaws.com', 'states.amazonaws.com');
    await lambda.call('CreateRole', { RoleName: 'other', AssumeRolePolicyDocument: other }, 'iam');
    await expect(lambda.deploy('refused', 'return 1', { Role: role.replace('worker', 'other') })).rejects.toThrow(
      'The role defined for the function cannot be assumed by Lambda.',
    );
  });
});
