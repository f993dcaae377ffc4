import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../../lib/compiler/index.ts';
import type { Step } from '../../../lib/component/operator.ts';
import type { Column, StepNode } from '../../../lib/component/plan.ts';
import { Typing } from '../../../lib/engine/typing.ts';
import {
  aggregate,
  cast,
  derive,
  enrich,
  filter,
  from,
  lake,
  mask,
  parse,
  pipeline,
  route,
  s3,
  sanitize,
  split,
  validate,
  window,
} from '../../../lib/index.ts';

let typing: Typing;
beforeAll(async () => {
  typing = await Typing.open();
});
afterAll(() => typing.close());

const columns: Column[] = [
  { name: 'a', type: 'BIGINT', nullable: false },
  { name: 'n', type: 'BIGINT', nullable: true },
  { name: 't', type: 'VARCHAR', nullable: false },
  { name: 'd', type: 'DOUBLE', nullable: false },
  { name: 'j', type: 'JSON', nullable: false },
  { name: 'moment', type: 'TIMESTAMP', nullable: false },
  { name: 's', type: 'STRUCT(m BIGINT)', nullable: false },
];

describe('an expression', () => {
  test.each([
    'a',
    'A + 1',
    '-a * 2 - 3',
    "upper(t) || 'x'",
    'a > 1 AND NOT (t = d::VARCHAR)',
    'coalesce(n, 0)',
    'n IS NULL',
    'n IS NOT DISTINCT FROM 1',
    'CASE WHEN n > 1 THEN a ELSE 0 END',
    'a BETWEEN 1 AND 2 OR a IN (4, 5)',
    "t LIKE 'x%'",
    't::BIGINT',
    'moment::DATE',
    "'constant'",
  ])('%s has a value where its columns have one', async (sql) => expect(await mayBeNull(sql)).toBe(false));

  test.each([
    'n',
    'n + a',
    'a / 2',
    'a % 2',
    'TRY_CAST(t AS BIGINT)',
    'nullif(a, 0)',
    'CASE WHEN a > 1 THEN a END',
    'CASE WHEN a > 1 THEN a ELSE n END',
    'a IN (1, NULL)',
    'coalesce(n, n + 1)',
    'j::BIGINT',
    't::JSON::BIGINT = 1',
    'j > 1',
    's.m',
    'moment::TIME',
    'NULL',
    "regexp_extract(t, 'x')",
  ])('%s may be NULL', async (sql) => expect(await mayBeNull(sql)).toBe(true));

  async function mayBeNull(sql: string): Promise<boolean> {
    const shape = { form: 'project' as const, columns: [{ name: 'x', expression: { sql } }] };
    const { columns: made, errors } = await typing.step(shape, [columns]);
    expect(errors).toBeUndefined();
    return made[0]!.nullable;
  }
});

describe('columns are never NULL', () => {
  const schema = z.object({ id: z.string(), text: z.string(), maybe: z.string().nullable(), n: z.int().nullable() });
  const rows = from(s3({ prefix: 'landing/rows/', format: 'ndjson' }), schema);
  const side = from(s3({ key: 'reference/side.ndjson' }), z.object({ key: z.string().nullable(), name: z.string() }));

  test.each<[string, Step, string]>([
    ['whose values convert or reject their row', cast({ id: 'BIGINT', maybe: 'BIGINT' }), 'id text'],
    [
      'that are read by format or as numbers',
      parse({
        id: { as: 'number', type: 'INTEGER' },
        text: { as: 'date', format: '%Y' },
        maybe: { as: 'number', type: 'INTEGER' },
      }),
      'id text',
    ],
    ['but for JSON, which has a null of its own', parse({ id: { as: 'json', to: 'BIGINT' } }), 'text'],
    ['whose texts no token turns into NULL', sanitize({ nullTokens: [] }), 'id text'],
    ['but for those that one may', sanitize({ columns: ['id'] }), 'text'],
    [
      'that are masked, unless nothing is left',
      mask({ id: { method: 'partial' }, text: { method: 'redact' } }),
      'id text',
    ],
    ['that are lists of parts', split('id', { by: ',' }), 'id text'],
    ['that a filter asks for', filter('maybe IS NOT NULL AND n > 1'), 'id text maybe n'],
    ['but not by either of two conditions', filter('maybe IS NOT NULL OR n > 1'), 'id text'],
    ['that a route asks for', route({ some: 'NOT (maybe IS NULL)' }, 'some'), 'id text maybe'],
    ['but not of the rows that a route leaves', route({ some: 'maybe IS NULL' }, 'otherwise'), 'id text'],
    ['that a rule asks for', validate({ 'it is there': { column: 'n', holds: 'n IS NOT NULL' } }), 'id text n'],
    [
      'but not for a comparison, which says nothing of NULL',
      validate({ big: { column: 'n', holds: 'n > 1' } }),
      'id text',
    ],
    [
      'that have been looked up',
      enrich({ with: side, on: 'maybe = key', take: ['key', 'name'], unmatched: 'drop' }),
      'id text maybe key name',
    ],
    ['but not without a match', enrich({ with: side, on: 'maybe = key', take: ['name'] }), 'id text'],
    [
      'that sum up values of each group',
      aggregate({
        by: ['id'],
        measures: { all: 'count(n)', first: 'min(text)', sum: 'sum(n)', some: 'min(text) FILTER (n > 1)' },
      }),
      'id all first',
    ],
    [
      'but not of one group of no rows',
      aggregate({ by: [], measures: { first: 'min(text)', all: 'count(*)' } }),
      'all',
    ],
    [
      'that look at the row itself',
      window({ by: [], order: ['id'], columns: { least: 'min(text)', before: 'lag(text)' } }),
      'id text least',
    ],
    ['that are computed of such', derive({ long: 'length(text)', sum: 'n + 1' }), 'id text long'],
  ])('%s', async (_, step, present) => {
    const plan = await compile(pipeline('rows', { outputs: outputsOf(step) }));
    const { columns: made } = plan.nodes.find((node): node is StepNode => node.kind === 'step')!;
    expect(made.flatMap(({ name, nullable }) => (nullable ? [] : [name])).join(' ')).toBe(present);
  });

  /** All routes have to be used. */
  function outputsOf(step: Step) {
    const to = step.options.to === 'some' ? 'otherwise' : 'some';
    const rest = step.operator.component === 'route' ? [rows.pipe({ ...step, options: { ...step.options, to } })] : [];
    return [rows.pipe(step), ...rest].map((one, index) => one.to(lake({ table: `out${index}` })));
  }
});
