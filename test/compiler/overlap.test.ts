import { expect, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import { fileArrives, from, lake, pipeline, s3 } from '../../lib/index.ts';

const sales = from(s3({ prefix: 'landing/sales/', format: 'csv' }), z.object({ id: z.int(), day: z.iso.date() }));

async function overlapOf(modes: readonly ('append' | 'replace' | 'replacePartitions')[], more: object = {}) {
  const outputs = modes.map((mode, index) =>
    sales.to(lake({ table: `sales_${index}`, mode, ...(mode === 'replacePartitions' && { partitionBy: ['day'] }) })),
  );
  const { overlap } = await compile(pipeline('sales', { on: [fileArrives('landing/sales/')], outputs, ...more }));
  return overlap;
}

test('runs that replace several tables wait for each other, so that all of them are of one run', async () => {
  expect(await overlapOf(['replace', 'replacePartitions'])).toEqual({ policy: 'queue', runs: 1 });
  expect(await overlapOf(['replace', 'append'])).toBeUndefined();
  expect(await overlapOf(['replace'])).toBeUndefined();
});

test('what the definition says counts', async () => {
  expect(await overlapOf(['replace', 'replace'], { overlap: { policy: 'allow' } })).toBeUndefined();
  expect(await overlapOf(['replace', 'replace'], { overlap: { policy: 'skip' } })).toEqual({ policy: 'skip', runs: 1 });
});
