import { expect, test } from 'vitest';
import * as z from 'zod';
import { complete, derive, from, holds, lake, oneOf, pipeline, s3, unique, within } from '../../lib/index.ts';
import { compiled, run } from '../fixtures/engine/in-process-run.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';

const record = z.object({ id: z.int(), part: z.string().nullable() });
const types = {
  huge: 'id::HUGEINT * 100000000000000000000',
  money: '(id / 4)::DECIMAL(20,2)',
  uuid: "('00000000-0000-0000-0000-00000000000' || (id % 3))::UUID",
  clock: 'make_time(id::BIGINT % 24, 0, 0)',
  moment: "TIMESTAMP '2026-01-01' + to_hours(id::INTEGER)",
  zoned: "(TIMESTAMP '2026-01-01' + to_hours(id::INTEGER)) AT TIME ZONE 'UTC'",
  kind: "CASE WHEN id % 2 = 0 THEN 'even' END",
  flag: 'id > 2',
  small: 'id::UTINYINT',
  float: "CASE WHEN id = 3 THEN 'nan'::DOUBLE ELSE id / 3 END",
  bytes: "encode(coalesce(part, 'none'))",
};

/** Rules on columns of every type that a file may hold otherwise, and how many of the rows 1 to 6 pass. */
const rules = [
  [complete('kind'), 3],
  [within('huge', 0, 400000000000000000000), 4],
  [holds('huge = id::HUGEINT * 100000000000000000000'), 6],
  [within('money', 0.5, 1), 3],
  [unique(['uuid']), 3],
  [holds("uuid = '00000000-0000-0000-0000-000000000001'::UUID"), 2],
  [holds("clock >= TIME '03:00:00'"), 4],
  [holds('hour(moment) > 1'), 5],
  [holds("zoned >= TIMESTAMPTZ '2026-01-01 05:00:00+00'"), 2],
  [oneOf('kind', ['even']), 6],
  [holds('flag'), 4],
  [within('small', 2, 3), 2],
  [holds('isfinite(float)'), 5],
  [holds('octet_length(bytes) = 4'), 3],
  [unique(['part', 'kind']), 5],
] as const;

test.each([
  ['one chunk', undefined],
  ['two', [[0], [1]]],
])('rules count the same over written files as over the rows, in %s', async (_, chunks) => {
  const parts = ['a/b', null, 'x=y %', "it's", 'ü', null];
  const rows = parts.map((part, index) => JSON.stringify({ id: index + 1, part }));
  const source = from(s3({ prefix: 'landing/rows/', format: 'ndjson' }), record);
  const code = await compiled(
    pipeline('rows', {
      quality: rules.map(([rule]) => rule),
      gate: { pass: 0 },
      outputs: [source.pipe(derive(types)).to(lake({ table: 'rows', partitionBy: ['part'] }))],
    }),
  );
  const files = [rows.slice(0, 3), rows.slice(3)].map((lines) => ({ path: scratchFile('input-0', lines.join('\n')) }));
  const { quality } = await run(code, { rows: files }, { chunks: chunks as any });
  const counted = (id: string) =>
    quality.filter(({ rule }) => rule === id).reduce((sum, { passed }) => sum + passed, 0);
  expect(code.plan.quality.map(({ id }) => [id, counted(id)])).toEqual(
    code.plan.quality.map(({ id }, index) => [id, rules[index]![1]]),
  );
});
