import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { manualClock } from '../../../../local/clocks/manual.ts';
import { EnvironmentPool } from '../../../../local/services/lambda/environment/pool.ts';
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
    const gate = lambda.gate();
    await lambda.deploy('slow', `if (event.wait) { ${gate.source} } return process.pid`);
    const first = lambda.invoke('slow', { wait: true });
    await gate.started();
    const second = await lambda.invoke('slow');
    gate.open();
    expect((await first).result).not.toBe(second.result);
  });

  it('take one of many short invocations after the other, instead of starting one for each', async () => {
    lambda = await lambdaCloud({ patienceMilliseconds: 5000 });
    await lambda.deploy('short', 'return process.pid');
    const answers = await Promise.all(Array.from({ length: 20 }, () => lambda.invoke('short')));
    expect(new Set(answers.map(({ result }) => result)).size).toBe(1);
  });

  it('count against no limit before there is room for them, which AWS has at once', async () => {
    lambda = await lambdaCloud({ maximumEnvironments: 1, accountConcurrency: 2 });
    const asked = vi.spyOn(EnvironmentPool.prototype, 'run');
    const gate = lambda.gate();
    await lambda.deploy('narrow', `if (event.wait) { ${gate.source} } return 'done'`);
    const all = [lambda.invoke('narrow', { wait: true })];
    await gate.started();
    for (let waiting = 1; waiting <= 3; waiting++) {
      all.push(lambda.invoke('narrow'));
      await eventually(() => asked.mock.calls.length === 1 + waiting);
    }
    gate.open();
    expect((await Promise.all(all)).map(({ result }) => result)).toEqual(Array(4).fill('done'));
    asked.mockRestore();
  });

  it('are given to batches of queues first, whose messages would be handed out again meanwhile', async () => {
    lambda = await lambdaCloud({ maximumEnvironments: 1 });
    const asked = vi.spyOn(EnvironmentPool.prototype, 'run');
    const gate = lambda.gate();
    await lambda.deploy(
      'ordered',
      `(globalThis.seen ??= []).push(event.Records ? 'batch' : event.name); if (event.wait) { ${gate.source} } return seen`,
    );
    const first = lambda.invoke('ordered', { name: 'first', wait: true });
    await gate.started();
    const later = lambda.invoke('ordered', { name: 'later' });
    await eventually(() => asked.mock.calls.length === 2);
    const { QueueUrl } = await lambda.call('CreateQueue', { QueueName: 'work' }, 'sqs');
    await lambda.call('SendMessage', { QueueUrl, MessageBody: 'm' }, 'sqs');
    const EventSourceArn = 'arn:aws:sqs:us-east-1:000000000000:work';
    await lambda.call('CreateEventSourceMapping', { FunctionName: 'ordered', EventSourceArn });
    await eventually(() => asked.mock.calls.length === 3);
    gate.open();
    await first;
    expect((await later).result).toEqual(['first', 'batch', 'later']);
  });

  it('stay warm for more functions than may be at work at once', async () => {
    lambda = await lambdaCloud({ maximumEnvironments: 1, keptEnvironments: 2 });
    const round = async () => [(await lambda.invoke('first')).result, (await lambda.invoke('second')).result];
    for (const name of ['first', 'second']) await lambda.deploy(name, 'return process.pid');
    expect(await round()).toEqual(await round());
  });

  it('end after they have been idle for a while', async () => {
    lambda = await lambdaCloud({ idleSeconds: 0.1 });
    await lambda.deploy('idle', 'return process.pid');
    const { result } = await lambda.invoke('idle');
    await eventually(() => !isAlive(result));
  });

  it('stay warm however far a virtual clock jumps', async () => {
    const clock = manualClock();
    lambda = await lambdaCloud({ clock });
    await lambda.deploy('idle', 'return process.pid');
    const { result } = await lambda.invoke('idle');
    await clock.advance(24 * 3_600_000);
    expect((await lambda.invoke('idle')).result).toBe(result);
  });

  it('are replaced when the code or the configuration changes, after what they are doing', async () => {
    lambda = await lambdaCloud();
    const gate = lambda.gate();
    await lambda.deploy('changing', `if (event.wait) { ${gate.source} } return { pid: process.pid, is: 'old' }`);
    const before = (await lambda.invoke('changing')).result;
    const busy = lambda.invoke('changing', { wait: true });
    await gate.started();
    const LocalPath = lambda.folder({ 'index.js': 'exports.handler = async () => ({ pid: process.pid, is: "new" })' });
    await lambda.call('UpdateFunctionCode', { FunctionName: 'changing', LocalPath });
    expect((await lambda.invoke('changing')).result.is).toBe('new');
    gate.open();
    expect((await busy).result).toEqual(before);
    await eventually(() => !isAlive(before.pid));
  });

  it('stay warm when the same code is deployed again', async () => {
    lambda = await lambdaCloud();
    const { CodeSha256 } = await lambda.deploy('same', 'return process.pid');
    const before = (await lambda.invoke('same')).result;
    const { Code } = await lambda.call('GetFunction', { FunctionName: 'same' });
    const again = { FunctionName: 'same', LocalPath: fileURLToPath(Code.Location) };
    expect((await lambda.call('UpdateFunctionCode', again)).CodeSha256).toBe(CodeSha256);
    expect((await lambda.invoke('same')).result).toBe(before);
  });

  it('leave no process behind when local AWS ends, be they idle, busy or with children of their own', async () => {
    lambda = await lambdaCloud();
    await lambda.deploy('idle', 'return process.pid');
    await lambda.deploy('parent', "return require('child_process').spawn('sleep', ['600']).pid");
    const gate = lambda.gate();
    gate.open();
    await lambda.deploy('busy', `${gate.source} for (;;);`, { Timeout: 900 });
    const idle = (await lambda.invoke('idle')).result;
    const child = (await lambda.invoke('parent')).result;
    const busy = lambda.invoke('busy').catch((error) => error);
    await gate.started();
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
