import { existsSync, globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { StepNode } from '../../lib/component/plan.ts';
import { quoted } from '../../lib/component/shape.ts';
import { from, lake, pipeline, s3 } from '../../lib/index.ts';
import { connectors } from '../../lib/registry/connectors.ts';
import { operators } from '../../lib/registry/operators.ts';
import { apply } from '../fixtures/engine/apply.ts';
import { compiled, run } from '../fixtures/engine/in-process-run.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';
import type { Sample, SampleColumns } from './sample.ts';

const components: Readonly<Record<string, any>> = { ...connectors, ...operators };
const names = Object.keys(components);

const samplePath = (name: string) => join(import.meta.dirname, 'samples', `${name}.ts`);
const sampled = names.filter((name) => existsSync(samplePath(name)));
const samples: Record<string, Sample> = Object.fromEntries(
  await Promise.all(sampled.map(async (name) => [name, (await import(samplePath(name))).default])),
);

/** What the columns may be called: nothing that a component does may depend on it. */
const namings: Readonly<Record<string, SampleColumns>> = {
  'ordinary names': { text: 'text', number: 'number', day: 'day' },
  'names of SQL and JavaScript': { text: 'constructor', number: 'select', day: 'order' },
  'names with quotes, SQL and other scripts': { text: `a "b"; DROP TABLE x; --`, number: "it's", day: 'дата 😀' },
};

const rows = [
  { text: 'a', number: 1, day: '2001-01-31' },
  { text: 'a', number: 2, day: '2001-02-01' },
  { text: 'b', number: 3, day: null },
  { text: ' padded ', number: null, day: '2001-02-01' },
  { text: null, number: 5, day: '2001-01-31' },
  { text: '日本 😀', number: -7, day: '1969-12-31' },
  { text: 'a', number: 1, day: '2001-01-31' },
];

const inputs: Readonly<Record<string, readonly (typeof rows)[number][]>> = {
  'seven rows': rows,
  'no row': [],
  'one row': rows.slice(0, 1),
  'nothing but NULL': Array.from({ length: 4 }, () => ({ text: null, number: null, day: null })) as never,
};

function schemaOf({ text, number, day }: SampleColumns) {
  return z.object({ [text]: z.string().nullable(), [number]: z.int().nullable(), [day]: z.iso.date().nullable() });
}

function named(given: readonly (typeof rows)[number][], columns: SampleColumns): object[] {
  return given.map((row) => ({ [columns.text]: row.text, [columns.number]: row.number, [columns.day]: row.day }));
}

const side = {
  schema: z.object({ code: z.string(), city: z.string() }),
  rows: [
    { code: 'a', city: 'Aachen' },
    { code: 'b', city: 'Berlin' },
  ],
};
const sideDataset = from(s3({ key: 'reference/side.ndjson' }), side.schema);

const cases = Object.entries(namings).flatMap(([naming, columns]) =>
  (naming === 'ordinary names' ? Object.entries(inputs) : [['seven rows', rows] as const]).map(([input, given]) => ({
    naming,
    columns,
    input,
    given,
  })),
);

test('every component shows how it is used, in a file of its own name, and no file is left over', () => {
  const files = globSync('*.ts', { cwd: join(import.meta.dirname, 'samples') }).map((file) => basename(file, '.ts'));
  expect(files.sort()).toEqual([...names].sort());
});

/** Every schema of a component: an operator or rule has one, a connector one for each side that it has. */
function schemasOf(component: any): z.ZodType[] {
  return [component.schema, component.source?.schema, component.sink?.schema].filter((schema) => schema !== undefined);
}

/** The objects in a JSON schema. */
function objectsIn(json: any): any[] {
  if (typeof json !== 'object' || json === null) return [];
  return [...(json.type === 'object' ? [json] : []), ...Object.values(json).flatMap(objectsIn)];
}

describe.each(names)('%s', (name) => {
  const component = components[name];

  test('is named like its file', () => {
    expect(component.component).toBe(name);
    expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  });

  test('is strict: no option is passed over', () => {
    for (const schema of schemasOf(component)) {
      const issues = schema.safeParse({ 'no-such-option': 1 }).error?.issues ?? [];
      expect(issues).toContainEqual(expect.objectContaining({ code: 'unrecognized_keys', keys: ['no-such-option'] }));
      for (const object of objectsIn(z.toJSONSchema(schema, { io: 'input' })))
        expect(object.additionalProperties, 'strict all through').toBeDefined();
    }
  });

  test('describes every option', () => {
    for (const schema of schemasOf(component))
      for (const object of objectsIn(z.toJSONSchema(schema, { io: 'input' })))
        for (const [option, { description }] of Object.entries<any>(object.properties ?? {}))
          expect(description, `${name}.${option}`).toMatch(/\S/);
  });
});

const steps = sampled.flatMap((name) => {
  const sample = samples[name]!;
  return 'step' in sample ? [{ name, step: sample.step, prepare: sample.prepare ?? (() => []) }] : [];
});

describe.each(steps)('$name accounts for every row, in one chunk and in three', ({ step, prepare }) => {
  test.each(cases)('$input, $naming', async ({ columns, given }) => {
    const applied = await apply(named(given, columns), { schema: schemaOf(columns), side }, (other) => [
      ...prepare(columns),
      step(columns, other),
    ]);
    const { rowsIn, multiplied, rowsOut, rejected, filtered, merged, routed = 0 } = applied.count;
    expect(rowsIn).toBe(given.length);
    expect(rowsOut + rejected + filtered + merged + routed).toBe(given.length + multiplied);
    expect(applied.rows).toHaveLength(rowsOut);
    expect(applied.rejects).toHaveLength(rejected);
    for (const row of applied.rows) expect(Object.keys(row)).toEqual(Object.keys(applied.types));
  });

  test('leaves its options alone and says what it does as data', async () => {
    const columns = namings['ordinary names']!;
    const made = step(columns, sideDataset);
    const main = from(s3({ prefix: 'landing/main/', format: 'ndjson' }), schemaOf(columns));
    const { plan } = await compiled(
      pipeline('prepared', { outputs: [main.pipe(...prepare(columns), made).to(lake({ table: 'out' }))] }),
    );
    const node = plan.nodes.findLast(({ kind }) => kind === 'step') as StepNode;
    const input = plan.nodes.find(({ id }) => id === node.input)!.columns;
    const other = Object.keys(side.schema.shape).map((one) => ({ name: one, type: 'VARCHAR', nullable: false }));
    const options = made.operator.schema.parse(made.options);
    const before = JSON.stringify(options);
    const shape = made.operator.shape(options, { input, side: other });
    expect(['project', 'keep', 'first', 'group', 'lookup', 'call', 'explode']).toContain(shape.form);
    expect(JSON.parse(JSON.stringify(shape))).toEqual(shape);
    expect(JSON.stringify(options)).toBe(before);
    expect(made.operator.shape(options, { input, side: other })).toEqual(shape);
  });
});

const rules = sampled.flatMap((name) => {
  const sample = samples[name]!;
  return 'rule' in sample ? [{ name, rule: sample.rule }] : [];
});

const ruleCases = cases.filter(({ input, naming }) => input !== 'one row' && naming !== 'names of SQL and JavaScript');

describe.each(rules)('$name counts rows, in one chunk and in two', ({ rule }) => {
  test.each(ruleCases)('$input, $naming', async ({ columns, given }) => {
    const main = from(s3({ prefix: 'landing/main/', format: 'ndjson' }), schemaOf(columns));
    const definition = pipeline('counted', {
      quality: [rule(columns, sideDataset)],
      outputs: [main.to(lake({ table: 'out' }))],
    });
    const code = await compiled(definition);
    const text = (part: readonly object[]) => part.map((row) => `${JSON.stringify(row)}\n`).join('');
    const all = named(given, columns);
    const file = (part: readonly object[]) => ({ path: scratchFile('input-0', text(part)) });
    const sides = { side: [file(side.rows)] };
    const solo = await run(code, { main: [file(all)], ...sides });
    const parts = [all.slice(0, 3), all.slice(3)].map(file);
    const many = await run(code, { main: parts, ...sides }, { chunks: [[1], [0]] });
    const [{ total, passed }, other] = [solo.quality[0]!, many.quality[0]!];
    const [planned] = code.plan.quality;
    const { form } = components[planned!.component].measure(planned!.options, code.plan.nodes.at(-1)!.columns);
    // Groups are not rows, and where no file was written it is Assess that says what that means.
    if (form !== 'groups') expect(total).toBe(given.length);
    if (form !== 'groups' || given.length > 0) expect([other.total, other.passed]).toEqual([total, passed]);
    expect(passed).toBeGreaterThanOrEqual(0);
    expect(passed).toBeLessThanOrEqual(total);
  });
});

const connectorNames = Object.keys(connectors);

describe.each(connectorNames)('%s', (name) => {
  const connector = components[name];
  const sample = samples[name] as Extract<Sample, { sink?: unknown }>;

  test('shows each side that it has', () => {
    expect({ source: sample.source !== undefined, sink: sample.sink !== undefined }).toEqual({
      source: connector.source !== undefined,
      sink: connector.sink !== undefined,
    });
  });

  test.runIf(connector.source)('tells what it reads, from its options alone', () => {
    const options = connector.source.schema.parse(sample.source!().options);
    expect(connector.source.title(options)).toMatch(/\S/);
    expect(Object.keys(connector.source.objects(options))).toHaveLength(1);
    expect(['csv', 'ndjson', 'json', 'parquet']).toContain(connector.source.format(options).kind);
  });

  test.runIf(connector.sink)('tells what it writes, and what it promises', () => {
    const columns = namings['names with quotes, SQL and other scripts']!;
    const options = connector.sink.schema.parse(sample.sink!(columns).options);
    expect(connector.sink.title(options)).toMatch(/\S/);
    expect(['append', 'replace']).toContain(connector.sink.mode(options));
    expect(['exactly-once', 'at-least-once']).toContain(connector.sink.capabilities.delivery);
  });

  test.runIf(connector.sink)('writes all rows, whatever the columns are called', async () => {
    for (const columns of Object.values(namings)) {
      const main = from(s3({ prefix: 'landing/main/', format: 'ndjson' }), schemaOf(columns));
      const code = await compiled(pipeline('written', { outputs: [main.to(sample.sink!(columns))] }));
      const text = named(rows, columns)
        .map((row) => `${JSON.stringify(row)}\n`)
        .join('');
      const result = await run(code, { main: [{ path: scratchFile('input-0', text) }] });
      const files = result.files.filter((file) => file.kind === 'table');
      expect(
        files.reduce((sum, file) => sum + file.rows, 0),
        quoted(columns.text),
      ).toBe(rows.length);
    }
  });
});
