import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import * as z from 'zod';
import { compile } from '../../../lib/compiler/index.ts';
import { formatPipeline } from '../../../lib/definition/yaml/format-pipeline.ts';
import { readPipeline } from '../../../lib/definition/yaml/read-pipeline.ts';
import * as authoring from '../../../lib/index.ts';
import { components } from '../../../lib/registry/components.ts';
import { runs } from '../../fixtures/depth.ts';

/** One thing in both forms. */
interface Both<T> {
  readonly yaml: unknown;
  readonly typescript: T;
}

const nullable = (type: string, schema: z.ZodType, isNullable: boolean): Both<z.ZodType> =>
  isNullable ? { yaml: `${type}?`, typescript: schema.nullable() } : { yaml: type, typescript: schema };

const columnType = fc.oneof(
  fc.boolean().map((isNullable) => nullable('string', z.string(), isNullable)),
  fc.boolean().map((isNullable) => nullable('date', z.iso.date(), isNullable)),
  fc.boolean().map((isNullable) => nullable('boolean', z.boolean(), isNullable)),
  fc.integer({ min: -9, max: 9 }).map((minimum) => ({
    yaml: { type: 'integer', minimum },
    typescript: z.int().min(minimum),
  })),
  fc.integer({ min: 1, max: 9 }).map((maxLength) => ({
    yaml: { type: 'string?', maxLength },
    typescript: z.string().max(maxLength).nullable(),
  })),
  fc.constant({ yaml: { type: 'string', enum: ['a', 'b'] }, typescript: z.enum(['a', 'b']) }),
);

const name = fc.constantFrom('a', 'order', 'unit price', 'größe', 'say "hi"', "it's", 'x.y');
const { deduplicate, derive, filter, rename, sanitize, select, validate } = authoring;
const quoted = (column: string) => `"${column.replaceAll('"', '""')}"`;

type Step = ReturnType<typeof filter>;

/** Steps that fit whatever the columns are; `id` and `n` are always there. */
const step: fc.Arbitrary<Both<Step>> = fc.oneof(
  fc.integer().map((least) => ({ yaml: { filter: `id > ${least}` }, typescript: filter(`id > ${least}`) })),
  fc.record({ rule: fc.string({ minLength: 1 }) }).map(({ rule }) => ({
    yaml: { filter: { condition: 'n IS NOT NULL', rule } },
    typescript: filter('n IS NOT NULL', { rule }),
  })),
  fc.constant({ yaml: 'sanitize', typescript: sanitize() }),
  fc.array(fc.string(), { maxLength: 2 }).map((nullTokens) => ({
    yaml: { sanitize: { nullTokens } },
    typescript: sanitize({ nullTokens }),
  })),
  fc.integer().map((value) => ({
    yaml: { derive: { columns: { n: `n + ${value}` } } },
    typescript: derive({ n: `n + ${value}` }),
  })),
  fc.constant({ yaml: { deduplicate: ['id'] }, typescript: deduplicate({ key: ['id'] }) }),
  fc.constant({
    yaml: { deduplicate: { key: ['n', 'id'], keep: 'latest', by: 'n' } },
    typescript: deduplicate({ key: ['n', 'id'], keep: 'latest', by: 'n' }),
  }),
  fc.string({ minLength: 1 }).map((rule) => ({
    yaml: { validate: { rules: { [rule]: { column: 'id', holds: 'id <> 3' } } } },
    typescript: validate({ [rule]: { column: 'id', holds: 'id <> 3' } }),
  })),
);

const pipelines = fc.record({
  columns: fc.dictionary(name, columnType, { maxKeys: 4, noNullPrototype: true }),
  steps: fc.array(step, { maxLength: 4 }),
  ending: fc.constantFrom('rename', 'select', 'none'),
  format: fc.constantFrom('csv', 'ndjson', 'parquet'),
  unknownColumns: fc.option(fc.constantFrom('ignore', 'reject'), { nil: undefined }),
  pass: fc.double({ min: 0, max: 1, noNaN: true }),
  concurrency: fc.integer({ min: 2, max: 1000 }),
  trigger: fc.constantFrom('every', 'fileArrives', 'window', 'cron', 'after', 'event'),
});

const triggers = {
  every: {
    yaml: { every: '2 hours', catchUp: 'all' },
    typescript: authoring.every('2 hours', { catchUp: 'all' }),
  },
  cron: {
    yaml: { cron: '0 6 * * ? *', zone: 'Europe/Berlin' },
    typescript: authoring.cron('0 6 * * ? *', { zone: 'Europe/Berlin' }),
  },
  event: {
    yaml: { event: { source: 'com.shop', detail: { shop: [{ prefix: 'e' }] } } },
    typescript: authoring.event({ source: 'com.shop', detail: { shop: [{ prefix: 'e' }] } }),
  },
  after: { yaml: { after: 'weather' }, typescript: authoring.after('weather') },
  window: {
    yaml: { fileArrives: 'landing/x/', window: '5 minutes', atMost: 10 },
    typescript: authoring.fileArrives('landing/x/', { window: '5 minutes', atMost: 10 }),
  },
  fileArrives: { yaml: { fileArrives: 'landing/x/' }, typescript: authoring.fileArrives('landing/x/') },
} as const;

/** Builds one pipeline in both forms. */
function both(drawn: typeof pipelines extends fc.Arbitrary<infer T> ? T : never) {
  const { columns, steps, ending, format, unknownColumns, pass, concurrency, trigger } = drawn;
  const first = Object.keys(columns)[0];
  const last: Both<Step>[] =
    first === undefined || ending === 'none'
      ? []
      : ending === 'rename'
        ? [{ yaml: { rename: { columns: { [first]: 'renamed' } } }, typescript: rename({ [first]: 'renamed' }) }]
        : [{ yaml: { select: ['id', first] }, typescript: select('id', first) }];
  const noted =
    first === undefined
      ? []
      : [{ yaml: { filter: `${quoted(first)} IS NOT NULL` }, typescript: filter(`${quoted(first)} IS NOT NULL`) }];
  const all = [...noted, ...steps, ...last];
  const yaml = {
    pipeline: 'both-forms',
    on: [triggers[trigger].yaml],
    sources: {
      rows: {
        from: { s3: { prefix: 'landing/x/', format } },
        contract: {
          ...(unknownColumns && { unknownColumns }),
          columns: { id: 'integer', n: 'integer?', ...mapped(columns, (one) => one.yaml) },
        },
      },
    },
    ...(all.length > 0 && { datasets: { made: { from: 'rows', pipe: all.map((one) => one.yaml) } } }),
    outputs: [{ from: all.length > 0 ? 'made' : 'rows', to: { lake: { table: 'both_forms' } } }],
    quality: [{ complete: { column: 'id', atLeast: 0.5 } }],
    gate: { pass },
    rejects: { share: pass },
    overlap: { policy: 'queue' as const, runs: concurrency },
    shares: { database: concurrency },
    resources: { concurrency },
  };
  const record = z.object({ id: z.int(), n: z.int().nullable(), ...mapped(columns, (one) => one.typescript) });
  const typescript = authoring.pipeline('both-forms', {
    on: [triggers[trigger].typescript],
    quality: [authoring.complete('id', { atLeast: 0.5 })],
    gate: { pass },
    rejects: { share: pass },
    overlap: { policy: 'queue' as const, runs: concurrency },
    shares: { database: concurrency },
    resources: { concurrency },
    outputs: [
      authoring
        .from(authoring.s3({ prefix: 'landing/x/', format }), authoring.contract(record, { unknownColumns }))
        .pipe(...all.map((one) => one.typescript))
        .to(authoring.lake({ table: 'both_forms' })),
    ],
  });
  return { yaml, typescript };
}

function mapped<T, R>(record: Readonly<Record<string, T>>, make: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, make(value)]));
}

const surroundings = {
  components,
  readText: async () => '',
  importModule: async () => ({}),
};

it('is the same in YAML, in formatted YAML and in TypeScript, whatever the pipeline', async () => {
  await fc.assert(
    fc.asyncProperty(pipelines, async (drawn) => {
      const { yaml, typescript } = both(drawn);
      const text = stringify(yaml);
      const [wanted, read, formatted] = [
        await compile(typescript),
        await compile(await readPipeline(text, 'p.yaml', surroundings)),
        await readPipeline(formatPipeline(text, 'p.yaml'), 'p.yaml', surroundings),
      ];
      expect(read).toEqual(wanted);
      expect(read.digest).toBe(wanted.digest);
      expect(formatted.nodes.map(({ options }) => options)).toEqual(typescript.nodes.map(({ options }) => options));
    }),
    { numRuns: runs({ some: 12, all: 60 }), seed: 11 },
  );
});
