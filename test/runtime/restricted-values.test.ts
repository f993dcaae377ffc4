import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { Printer } from '../../lib/cli/print.ts';
import { showRejects } from '../../lib/cli/show-rejects.ts';
import { exportRejects, shownRejects } from '../../lib/engine/index.ts';
import {
  aggregate,
  agrees,
  contract,
  type Dataset,
  deduplicate,
  derive,
  enrich,
  flatten,
  from,
  lake,
  map,
  mask,
  matches,
  pipeline,
  s3,
  select,
  unique,
  validate,
} from '../../lib/index.ts';
import { compensate } from '../../lib/runtime/compensate.ts';
import type { PipelineCode } from '../../lib/runtime/pipeline-code.ts';
import { commit } from '../../lib/runtime/publish/commit.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { decideReview } from '../../lib/runtime/review/decide-review.ts';
import { release } from '../../lib/runtime/review/release.ts';
import { review } from '../../lib/runtime/review/review.ts';
import { type EnginePorts, enginePorts } from '../fixtures/assessed-run.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { scratch } from '../fixtures/engine/scratch.ts';
import { codeOf, publishedRows, rejectsOf, startReplays } from '../fixtures/replayed.ts';
import { manual, runToEnd, runToGate, stageInput } from '../fixtures/run-machine.ts';

/** Begins every restricted value, and nothing else. */
const canary = 'kanarie';

const restricted = { classification: 'restricted' };
const person = z.object({
  id: z.int(),
  email: z.string().regex(/@/).meta(restricted).nullable(),
  file: z.object({ city: z.string(), ssn: z.string().min(10).meta(restricted) }),
  amount: z.int(),
});
const people = from(s3({ prefix: 'landing/people/', format: 'ndjson' }), person);
const known = from(
  s3({ key: 'reference/known.csv', format: 'csv' }),
  z.object({ mail: z.string().meta(restricted), tier: z.string() }),
);
const row = (id: number, more: object = {}) => ({
  id,
  email: `${canary}-${id}@example.org`,
  file: { city: 'Oslo', ssn: `${canary}-ssn-${id}` },
  amount: 5,
  ...more,
});
const lines = [
  row(1),
  row(2, { email: `${canary}-1@example.org` }),
  row(3, { amount: `${canary}` }),
  row(4, { email: `${canary}-no-mail` }),
  row(5, { file: { city: 'Rome', ssn: canary } }),
  row(6, { amount: 900 }),
  row(7),
  row(8),
].map((one) => JSON.stringify(one));
lines.push(`{"id": 9, "email": "${canary}-torn`);

const internal = { classification: 'internal' };
const returns = person.extend({
  id: z.int().meta(internal),
  amount: z.int().meta(internal),
  tier: z.string().meta(internal),
});
const closed = people.pipe(
  enrich({ with: known, on: 'email = mail', take: ['tier'], unmatched: 'reject' }),
  validate({ 'amount is small': { column: 'amount', holds: "amount < 100 OR email = ''" } }),
  map(returns, (one) => {
    if (one.id === 7) throw new Error(`cannot take ${one.email} of ${one.file.ssn}`);
    return one;
  }),
);
const open = closed.pipe(
  deduplicate({ key: ['id'] }),
  mask({ email: { method: 'hash', secret: 'ssm:/mail-key' } }),
  derive({ city: 'file.city' }),
  select('id', 'email', 'tier'),
);

async function start(definition: ReturnType<typeof pipeline>, text = lines.join('\n')) {
  const ports = enginePorts();
  ports.secrets.values['ssm:/mail-key'] = 'a key that is long enough';
  ports.objects.drop('landing/people/a.ndjson', text);
  const mails = [1, 3, 6, 7].map((id) => `${canary}-${id}@example.org,gold\n`);
  ports.objects.drop('reference/known.csv', `mail,tier\n${mails.join('')}`);
  const code = await codeOf(definition);
  return { ports, code, input: stageInput(code, manual()) };
}

/** All that a run leaves where others than the cleared may look, by place. */
async function leftOpen(ports: EnginePorts, run: string): Promise<Readonly<Record<string, string>>> {
  const cleared = /^(landing|reference|staged|rejects|curated\/people_closed)\//;
  const found: Record<string, string> = {
    bus: JSON.stringify(ports.bus.events),
    logs: JSON.stringify(ports.logger.lines),
    tasks: JSON.stringify([[...ports.tasks.succeeded], [...ports.tasks.failed]]),
    meters: JSON.stringify(ports.meter.values),
    run: JSON.stringify(await ports.runs.find(run)),
    ledger: JSON.stringify(await ports.runs.ledgerRecords(run)),
    failures: JSON.stringify(await ports.runs.chunkFailures(run)),
    keys: ports.objects.keys().join('\n'),
  };
  for (const key of ports.objects.keys().filter((one) => !cleared.test(one))) {
    if (!key.endsWith('.parquet')) found[key] = ports.objects.text(key)!;
  }
  found['table people'] = (await publishedRows(ports, 'people')).join('\n');
  return found;
}

function expectNoCanary(found: Readonly<Record<string, string>>): void {
  expect(Object.entries(found).flatMap(([place, text]) => (text.includes(canary) ? [place] : []))).toEqual([]);
}

describe('a restricted value', () => {
  let ports: EnginePorts;
  let code: PipelineCode;
  let input: ReturnType<typeof stageInput>;
  let rejects: string[];

  beforeAll(async () => {
    const definition = pipeline('people', {
      quality: [
        unique(['email'], { table: 'people_closed', atLeast: 1 }),
        matches('email', /@nowhere$/, { table: 'people_closed', atLeast: 1 }),
        agrees('max(email)', { with: known, other: 'max(mail)' }, { table: 'people_closed', atLeast: 1 }),
      ],
      gate: { pass: 1, review: 0 },
      outputs: [
        closed.to(lake({ table: 'people_closed', clearedFor: 'restricted' })),
        open.to(lake({ table: 'people' })),
      ],
    });
    ({ ports, code, input } = await start(definition));
    await runToGate(ports, code, input);
    await review(ports, code, { ...input, taskToken: 'token' });
    const hold = { rules: ['2-matches'] };
    await decideReview(ports, { run: input.run, decision: 'release', by: 'Ada', hold });
    await release(ports, code, input);
    await publish(ports, code, input);
    await commit(ports, code, input);
    rejects = await rejectsOf(ports, input);
  });

  test('stands in the landing zone and in rejects, from where they can be replayed', async () => {
    const list = rejects.map((path) => `'${path}'`).join(', ');
    const rows = await query(
      `SELECT raw, seen, value, reason, rule FROM read_parquet([${list}], union_by_name = true, hive_partitioning = false)`,
    );
    expect(rows.length).toBeGreaterThanOrEqual(7);
    expect(rows.every(({ raw }) => raw.includes(canary))).toBe(true);
    expect(rows.filter(({ value, reason }) => `${value} ${reason}`.includes(canary))).toEqual([]);
  });

  test('stands in no event, log, state, report or table beside', async () => {
    const found = await leftOpen(ports, input.run);
    expect(Object.keys(found)).toEqual(
      expect.arrayContaining([
        `reports/people/${input.run}.json`,
        `reports/people/${input.run}.html`,
        `reports/people/${input.run}.openlineage.json`,
      ]),
    );
    expect(found['table people']).toContain('"tier":"gold"');
    expectNoCanary(found);
    const { samples } = ports.objects.json(`reports/people/${input.run}.json`);
    expect(samples['2-matches'][0]).toMatchObject({ amount: '5', email: '(restricted)', file: '(restricted)' });
    expect(samples['3-agrees'][0]).toEqual({ own: '(restricted)', other: '(restricted)' });
  });

  test('is withheld where people are shown rejects, and the rest of the row is not', async () => {
    const { rows, counts } = await shownRejects({ files: rejects, filter: {}, limit: 100, workFolder: scratch() });
    expectNoCanary({ rows: JSON.stringify(rows), counts: JSON.stringify(counts) });
    const of = (rule: string) => rows.find((one) => one.rule === rule)!;
    expect(JSON.parse(of('amount is small').raw)).toEqual({
      id: 6,
      email: '(restricted)',
      file: '(restricted)',
      amount: 900,
    });
    expect(JSON.parse(of('amount is small').seen)).toMatchObject({ tier: 'gold', email: '(restricted)' });
    expect(of('function returns')).toMatchObject({ value: null, reason: 'row: was thrown' });
    expect(of('record is JSON')).toMatchObject({ raw: '(restricted)', value: null, reason: 'record: is not JSON' });
    // Where a record is not as its contract says, any value may stand in any place.
    expect(of('amount is BIGINT').reason).toBe('amount: is not a BIGINT');
    expect(JSON.parse(of('amount is BIGINT').raw).amount).toBe('(restricted)');
    const stream = new PassThrough({ encoding: 'utf8' });
    const rules = [{ node: 'a', rule: 'b', severity: 'major' as const, column: null, rows: 1 }];
    showRejects(new Printer(stream as any, false), { run: input.run }, { rules, rows: rows as any });
    const text = String(stream.read());
    expect(text).toContain('"amount":900');
    expectNoCanary({ text });
  });

  test.each(['csv', 'ndjson', 'parquet'] as const)('is withheld from an export as %s', async (format) => {
    const path = join(scratch(), `rejects.${format}`);
    const filter = { rule: 'amount is small' };
    const request = { files: rejects, filter, path, format, neutralise: false, workFolder: scratch() };
    expect(await exportRejects(request)).toBe(1);
    const [found] = await query(`FROM '${path}'`);
    expectNoCanary({ row: JSON.stringify(found) });
    expect(found!.raw).toContain('"amount":900');
    expect(Object.keys(found!)).not.toContain('open_raw');
  });

  test('is as it was where somebody has corrected an export that it was withheld from', async () => {
    const path = join(scratch(), 'corrected.ndjson');
    await exportRejects({
      files: rejects,
      filter: { rule: 'amount is small' },
      path,
      format: 'ndjson',
      neutralise: false,
      workFolder: scratch(),
    });
    const corrected = join(scratch(), 'corrected.ndjson');
    await query(
      `COPY (SELECT * REPLACE (replace(raw, '900', '9') AS raw) FROM '${path}') TO '${corrected}' (FORMAT json)`,
    );
    const { inputs } = await startReplays(ports, code, input, { corrections: corrected });
    const replay = inputs.find(({ trigger }) => trigger.inputs[0]!.rows === 1)!;
    await runToGate(ports, code, replay);
    await review(ports, code, { ...replay, taskToken: 'again' });
    await decideReview(ports, { run: replay.run, decision: 'approve', by: 'Ada' });
    await publish(ports, code, replay);
    await commit(ports, code, replay);
    const rows = await publishedRows(ports, 'people_closed');
    expect(rows.map((one) => JSON.parse(one))).toContainEqual(row(6, { amount: 9, tier: 'gold' }));
  });
});

describe('a run that fails over a restricted value', () => {
  const sheet = from(
    s3({ prefix: 'landing/sheets/', format: 'csv' }),
    z.object({ id: z.string(), email: z.string().meta(restricted) }),
  );
  const failing = async (dataset: Dataset, mails?: string, text?: string | Buffer) => {
    const definition = pipeline('people', {
      outputs: [dataset.to(lake({ table: 'people_closed', clearedFor: 'restricted' }))],
    });
    const { ports, code, input } = await start(definition, lines[0]);
    if (mails !== undefined) ports.objects.drop('reference/known.csv', mails);
    if (text !== undefined) ports.objects.drop('landing/sheets/a.csv', text);
    const failure = await runToEnd(ports, code, input).catch((cause: unknown) => cause);
    const [told] = [...ports.tasks.failed.values()];
    const error = { Error: told?.error ?? (failure as Error).name, Cause: told?.cause };
    await compensate(ports, code, { ...input, error, state: 'Process chunks' });
    return { found: await leftOpen(ports, input.run), told: `${told?.cause} ${(failure as Error).message}` };
  };

  test.each([
    [
      'twins among the rows to enrich with',
      closed,
      `mail,tier\n${canary}-1@example.org,a\n${canary}-1@example.org,b\n`,
    ],
    ['a file without a header', sheet, undefined, `7,${canary}@example.org\n8,${canary}\n`],
    ['a header that is a row with twins', sheet, undefined, `${canary},${canary}\n8,${canary}\n`],
    ['a header that is no text', sheet, undefined, Buffer.from(`${canary},\xff\n`, 'latin1')],
  ])('says what failed, and not on which: %s', async (_, dataset, mails, text?: string | Buffer) => {
    const { found, told } = await failing(dataset, mails, text);
    expect(told).toMatch(/STEP_FAILED|LOOKUP_NOT_UNIQUE|SCHEMA_MISMATCH|INPUT_MALFORMED/);
    expectNoCanary({ ...found, told });
    expect(found.run).toContain('Failed');
  });
});

test.each([
  ['a conversion', people.pipe(aggregate({ by: [], measures: { all: 'sum(email::INTEGER)' } }))],
  ['a conversion in a structure', people.pipe(aggregate({ by: [], measures: { all: 'max(file.ssn::DATE)' } }))],
])(
  'a row on which %s of a restricted value fails is rejected, and the reason does not quote it',
  async (_, dataset) => {
    const output = dataset.to(lake({ table: 'people_closed', clearedFor: 'restricted' }));
    const { ports, code, input } = await start(pipeline('people', { outputs: [output] }), lines[0]);
    await runToEnd(ports, code, input);
    expectNoCanary(await leftOpen(ports, input.run));
    const files = await rejectsOf(ports, input);
    const { rows } = await shownRejects({ files, filter: {}, limit: 10, workFolder: scratch() });
    expect(rows.map(({ rule }) => rule)).toEqual(['all can be computed']);
    expectNoCanary({ shown: JSON.stringify(rows) });
  },
);

test('a first line that names nothing of the contract may be a row, and stands for no names', async () => {
  const record = z.object({ id: z.string(), email: z.string().meta(restricted).nullable() });
  const files = s3({ prefix: 'landing/sheets/', format: 'csv' });
  const sheet = from(files, contract(record, { evolution: { missing: 'quarantine', added: 'evolve' } }));
  const output = sheet.to(lake({ table: 'people_closed', clearedFor: 'restricted' }));
  const { ports, code, input } = await start(pipeline('people', { outputs: [output] }));
  ports.objects.drop('landing/sheets/a.csv', `7,${canary}@example.org\n8,${canary}\n`);
  await runToEnd(ports, code, input);
  expectNoCanary(await leftOpen(ports, input.run));
  const rejects = await rejectsOf(ports, input);
  const { rows, counts } = await shownRejects({ files: rejects, filter: {}, limit: 10, workFolder: scratch() });
  expect(rows).toHaveLength(1);
  expectNoCanary({ shown: JSON.stringify({ rows, counts }) });
});

describe('a step that splits a structure', () => {
  test('leaves its restricted members restricted', async () => {
    const dataset = people.pipe(flatten({ columns: ['file'] }), select('file_ssn'));
    const definition = pipeline('people', { outputs: [dataset.to(lake({ table: 'people' }))] });
    await expect(codeOf(definition)).rejects.toThrow(/file_ssn" is restricted, and the sink is not cleared/);
  });
});
