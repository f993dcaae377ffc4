import { beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import { deduplicate, from, lake, pipeline, s3, table } from '../../lib/index.ts';
import { templateProblems } from './gates/template.ts';
import { ofType, synthesized, type Template } from './synthesized.ts';

/** A pipeline that reads nothing but a table of another one, and writes a table and an export. */
let template: Template;
beforeAll(async () => {
  const orders = from(table({ table: 'orders' }), z.object({ id: z.int() })).pipe(deduplicate({ key: ['id'] }));
  const sinks = [
    lake({ table: 'once', mode: 'merge', key: ['id'], renamed: { id: 'number' } }),
    lake({ table: 'plain' }),
    s3({ prefix: 'exports/ids/', format: 'csv' }),
  ];
  const plan = await compile(pipeline('reader', { outputs: sinks.map((sink) => orders.to(sink)) }));
  template = (await synthesized([plan]))['penstock-reader']!;
});

/** What the role of a function may do, as one text. */
function allowed(name: string): string {
  const [[, role]] = ofType(template, 'AWS::IAM::Role').filter(([id]) => id.startsWith(name)) as [[string, any]];
  return JSON.stringify(role.Properties.Policies);
}

test('Extract may ask which version is published, and read it; workers may read its files', () => {
  expect(allowed('StepsExtractRole')).toContain('"/orders"');
  for (const role of ['StepsExtractRole', 'WorkerFunctionRole'])
    expect(allowed(role), role).toContain('curated/orders/');
  for (const role of ['WorkerFunctionRole', 'StepsPublishRole', 'StepsInitializeRole'])
    expect(allowed(role), role).not.toContain('"/orders"');
});

test('Extract may read what a table says of its columns where the sink renames some, and no rows of it', () => {
  expect(allowed('StepsExtractRole')).toContain('"/once"');
  expect(allowed('StepsExtractRole')).toContain('curated/once/metadata/');
  expect(allowed('StepsExtractRole')).not.toContain('curated/once/*');
  expect(allowed('StepsExtractRole')).not.toContain('plain');
  expect(allowed('WorkerFunctionRole')).not.toContain('curated/once/metadata/');
});

test('workers may write the files of an export, and only the last steps its versions and manifests', () => {
  const worker = allowed('WorkerFunctionRole');
  expect(worker).toContain('exports/ids/data/');
  expect(worker).not.toMatch(/exports\/(ids\/)?\*/);
  for (const role of ['StepsPublishRole', 'StepsCommitRole']) expect(allowed(role), role).toContain('exports/ids/*');
  expect(allowed('StepsCommitRole')).toContain('TABLE#exports/ids');
  for (const role of ['StepsInitializeRole', 'StepsExtractRole']) expect(allowed(role), role).not.toContain('exports/');
});

test('the steps that publish have the engine and room for copies where rows are merged into a table', () => {
  const functions = ofType(template, 'AWS::Lambda::Function').map(([id, { Properties }]) => [id, Properties] as const);
  const merging = functions.filter(([, { EphemeralStorage, Layers }]) => EphemeralStorage?.Size === 10_240 && Layers);
  expect(merging.map(([id]) => id.replace(/Function.*/, '')).sort()).toEqual([
    'StepsCommit',
    'StepsCompensate',
    'StepsPublish',
  ]);
});

test('passes every gate', () => expect(templateProblems(template)).toEqual([]));
