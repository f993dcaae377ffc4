import * as z from 'zod';
import type { Step } from '../../lib/component/operator.ts';
import { quoted } from '../../lib/component/shape.ts';
import { type Dataset, derive, from, s3 } from '../../lib/index.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';
import type { SampleColumns } from './sample.ts';

/** What the columns may be called: nothing that a component does may depend on it. Each column is hostile in one of them. */
export const namings: Readonly<Record<string, SampleColumns>> = {
  'names with quotes, SQL and other scripts': { text: `a "b"; DROP TABLE x; --`, number: "it's", day: 'дата 😀' },
  'names of SQL and JavaScript': { text: 'constructor', number: 'select', day: 'order' },
  'names that the engine has for things of its own': { text: 'place', number: 'others', day: 'input' },
  'names that DuckDB has for things of its own': { text: 'rowid', number: 'file_row_number', day: 'filename' },
};
export const [hostile, reserved, internal, virtual] = Object.values(namings) as [
  SampleColumns,
  SampleColumns,
  SampleColumns,
  SampleColumns,
];

export interface SampleRow {
  readonly text: string | null;
  readonly number: number | string | null;
  readonly day: string | null;
}

const rows: readonly SampleRow[] = [
  { text: 'a', number: 1, day: '2001-01-31' },
  { text: 'a', number: 2, day: '2001-02-01' },
  { text: 'b', number: 3, day: null },
  { text: ' padded ', number: null, day: '2001-02-01' },
  { text: null, number: 5, day: '2001-01-31' },
  { text: '日本 😀', number: -7, day: '1969-12-31' },
  { text: 'a', number: 1, day: '2001-01-31' },
];

/** What may arrive, and how many rows of it reach the first step. */
export const inputs: Readonly<Record<string, { readonly rows: readonly SampleRow[]; readonly good: number }>> = {
  'seven rows': { rows, good: 7 },
  'no row': { rows: [], good: 0 },
  'one row': { rows: rows.slice(0, 1), good: 1 },
  'nothing but NULL': { rows: Array.from({ length: 4 }, () => ({ text: null, number: null, day: null })), good: 4 },
  'nothing but rows that their contract rejects': { rows: rows.map((row) => ({ ...row, number: 'many' })), good: 0 },
};

export function schemaOf({ text, number, day }: SampleColumns) {
  return z.object({ [text]: z.string().nullable(), [number]: z.int().nullable(), [day]: z.iso.date().nullable() });
}

/** The table that components are held against. */
export function mainDataset(columns: SampleColumns, schema: z.ZodObject = schemaOf(columns)): Dataset {
  return from(s3({ prefix: 'landing/main/', format: 'ndjson' }), schema);
}

/**
 * Makes values at the ends of their types, with which sums, differences and casts have no room.
 * @param latest days at the ends of theirs. Default: also those of DuckDB, which no file of an output holds
 */
export function atTheEnds(
  columns: SampleColumns,
  [latest, first, least] = ['infinity', '5877642-06-25 (BC)', '0001-01-01'],
): Step {
  const [text, number, day] = [columns.text, columns.number, columns.day].map(quoted) as [string, string, string];
  return derive({
    [columns.text]: `CASE ${text} WHEN 'a' THEN repeat(chr(0) || '"\\', 5000) WHEN 'b' THEN '' ELSE ${text} END`,
    [columns.number]: `CASE WHEN ${number} < 3 THEN 9223372036854775807 WHEN ${number} IS NULL THEN -9223372036854775807 - 1 ELSE ${number} END`,
    [columns.day]: `CASE day(${day}) WHEN 31 THEN '${latest}'::DATE WHEN 1 THEN '${first}'::DATE ELSE '${least}'::DATE END`,
  });
}

/** The second dataset of components that take one; each has its own, as some read it whole and others row by row. */
export function sideDataset(): Dataset {
  return from(s3({ key: 'reference/side.ndjson' }), z.object({ code: z.string(), city: z.string() }));
}

export function mainFile(given: readonly SampleRow[], { text, number, day }: SampleColumns): string {
  return written(given.map((row) => ({ [text]: row.text, [number]: row.number, [day]: row.day })));
}

export function sideFile(): string {
  return written([
    { code: 'a', city: 'Aachen' },
    { code: 'b', city: 'Berlin' },
  ]);
}

function written(given: readonly object[]): string {
  return scratchFile('input-0', given.map((row) => `${JSON.stringify(row)}\n`).join(''));
}
