import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Operator, Step } from '../../lib/component/operator.ts';
import type { OutputNode, StepNode } from '../../lib/component/plan.ts';
import { DefinitionInvalidError, type Problem } from '../../lib/definition/index.ts';
import { type Dataset, type Definition, derive, lake, pipeline } from '../../lib/index.ts';
import { expectBalance } from '../fixtures/engine/balance.ts';
import { query, rowsOf } from '../fixtures/engine/duckdb.ts';
import {
  type Compiled,
  compiled,
  type RunResult,
  rejectFiles,
  run,
  tableFiles,
} from '../fixtures/engine/in-process-run.ts';
import type { SampleColumns } from './sample.ts';
import { samplesWith } from './samples.ts';
import {
  atTheEnds,
  hostile,
  inputs,
  internal,
  mainDataset,
  mainFile,
  reserved,
  type SampleRow,
  sideDataset,
  sideFile,
  virtual,
} from './table.ts';

const operators = samplesWith('step');
type Sampled = (typeof operators)[number];

interface BranchOptions {
  /** Of the steps' own arguments; default: as the table has them. */
  readonly named?: SampleColumns;
  readonly schema?: z.ZodObject;
  readonly before?: readonly Step[];
  readonly behind?: readonly Step[];
  readonly only?: readonly Sampled[];
}

/** Every operator on the same rows, each as a branch with a table of its own: one compilation and one run for all. */
function branches(columns: SampleColumns, options: BranchOptions = {}): Definition {
  const { named = columns, schema, before = [], behind = [], only = operators } = options;
  const main = mainDataset(columns, schema).pipe(...before);
  const outputs = only.flatMap(({ name, sample }) => {
    const input: Dataset = main.pipe(...(sample.prepare?.(columns) ?? []));
    const steps = [sample.step(named, sideDataset())].flat();
    return steps.map((step, index) => input.pipe(step, ...behind).to(lake({ table: tableOf(name, index) })));
  });
  return pipeline('branches', { outputs });
}

const tableOf = (name: string, index = 0) => `of_${name.replaceAll('-', '_')}_${index}`;
const isOf = (table: string, name: string) => table.replace(/_\d+$/, '') === tableOf(name).replace(/_\d+$/, '');

/** The steps of an operator, one for each of its branches. */
function stepsOf({ plan }: Pick<Compiled, 'plan'>, name: string): StepNode[] {
  const nodeOf = (id: string) => plan.nodes.find((node) => node.id === id) as StepNode;
  const outputs = plan.nodes.filter((node) => node.kind === 'output' && isOf(node.table, name)) as OutputNode[];
  return outputs.map((output) => {
    let node = nodeOf(output.input);
    while (node.component !== name) node = nodeOf(node.input);
    return node;
  });
}

const stepOf = (made: Pick<Compiled, 'plan'>, name: string) => stepsOf(made, name)[0]!;

/** Runs all branches; `cut`: in chunks, each file in one of two, else in one. */
async function runAll(
  code: Compiled,
  given: readonly SampleRow[],
  { columns, cut }: { columns: SampleColumns; cut: boolean },
) {
  const parts = cut ? [given.slice(0, 2), given.slice(2, 5), given.slice(5)] : [given];
  const main = parts.map((part) => ({ path: mainFile(part, columns), key: 'landing/main/one' }));
  const side = [{ path: sideFile(), key: 'reference/side.ndjson' }];
  const sources = code.plan.nodes.filter((node) => node.kind === 'source');
  const files = Object.fromEntries(sources.map(({ id }) => [id, id === 'main' ? main : side]));
  const mains = sources.filter(({ use }) => use !== 'reference').flatMap(({ id }) => files[id]!);
  const chunks = [1, 0].map((odd) => mains.flatMap((_, position) => (position % 2 === odd ? [position] : [])));
  return run(code, files, { threads: 1, ...(cut && { chunks, partitions: 2 }) });
}

let code: Compiled;
let sevenRows: RunResult;
beforeAll(async () => {
  code = await compiled(branches(hostile));
  sevenRows = await runAll(code, inputs['seven rows']!.rows, { columns: hostile, cut: false });
});

describe.each(Object.entries(inputs))('%s', (_, { rows, good }) => {
  let solo: RunResult;
  let rejected: Record<string, number>;
  beforeAll(async () => {
    solo = good === 7 ? sevenRows : await runAll(code, rows, { columns: hostile, cut: false });
    rejected = await rejectsByNode(solo);
  });

  test('every step balances, and hands on what the next one takes', () => expectBalance(solo));

  test.each(operators)('$name accounts for each of its rows', async ({ name }) => {
    const node = stepOf(code, name);
    const count = solo.steps.find((step) => step.node === node.id)!;
    if (node.side === undefined && node.others === undefined) expect(count.rowsIn).toBe(good);
    expect(rejected[node.id] ?? 0).toBe(count.rejected);
    const written = (await rowsOf(tableFiles(solo, tableOf(name)))).map((line) => JSON.parse(line));
    expect(written).toHaveLength(count.rowsOut);
    for (const row of written) expect(Object.keys(row)).toEqual(node.columns.map((column) => column.name));
  });
});

describe('cut into chunks', () => {
  let many: RunResult;
  beforeAll(async () => {
    many = await runAll(code, inputs['seven rows']!.rows, { columns: hostile, cut: true });
  });

  test.each(operators)('$name gives the same rows and counts', async ({ name }) => {
    const tables = code.plan.nodes.flatMap((node) =>
      node.kind === 'output' && isOf(node.table, name) ? [node.table] : [],
    );
    const both = [sevenRows, many].map(async (result) => ({
      tables: await Promise.all(tables.map((table) => rowsOf(tableFiles(result, table)))),
      count: result.steps.filter((step) => step.node === stepOf(code, name).id),
    }));
    const [whole, parts] = await Promise.all(both);
    expect(parts).toEqual(whole);
  });
});

const names = [
  ['names of SQL and JavaScript', reserved],
  ['names that the engine has for things of its own', internal],
  ['names that DuckDB has for things of its own', virtual],
] as const;

describe.each(names)('%s', (_, columns) => {
  test('every operator gives as many rows as under any other names', async () => {
    const { rows } = inputs['seven rows']!;
    const other = await compiled(branches(columns));
    const given = await runAll(other, rows, { columns, cut: false });
    const counts = ({ steps }: RunResult, made: Compiled) =>
      operators.map(({ name }) => {
        const { node, rules, ...count } = steps.find((step) => step.node === stepOf(made, name).id)!;
        return { name, ...count };
      });
    expect(counts(given, other)).toEqual(counts(sevenRows, code));
  });
});

describe('a table of other types', () => {
  const schema = z.object({
    [hostile.text]: z.int().nullable(),
    [hostile.number]: z.iso.date().nullable(),
    [hostile.day]: z.string().nullable(),
  });
  const rows: SampleRow[] = [
    { text: 1, number: '2001-01-31', day: 'a' },
    { text: null, number: null, day: null },
  ] as never;

  test('every operator either says what is wrong with them, or accounts for the rows', async () => {
    const refused = await problemsByOperator(branches(hostile, { schema }));
    for (const [name, problems] of Object.entries(refused))
      for (const problem of problems) expectHelpful(problem, name);
    const only = operators.filter(({ name }) => !Object.hasOwn(refused, name));
    expect(only.length).toBeGreaterThan(0);
    const made = await compiled(branches(hostile, { schema, only }));
    expectBalance(await runAll(made, rows, { columns: hostile, cut: false }));
  });
});

describe('values at the ends of their types', () => {
  test('end no run: every operator accounts for each row', async () => {
    const made = await compiled(branches(hostile, { before: [atTheEnds(hostile)] }));
    const { rows } = inputs['seven rows']!;
    const [solo, many] = [
      await runAll(made, rows, { columns: hostile, cut: false }),
      await runAll(made, rows, { columns: hostile, cut: true }),
    ];
    for (const result of [solo, many]) expectBalance(result);
    expect(many.steps).toEqual(solo.steps);
  });
});

describe('columns that are not there', () => {
  const missing = { text: 'txet', number: 'nubmer', day: 'yad' };
  let problems: Readonly<Record<string, readonly Problem[]>>;
  beforeAll(async () => {
    problems = await problemsByOperator(branches(hostile, { named: missing }));
  });

  test.each(operators)('$name names the first of them', ({ name, sample }) => {
    const steps = [sample.step(missing, sideDataset())].flat();
    // What a function returns are columns of its own.
    const asked = steps.some(
      ({ operator, options }) =>
        operator.returnsOption === undefined && /txet|nubmer|yad/.test(JSON.stringify(options)),
    );
    const own = problems[name] ?? [];
    for (const problem of own) expectHelpful(problem, name);
    expect(own.some(({ problem }) => /there is no column "(txet|nubmer|yad)" here/.test(problem))).toBe(asked);
  });
});

describe('columns that an operator passes on', () => {
  /** Values that a DOUBLE, a JavaScript number or a text in between would spoil. */
  const exact = {
    huge: `${2n ** 100n}::HUGEINT`,
    long: '9007199254740993',
    decimal: "'123456789012345678.12345678901234567891'::DECIMAL(38,20)",
    instant: "TIMESTAMPTZ '2001-02-03 04:05:06.123456+07:00'",
    fraction: '0.1::DOUBLE + 0.2',
  };
  const nested = { nested: "{'a': 9007199254740993, 'b': ['x', NULL], 'c': '0.10000000000000000001'::DECIMAL(38,20)}" };
  const texts = (values: object) =>
    derive(Object.fromEntries(Object.keys(values).map((name) => [name, `"${name}"::VARCHAR`])));

  async function passed(values: Record<string, string>, only: readonly Sampled[]) {
    const options = { before: [derive(values)], behind: [texts(values)] };
    const refused = await problemsByOperator(branches(hostile, { ...options, only }));
    const passing = only.filter(({ name }) => !Object.hasOwn(refused, name));
    const made = await compiled(branches(hostile, { ...options, only: passing }));
    const result = await runAll(made, inputs['seven rows']!.rows, { columns: hostile, cut: false });
    const [expected] = await query(
      `SELECT ${Object.entries(values).map(([name, sql]) => `(${sql})::VARCHAR AS "${name}"`)}`,
    );
    for (const { name } of passing) {
      const rows = (await rowsOf(tableFiles(result, tableOf(name)))).map((line) => JSON.parse(line));
      // Rows of a second dataset have none of these columns.
      const own = rows.filter((row) => Object.keys(values).some((column) => row[column] !== null));
      expect(own.length, name).toBeGreaterThan(0);
      for (const row of own) expect(row, name).toMatchObject(expected!);
    }
    return passing.map(({ name }) => name);
  }

  test('keep every digit, time and structure, where rows meet, too', async () => {
    expect(await passed({ ...exact, ...nested }, operators)).toEqual(
      expect.arrayContaining(['filter', 'derive', 'rename', 'cast', 'validate', 'enrich', 'deduplicate']),
    );
  });
});

test.each(operators)('$name leaves its options alone and says what it does as data', ({ name, sample }) => {
  const [made] = [sample.step(hostile, sideDataset())].flat() as [Step];
  const node = stepOf(code, name);
  const columnsOf = (id: string | undefined) => code.plan.nodes.find((one) => one.id === id)?.columns;
  const inputs = [node.input, ...(node.others ?? [])].map((id) => ({ node: id, columns: columnsOf(id)! }));
  const surroundings = { input: inputs[0]!.columns, side: columnsOf(node.side ?? node.others?.[0]), inputs };
  const operator: Operator = made.operator;
  const options = operator.schema.parse(made.options);
  const written = JSON.stringify(options);
  const shape = operator.shape(options, surroundings);
  expect(shape.form).toMatch(/^[a-z]+$/);
  expect(JSON.parse(JSON.stringify(shape))).toEqual(shape);
  expect(JSON.stringify(options)).toBe(written);
  expect(operator.shape(options, surroundings)).toEqual(shape);
});

/** What compiling says of each branch, by operator. */
async function problemsByOperator(definition: Definition): Promise<Record<string, readonly Problem[]>> {
  const problems = await compiled(definition).then(
    () => [],
    (error: unknown) => {
      if (error instanceof DefinitionInvalidError) return error.problems;
      throw error;
    },
  );
  const found: Record<string, Problem[]> = {};
  for (const { name } of operators) {
    const ends = definition.nodes.filter((node) => node.kind === 'output' && isOf(String(node.options.table), name));
    const nodes = new Set(ends.flatMap(({ id }) => upstream(definition, id)));
    const own = problems.filter(({ part }) => nodes.has(part.split(' / ')[0]!));
    if (own.length > 0) found[name] = own;
  }
  const placed = new Set(Object.values(found).flat());
  expect(
    problems.filter((problem) => !placed.has(problem)),
    'every problem stands at a step',
  ).toEqual([]);
  return found;
}

/** A node and those that it is made of, the shared source left out. */
function upstream({ nodes }: Definition, id: string): string[] {
  const node = nodes.find((one) => one.id === id)!;
  return node.kind === 'source' ? [] : [id, ...upstream({ nodes } as Definition, node.input)];
}

function expectHelpful({ at, problem, change }: Problem, name: string): void {
  expect(problem, name).toMatch(/\S/);
  expect(change, name).toMatch(/\S/);
  expect(at, name).toMatch(/:\d+:\d+$/);
}

async function rejectsByNode(result: RunResult): Promise<Record<string, number>> {
  const paths = rejectFiles(result);
  if (paths.length === 0) return {};
  const rows = await query(
    `SELECT node, count(*) AS n FROM read_parquet([${paths.map((path) => `'${path}'`).join(', ')}]) GROUP BY node`,
  );
  return Object.fromEntries(rows.map(({ node, n }) => [node, Number(n)]));
}
