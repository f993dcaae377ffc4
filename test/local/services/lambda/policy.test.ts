import { AddPermissionCommand, GetPolicyCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LambdaCloud, lambdaCloud } from './lambda-cloud.ts';

describe("a function's resource policy", () => {
  let lambda: LambdaCloud;
  beforeEach(async () => {
    lambda = await lambdaCloud();
    await lambda.deploy('guarded', 'return 1');
  });
  afterEach(() => lambda.close());

  const FunctionName = 'guarded';
  const permission = {
    FunctionName,
    StatementId: 'rule',
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    SourceArn: 'arn:aws:events:us-east-1:000000000000:rule/daily',
  };

  it('holds the statements that were added', async () => {
    const { Statement } = await lambda.client.send(new AddPermissionCommand(permission));
    const { Policy } = await lambda.client.send(new GetPolicyCommand({ FunctionName }));
    expect(JSON.parse(Policy!)).toEqual({
      Version: '2012-10-17',
      Id: 'default',
      Statement: [
        {
          Sid: 'rule',
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'lambda:InvokeFunction',
          Resource: 'arn:aws:lambda:us-east-1:000000000000:function:guarded',
          Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:events:us-east-1:000000000000:rule/daily' } },
        },
      ],
    });
    expect(JSON.parse(Policy!).Statement[0]).toEqual(JSON.parse(Statement!));
  });

  it.each([
    [{ StatementId: 's 1' }, "Value 's 1' at 'statementId'"],
    [{ Action: 'invoke' }, "Value 'invoke' at 'action'"],
  ])('refuses a statement that AWS would not take: %j', async (more, message) => {
    await expect(lambda.client.send(new AddPermissionCommand({ ...permission, ...more }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });

  it('takes a statement id once, and loses what is removed', async () => {
    await lambda.client.send(new AddPermissionCommand(permission));
    await expect(lambda.client.send(new AddPermissionCommand(permission))).rejects.toMatchObject({
      name: 'ResourceConflictException',
    });
    await lambda.client.send(new RemovePermissionCommand({ FunctionName, StatementId: 'rule' }));
    await expect(lambda.client.send(new GetPolicyCommand({ FunctionName }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
