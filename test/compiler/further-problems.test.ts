import { expect, test } from 'vitest';
import * as z from 'zod';
import { withFurtherProblems } from '../../lib/compiler/index.ts';
import type { DefinitionInvalidError } from '../../lib/definition/index.ts';
import {
  complete,
  type Dataset,
  deduplicate,
  explode,
  filter,
  from,
  lake,
  pipeline,
  s3,
  unique,
  within,
} from '../../lib/index.ts';

const schema = z.object({ id: z.string(), amount: z.int(), day: z.iso.date(), tags: z.array(z.string()) });
const wrongSource = s3({ prefix: 'landing/orders/', format: 'cvs', skip: -1 } as never);
const wrongFilter = filter('amuont > 1', { rul: 'x' } as never);
const wrongKeep = deduplicate({ key: ['idd'], keep: 'lattest' } as never);

function invalid(define: () => unknown): DefinitionInvalidError {
  try {
    define();
  } catch (error) {
    return error as DefinitionInvalidError;
  }
  throw new RangeError('the definition has no problem');
}

/** What was received by each problem that there is with the output of a dataset, or with a rule. */
async function received(dataset: Dataset): Promise<unknown[]> {
  const options = { outputs: [dataset.to(lake({ table: 'orders' }))], quality: [complete('amuont')] };
  const further = await withFurtherProblems(invalid(() => pipeline('orders', options)));
  return further.problems.map((problem) => problem.received);
}

test('a source whose options are wrong gives the columns of its contract, to rules too', async () => {
  const found = await received(from(wrongSource, schema).pipe(filter('amuont > 1'), filter('day IS NULL')));
  expect(found).toEqual(expect.arrayContaining(['cvs', 'skip', 'amuont', ['amuont']]));
  expect(found).toHaveLength(4);
});

test('a step that hands on all columns is held against them, and what hangs on it too, whatever option is wrong', async () => {
  const orders = from(s3({ prefix: 'landing/orders/', format: 'ndjson' }), schema);
  const found = await received(orders.pipe(wrongFilter, wrongKeep, filter('dya IS NULL')));
  expect(found).toEqual(expect.arrayContaining(['rul', 'amuont', 'lattest', 'idd', 'dya', ['amuont']]));
  expect(found).toHaveLength(6);
});

test('of a step whose wrong option may name columns nobody says what is behind it', async () => {
  const orders = from(s3({ prefix: 'landing/orders/', format: 'ndjson' }), schema);
  const renamed = orders.pipe(explode('tags', { aS: 'tag' } as never), filter('tag > nothing'));
  expect(await received(renamed)).toEqual(['aS']);
});

test('a rule of a table whose columns are known is held against them, whatever other tables lack', async () => {
  const orders = from(s3({ prefix: 'landing/orders/', format: 'ndjson' }), schema);
  const lost = orders.pipe(explode('tags', { aS: 'tag' } as never));
  const quality = [
    complete('amuont'),
    complete('amuont', { table: 'orders' }),
    complete('tag', { table: 'tags' }),
    unique(['idd'], { table: 'orders' }),
    within('day', 0, 1, { table: 'orders' }),
  ];
  const outputs = [orders.to(lake({ table: 'orders' })), lost.to(lake({ table: 'tags' }))];
  const further = withFurtherProblems(invalid(() => pipeline('orders', { outputs, quality })));
  const found = (await further).problems.map((problem) => problem.received);
  expect(found).toEqual(['aS', ['amuont'], ['idd'], 'DATE']);
});
