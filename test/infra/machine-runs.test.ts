import { describe, expect, it } from 'vitest';
import { flightsPlan } from './fixtures/flights-plan.ts';
import { compensated, failedWith, never, runPlan } from './machine-world.ts';

const work = [
  'Initialize',
  'Extract',
  'Process chunks',
  'Aggregate by origin?',
  'Aggregate by origin',
  'Assess',
  'Gate',
];
const publication = ['Publish', 'Commit', 'Completed'];
const undoing = ['Compensate', 'Published after all?', 'Failed'];
const called = (run: Awaited<ReturnType<typeof runPlan>>, name: string) =>
  run.calls.filter((call) => call.name === name);
const extracted = {
  solo: false,
  stages: { process: { chunks: 1, manifest: 'p' }, 'reduce-1': { chunks: 0, manifest: 'r' } },
  inputFiles: 1,
  inputBytes: 1,
};

describe('a run without trouble', () => {
  it('goes through every stage to its commit', async () => {
    const run = await runPlan(flightsPlan);
    expect(run.outcome.status).toBe('SUCCEEDED');
    expect(run.states).toEqual([...work, ...publication]);
  });

  it('tells every function which run it works for, and nothing else', async () => {
    const run = await runPlan(flightsPlan);
    const input = {
      pipeline: 'flights',
      planDigest: flightsPlan.digest,
      trigger: { kind: 'manual', requestId: 'r1' },
      run: 'flights-f11af11a-0123456789abcdef',
      startedAt: '2026-11-21T06:00:00Z',
    };
    for (const name of ['initialize', 'extract', 'assess', 'publish', 'commit']) {
      expect(
        called(run, name).map((call) => call.input),
        name,
      ).toEqual([input]);
    }
    const asked = called(run, 'chunk asked').map((call) => call.input);
    expect(asked).toEqual(
      ['process 000000', 'process 000001', 'reduce-1 000000'].map((item) => {
        const [stage, chunk] = item.split(' ');
        return { ...input, taskToken: expect.stringContaining('token'), retryCount: 0, item: { stage, chunk } };
      }),
    );
  });

  it('keeps the results of chunks in the lake', async () => {
    const { written } = await runPlan(flightsPlan);
    for (const key of written)
      expect(key).toMatch(/^staged\/flights\/flights-f11af11a-\w+\/results\/(process|reduce-1)\//);
    expect(written.length).toBeGreaterThan(0);
  });

  it.each([
    ['one chunk computes all stages', { ...extracted, solo: true }],
    ['no rows came to meet', extracted],
  ])('skips the reduce stage where %s', async (_, extract) => {
    const run = await runPlan(flightsPlan, { answers: { extract: [extract] }, objects: { p: [{ stage: 'process' }] } });
    expect(run.states).toEqual([...work.filter((state) => state !== 'Aggregate by origin'), ...publication]);
  });

  it('completes with no chunk at all', async () => {
    const run = await runPlan(flightsPlan, { answers: { extract: [extracted] }, objects: { p: [] } });
    expect(run.outcome.status).toBe('SUCCEEDED');
    expect(called(run, 'chunk asked')).toEqual([]);
  });
});

describe('the gate', () => {
  const assessed = (gate: string) => ({ gate, score: 0.9, report: 'reports/x.json' });

  it('publishes what a person has approved', async () => {
    const run = await runPlan(flightsPlan, { answers: { assess: [assessed('review')] } });
    expect(run.states).toEqual([...work, 'Await review', 'Review decision', ...publication]);
    expect(called(run, 'review asked')[0]!.input).toMatchObject({
      run: expect.any(String),
      taskToken: expect.any(String),
    });
  });

  it.each([
    ['the task fails', failedWith('ReviewRejectedError', 'no')],
    ['the decision says so', { decision: 'reject' }],
  ])('undoes what a person has rejected, where %s', async (_, review) => {
    const run = await runPlan(flightsPlan, { answers: { assess: [assessed('review')], review: [review] } });
    expect(run.outcome).toMatchObject({ status: 'FAILED', error: 'ReviewRejectedError' });
    expect(run.states.slice(-3)).toEqual(undoing);
    expect(called(run, 'compensate')[0]!.input).toMatchObject({
      state: 'Await review',
      error: { Error: 'ReviewRejectedError' },
    });
  });

  it('holds back what a person does not release, and publishes the rest', async () => {
    const review = [{ decision: 'release', by: 'ada' }];
    const run = await runPlan(flightsPlan, { answers: { assess: [assessed('review')], review } });
    expect(run.states).toEqual([...work, 'Await review', 'Review decision', 'Release in part', ...publication]);
  });

  it.each([
    ['approve', []],
    ['release', ['Release in part']],
  ])('asks nobody about what was decided before the run was redriven: %s', async (decision, states) => {
    const run = await runPlan(flightsPlan, { answers: { assess: [{ ...assessed('review'), decision }] } });
    expect(run.states).toEqual([...work, 'Review decision', ...states, ...publication]);
    expect(called(run, 'review asked')).toEqual([]);
  });

  it.each([
    ['approve', ['Review decision', ...publication]],
    ['release', ['Review decision', 'Release in part', ...publication]],
    ['reject', ['Review decision', 'Rejected in review', ...undoing]],
  ])('does by itself what the plan says where nobody decided in time: %s', async (decision, states) => {
    const plan = { ...flightsPlan, gate: { ...flightsPlan.gate, afterDeadline: 'release' as const } };
    const run = await runPlan(plan, {
      answers: { assess: [assessed('review')], review: [never, never, { decision, byDeadline: true }] },
    });
    expect(run.states).toEqual([...work, 'Await review', 'Await review, reminded', 'Deadline passed', ...states]);
    expect(called(run, 'review').at(-1)!.input).toMatchObject({ run: expect.any(String), expired: true });
  });

  it('undoes what nobody decided on before the deadline', async () => {
    const review = [never, never, { decision: 'reject', byDeadline: true }];
    const run = await runPlan(flightsPlan, { answers: { assess: [assessed('review')], review } });
    expect(run.outcome).toMatchObject({
      status: 'FAILED',
      error: 'ReviewExpiredError',
      cause: `nobody decided within ${flightsPlan.gate.reviewSeconds} seconds, see reports/x.json`,
    });
    expect(run.took).toBeGreaterThanOrEqual(flightsPlan.gate.reviewSeconds * 1000);
    expect(run.states.slice(-3)).toEqual(undoing);
  });

  it('reminds the person once, and takes the decision that comes then', async () => {
    const review = [never, { decision: 'approve', by: 'ada' }];
    const run = await runPlan(flightsPlan, { answers: { assess: [assessed('review')], review } });
    expect(run.states).toEqual([...work, 'Await review', 'Await review, reminded', 'Review decision', ...publication]);
    const asked = called(run, 'review asked').map((call) => call.input);
    expect(asked.map(({ reminds }) => reminds)).toEqual([undefined, true]);
    expect(asked[0].taskToken).not.toBe(asked[1].taskToken);
    expect(run.took).toBe(
      (flightsPlan.gate.reviewSeconds - Math.min(86_400, flightsPlan.gate.reviewSeconds / 4)) * 1000,
    );
  });

  it('reminds when the plan says', async () => {
    const plan = { ...flightsPlan, gate: { ...flightsPlan.gate, reviewSeconds: 7200, remindSeconds: 600 } };
    const review = [never, { decision: 'approve', by: 'ada' }];
    const run = await runPlan(plan, { answers: { assess: [assessed('review')], review } });
    expect(run.took).toBe(6_600_000);
  });

  it('takes a decision that was kept while the person was being reminded', async () => {
    const review = [never, failedWith('RunStateError', 'decided'), { decision: 'approve', byDeadline: false }];
    const run = await runPlan(flightsPlan, { answers: { assess: [assessed('review')], review } });
    expect(run.states.slice(work.length)).toEqual([
      'Await review',
      'Await review, reminded',
      'Deadline passed',
      'Review decision',
      ...publication,
    ]);
  });

  it.each(['fail', 'something new'])('undoes a run whose assessment says %s', async (gate) => {
    const run = await runPlan(flightsPlan, { answers: { assess: [assessed(gate)] } });
    expect(run.outcome).toMatchObject({
      status: 'FAILED',
      error: 'QualityGateError',
      cause: 'score 0.9, see reports/x.json',
    });
    expect(run.states).toEqual([...work, 'Quality too low', ...undoing]);
  });

  it('says why the assessment refuses a run, where that says so', async () => {
    const why = 'score 1; unique of table "x": 0.5, at least 1 asked for';
    const run = await runPlan(flightsPlan, { answers: { assess: [{ ...assessed('fail'), why }] } });
    expect(run.outcome).toMatchObject({ error: 'QualityGateError', cause: `${why}, see reports/x.json` });
  });
});

describe('a failure', () => {
  it.each(['initialize', 'extract', 'assess', 'publish', 'commit'])(
    'of %s is undone, and names the run',
    async (name) => {
      const run = await runPlan(flightsPlan, { answers: { [name]: [failedWith('InputMissingError', 'gone')] } });
      expect(run.outcome).toMatchObject({ status: 'FAILED', error: 'InputMissingError', cause: 'gone' });
      expect(run.states.slice(-3)).toEqual(undoing);
      expect(called(run, name)).toHaveLength(1);
      expect(called(run, 'compensate')[0]!.input).toMatchObject({
        pipeline: 'flights',
        run: 'flights-f11af11a-0123456789abcdef',
        state: name.charAt(0).toUpperCase() + name.slice(1),
        error: { Error: 'InputMissingError', Cause: 'gone' },
      });
    },
  );

  it('of a chunk is undone under the name of its stage, and ends the run under its own', async () => {
    const found = { error: 'LedgerImbalanceError', message: 'lost' };
    const compensate = [{ state: 'Failed', failure: found }, compensated('Failed')];
    const answers = { chunk: [failedWith('LedgerImbalanceError', 'lost')], compensate };
    const run = await runPlan(flightsPlan, { answers });
    expect(run.outcome).toMatchObject({ status: 'FAILED', error: 'LedgerImbalanceError', cause: 'lost' });
    expect(called(run, 'compensate')[0]!.input.error.Error).toBe('States.ExceedToleratedFailureThreshold');
    expect(called(run, 'compensate')[0]!.input.state).toBe('Process chunks');
  });

  it('that may pass is tried again with growing pauses', async () => {
    const troubled = [
      failedWith('Lambda.TooManyRequestsException'),
      failedWith('ServiceUnavailableError'),
      { run: 'r' },
    ];
    const run = await runPlan(flightsPlan, { answers: { initialize: troubled } });
    expect(run.outcome.status).toBe('SUCCEEDED');
    expect(called(run, 'initialize')).toHaveLength(3);
  });

  it('that does not pass ends after six calls', async () => {
    const run = await runPlan(flightsPlan, { answers: { extract: [failedWith('ServiceUnavailableError')] } });
    expect(called(run, 'extract')).toHaveLength(6);
    expect(run.outcome).toMatchObject({ status: 'FAILED', error: 'ServiceUnavailableError' });
  });

  it('of a worker that fell silent gives the chunk to another', async () => {
    const run = await runPlan(flightsPlan, { answers: { chunk: [never] } });
    const tries = called(run, 'chunk asked').map(({ input: { item, retryCount } }) => [item.chunk, retryCount]);
    expect(tries).toHaveLength(31 * 2);
    for (const chunk of ['000000', '000001'])
      expect(tries.filter(([of]) => of === chunk).map(([, retryCount]) => retryCount)).toEqual([...Array(31).keys()]);
    expect(run.outcome.status).toBe('FAILED');
  });

  it('after a part was published ends in a completed run', async () => {
    const answers = { commit: [failedWith('CommitConflictError')], compensate: [compensated('Completed')] };
    const run = await runPlan(flightsPlan, { answers });
    expect(run.outcome.status).toBe('SUCCEEDED');
    expect(run.states.slice(-3)).toEqual(['Compensate', 'Published after all?', 'Completed']);
  });

  it('is gone on from at the beginning where the run is redriven', async () => {
    const redriven = [compensated('Failed'), { redriven: true }];
    const answers = { extract: [failedWith('InputMissingError'), extracted], compensate: redriven };
    const run = await runPlan(flightsPlan, { answers, objects: { p: [{ stage: 'process' }] } });
    expect(run.outcome.status).toBe('SUCCEEDED');
    expect(run.states.slice(0, 7)).toEqual(['Initialize', 'Extract', ...undoing, 'Initialize', 'Extract']);
  });

  it('of the compensation itself leaves the first one to be seen', async () => {
    const answers = {
      extract: [failedWith('InputMissingError')],
      compensate: [failedWith('AccessRefusedError'), compensated('Failed')],
    };
    const run = await runPlan(flightsPlan, { answers });
    expect(run.outcome).toMatchObject({ status: 'FAILED', error: 'InputMissingError' });
  });
});

describe('an error that says when to come back', () => {
  const told = (seconds: number) => JSON.stringify({ errorType: 'CircuitOpenError', retryAfterSeconds: seconds });
  const open = (seconds: number, error = 'CircuitOpenError') => failedWith(error, told(seconds));
  const ofFunction = (seconds: number) =>
    failedWith('CircuitOpenError', JSON.stringify({ errorType: 'CircuitOpenError', errorMessage: told(seconds) }));
  const objects = { p: [{ stage: 'process', chunk: '000000' }] };
  const solo = { ...extracted, solo: true };

  it.each(['CircuitOpenError', 'ServiceDelayedError', 'TableBusyError'])(
    'lets a chunk wait so long, however often: %s',
    async (error) => {
      const chunk = [...Array.from({ length: 20 }, () => open(60, error)), { chunk: '000000' }];
      const run = await runPlan(flightsPlan, { answers: { extract: [solo], chunk }, objects });
      expect(run.outcome.status).toBe('SUCCEEDED');
      expect(run.took).toBeGreaterThanOrEqual(20 * 60_000);
      expect(run.took).toBeLessThan(21 * 60_000);
      const items = called(run, 'chunk asked').map((call) => call.input.item);
      expect(items).toEqual(Array(21).fill({ stage: 'process', chunk: '000000' }));
    },
  );

  it('lets a function wait so long, and shows it', async () => {
    const answers = { extract: [ofFunction(45), ofFunction(45), solo], publish: [ofFunction(100), { tables: {} }] };
    const run = await runPlan(flightsPlan, { answers, objects });
    expect(run.outcome.status).toBe('SUCCEEDED');
    expect(run.states.filter((name) => name.endsWith(', later'))).toEqual([
      'Extract, later',
      'Extract, later',
      'Publish, later',
    ]);
    expect(run.took).toBe(190_000);
  });

  it('is waited for a quarter of an hour at most', async () => {
    const run = await runPlan(flightsPlan, { answers: { extract: [ofFunction(86_400), solo] }, objects });
    expect(run.took).toBe(900_000);
  });

  it('undoes a run once what it is undone in answers again', async () => {
    const answers = { extract: [failedWith('InputMissingError')], compensate: [ofFunction(30), compensated('Failed')] };
    const run = await runPlan(flightsPlan, { answers });
    expect(run.states.slice(-5)).toEqual(['Compensate', 'Compensate, later', ...undoing]);
    expect(run.outcome).toMatchObject({ status: 'FAILED', error: 'InputMissingError' });
  });
});

it('ends a run whose attempts are used up without trying again', async () => {
  const chunk = [failedWith('RetryBudgetSpentError', '{}')];
  const run = await runPlan(flightsPlan, {
    answers: { extract: [{ ...extracted, solo: true }], chunk },
    objects: { p: [{}] },
  });
  expect(called(run, 'chunk asked')).toHaveLength(1);
  expect(run.outcome.status).toBe('FAILED');
});

describe('a plan whose sources have fallbacks', () => {
  const nodes = flightsPlan.nodes.map((node) =>
    node.kind === 'source' ? { ...node, fallback: 'empty' as const } : node,
  );
  const plan = { ...flightsPlan, nodes };

  it('reads what stands in for a source once all attempts to read it are spent', async () => {
    const spent = Array.from({ length: 6 }, () => failedWith('ServiceUnavailableError'));
    const run = await runPlan(plan, {
      answers: { extract: [...spent, { ...extracted, solo: true }] },
      objects: { p: [] },
    });
    expect(run.outcome.status).toBe('SUCCEEDED');
    expect(run.states.filter((name) => name.startsWith('Extract'))).toEqual(['Extract', 'Extract with fallback']);
    expect(called(run, 'extract').map((call) => call.input.fallback)).toEqual([...Array(6).fill(undefined), true]);
  });

  it('fails where that cannot be read either', async () => {
    const run = await runPlan(plan, { answers: { extract: [failedWith('InputMissingError', 'gone')] } });
    expect(run.outcome).toMatchObject({ status: 'FAILED', error: 'InputMissingError' });
    expect(called(run, 'compensate')[0]!.input).toMatchObject({ state: 'Extract with fallback' });
  });
});
