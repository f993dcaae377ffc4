import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../../local/aws-error.ts';
import type { Json, JsonObject } from '../../../../local/states/json.ts';
import { CalledCloud } from './called-cloud.ts';
import { fakeService } from './cloud-with-fakes.ts';

let states: CalledCloud;
let calls: JsonObject[];
let answer: { status: number; body: string } | AwsError;
let count = 0;

beforeAll(async () => {
  const api = fakeService('execute-api', {
    async Invoke(input) {
      calls.push(input);
      if (answer instanceof AwsError) throw answer;
      const headers = [['content-type', 'application/json']];
      return { status: answer.status, headers, body: Buffer.from(answer.body) };
    },
  });
  states = await CalledCloud.start([api]);
});
afterAll(() => states.close());
beforeEach(() => {
  calls = [];
});

async function invoke(fields: JsonObject): Promise<Json> {
  const Arguments = { ApiEndpoint: 'abc123.execute-api.us-east-1.amazonaws.com', Method: 'GET', ...fields };
  const Call = { Type: 'Task', Resource: 'arn:aws:states:::apigateway:invoke', Arguments, End: true };
  const machine = { QueryLanguage: 'JSONata', StartAt: 'Call', States: { Call } };
  const stateMachineArn = await states.create(machine, { name: `machine-${count++}` });
  const { status, output, error, cause } = await states.settled(await states.begin(stateMachineArn));
  return status === 'SUCCEEDED' ? JSON.parse(output) : { error, cause };
}

describe('an API that a task invokes', () => {
  it('gets method, path, query, headers and body, and its answer is the result', async () => {
    answer = { status: 201, body: '{"made":true}' };
    const output = await invoke({
      Method: 'POST',
      Stage: 'prod',
      Path: '/a b/c',
      QueryParameters: { q: ['1', '2'] },
      Headers: { 'x-own': ['h'] },
      RequestBody: { n: 1 },
    });
    expect(output).toEqual({
      Headers: { 'content-type': ['application/json'] },
      ResponseBody: { made: true },
      StatusCode: 201,
      StatusText: 'Created',
    });
    const [{ body, headers, ...rest }] = calls as [JsonObject];
    expect(rest).toMatchObject({ apiId: 'abc123', method: 'POST', path: '/prod/a%20b/c', query: 'q=1&q=2' });
    expect(body.toString()).toBe('{"n":1}');
    expect(headers).toEqual([
      ['x-own', 'h'],
      ['content-type', 'application/json'],
    ]);
  });

  it('is called by the role of the execution only where the task asks for IAM', async () => {
    answer = { status: 200, body: 'text' };
    expect((await invoke({})).ResponseBody).toBe('text');
    await invoke({ AuthType: 'IAM_ROLE' });
    expect(calls.map(({ unsigned }) => unsigned)).toEqual([true, false]);
  });

  it('fails the task by its status, with its body as the cause', async () => {
    answer = { status: 404, body: '{"message":"Not Found"}' };
    expect(await invoke({})).toEqual({ error: 'ApiGateway.404', cause: '{"message":"Not Found"}' });
    answer = new AwsError('AccessDeniedException', 'no', 403);
    expect(await invoke({ AuthType: 'IAM_ROLE' })).toEqual({ error: 'ApiGateway.403', cause: '{"message":"no"}' });
  });

  it('wants lists of headers and parameters, before anything is called', async () => {
    const failed = await invoke({ Headers: { one: 'text' }, QueryParameters: 'q' });
    expect(failed.error).toBe('States.Runtime');
    expect(failed.cause).toContain(
      "[The value of the field 'Headers' has an invalid format, The value of the field 'Quer",
    );
    expect(calls).toEqual([]);
  });
});
