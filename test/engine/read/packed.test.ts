import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { someOf } from '../../fixtures/depth.ts';
import { type Reading, type ReadingOptions, readContent } from '../../fixtures/engine/read-file.ts';

const schema = z.object({ a: z.string(), b: z.int() });
const rows = Array.from({ length: 5000 }, (_, index) => ({ a: `text ${index * 7919}`, b: index }));
const texts: Readonly<Record<string, string>> = {
  csv: `a,b\n${rows.map(({ a, b }) => `${a},${b}`).join('\n')}\n`,
  ndjson: rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  json: JSON.stringify(rows),
};
const packers = { gzip: gzipSync, zstd: zstdCompressSync };

function read(content: Uint8Array, format: string): Promise<Reading> {
  return readContent(content, { format: format as ReadingOptions['format'], schema });
}

describe.each(Object.keys(texts))('%s', (format) => {
  test.each(Object.entries(packers))(
    'packed by %s is read like plain text, whatever the file is called',
    async (_, pack) => {
      const reading = await read(pack(texts[format]!), format);
      expect(reading.rows.map(({ a, b }) => ({ a, b: Number(b) }))).toEqual(rows);
    },
  );

  test.each(Object.entries(packers))('packed by %s and cut short is refused whole', async (_, pack) => {
    const whole = pack(texts[format]!);
    for (const bytes of [10, Math.floor(whole.length / 2), whole.length - 1])
      await expect(read(whole.subarray(0, bytes), format), `${bytes} bytes`).rejects.toMatchObject({
        name: 'InputMalformedError',
        problem: expect.stringContaining('landing/things/one'),
      });
  });
});

describe.each(Object.entries(packers))('several parts that %s packed, in one file', (name, pack) => {
  const [header, ...lines] = texts.csv!.trimEnd().split('\n');
  const parts = [[header, ...lines.slice(0, 2500)], lines.slice(2500), ['more,1']];
  const packed = parts.map((part) => pack(`${part.join('\n')}\n`));

  test('are all read', async () => {
    expect((await read(Buffer.concat(packed), 'csv')).rows.length).toBe(5001);
  });

  test('are refused where the last one is cut short, or is none', async () => {
    for (const end of [packed[2]!.subarray(0, 3), packed[2]!.subarray(0, -1), Buffer.from('more')])
      await expect(read(Buffer.concat([...packed.slice(0, 2), end]), 'csv'), end.toString('hex')).rejects.toMatchObject(
        {
          name: 'InputMalformedError',
        },
      );
  });

  test.runIf(name === 'zstd')('may have parts between them that are of the program that packed', async () => {
    const note = Buffer.from('5e2a4d1803000000616263', 'hex');
    const [first, ...rest] = packed as [Buffer, ...Buffer[]];
    expect((await read(Buffer.concat([note, first, note, ...rest, note]), 'csv')).rows.length).toBe(5001);
    // What is missing may have been more than the end of that part.
    for (const bytes of [6, 8, 10]) {
      const cut = Buffer.concat([...packed, note.subarray(0, bytes)]);
      await expect(read(cut, 'csv'), `${bytes} bytes`).rejects.toMatchObject({ name: 'InputMalformedError' });
    }
  });
});

test('damaged bytes inside are refused', async () => {
  const bytes = gzipSync(texts.csv!);
  bytes.fill(0, bytes.length / 2, bytes.length / 2 + 100);
  await expect(read(bytes, 'csv')).rejects.toMatchObject({ name: 'InputMalformedError' });
});

test.each(someOf(Object.entries(packers)))(
  'a file that %s unpacks to hundreds of times its size is refused',
  async (_, pack) => {
    const part = pack(Buffer.alloc(1024 * 1024, 'a,1\n'));
    const bomb = Buffer.concat(Array.from({ length: 300 }, () => part));
    await expect(read(bomb, 'csv')).rejects.toMatchObject({
      name: 'InputMalformedError',
      problem: 'landing/things/one unpacks to more than 250 times its size',
    });
  },
  30_000,
);
