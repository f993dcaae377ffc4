import { expect, test } from 'vitest';
import * as z from 'zod';
import { type Dataset, derive, filter, from, lake, pipeline, s3, union } from '../../lib/index.ts';
import { enginePorts } from '../fixtures/assessed-run.ts';
import { codeOf, publishedRows } from '../fixtures/replayed.ts';
import { manual } from '../fixtures/run-machine.ts';
import { runOnce } from '../fixtures/run-once.ts';

const meetings = 24;

test('ways that part and meet again, time after time, are no more work than there are steps', async () => {
  const ports = enginePorts();
  let things: Dataset = from(
    s3({ prefix: 'landing/things/', format: 'csv' }),
    z.object({ id: z.int(), rowid: z.int() }),
  );
  for (let meeting = 0; meeting < meetings; meeting++) {
    const some = things.pipe(filter(`id = ${meeting}`), derive({ id: 'id + 1000' }));
    things = things.pipe(union({ with: some }));
  }
  const code = await codeOf(pipeline('things', { outputs: [things.to(lake({ table: 'things' }))] }));
  ports.objects.drop('landing/things/a.csv', 'id,rowid\n1,7\n23,8\n99,9\nx,1\n');
  const { input } = await runOnce(ports, code, manual());
  expect(await publishedRows(ports, 'things')).toEqual(
    [
      [1, 7],
      [23, 8],
      [99, 9],
      [1001, 7],
      [1023, 8],
    ]
      .map(([id, rowid]) => JSON.stringify({ id, rowid }))
      .sort(),
  );
  expect(await ports.runs.find(input.run)).toMatchObject({ state: 'Completed', totals: { rowsIn: 4, rejected: 1 } });
});
