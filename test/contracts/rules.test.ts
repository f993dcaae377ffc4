import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Step } from '../../lib/component/operator.ts';
import { lake, pipeline } from '../../lib/index.ts';
import { type Compiled, compiled, type RunResult, run } from '../fixtures/engine/in-process-run.ts';
import { problemsOf } from '../fixtures/engine/problems.ts';
import type { SampleColumns } from './sample.ts';
import { components, samplesWith } from './samples.ts';
import { atTheEnds, hostile, inputs, mainDataset, mainFile, reserved, sideDataset, sideFile } from './table.ts';

const rules = samplesWith('rule');

interface Ruled {
  /** Of the rules' own arguments; default: as the table has them. */
  readonly named?: SampleColumns;
  readonly schema?: z.ZodObject;
  readonly before?: readonly Step[];
  readonly only?: readonly (typeof rules)[number][];
}

/** Rules over one table. */
function ruled(columns: SampleColumns, { named = columns, schema, before = [], only = rules }: Ruled = {}) {
  const side = sideDataset();
  return pipeline('counted', {
    quality: only.map(({ sample }) => sample.rule(named, side)),
    outputs: [
      mainDataset(columns, schema)
        .pipe(...before)
        .to(lake({ table: 'out' })),
    ],
  });
}

/** All rules over one table: one compilation, one run. */
async function measured(given: keyof typeof inputs, columns: SampleColumns, more: Ruled = {}): Promise<Measured> {
  const code = await compiled(ruled(columns, more));
  const { rows } = inputs[given]!;
  const files = (...parts: (typeof rows)[]) => ({
    main: parts.map((part) => ({ path: mainFile(part, columns) })),
    side: [{ path: sideFile() }],
  });
  const solo = await run(code, files(rows), { threads: 1 });
  const many = await run(code, files(rows.slice(0, 3), rows.slice(3)), { chunks: [[1], [0]], threads: 1 });
  return { code, solo, many };
}

interface Measured {
  readonly code: Compiled;
  readonly solo: RunResult;
  readonly many: RunResult;
}

const ends = { before: [atTheEnds(hostile, ['9999-12-31', '9999-12-30', '0001-01-01'])] };

describe.each([
  ['seven rows', 'seven rows', hostile, {}],
  ['no row', 'no row', reserved, {}],
  ['one row', 'one row', hostile, {}],
  ['nothing but NULL', 'nothing but NULL', reserved, {}],
  ['nothing but rows that their contract rejects', 'nothing but rows that their contract rejects', hostile, {}],
  ['values at the ends of their types', 'seven rows', hostile, ends],
] as const)('%s', (_, given, columns, more) => {
  let made: Measured;
  beforeAll(async () => {
    made = await measured(given, columns, more);
  });

  test.each(rules)('$name counts each row, in one chunk and in two', ({ name }) => {
    const { code, solo, many } = made;
    const planned = code.plan.quality.find(({ component }) => component === name)!;
    const of = (result: RunResult) => result.quality.find(({ rule }) => rule === planned.id)!;
    const { total, passed } = of(solo);
    const { form } = components[name].measure(
      planned.options,
      code.plan.nodes.find(({ id }) => id === planned.output)!.columns,
    );
    const { good } = inputs[given]!;
    // Groups are not rows, and where no file was written it is Assess that says what that means.
    if (form !== 'groups') expect(total).toBe(good);
    if (form !== 'groups' || good > 0) expect(of(many)).toMatchObject({ total, passed });
    expect(passed).toBeGreaterThanOrEqual(0);
    expect(passed).toBeLessThanOrEqual(total);
  });
});

describe('columns that are not there', () => {
  const missing = { text: 'txet', number: 'nubmer', day: 'yad' };

  test.each(rules)('$name names the first of them', async ({ name, sample }) => {
    const asked = /txet|nubmer|yad/.test(JSON.stringify(sample.rule(missing, sideDataset()).options));
    const problems = await problemsOf(() => ruled(hostile, { named: missing, only: [{ name, sample }] }));
    expect(problems.some(({ problem }) => /"(txet|nubmer|yad)"/.test(problem))).toBe(asked);
    for (const one of problems) expectHelpful(one);
  });
});

describe('a table of other types', () => {
  const schema = z.object({
    [hostile.text]: z.int().nullable(),
    [hostile.number]: z.iso.date().nullable(),
    [hostile.day]: z.string().nullable(),
  });

  test('every rule either says what is wrong with them, or counts the rows', async () => {
    const fitting: (typeof rules)[number][] = [];
    for (const rule of rules) {
      const problems = await problemsOf(() => ruled(hostile, { schema, only: [rule] }));
      for (const one of problems) expectHelpful(one);
      if (problems.length === 0) fitting.push(rule);
    }
    expect(fitting.length).toBeGreaterThan(0);
    const code = await compiled(ruled(hostile, { schema, only: fitting }));
    const rows = [
      { text: 1, number: '2001-01-31', day: 'a' },
      { text: null, number: null, day: null },
    ] as never;
    const { quality } = await run(code, { main: [{ path: mainFile(rows, hostile) }], side: [{ path: sideFile() }] });
    expect(quality).toHaveLength(fitting.length);
  });
});

function expectHelpful({ at, problem, change }: Awaited<ReturnType<typeof problemsOf>>[number]): void {
  expect(problem).toMatch(/\S/);
  expect(change).toMatch(/\S/);
  expect(at).toMatch(/:\d+:\d+$/);
}
