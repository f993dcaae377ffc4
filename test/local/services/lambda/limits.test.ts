import { PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, isAlive, type LambdaCloud, lambdaCloud } from './lambda-cloud.ts';

describe("a function's limits", () => {
  let lambda: LambdaCloud;
  beforeAll(async () => {
    lambda = await lambdaCloud({ maximumEnvironments: 3, keptEnvironments: 3 });
  });
  afterAll(() => lambda.close());

  const reserve = (FunctionName: string, ReservedConcurrentExecutions: number) =>
    lambda.client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));

  it('ends a process at the timeout, even one caught in a loop, and says so', async () => {
    await lambda.deploy('loop', 'if (event.loop) { console.log(process.pid); for (;;); } return process.pid', {
      Timeout: 1,
    });
    const before = (await lambda.invoke('loop')).result;
    const { FunctionError, result, log } = await lambda.invoke('loop', { loop: true }, { LogType: 'Tail' });
    expect(FunctionError).toBe('Unhandled');
    expect(result.errorType).toBe('Sandbox.Timedout');
    expect(result.errorMessage).toMatch(/^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/);
    expect(log).toContain(`INFO\t${before}\n`);
    expect(log).toMatch(/Task timed out after 1\.00 seconds\nEND .*\nREPORT .*\tStatus: timeout\n$/);
    expect(isAlive(before)).toBe(false);
    expect((await lambda.invoke('loop')).result).not.toBe(before);
  });

  it('ends a process that takes more memory than the function has', async () => {
    await lambda.deploy(
      'hungry',
      'const all = []; for (;;) { all.push(Buffer.alloc(8 * 1024 * 1024, 1)); await new Promise((r) => setTimeout(r, 5)); }',
      { Timeout: 20 },
    );
    const { FunctionError, result, log } = await lambda.invoke('hungry', {}, { LogType: 'Tail' });
    expect(FunctionError).toBe('Unhandled');
    expect(result.errorType).toBe('Runtime.OutOfMemory');
    expect(result.errorMessage).toMatch(/Error: Runtime exited with error: signal: killed$/);
    expect(Number(/Max Memory Used: (\d+) MB/.exec(log)![1])).toBeGreaterThan(128);
    expect(log).toMatch(/\tStatus: error\tError Type: Runtime\.OutOfMemory\n$/);
  });

  it('ends a process that fills more than its temporary folder may hold', async () => {
    // Writes just past the bound, then stays: what lies there is what counts, not how fast it came.
    const write =
      "for (let i = 0; i < 9; i++) require('fs').writeFileSync('spill' + i, Buffer.alloc(64 * 1024 * 1024)); await new Promise((r) => setTimeout(r, 9000));";
    await lambda.deploy('spilling', write, { Timeout: 20, MemorySize: 512, EphemeralStorage: { Size: 512 } });
    const { FunctionError, result } = await lambda.invoke('spilling');
    expect(FunctionError).toBe('Unhandled');
    expect(result.errorMessage).toMatch(/Error: ENOSPC: no space left on device, EphemeralStorage is 512 MB$/);
  });

  it('throttles what exceeds the reserved concurrency', async () => {
    const gate = lambda.gate();
    await lambda.deploy('reserved', `if (event.wait) { ${gate.source} } return 1`);
    await reserve('reserved', 1);
    const first = lambda.invoke('reserved', { wait: true });
    await gate.started();
    await expect(lambda.invoke('reserved')).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      $metadata: { httpStatusCode: 429 },
    });
    gate.open();
    expect((await first).result).toBe(1);
    expect((await lambda.invoke('reserved')).result).toBe(1);
    await reserve('reserved', 0);
    await expect(lambda.invoke('reserved')).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  });

  it('keeps a hundred places for functions that reserve none', async () => {
    await lambda.deploy('greedy', 'return 1');
    await expect(reserve('greedy', 900)).resolves.toMatchObject({ ReservedConcurrentExecutions: 900 });
    await expect(reserve('greedy', 901)).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  });

  it('makes invocations wait where as many processes run as this machine shall bear', async () => {
    await lambda.deploy('waiting', 'await new Promise((r) => setTimeout(r, 60)); return process.pid');
    const results = await Promise.all(Array.from({ length: 7 }, () => lambda.invoke('waiting')));
    expect(new Set(results.map(({ result }) => result)).size).toBeLessThanOrEqual(3);
  });

  it('ends the longest idle environment where another function needs its place', async () => {
    const pids: number[] = [];
    for (const name of ['one', 'two', 'three', 'four']) {
      await lambda.deploy(name, 'return process.pid');
      pids.push((await lambda.invoke(name)).result);
    }
    await eventually(() => !isAlive(pids[0]!));
    expect(pids.slice(1).every(isAlive)).toBe(true);
  });
});
