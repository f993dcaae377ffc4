import fc from 'fast-check';
import { test } from 'vitest';
import * as z from 'zod';
import {
  aggregate,
  cast,
  type Dataset,
  deduplicate,
  derive,
  enrich,
  explode,
  filter,
  from,
  join,
  lake,
  map,
  pipeline,
  rank,
  s3,
  sample,
  sanitize,
  select,
  union,
  validate,
  window,
} from '../../lib/index.ts';
import { runs } from '../fixtures/depth.ts';
import { anyCut, expectSame } from '../fixtures/engine/any-cut.ts';
import { compiled } from '../fixtures/engine/in-process-run.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';

const record = z.object({ k: z.string().nullable(), n: z.int().nullable(), x: z.number().nullable() });
const side = () => from(s3({ key: 'reference/side.ndjson' }), z.object({ k: z.string(), city: z.string() }));
const plain = select('k', 'n', 'x');

/** Each takes rows of the record and gives such rows, so that any may follow any. */
const parts: Readonly<Record<string, (rows: Dataset) => Dataset>> = {
  sanitize: (rows) => rows.pipe(sanitize()),
  filter: (rows) => rows.pipe(filter('n > 0')),
  derive: (rows) => rows.pipe(derive({ x: 'x / n', n: '(n + 1)::BIGINT' })),
  derive_failing: (rows) => rows.pipe(derive({ n: 'k::BIGINT' })),
  cast: (rows) => rows.pipe(cast({ x: 'BIGINT' }), cast({ x: 'DOUBLE' })),
  validate: (rows) => rows.pipe(validate({ 'n is small': { column: 'n', holds: 'n < 3' } })),
  deduplicate: (rows) => rows.pipe(deduplicate({ key: ['k', 'n'] })),
  latest: (rows) => rows.pipe(deduplicate({ key: ['k'], keep: 'latest', by: 'x' })),
  enrich: (rows) => rows.pipe(enrich({ with: side(), on: 'k = k', take: ['city'], unmatched: 'reject' }), plain),
  enrich_dropping: (rows) => rows.pipe(enrich({ with: side(), on: 'k = k', take: ['city'], unmatched: 'drop' }), plain),
  join: (rows) => rows.pipe(join({ with: side(), on: 'k = k', how: 'left', take: ['city'] }), plain),
  anti: (rows) => rows.pipe(join({ with: side(), on: 'k = k', how: 'anti' })),
  explode: (rows) => rows.pipe(derive({ n: '[n, 7]' }), explode('n')),
  aggregate: (rows) => rows.pipe(aggregate({ by: ['k'], measures: { n: 'max(n)', x: 'sum(x)' } })),
  rank: (rows) => rows.pipe(rank({ by: ['k'], order: ['n'], top: 2 }), plain),
  window: (rows) => rows.pipe(window({ by: ['k'], order: ['n'], columns: { before: 'lag(x)' } }), plain),
  sample: (rows) => rows.pipe(sample({ count: 2, by: ['k'] })),
  union: (rows) => rows.pipe(union({ with: rows.pipe(filter('n = 2')) })),
  map: (rows) =>
    rows.pipe(
      map(record, ({ k, n, x }) => {
        if (n === 3) throw new RangeError('three');
        return { k: k ?? 'none', n, x };
      }),
    ),
};

const cities = ['{"k":"a","city":"Ulm"}', '{"k":"b","city":"Bonn"}'];
const row = fc.record({
  k: fc.constantFrom('a', 'a', 'a', ' b ', 'c', '4', '', null),
  n: fc.option(fc.integer({ min: -1, max: 4 })),
  x: fc.option(fc.constantFrom(0, 0.1, 0.2, 1, 2, 1e16, -3)),
});
const broken = fc.constantFrom('{"k":1', '{"k":"a","n":1.5,"x":0}', '[]');
const line = fc.oneof(
  { weight: 12, arbitrary: row.map((one) => JSON.stringify(one)) },
  { weight: 1, arbitrary: broken },
);
const files = fc.array(fc.array(line, { maxLength: 8 }), { minLength: 1, maxLength: 4 });
const steps = fc.array(fc.constantFrom(...Object.keys(parts)), { minLength: 1, maxLength: 4 });

test('the ledger of any steps balances, and any cut gives the rows, rejects and counts of one chunk', async () => {
  await fc.assert(
    fc.asyncProperty(steps, steps, files, anyCut, async (first, second, texts, cut) => {
      const source = from(s3({ prefix: 'landing/any/', format: 'ndjson' }), record);
      const after = (rows: Dataset, names: readonly string[]) => names.reduce((made, name) => parts[name]!(made), rows);
      const one = after(source, first);
      const outputs = [one.to(lake({ table: 'one' })), after(one, second).to(lake({ table: 'two' }))];
      const code = await compiled(pipeline('random', { outputs }));
      const sides = code.plan.nodes.filter((node) => node.kind === 'source' && node.id !== 'any');
      const written = (lines: readonly string[], key: string) => {
        return { path: scratchFile('input-0', lines.map((text) => `${text}\n`).join('')), key };
      };
      const inputs = {
        any: texts.map((lines, index) => written(lines, `landing/any/${index}.ndjson`)),
        ...Object.fromEntries(sides.map(({ id }) => [id, [written(cities, 'reference/side.ndjson')]])),
      };
      // What is joined flows in chunks like the main rows; what is looked up is there in each.
      const flowing = sides.filter((node) => node.kind === 'source' && node.use !== 'reference');
      await expectSame(code, { inputs, files: texts.length + flowing.length }, cut);
    }),
    { numRuns: runs({ some: 3, all: 100 }), seed: 20_261_122 },
  );
}, 240_000);
