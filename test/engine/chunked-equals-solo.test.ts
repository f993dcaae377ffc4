import { describe, expect, test } from 'vitest';
import { someOf } from '../fixtures/depth.ts';
import { expectBalance } from '../fixtures/engine/balance.ts';
import { digestOf, query } from '../fixtures/engine/duckdb.ts';
import { compiled, rejectFiles, run, tableFiles } from '../fixtures/engine/in-process-run.ts';
import { shipped } from '../fixtures/engine/shipped.ts';

describe.each(someOf(shipped))('$name', ({ definition, tables, inputs }) => {
  test('publishes the same rows and counts whether it runs in one chunk or in many', async () => {
    const code = await compiled(definition);
    const files = inputs([0.3, 0.01, 0.4, 0.29]);
    const solo = await run(code, files);
    const chunked = await run(code, files, { chunks: [[0, 2], [1], [3]], partitions: 3 });
    for (const result of [solo, chunked]) expectBalance(result);
    expect(chunked.steps).toEqual(solo.steps);
    expect(chunked.quality).toEqual(solo.quality);
    for (const table of tables)
      expect(await digestOf(tableFiles(chunked, table)), table).toEqual(await digestOf(tableFiles(solo, table)));
    expect(await rejects(rejectFiles(chunked))).toEqual(await rejects(rejectFiles(solo)));
  });
});

/** All but the stage, which is another one by design. */
function rejects(paths: readonly string[]): Promise<Record<string, any>[]> | [] {
  if (paths.length === 0) return [];
  const files = paths.map((path) => `'${path}'`).join(', ');
  return query(`SELECT * EXCLUDE (stage) FROM read_parquet([${files}]) ORDER BY ALL`);
}
