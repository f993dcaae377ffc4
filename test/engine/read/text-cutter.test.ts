import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { CsvScanner } from '../../../lib/engine/read/csv-scanner.ts';
import { jsonArrayLines } from '../../../lib/engine/read/json-array.ts';
import { JsonArrayCutter } from '../../../lib/engine/read/json-array-cutter.ts';
import { LineScanner } from '../../../lib/engine/read/line-scanner.ts';
import type { ScannedRecord, Scanner } from '../../../lib/engine/read/scanner.ts';
import { type CutPart, TextCutter } from '../../../lib/engine/read/text-cutter.ts';
import type { Reading } from '../../fixtures/engine/read-file.ts';
import { recordReader } from '../../fixtures/engine/read-records.ts';

const readRecords = recordReader();
const csv = { kind: 'csv', delimiter: ',', quote: '"', header: true } as const;

/** Cuts bytes that come in pieces. */
function cut(
  bytes: Buffer,
  format: typeof csv | { kind: 'ndjson' } | { kind: 'json' },
  { piece, part }: { piece: number; part: number },
) {
  const cutter = format.kind === 'json' ? new JsonArrayCutter(part) : new TextCutter(format, 2, part);
  for (let from = 0; from < bytes.length; from += piece) cutter.push(bytes.subarray(from, from + piece));
  return cutter.end(bytes.length);
}

/** The file that a worker makes of a part. */
function partOf(bytes: Buffer, { from, to, header, end = '' }: CutPart): Buffer {
  return Buffer.concat([bytes.subarray(0, header), bytes.subarray(from, to), Buffer.from(end)]);
}

function scanned(scanner: Scanner, bytes: Buffer, before = 0): (readonly [number, string, string | undefined])[] {
  const read = ({ number, bytes: record, problem }: ScannedRecord) =>
    [number + before, record.toString('latin1'), problem] as const;
  return [...[...scanner.push(bytes)].map(read), ...[...scanner.end()].map(read)];
}

const letters = ['a', '1', ',', ',', '"', '"', '\n', '\n', '\n', '\r', '\r\n', ' ', 'é', '\uFEFF'].map((one) =>
  Buffer.from(one),
);
const texts = fc.array(fc.constantFrom(...letters, Buffer.from([0xff])), { maxLength: 60 });
const sizes = fc.record({ piece: fc.integer({ min: 1, max: 20 }), part: fc.integer({ min: 1, max: 30 }) });

describe('whatever the bytes, the pieces they come in and the size of parts, the parts hold each record once', () => {
  test('of CSV, with quoted line ends, broken quotes, ragged and blank lines', () => {
    fc.assert(
      fc.property(texts, sizes, (pieces, size) => {
        const blank = '\r\n'.repeat(size.piece % 3);
        const bytes = Buffer.concat([Buffer.from(`${blank}a,b\n`), ...pieces]);
        const parts = cut(bytes, csv, size);
        const found = parts.flatMap((part) => scanned(new CsvScanner(csv, 2), partOf(bytes, part), part.recordsBefore));
        expect(found).toEqual(scanned(new CsvScanner(csv, 2), bytes));
      }),
      { numRuns: 500, seed: 20_261_121 },
    );
  });

  test('of NDJSON, with blank lines', () => {
    fc.assert(
      fc.property(texts, sizes, (pieces, size) => {
        const bytes = Buffer.concat(pieces);
        const parts = cut(bytes, { kind: 'ndjson' }, size);
        const found = parts.flatMap((part) => scanned(new LineScanner(), partOf(bytes, part), part.recordsBefore));
        expect(found).toEqual(scanned(new LineScanner(), bytes));
      }),
      { numRuns: 500, seed: 20_261_121 },
    );
  });

  test('of a JSON array, with elements that are missing or malformed', () => {
    const elements = (bytes: Buffer) => jsonArrayLines(bytes, 'array').toString('latin1').split('\n').slice(0, -1);
    const all = (work: () => string[]) => {
      try {
        return work();
      } catch {
        return 'refused';
      }
    };
    const marks = ['[', ']', '{', '}', ',', ',', ',', '"', '"', '\\', ' ', '\n', '1', 'é'].map((one) =>
      Buffer.from(one),
    );
    const inside = fc.array(fc.constantFrom(...marks), { maxLength: 60 });
    fc.assert(
      fc.property(
        inside,
        fc.constantFrom('[', ' \uFEFF[', '{'),
        fc.constantFrom(']', ' ] \n', ''),
        sizes,
        (...given) => {
          const [pieces, start, end, size] = given;
          const bytes = Buffer.concat([Buffer.from(start), ...pieces, Buffer.from(end)]);
          const parts = cut(bytes, { kind: 'json' }, size);
          const found = all(() => {
            const lines: string[] = [];
            for (const part of parts) {
              expect(part.recordsBefore).toBe(lines.length);
              lines.push(...elements(partOf(bytes, part)));
            }
            return parts.length > 0 ? lines : elements(bytes);
          });
          expect(found).toEqual(all(() => elements(bytes)));
        },
      ),
      { numRuns: 1000, seed: 20_261_121 },
    );
  });
});

test.each([
  ['csv', 'a,b\n1,x\n2\n3,"y\nz"\nx,w\n5,"v\n'],
  ['ndjson', '{"a":1,"b":"x"}\n{"a":2\n\n{"a":3,"b":"y"}\n{"a":"x","b":"w"}\n{"a":5}\n'],
  ['json', '[{"a":1,"b":"x"},{"a":2],,{"a":3,"b":"y,]"} , {"a":"x","b":"w"},\n{"a":5},]'],
] as const)('reading the parts of a %s file gives what reading all of it gives', async (format, content) => {
  const schema = z.object({ a: z.int(), b: z.string() });
  const bytes = Buffer.from(content);
  const all = await readRecords(bytes, { format, schema });
  const parts = cut(bytes, format === 'csv' ? csv : { kind: format }, { piece: 5, part: 6 });
  expect(parts.length).toBeGreaterThan(2);
  const read: Reading[] = [];
  for (const part of parts)
    read.push(await readRecords(partOf(bytes, part), { format, schema, recordsBefore: part.recordsBefore }));
  expect(read.flatMap(({ rows }) => rows)).toEqual(all.rows);
  expect(read.flatMap(({ rejects }) => rejects)).toEqual(all.rejects);
});
