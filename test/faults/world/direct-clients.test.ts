import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { AwsError } from '../../../local/aws-error.ts';
import type { CallContext } from '../../../local/service.ts';
import { type DirectCaller, directClients } from './direct-clients.ts';

interface Module {
  readonly DynamoDBClient: new (options: { readonly maxAttempts: number }) => DynamoDBClient;
}

/** A client whose service answers so; how long it has waited before each further attempt. */
function clientOf(answer: (input: any, context: CallContext) => Promise<any>) {
  const pauses: number[] = [];
  const calls = new Set<any>();
  const state = { isAlive: true, attempts: 0 };
  const caller = {
    cloud: {
      call(_service: string, _operation: string, input: any, context: CallContext) {
        state.attempts++;
        return answer(input, context);
      },
    },
    principal: { kind: 'role', arn: 'arn' },
    isAlive: () => state.isAlive,
    sleep: async (milliseconds: number) => void pauses.push(milliseconds),
    calls,
    budgets: new Set(),
  } as unknown as DirectCaller;
  const { DynamoDBClient: Client } = directClients('@aws-sdk/client-dynamodb', caller) as Module;
  return { client: new Client({ maxAttempts: 3 }), state, pauses, calls };
}

const put = new PutItemCommand({ TableName: 'runs', Item: { pk: { S: 'a' } }, ConditionExpression: undefined });
const refused = (code: string, status: number) => () => Promise.reject(new AwsError(code, 'no', status));

test('refusals are the errors that the SDK has for them, and are not tried again', async () => {
  const { client, state } = clientOf(refused('ConditionalCheckFailedException', 400));
  const refusal = client.send(put);
  await expect(refusal).rejects.toBeInstanceOf(ConditionalCheckFailedException);
  await expect(refusal).rejects.toMatchObject({ $fault: 'client', $metadata: { httpStatusCode: 400 } });
  expect(state.attempts).toBe(1);
});

test.each([
  ['ProvisionedThroughputExceededException', 400],
  ['InternalServerError', 500],
])('%s is tried again, as often as the client may', async (code, status) => {
  const { client, state, pauses } = clientOf(refused(code, status));
  await expect(client.send(put)).rejects.toMatchObject({ name: code });
  expect({ attempts: state.attempts, pauses: pauses.length }).toEqual({ attempts: 3, pauses: 2 });
});

test('an answer that is lost is asked for again', async () => {
  let lost = 1;
  const { client, state } = clientOf(async (_input, { disconnect }) => {
    if (lost-- > 0) disconnect?.();
    return {};
  });
  await client.send(put);
  expect(state.attempts).toBe(2);
});

test('a service gets a copy without what is undefined, and a caller that is gone reaches none', async () => {
  const seen: any[] = [];
  const { client, state } = clientOf(async (input) => seen.push(input));
  await client.send(put);
  expect(Object.keys(seen[0])).toEqual(['TableName', 'Item']);
  expect(seen[0].Item).not.toBe(put.input.Item);
  state.isAlive = false;
  await expect(client.send(put)).rejects.toMatchObject({ name: 'AbortError' });
  expect(state.attempts).toBe(1);
});
