import { expect, test } from 'vitest';
import * as z from 'zod';
import { cast, deduplicate, filter, from, known, lake, s3 } from '../../../lib/index.ts';
import { assessedRun, ruleProblems, ruleScore } from '../../fixtures/assessed-run.ts';

const record = z.object({ city: z.string().nullable(), n: z.int() });
const rows = ['Rome', 'Roma', null, 'Oslo', 'Oslo'].map((city, n) => ({ city, n }));
const source = () => from(s3({ key: 'reference/cities.csv', format: 'csv' }), z.object({ name: z.string() }));
const objects = { 'reference/cities.csv': 'name\nRome\nRome\nOslo\n' };

test('finds values in reference data, in every chunk', async () => {
  const score = await ruleScore(known('city', source(), 'name'), rows, record, { objects });
  expect(score).toMatchObject({ dimension: 'accuracy', total: 5, passed: 4 });
});

test('takes reference data through its steps', async () => {
  const some = source().pipe(filter("name <> 'Oslo'"), deduplicate({ key: ['name'] }));
  expect(await ruleScore(known('city', some, 'name'), rows, record, { objects })).toMatchObject({ passed: 2 });
});

test('shows the rows whose value is unknown', async () => {
  const rule = known('city', source(), 'name', { atLeast: 1 });
  const { report } = await assessedRun({ record, rows, quality: [rule], objects });
  expect(report.samples!['1-known']).toEqual([{ city: 'Roma', n: '1' }]);
});

test('refuses a column of the reference data that is not there', async () => {
  expect(await ruleProblems(() => known('city', source(), 'nam'), record)).toMatchObject([
    { problem: 'there is no column "nam" here', change: 'did you mean "name"?' },
  ]);
});

test('refuses columns of two types', async () => {
  const numbers = source().pipe(cast({ name: 'BIGINT' }));
  expect(await ruleProblems(() => known('city', numbers, 'name'), record)).toMatchObject([
    { problem: '"city" is VARCHAR and "name" of the other dataset is BIGINT' },
  ]);
});

test.each([undefined, null, 'airports', {}])('refuses %j for a dataset', async (dataset) => {
  expect(await ruleProblems(() => known('city', dataset, 'name'), record)).toMatchObject([
    { part: 'quality / known', problem: expect.stringContaining('dataset') },
  ]);
});

test('refuses a dataset that is written, too', async () => {
  const cities = source();
  const run = assessedRun({
    record,
    rows,
    quality: [known('city', cities, 'name')],
    outputs: () => [cities.to(lake({ table: 'cities' }))],
    objects,
  });
  await expect(run).rejects.toThrow('flows to an output as well');
});
