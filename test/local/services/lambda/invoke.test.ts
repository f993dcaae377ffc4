import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LambdaCloud, lambdaCloud } from './lambda-cloud.ts';

describe('Invoke', () => {
  let lambda: LambdaCloud;
  beforeAll(async () => {
    lambda = await lambdaCloud();
    await lambda.deploy('echo', 'return { event, version: context.functionVersion }');
    await lambda.deploy('fail', "console.log('before'); throw Object.assign(new RangeError('too far'), { limit: 7 });");
  });
  afterAll(() => lambda.close());

  it('hands the payload to the handler and gives back what it returns', async () => {
    const { StatusCode, FunctionError, ExecutedVersion, result } = await lambda.invoke('echo', {
      text: 'héllo ✓',
      n: 1,
    });
    expect({ StatusCode, FunctionError, ExecutedVersion }).toEqual({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(result).toEqual({ event: { text: 'héllo ✓', n: 1 }, version: '$LATEST' });
  });

  it('gives an empty object to a handler that is invoked without a payload', async () => {
    expect((await lambda.invoke('echo')).result.event).toEqual({});
  });

  it('takes the function by name, by partial ARN and by ARN', async () => {
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:echo';
    for (const name of ['echo:$LATEST', '000000000000:function:echo', arn, `${arn}:$LATEST`]) {
      expect((await lambda.invoke(name, { name })).result.event).toEqual({ name });
    }
  });

  it('answers an error of the handler with its type, message and trace, marked as unhandled', async () => {
    const { StatusCode, FunctionError, result } = await lambda.invoke('fail');
    expect({ StatusCode, FunctionError }).toEqual({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(result).toMatchObject({ errorType: 'RangeError', errorMessage: 'too far' });
    expect(result.trace[0]).toBe('RangeError: too far');
  });

  it('gives the end of the log where it is asked for', async () => {
    const { log } = await lambda.invoke('fail', {}, { LogType: 'Tail' });
    const lines = log.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^START RequestId: [0-9a-f-]{36} Version: \$LATEST$/);
    expect(lines[1]).toMatch(/\tINFO\tbefore$/);
    expect(lines[2]).toMatch(
      /\tERROR\tInvoke Error \t\{"errorType":"RangeError","errorMessage":"too far","limit":7,"stack":\[/,
    );
    expect(lines[3]).toMatch(/^END RequestId: /);
    expect(lines[4]).toMatch(
      /^REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB/,
    );
    expect((await lambda.invoke('fail')).LogResult).toBeUndefined();
  });

  it('keeps the last 4 KB of a long log', async () => {
    await lambda.deploy('chatty', "for (let i = 0; i < 500; i++) console.log('line', i);");
    const { LogResult, log } = await lambda.invoke('chatty', {}, { LogType: 'Tail' });
    expect(Buffer.from(LogResult!, 'base64')).toHaveLength(4096);
    expect(log).toContain('line 499\n');
  });

  it('does not run the handler in a dry run', async () => {
    const { StatusCode, Payload } = await lambda.invoke('fail', {}, { InvocationType: 'DryRun' });
    expect(StatusCode).toBe(204);
    expect(Payload).toBeNull();
  });

  it('passes the client context on', async () => {
    await lambda.deploy('context', 'return context.clientContext');
    const ClientContext = Buffer.from('{"custom":{"a":"b"}}').toString('base64');
    expect((await lambda.invoke('context', {}, { ClientContext })).result).toEqual({ custom: { a: 'b' } });
  });

  it('refuses a payload that is no JSON', async () => {
    await expect(lambda.invoke('echo', undefined, { Payload: '{"a":' })).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('refuses payloads over 6 MB, and over 1 MB where nobody waits', async () => {
    const text = (bytes: number) => 'x'.repeat(bytes - 2);
    expect((await lambda.invoke('echo', text(1024 * 1024))).FunctionError).toBeUndefined();
    await expect(lambda.invoke('echo', text(6 * 1024 * 1024 + 1))).rejects.toMatchObject({
      name: 'RequestTooLargeException',
      $metadata: { httpStatusCode: 413 },
    });
    await expect(lambda.invoke('echo', text(1024 * 1024 + 1), { InvocationType: 'Event' })).rejects.toMatchObject({
      name: 'RequestTooLargeException',
    });
  });

  it('answers an error in place of a response over 6 MB', async () => {
    await lambda.deploy('large', "return 'x'.repeat(7 * 1024 * 1024)", { MemorySize: 512 });
    const { FunctionError, result } = await lambda.invoke('large');
    expect(FunctionError).toBe('Unhandled');
    expect(result.errorType).toBe('Function.ResponseSizeTooLarge');
  });

  it('knows no function that was never created', async () => {
    await expect(lambda.invoke('nobody')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody',
    });
    await expect(lambda.invoke('echo:7')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('refuses what it does not support by name', async () => {
    await expect(lambda.invoke('echo', {}, { TenantId: 'a' })).rejects.toMatchObject({
      message: 'local AWS does not support the parameter TenantId of lambda:Invoke',
      $metadata: { httpStatusCode: 501 },
    });
  });
});
