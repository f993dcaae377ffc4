import { expect, test } from 'vitest';
import * as z from 'zod';
import { outputText } from '../../lib/cli/output-text.ts';
import { compile } from '../../lib/compiler/index.ts';
import type { OutputNode } from '../../lib/component/plan.ts';
import { from, lake, pipeline, s3 } from '../../lib/index.ts';

const rows = from(s3({ key: 'landing/x.csv' }), z.object({ a: z.int(), day: z.iso.date() }));

test('says what an output leaves where, in which order and how large', async () => {
  const { nodes } = await compile(
    pipeline('writes', {
      outputs: [
        rows.to(s3({ prefix: 'exports/x/', format: 'csv', compression: 'gzip', partitionBy: ['day'] })),
        rows.to(
          lake({
            table: 'x',
            sortBy: [{ column: 'a', descending: true }],
            fileBytes: 256_000_000,
            rowGroupRows: 50_000,
          }),
        ),
        rows.to(lake({ table: 'y', mode: 'merge', key: ['a'], by: 'day', partitionBy: ['month(day)'] })),
      ],
    }),
  );
  const outputs = nodes.filter((node): node is OutputNode => node.kind === 'output');
  expect(outputs.map(outputText)).toEqual([
    '.csv.gz below exports/x/, a folder for each day',
    '.parquet below curated/x/, sorted by a descending in each file, files of about 256.0 MB, row groups of 50,000 rows',
    '.parquet below curated/y/, merged by a, the largest day stays, a folder for each day_month',
  ]);
});
