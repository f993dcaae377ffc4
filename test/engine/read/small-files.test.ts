import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { from, lake, pipeline, s3 } from '../../../lib/index.ts';
import { expectBalance } from '../../fixtures/engine/balance.ts';
import { query, rowsOf } from '../../fixtures/engine/duckdb.ts';
import { compiled, type RunResult, rejectFiles, run, tableFiles } from '../../fixtures/engine/in-process-run.ts';
import { scratchFile } from '../../fixtures/engine/scratch.ts';

/** Small files of which some can be read together and others cannot, with good rows and bad ones. */
const files: Readonly<Record<'csv' | 'ndjson' | 'json', readonly (string | Uint8Array)[]>> = {
  csv: [
    'id,t\n1,a\n2,b\n',
    'id,t\n3,c',
    'id,t\n',
    '',
    'id,t\nx,a\n4\n5,,,\n6,a,b,c\n',
    '\uFEFFid,t\n7,mark\n',
    'id,t\r\n8,returns\r\n9,x\r\n',
    'id,t\r\n10,both\n11,ends\r12,x\n',
    'id,t\n\n13,blank\n\n\n14,x\n',
    'id,t\n15,"quoted"\n16,"two\nlines"\n17,"a ""b"""\n',
    'id,t\n18,"fine"\n19,"broken\n20,x\n',
    't,id\nother order,21\n',
    '"id","t"\n22,x\n',
    gzipSync('id,t\n23,packed\ny,packed\n'),
    zstdCompressSync('id,t\n24,packed\n'),
    Buffer.from('id,t\n25,\xff\n26,x\n', 'latin1'),
    'id,t\n27,nul\0\n',
    'id,t\n28,1,2,3,4,5,6,7,8,9\n29,x\n',
    `id,t\n30,${'long'.repeat(70_000)}\n31,x\n`,
    'id,t\n 32,spaces \n33,\n,empty\n',
  ],
  ndjson: [
    '{"id":1,"t":"a"}\n{"id":2,"t":"b"}\n',
    '{"id":3,"t":"c"}',
    '',
    '\n\n{"id":4,"t":"blank"}\n\n',
    '\uFEFF{"id":5,"t":"mark"}\n',
    '{"id":6,"t":"returns"}\r\n{"id":7}\r\n',
    '{"id":"x","t":"a"}\n{"id":8\n[]\n{"id":9,"id":9}\n',
    '{"t":"other keys","more":1,"id":10}\n',
    gzipSync('{"id":11,"t":"packed"}\n{\n'),
    Buffer.from('{"id":12,"t":"\xff"}\n{"id":13,"t":"x"}\n', 'latin1'),
    '{"id":14,"t":"\\ud83d"}\n{"id":15,"t":"\\u0000"}\n',
    '{"id":16,"t":"nul\0"}\n{"id":17}\n',
  ],
  json: [
    '[{"id":1,"t":"a"},{"id":2,"t":"b"}]',
    '[]',
    '[\n {"id":3,\r\n"t":"lines"},\n {"id":"x"}, 5, ,{"id":4}]',
    gzipSync('[{"id":5,"t":"packed"}]'),
    '[{"id":6,"t":"a\nb"},{"id":7}]',
  ],
};

const schema = z.object({ id: z.int(), t: z.string().nullable() });

async function contents(result: RunResult) {
  expectBalance(result);
  const rejects = rejectFiles(result).map((path) => `'${path}'`);
  return {
    rows: await rowsOf(tableFiles(result, 'out')),
    rejects: rejects.length > 0 ? await query(`FROM read_parquet([${rejects}]) ORDER BY ALL`) : [],
    steps: result.steps,
  };
}

test.each(Object.entries(files))('of %s give together what they give alone', async (format, texts) => {
  const source = from(s3({ prefix: 'landing/small/', format: format as 'csv' }), schema);
  const code = await compiled(pipeline('small', { outputs: [source.to(lake({ table: 'out' }))] }));
  const inputs = {
    small: texts.map((text, at) => ({ path: scratchFile('input-0', text), key: `landing/small/${at}` })),
  };
  const together = await contents(await run(code, inputs));
  const alone = await contents(await run(code, inputs, { chunks: texts.map((_, at) => [at]) }));
  expect(together).toEqual(alone);
  expect(together.rows.length).toBeGreaterThan(5);
  expect(together.rejects.length).toBeGreaterThan(0);
});

test('cost a query together, not one each', async () => {
  const source = from(s3({ prefix: 'landing/small/', format: 'csv' }), schema);
  const code = await compiled(pipeline('small', { outputs: [source.to(lake({ table: 'out' }))] }));
  const small = Array.from({ length: 300 }, (_, id) => ({ path: scratchFile('input-0', `id,t\n${id},a\n`) }));
  const before = process.cpuUsage();
  const result = await run(code, { small });
  const { user, system } = process.cpuUsage(before);
  expect(result.steps[0]!.rowsOut).toBe(300);
  // Alone each takes some 28 ms.
  expect((user + system) / 300).toBeLessThan(10_000);
});
