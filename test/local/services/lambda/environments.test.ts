import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../../../local/clocks/manual.ts';
import { eventually, isAlive, type LambdaCloud, lambdaCloud } from './lambda-cloud.ts';

describe('execution environments', () => {
  let lambda: LambdaCloud;
  afterEach(() => lambda.close());

  it('serve one invocation after the other, keeping what the module holds', async () => {
    lambda = await lambdaCloud();
    await lambda.deploy('counter', {
      'index.js': 'let count = 0; exports.handler = async () => ({ count: ++count, pid: process.pid })',
    });
    const first = (await lambda.invoke('counter', {}, { LogType: 'Tail' })) as any;
    const second = (await lambda.invoke('counter', {}, { LogType: 'Tail' })) as any;
    expect([first.result.count, second.result.count]).toEqual([1, 2]);
    expect(second.result.pid).toBe(first.result.pid);
    expect(first.log).toMatch(/\tInit Duration: [\d.]+ ms\n$/);
    expect(second.log).not.toContain('Init Duration');
  });

  it('serve invocations at the same time in processes apart', async () => {
    lambda = await lambdaCloud();
    await lambda.deploy('slow', 'await new Promise((r) => setTimeout(r, 100)); return process.pid');
    const results = await Promise.all([lambda.invoke('slow'), lambda.invoke('slow')]);
    expect(results[0].result).not.toBe(results[1].result);
  });

  it('end after they have been idle for a while', async () => {
    const clock = manualClock();
    lambda = await lambdaCloud({ clock, idleSeconds: 60 });
    await lambda.deploy('idle', 'return process.pid');
    const { result } = await lambda.invoke('idle');
    await clock.advance(59_000);
    expect(isAlive(result)).toBe(true);
    await clock.advance(1_000);
    await eventually(() => !isAlive(result));
  });

  it('are replaced when the code or the configuration changes, after what they are doing', async () => {
    lambda = await lambdaCloud();
    await lambda.deploy(
      'changing',
      'await new Promise((r) => setTimeout(r, event.wait ?? 0)); return { pid: process.pid, is: "old" }',
    );
    const before = (await lambda.invoke('changing')).result;
    const busy = lambda.invoke('changing', { wait: 100 });
    await new Promise((resolve) => setTimeout(resolve, 30));
    const LocalPath = lambda.folder({ 'index.js': 'exports.handler = async () => ({ pid: process.pid, is: "new" })' });
    await lambda.call('UpdateFunctionCode', { FunctionName: 'changing', LocalPath });
    expect((await lambda.invoke('changing')).result.is).toBe('new');
    expect((await busy).result).toEqual(before);
    await eventually(() => !isAlive(before.pid));
  });

  it('leave no process behind when local AWS ends, be they idle, busy or with children of their own', async () => {
    lambda = await lambdaCloud();
    await lambda.deploy('idle', 'return process.pid');
    await lambda.deploy('parent', "return require('child_process').spawn('sleep', ['600']).pid");
    await lambda.deploy('busy', 'for (;;);', { Timeout: 900 });
    const idle = (await lambda.invoke('idle')).result;
    const child = (await lambda.invoke('parent')).result;
    const busy = lambda.invoke('busy').catch((error) => error);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(isAlive(child)).toBe(true);
    await lambda.cloud.close();
    expect(isAlive(idle)).toBe(false);
    await eventually(() => !isAlive(child));
    await busy;
  });

  it('end with local AWS when that is killed, even in an endless loop', async () => {
    lambda = await lambdaCloud();
    const script = join(import.meta.dirname, 'orphaning-cloud.ts');
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout });
    const [line] = (await once(lines, 'line')) as [string];
    const pids = JSON.parse(line) as number[];
    expect(pids.every(isAlive)).toBe(true);
    child.kill('SIGKILL');
    await eventually(() => !pids.some(isAlive));
  });
});
