import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutToken } from '../../lib/cli/run-text.ts';
import { TestProject } from '../cli/project.ts';
import { TestPlatform } from '../fixtures/platform.ts';

/** Without ratings: a person has to look at them. */
const films = JSON.stringify(
  [1, 2].map((number) => ({
    Title: `Film ${number}`,
    'US Gross': 1,
    'Worldwide Gross': 10,
    'Production Budget': 5,
    'Release Date': 'Jun 12 1998',
    'MPAA Rating': 'R',
    'Major Genre': 'Drama',
    'IMDB Rating': number === 1 ? null : 6.1,
  })),
);

const project = new TestProject();
let penstock: TestPlatform;

beforeAll(async () => {
  penstock = await TestPlatform.start('movies');
  project.write('.penstock/local.json', JSON.stringify(penstock.platform.address));
});
afterAll(async () => {
  await penstock.close();
  project.remove();
});

function clientOptions() {
  const { endpoint, region } = penstock.platform.address;
  return { endpoint, region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}

async function waitingRun(key: string): Promise<string> {
  const { run } = await penstock.run('movies', `landing/movies/${key}.json`, films);
  expect(run.state).toBe('AwaitingReview');
  return run.run;
}

async function endOf(run: string) {
  for (;;) {
    const record = await penstock.platform.runs.find(run);
    if (record?.endedAt !== undefined) return record;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a run that somebody cancels', () => {
  it('is undone, can not be cancelled again, and can be tried again', async () => {
    const run = await waitingRun('cancelled');
    expect(await project.json('run', 'cancel', run, '--by', 'ada')).toMatchObject({ run, state: 'Cancelled' });
    expect(await endOf(run)).toMatchObject({ failure: { error: 'RunCancelledError', message: 'cancelled by ada' } });
    expect(await penstock.keys(`curated/movies/data/run=${run}/`)).toEqual([]);
    const again = await project.run('run', 'cancel', run);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('can not be cancelled any more') });

    const retried = await project.json('run', 'retry', run, '--by', 'ben', '--wait');
    expect(retried).toMatchObject({ of: run, outcome: 'started', changes: [], state: 'AwaitingReview' });
    expect(retried.run).not.toBe(run);
    expect(await project.json('run', 'retry', run)).toMatchObject({ run: retried.run, outcome: 'exists' });
    expect((await project.run('review', 'approve', retried.run, '--by', 'cyd', '--wait')).code).toBe(0);
    expect((await project.run('run', 'watch', retried.run)).code).toBe(0);

    const before = await penstock.platform.runs.find(retried.run);
    expect(await project.run('run', 'cancel', retried.run)).toMatchObject({
      code: 1,
      err: expect.stringContaining('has published movies'),
    });
    expect((await project.run('run', 'retry', retried.run)).err).toContain('has not failed');
    expect(await penstock.platform.runs.find(retried.run)).toEqual(before);
    expect(await penstock.platform.audit.list({ pipeline: 'movies' })).toMatchObject([
      { by: 'cyd', action: 'approve', run: retried.run },
      { by: 'ben', action: 'retry', run, detail: { started: retried.run } },
      { by: 'ada', action: 'cancel', run },
    ]);
    const runs = await project.json('runs', '--state', 'Cancelled', '--trigger', 'file', '--since', '1h');
    expect(runs.map((one: { run: string }) => one.run)).toEqual([run]);
    expect(await project.json('runs', '--until', '1h')).toEqual([]);
  });
});

it('a run whose execution is stopped from outside is undone and cancelled', async () => {
  const run = await waitingRun('stopped');
  const machine = penstock.app.stacks['penstock-movies']!.outputs.MachineArn!;
  const executionArn = `${machine.replace(':stateMachine:', ':execution:')}:${run}`;
  await penstock.platform.sfn.send(new StopExecutionCommand({ executionArn }));
  expect(await endOf(run)).toMatchObject({ state: 'Cancelled', failure: { state: 'the run as a whole' } });
});

describe('a message that was given up', () => {
  const sqs = () => new SQSClient(clientOptions());
  const queueOf = async (name: string) => {
    const queues = await (await penstock.platform.deadLetters()).queues();
    return queues.find((one) => one.name === name)!;
  };
  const giveUp = async (queue: string, body: object | string) => {
    const MessageBody = typeof body === 'string' ? body : JSON.stringify(body);
    const client = sqs();
    const { MessageId } = await client.send(
      new SendMessageCommand({ QueueUrl: (await queueOf(queue)).url, MessageBody }),
    );
    client.destroy();
    return MessageId!;
  };
  const trigger = (requestId: string) => {
    const { PlanDigest: planDigest, MachineArn: stateMachineArn } = penstock.app.stacks['penstock-movies']!.outputs;
    return { pipeline: 'movies', planDigest, stateMachineArn, trigger: { kind: 'manual', requestId } };
  };

  it('is listed by queue and shown with its error', async () => {
    const list = await project.json('dead-letters', 'list');
    expect(list.map(({ name }: { name: string }) => name)).toEqual(['movies/worker', 'trigger']);
    const id = await giveUp('trigger', { ...trigger('x'), surplus: true });
    const [shown] = await project.json('dead-letters', 'show', 'trigger', '--limit', '1');
    expect(shown).toMatchObject({ id, error: 'MessageMalformedError', message: expect.stringContaining('surplus') });
    const dropped = await project.json('dead-letters', 'drop', 'trigger', '--message', id, '--by', 'ada');
    expect(dropped).toEqual({ queue: 'trigger', messages: [id] });
    expect((await queueOf('trigger')).messages).toBe(0);
    const wrong = await project.run('dead-letters', 'show', 'triger');
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('did you mean "trigger"?') });
  });

  it('does what it was sent for once it is redriven, and others stay', async () => {
    const [first, other] = [await giveUp('trigger', trigger('again')), await giveUp('trigger', 'not even JSON')];
    const done = await project.json('dead-letters', 'redrive', 'trigger', '--message', first, '--by', 'ben');
    expect(done.messages).toEqual([first]);
    for (;;) {
      const runs = await project.json('runs', '--trigger', 'manual');
      if (runs.some(({ trigger: one }: any) => one.requestId === 'again')) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await project.json('dead-letters', 'show', 'trigger', '--limit', '1')).toMatchObject([{ id: other }]);
    const [latest] = await project.json('audit', '--limit', '1');
    expect(latest).toMatchObject({ by: 'ben', action: 'redrive-dead-letter', detail: { message: first } });
  });

  it('of a chunk is shown with what its worker said', async () => {
    const run = 'movies-00000000-0000000000000000';
    const cause = JSON.stringify({ errorType: 'ChunkDiffersError', errorMessage: 'the chunk is another one' });
    await penstock.platform.runs.addChunkFailure({
      run,
      stage: 'process',
      chunk: '000001',
      error: 'ChunkDiffersError',
      cause,
      at: 1,
    });
    const item = { stage: 'process', chunk: '000001', solo: false, partitions: 1 };
    const { stateMachineArn, ...input } = trigger('x');
    await giveUp('movies/worker', { ...input, run, startedAt: '2026-11-21T06:00:00Z', taskToken: 'canary', item });
    const shown = await project.json('dead-letters', 'show', 'movies/worker', '--limit', '1');
    expect(shown).toMatchObject([
      { run, chunk: '000001', error: 'ChunkDiffersError', message: 'the chunk is another one' },
    ]);
    expect(JSON.stringify(shown)).not.toContain('canary');
  });
});

it('a paused pipeline starts no run, and on resuming the one whose file has arrived meanwhile', async () => {
  expect(await project.json('pipeline', 'pause', 'movies', '--by', 'ada')).toMatchObject({ state: 'Paused' });
  const versionId = await penstock.put('landing/movies/paused.json', films);
  for (;;) {
    const [one] = await project.json('pipeline', 'list');
    if (one.waiting === 1) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect((await project.run('pipeline', 'pause', 'movies')).err).toContain('is paused already');
  const { started } = await project.json('pipeline', 'resume', 'movies', '--by', 'ben');
  expect(started).toHaveLength(1);
  const { run } = await penstock.follow({ pipeline: 'movies', key: 'landing/movies/paused.json', versionId });
  expect(run).toMatchObject({ run: started[0], state: 'AwaitingReview' });
  const { transitions } = await project.json('pipeline', 'show', 'movies');
  const states = ['Created', 'Validating', 'Validated', 'Scheduled', 'Paused', 'Scheduled'];
  expect(transitions.map(({ state }: { state: string }) => state)).toEqual(states);
  expect((await project.run('pipeline', 'show', 'movies')).out).toContain('Validated → Scheduled → Paused → Scheduled');
  expect((await project.run('pipeline', 'resume', 'movies')).err).toContain('is not paused');
});

it('a run that failed stands in the error log, and somebody says that they look after it', async () => {
  const { run } = await penstock.run('movies', 'landing/movies/broken.json', 'no JSON at all');
  expect(run.state).toBe('Failed');
  let patterns: any[] = [];
  while (patterns.length === 0) patterns = await project.json('errors', '--pipeline', 'movies');
  const [pattern] = patterns;
  expect(pattern).toMatchObject({ error: run.failure!.error, kind: 'data', count: 1, lastRun: run.run });
  const shown = await project.json('errors', 'show', pattern.fingerprint);
  expect(shown).toMatchObject({ ...pattern, failures: [{ run: run.run }] });
  expect((await project.run('errors', 'show', 'no')).err).toContain('no run has failed for such a reason');
  expect((await project.run('errors')).out).toContain(pattern.fingerprint);
  expect((await project.run('errors', '--pipeline', 'flights')).out).toBe('no such reasons\n');

  expect(await project.json('run', 'acknowledge', run.run, '--by', 'ada')).toMatchObject({ run: run.run, by: 'ada' });
  expect((await project.run('run', 'acknowledge', run.run, '--by', 'ben')).err).toContain('looks after run');
  expect((await project.run('run', 'show', run.run)).out).toContain('ada, who looks after it');
});

it('a circuit is listed, shown and closed by hand', async () => {
  expect(await project.json('circuits', 'list')).toEqual([]);
  expect((await project.run('circuits', 'list')).out).toContain('no system outside has failed');
  const at = Date.now();
  const open = { state: 'open', version: 1, failures: 5, since: at, retryAt: at + 30_000, delay: 30_000 } as const;
  await penstock.platform.circuits.change({ system: 'lake', pipeline: 'movies', error: 'X', at, ...open });
  expect(await project.json('circuits', 'show', 'lake')).toMatchObject({ system: 'lake', ...open });
  expect((await project.run('circuits', 'list')).out).toMatch(/lake\s+open\s+5/);
  expect((await project.run('circuits', 'show', 'lakes')).err).toContain('did you mean "lake"?');
  expect(await project.json('circuits', 'close', 'lake', '--by', 'ada')).toEqual({
    system: 'lake',
    state: 'closed',
    by: 'ada',
  });
  expect((await project.run('circuits', 'close', 'lake')).err).toContain('is closed already');
  const [entry] = await project.json('audit', '--limit', '1');
  expect(entry).toMatchObject({ action: 'close-circuit', by: 'ada', detail: { system: 'lake', was: 'open' } });
  for (let told: unknown[] = []; told.length < 1; ) told = await project.json('events', '--type', 'CircuitClosed');
});

it('all of it is archived, and the run table is built from that again', async () => {
  const { platform } = penstock;
  const archive = await platform.archive();
  const { runs } = await platform.runs.list({ limit: 100 });
  for (;;) {
    const { same, different } = await archive.compare();
    if (same === runs.length && different.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const decided = await project.json('events', '--pipeline', 'movies', '--type', 'ReviewDecided');
  expect(decided).toMatchObject([{ specversion: '1.0', data: { decision: 'approve', by: 'cyd' } }]);
  const types = (await project.json('events', '--limit', '500')).map(({ type }: { type: string }) => type);
  expect(types).toEqual(expect.arrayContaining(['PipelineValidated', 'PipelinePaused', 'OperatorActed']));
  const wrong = await project.run('events', '--type', 'PipelineFaild');
  expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('did you mean "PipelineFailed"?') });
  expect(await project.run('events', 'check')).toMatchObject({ code: 0 });

  const lost = runs.at(-1)!;
  const client = new DynamoDBClient(clientOptions());
  const Key = { pk: { S: `RUN#${lost.run}` }, sk: { S: 'RUN' } };
  await client.send(new DeleteItemCommand({ TableName: platform.address.runTable, Key }));
  client.destroy();
  expect(await project.run('events', 'check')).toMatchObject({ code: 1, out: expect.stringContaining(lost.run) });
  expect(await project.json('events', 'restore', '--by', 'dan')).toMatchObject({ runs: [lost.run], by: 'dan' });
  const restores = await project.json('audit', '--action', 'restore', '--pipeline', lost.pipeline);
  expect(restores.map(({ by, detail }: any) => [by, detail.outcome, detail.runs])).toEqual([
    ['dan', 'done', 1],
    ['dan', 'begun', undefined],
  ]);
  expect(withoutToken((await platform.runs.find(lost.run))!)).toEqual(withoutToken(lost));
});
