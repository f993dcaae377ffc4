import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalApp } from '../../../local/index.ts';
import { startLocal } from '../../../local/index.ts';
import { full } from '../../fixtures/depth.ts';
import { call, TemplateApps } from '../provisioning/template-app.ts';
import { stack } from './stack.ts';
import { Acknowledged, bodyOf, hammer } from './writers.ts';

/** How long after its start each process is killed, in milliseconds. */
const lives = full ? [150, 900, 400, 1300] : [150, 900];

const apps = new TemplateApps();
const cloudAssembly = apps.write({ S: stack });
const dataFolder = join(apps.folder, 'data');
const known = new Acknowledged();
let app: LocalApp;

beforeAll(async () => {
  let next = 1;
  for (const life of lives) {
    const { child, endpoint } = await startChild();
    const gone = once(child, 'exit');
    const hammering = hammer(endpoint, known, next);
    await new Promise((resolve) => setTimeout(resolve, life));
    // A busy machine may take longer until there is enough to lose.
    while (life === lives.at(-1) && !isBusy()) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGKILL');
    await gone;
    next = await hammering;
  }
  app = await startLocal({ cloudAssembly, dataFolder });
}, 120_000);

afterAll(async () => {
  await app?.close();
  await apps.close();
});

/** True when enough of every kind was acknowledged to find a loss. */
const isBusy = () => Object.values(known).every((kind) => kind.size > 5);

async function startChild(): Promise<{ child: ChildProcess; endpoint: string }> {
  const program = join(import.meta.dirname, 'killed-app.ts');
  const child = spawn(process.execPath, [program, cloudAssembly, dataFolder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('local AWS did not start')));
  ended.catch(() => {});
  const [line] = await Promise.race([once(child.stdout!, 'data'), ended]);
  return { child, endpoint: String(line).trim() };
}

const queueUrl = (name: string) => `${app.endpoint}/${app.cloud.accountId}/${name}`;

it('has every object that was acknowledged, whole, and none whose deletion was', async () => {
  for (const n of known.objects) {
    const { Body } = await call(app, 's3', 'GetObject', { Bucket: 'lake', Key: `k${n}` });
    expect(Buffer.concat(await Array.fromAsync(Body as AsyncIterable<Buffer>)).toString()).toBe(bodyOf(n));
  }
  for (const n of known.deletedObjects) {
    await expect(call(app, 's3', 'GetObject', { Bucket: 'lake', Key: `k${n}` })).rejects.toThrow('does not exist');
  }
});

it('has every row that was acknowledged, and none whose deletion was', async () => {
  const { Items } = await call(app, 'dynamodb', 'Scan', { TableName: 'rows' });
  const found = new Set<number>(Items.map(({ n }: any) => Number(n.N)));
  expect([...known.rows].filter((n) => !found.has(n))).toEqual([]);
  expect([...known.deletedRows].filter((n) => found.has(n))).toEqual([]);
});

it('has every message that was acknowledged, and none whose deletion was', async () => {
  // What was received when the process died is hidden until its timeout is over: the store has it all the same.
  const contents = [...app.cloud.store.collection<any>('sqs.messages').values()];
  const ids = new Set(contents.map(({ id }) => id));
  const found = new Set(contents.map(({ body }) => Number(body)));
  expect([...known.messages].filter((n) => !found.has(n) && !known.handled.has(n))).toEqual([]);
  expect([...known.deletedMessages].filter((id) => ids.has(id))).toEqual([]);
});

it('ends every execution that was acknowledged as it should', { timeout: 60_000 }, async () => {
  for (const [n, executionArn] of known.executions) {
    const execution = await ended(executionArn);
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: JSON.stringify([n]) });
    const { events } = await call(app, 'states', 'GetExecutionHistory', { executionArn });
    expect(events.map(({ id }: any) => id)).toEqual(events.map((_: unknown, index: number) => index + 1));
  }
});

it('delivers every event and every invocation that was acknowledged, at least once', { timeout: 60_000 }, async () => {
  const told = await drain('events', known.events, (body) => body.detail.n);
  expect([...known.events].filter((n) => !told.has(n))).toEqual([]);
  const done = await drain('done', known.invocations, (body) => body.responsePayload.n);
  expect([...known.invocations].filter((n) => !done.has(n))).toEqual([]);
});

async function ended(executionArn: string): Promise<any> {
  for (;;) {
    const execution = await call(app, 'states', 'DescribeExecution', { executionArn });
    if (execution.status !== 'RUNNING') return execution;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Receives until all that is wanted has come, or nothing more does for a while. */
async function drain(name: string, wanted: ReadonlySet<number>, numberOf: (body: any) => number): Promise<Set<number>> {
  const found = new Set<number>();
  for (let empty = 0; empty < 5 && [...wanted].some((n) => !found.has(n)); ) {
    const receive = { QueueUrl: queueUrl(name), MaxNumberOfMessages: 10, WaitTimeSeconds: 1 };
    const { Messages = [] } = await call(app, 'sqs', 'ReceiveMessage', receive);
    for (const { Body } of Messages) found.add(numberOf(JSON.parse(Body)));
    empty = Messages.length > 0 ? 0 : empty + 1;
  }
  return found;
}
