import { ListExecutionsCommand, ListStateMachinesCommand } from '@aws-sdk/client-sfn';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StepFunctionsTasks } from '../../lib/aws/step-functions-tasks.ts';
import { realClock } from '../../lib/core/clock.ts';
import { decideReview } from '../../lib/runtime/review/decide-review.ts';
import { TestPlatform } from '../fixtures/platform.ts';
import { expectValid } from '../runtime/lineage/event-schemas.ts';

const movie = (title: string, facts: Record<string, unknown> = {}) => ({
  Title: title,
  'US Gross': 1,
  'Worldwide Gross': 10,
  'Production Budget': 5,
  'Release Date': 'Jun 12 1998',
  'MPAA Rating': 'R',
  'Major Genre': 'Drama',
  'IMDB Rating': 6.1,
  ...facts,
});
/** Half of them without a rating: too few for the rule, enough for a score that is worth a person's look. */
const unrated = (count: number) =>
  JSON.stringify(
    Array.from({ length: count }, (_, index) => movie(`Film ${index}`, index % 2 === 0 ? { 'IMDB Rating': null } : {})),
  );

describe('the gate on the synthesized stack', () => {
  let penstock: TestPlatform;

  beforeAll(async () => {
    penstock = await TestPlatform.start('movies', 'orders', 'recovering');
  });
  afterAll(() => penstock.close());

  async function decide(run: string, decision: 'approve' | 'release' | 'reject') {
    const { platform } = penstock;
    const clock = realClock();
    const logger = { debug() {}, info() {}, warn() {}, error() {}, with: () => logger };
    await decideReview(
      { runs: platform.runs, tasks: new StepFunctionsTasks(platform.sfn), clock, logger },
      { run, decision, by: 'a person' },
    );
    for (;;) {
      const record = (await platform.runs.find(run))!;
      if (record.state === 'Completed' || record.state === 'Failed') return record;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it('asks a person where a rule with a review is broken, and publishes on approval', async () => {
    const { run, report } = await penstock.run('movies', 'landing/movies/unrated.json', unrated(4));
    expect(report).toMatchObject({ gate: 'review' });
    expect(run).toMatchObject({ state: 'AwaitingReview', review: { deadline: expect.any(Number) } });
    expect((await penstock.platform.tables.pointer('movies')).version).toBe(0);
    expect(await decide(run.run, 'approve')).toMatchObject({ state: 'Completed', review: { by: 'a person' } });
    expect(await penstock.query('SELECT count(*)::INTEGER AS n FROM movies', 'movies')).toEqual([{ n: 4 }]);
    expect(await penstock.platform.tableLog('movies')).toMatchObject([{ run: run.run, rows: 4, current: true }]);
  });

  it('publishes the good rows of a run that a person releases in part, and holds the others', async () => {
    const before = (await penstock.query('SELECT count(*)::INTEGER AS n FROM movies', 'movies')) as { n: number }[];
    const { run } = await penstock.run('movies', 'landing/movies/partly.json', unrated(4));
    expect(await decide(run.run, 'release')).toMatchObject({
      state: 'Completed',
      totals: { rejected: 2, tables: { movies: 2 } },
    });
    const after = await penstock.query('SELECT count(*)::INTEGER AS n FROM movies', 'movies');
    expect(after).toEqual([{ n: before[0]!.n + 2 }]);
    expect((await penstock.rejects(run)).rows).toMatchObject([{ stage: 'review' }, { stage: 'review' }]);
  });

  it('publishes nothing of a run that a person rejects', async () => {
    const { run } = await penstock.run('movies', 'landing/movies/rejected.json', unrated(2));
    expect(run.state).toBe('AwaitingReview');
    expect(await decide(run.run, 'reject')).toMatchObject({
      state: 'Failed',
      failure: { error: 'ReviewRejectedError' },
    });
    expect(await penstock.keys(`curated/movies/data/run=${run.run}/`)).toEqual([]);
    expect(await penstock.query('SELECT count(*)::INTEGER AS n FROM movies', 'movies')).toEqual([{ n: 6 }]);
    const lineage = await penstock.platform.objects.readText(`reports/movies/${run.run}.openlineage.json`);
    const events = JSON.parse(lineage!);
    for (const event of events) expectValid(event);
    expect(events.at(-1)).toMatchObject({
      eventType: 'FAIL',
      run: { facets: { errorMessage: { message: expect.stringContaining('ReviewRejectedError') } } },
    });
  });

  it('fails a run that breaks a rule with a fail, and publishes nothing', async () => {
    // Different titles in the source; the same once the article stands in front.
    const twins = JSON.stringify([movie('Land Girls, The'), movie('The Land Girls')]);
    const { run, report } = await penstock.run('movies', 'landing/movies/twins.json', twins);
    expect(report).toMatchObject({ gate: 'fail' });
    expect(run).toMatchObject({ state: 'Failed' });
    expect(await penstock.keys(`curated/movies/data/run=${run.run}/`)).toEqual([]);
  });

  it('goes on with the last good copy of a source that cannot be read', async () => {
    const visits = 'person,region\nAda,n\nBob,s\n';
    await penstock.put('reference/regions.csv', 'code,name\nn,North\ns,South\n');
    const good = await penstock.run('recovering', 'landing/recovering/1.csv', visits);
    expect(good.run).toMatchObject({ state: 'Completed' });
    expect(good.run.fallbacks).toBeUndefined();
    await penstock.put('reference/regions.csv', 'this is,no list\nof,regions\n');
    const { run, ledger, report } = await penstock.run('recovering', 'landing/recovering/2.csv', visits);
    const fallback = { source: 'regions', used: 'last-good', run: good.run.run, files: 1 };
    expect(run).toMatchObject({ state: 'Completed', fallbacks: [fallback] });
    expect(report).toMatchObject({ fallbacks: [fallback] });
    expect(ledger.every(({ balanced }) => balanced)).toBe(true);
    expect(
      await penstock.query('SELECT name, count(*)::INTEGER AS n FROM recovering GROUP BY 1 ORDER BY 1', 'recovering'),
    ).toEqual([
      { name: 'North', n: 2 },
      { name: 'South', n: 2 },
    ]);
  });

  it('tells people of a run that failed, in an execution of its own', async () => {
    const { run } = await penstock.run('recovering', 'landing/recovering/wrong.csv', 'nothing,of,this\n1,2,3\n');
    expect(run.state).toBe('Failed');
    const { sfn } = penstock.platform;
    const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
    const { stateMachineArn } = stateMachines.find(({ name }) => name === 'penstock-recovering-escalate')!;
    for (let ended: unknown; ended !== 'SUCCEEDED'; ) {
      const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
      ended = executions[0]?.status;
      expect(ended).not.toBe('FAILED');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });

  it('takes up on schedule what an earlier run could not', async () => {
    const file = 'id,placed,country,amount,status\n1,2026-03-01 10:00:00,de,1.50,paid\n';
    // Nobody has put the reference there yet.
    const { run: failed } = await penstock.run('orders', 'landing/orders/early.csv', file);
    expect(failed.state).toBe('Failed');
    await penstock.put('reference/countries.csv', 'code,name\nde,Germany\n');

    const { platform, app } = penstock;
    const { endpoint, region } = platform.address;
    const sqs = new SQSClient({ endpoint, region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
    const outputs = app.stacks['penstock-orders']!.outputs;
    const tick = async (time: string) => {
      const trigger = { kind: 'schedule', time };
      const body = { pipeline: 'orders', planDigest: outputs.PlanDigest, stateMachineArn: outputs.MachineArn, trigger };
      const QueueUrl = app.stacks.penstock!.outputs.TriggerQueueUrl;
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }));
      for (;;) {
        const { runs } = await platform.runs.list({ pipeline: 'orders' });
        const run = runs.find((one) => one.trigger.kind === 'schedule' && one.trigger.time === time);
        if (run?.state === 'Completed' || run?.state === 'Failed') return run;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    expect(await tick('2026-03-02T00:00:00Z')).toMatchObject({ state: 'Completed', totals: { rowsIn: 1 } });
    expect(await tick('2026-03-03T00:00:00Z')).toMatchObject({ state: 'Completed', totals: { rowsIn: 0 } });
    expect(await penstock.query('SELECT id::INTEGER AS id FROM orders', 'orders')).toEqual([{ id: 1 }]);
    sqs.destroy();
  });
});
