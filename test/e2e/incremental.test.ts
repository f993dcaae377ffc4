import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestProject } from '../cli/project.ts';
import { TestPlatform } from '../fixtures/platform.ts';

const project = new TestProject({ 'pipelines/README.md': 'what is deployed is elsewhere' });
let penstock: TestPlatform;

beforeAll(async () => {
  penstock = await TestPlatform.start('dumps');
  project.write('.penstock/local.json', JSON.stringify(penstock.platform.address));
  const { plan } = await import('../fixtures/pipelines/dumps.ts').then(async ({ default: definition }) => {
    const { compile } = await import('../../lib/compiler/index.ts');
    return { plan: await compile(definition) };
  });
  // As a run leaves it: the project has no file of the pipeline.
  await penstock.platform.objects.createText(`reports/dumps/plans/${plan.digest}.json`, JSON.stringify(plan));
});
afterAll(async () => {
  await penstock.close();
  project.remove();
});

const dump = (name: string, ...rows: readonly [id: number, minute: string, note: string][]) =>
  penstock.put(
    `landing/dumps/${name}`,
    rows
      .map(([id, minute, note]) => JSON.stringify({ id, day: '2026-01-01', at: `2026-01-01T${minute}:00Z`, note }))
      .join('\n'),
  );
const ids = async () => (await penstock.query('SELECT id FROM dumps ORDER BY id', 'dumps')).map(({ id }) => Number(id));

describe('a pipeline that is started by hand and goes on by a column', () => {
  it('takes its parameters, shows them and its cursor, and takes new rows alone', async () => {
    await penstock.put('landing/lines/l.ndjson', '{"text":"one"}\n{"text":"tw');
    await dump('a.ndjson', [1, '06:00', 'good'], [2, '06:30', 'bad']);
    const first = await project.json('start', 'dumps', '--param', 'without=bad', '--request-id', 'one', '--wait');
    expect(first).toMatchObject({
      pipeline: 'dumps',
      outcome: 'started',
      parameters: { without: 'bad', from: null, to: null },
      state: 'Completed',
    });
    expect(await project.json('start', 'dumps', '--param', 'without=bad', '--request-id', 'one')).toMatchObject({
      run: first.run,
      outcome: 'exists',
    });
    const { out } = await project.run('run', 'show', first.run);
    expect(out).toMatch(/ {2}trigger {2}manual one\n {2}with {5}without=bad, from=\(none\), to=\(none\)\n/);
    await penstock.put('landing/lines/l.ndjson', '{"text":"one"}\n{"text":"two"}\n');
    await dump('b.ndjson', [1, '06:00', 'good'], [2, '06:30', 'mended'], [3, '07:00', 'good']);
    await project.json('start', 'dumps', '--wait');
    expect(await ids()).toEqual([1, 2, 3]);
    const texts = await penstock.query('SELECT text FROM lines ORDER BY text', 'lines');
    expect(texts.map(({ text }) => text)).toEqual(['one', 'two']);
    const shown = await project.json('pipeline', 'show', 'dumps');
    expect(shown.cursors).toEqual([
      { source: 'dumps', by: 'at', lagSeconds: 600, tables: { dumps: '2026-01-01 07:00:00' } },
    ]);
    expect((await project.run('pipeline', 'show', 'dumps')).out).toContain(
      '  cursor   dumps by at: 2026-01-01 07:00:00, 10 minutes of lag',
    );
  });

  it.each([
    ['a name that it has not', ['--param', 'with=bad'], 'has no parameter "with"', 'did you mean "without"?'],
    ['a parameter twice', ['--param', 'without=a', '--param', 'without=b'], 'given twice', 'write e.g.'],
    ['no value', ['--param', 'without'], 'not a parameter with its value', '<name>=<value>'],
    ['the id of another request', ['--request-id', 'one'], 'was started with other parameters', 'nothing was started'],
  ])('%s starts nothing', async (_, args, problem, change) => {
    const before = await project.json('runs');
    const { code, err } = await project.run('start', 'dumps', ...args);
    expect([code! > 0, err]).toEqual([true, expect.stringContaining(problem)]);
    expect(err).toContain(change);
    expect(await project.json('runs')).toEqual(before);
  });
});

describe('a backfill of it', () => {
  const range = ['--from', '2025-12-31', '--to', '2026-01-02', '--table', 'dumps'];

  it('runs a slice for each day beside the pipeline, shows how far it has come, and is done once', async () => {
    await dump('late.ndjson', [4, '05:00', 'late']);
    const done = await project.json('backfill', 'dumps', ...range, '--parallel', '2', '--by', 'ada');
    expect(done).toMatchObject({
      state: 'Completed',
      by: 'ada',
      slices: 2,
      progress: { completed: 2, failed: 0, running: 0, failures: {} },
    });
    expect(await ids()).toEqual([1, 2, 3, 4]);
    const [{ cursors }] = [await project.json('pipeline', 'show', 'dumps')];
    expect(cursors[0].tables).toEqual({ dumps: '2026-01-01 07:00:00' });
    expect(await project.json('backfill', 'dumps', ...range)).toEqual({ ...done });
    const { out } = await project.run('backfill', 'show', done.id);
    expect(out).toContain(
      `${done.id}  Completed\n  range    dumps from 2025-12-31 to before 2026-01-02, in slices of 1 day, by ada\n`,
    );
    expect(out).toMatch(/ {2}slices {3}2 of 2 slices, \d+ rows\n/);
    expect((await project.run('backfill', 'list')).out).toContain(done.id);
    expect(await project.json('runs', '--trigger', 'backfill')).toHaveLength(2);
  });

  it.each([
    ['no end', ['dumps', '--from', '2026-01-01'], 'needs both bounds', 'give both'],
    [
      'the future',
      ['dumps', '--from', '2999-01-01', '--to', '2999-01-03'],
      'lies in the future',
      'nothing was started',
    ],
    [
      'days without data',
      ['dumps', '--from', '2025-01-01', '--to', '2025-01-02', '--table', 'dumps'],
      'no row of the range was found',
      'give another range',
    ],
    [
      'a table that is appended to',
      ['dumps', '--from', '2026-01-01', '--to', '2026-01-02'],
      'would be there twice',
      '--table',
    ],
    ['an unknown one', ['show', 'something'], 'there is no backfill "something"', 'backfill list'],
    ['one that has ended', ['cancel', 'ended'], 'has ended', 'nothing was changed'],
  ])('%s is refused, and changes no table', async (_, args, problem, change) => {
    const before = await penstock.platform.tables.pointer('dumps');
    const [newest] = await project.json('backfill', 'list');
    const { code, err } = await project.run('backfill', ...args.map((arg) => (arg === 'ended' ? newest.id : arg)));
    expect([code! > 0, err]).toEqual([true, expect.stringContaining(problem)]);
    expect(err).toContain(change);
    expect(await penstock.platform.tables.pointer('dumps')).toEqual(before);
  });
});

it('a cursor is shown, and set by whom the audit names', async () => {
  const { out } = await project.run('cursor', 'show', 'dumps');
  expect(out).toBe('  dumps by at: 2026-01-01 07:00:00, 10 minutes of lag\n');
  const set = await project.json('cursor', 'set', 'dumps', 'dumps', '2026-01-01T07:30:00Z', '--by', 'ada');
  expect(set).toMatchObject({ to: '2026-01-01 07:30:00', before: { dumps: '2026-01-01 07:00:00' }, by: 'ada' });
  expect(await ids()).toEqual([1, 2, 3, 4]);
  expect((await project.json('audit', '--pipeline', 'dumps'))[0]).toMatchObject({ action: 'set-cursor', by: 'ada' });
});
