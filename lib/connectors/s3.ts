import * as z from 'zod';
import { defineConnector, type Format } from '../component/connector.ts';
import { classificationSchema } from '../component/contract.ts';
import { ColumnUnprintableError } from '../component/errors.ts';
import {
  fileSizes,
  layoutOptions,
  partitionExpressions,
  partitionNames,
  rowGroupOptions,
  rowGroupsAgree,
  rowGroupsDiffer,
} from '../component/layout-options.ts';
import { orderOf } from '../component/order.ts';
import type { OutputFormat } from '../component/output-file.ts';
import { refusal } from '../component/refusal.ts';

const place = z
  .string()
  .regex(
    /^(landing|reference)\/./,
    'is not in `landing/` or `reference/`, the zones that hold dropped files: landing/<folder>/, or reference/<file>',
  )
  .refine(
    (path) => !/\/(\.{1,2}(\/|$)|\/)/.test(path),
    refusal('has a part that is empty or made of dots', {
      allowed: 'parts with a name each, e.g. landing/orders/2026/',
      change: 'take the empty parts and the dots out',
    }),
  );
const mark = z
  .string()
  .regex(/^[\t\x20-\x7e]$/, 'is not one ASCII character: a single character such as ";", or a tab');
const readSchema = z
  .strictObject({
    prefix: place
      .regex(/\/$/, 'is not the name of a folder: a prefix that ends with "/"')
      .optional()
      .describe('every object below it; {name} stands for a parameter of the run'),
    key: place.optional().describe('one object; {name} stands for a parameter of the run'),
    format: z.enum(['csv', 'ndjson', 'json', 'parquet']).optional().describe('default: by the ending of `key`'),
    delimiter: mark.default(',').describe('CSV: between fields'),
    quote: mark.default('"').describe('CSV: around fields'),
    header: z.boolean().default(true).describe('CSV: the first line names the columns'),
  })
  .refine(
    ({ prefix, key }) => (prefix === undefined) !== (key === undefined),
    refusal('one of prefix and key says what is read', {
      allowed: '`prefix` for every object below it, or `key` for one object',
      change: 'give one of them',
      path: ['prefix'],
    }),
  )
  .refine(
    ({ delimiter, quote }) => delimiter !== quote,
    refusal('is the same as `delimiter`', {
      allowed: 'two different characters',
      change: 'change one of them',
      path: ['quote'],
    }),
  )
  .refine(
    ({ key, format }) => format !== undefined || endingOf(key) !== undefined,
    refusal('is needed where the key does not end in .csv, .ndjson, .jsonl, .json or .parquet', {
      allowed: 'csv, ndjson, json, parquet',
      change: 'say the format',
      path: ['format'],
    }),
  );

type ReadOptions = z.output<typeof readSchema>;

const formatByEnding: Readonly<Record<string, Format['kind']>> = {
  csv: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'json',
  parquet: 'parquet',
};

/** Parts of a key that Penstock gives a meaning of its own below an export. */
const ownParts = ['data', 'metadata', 'manifests'];
const exportPlace = z
  .string()
  .regex(
    /^exports\/([a-z0-9][a-z0-9_-]*\/)+$/,
    'is not a prefix in `exports/`, the zone of files for others: parts of lower-case letters, digits, _ and -, each with a "/" behind it',
  )
  .refine(
    (prefix) => !prefix.split('/').some((part) => ownParts.includes(part)),
    refusal(`has one of the parts ${ownParts.join(', ')}, which Penstock adds itself`, {
      allowed: 'parts with other names',
      change: 'rename this part',
    }),
  );

const textOptions = {
  delimiter: mark.optional().describe('CSV: between fields; default: ,'),
  header: z.boolean().optional().describe('CSV: the first line names the columns; default: true'),
  nullText: z
    .string()
    .regex(/^[\x20-\x7e]*$/, 'is not printable ASCII: letters, digits and signs of ASCII')
    .optional()
    .describe('CSV: stands for no value, without quotes; default: nothing'),
  lineEnd: z.enum(['lf', 'crlf']).optional().describe('CSV: default: lf; RFC 4180 itself says crlf'),
  neutraliseFormulas: z
    .boolean()
    .optional()
    .describe("CSV: put a ' before text that a spreadsheet takes for a formula; numbers stay; default: false"),
  longNumbers: z
    .enum(['number', 'text'])
    .optional()
    .describe(
      'NDJSON, JSON: how BIGINT and DECIMAL stand, but DECIMAL(38,38), which is always text; as `text` no reader rounds them; default: number',
    ),
  compression: z.enum(['none', 'gzip', 'zstd']).optional().describe('CSV, NDJSON, JSON; default: none'),
};

/** Which formats an option of its own is for. */
const meantFor: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['delimiter', 'header', 'nullText', 'lineEnd', 'neutraliseFormulas'].map((name) => [name, ['csv']]),
  ),
  longNumbers: ['ndjson', 'json'],
  compression: ['csv', 'ndjson', 'json'],
  rowGroupRows: ['parquet'],
  rowGroupBytes: ['parquet'],
};

const writeSchema = z
  .strictObject({
    prefix: exportPlace.describe('where the files go, e.g. `exports/daily/`'),
    format: z.enum(['csv', 'ndjson', 'json', 'parquet']).describe('what they are'),
    ...textOptions,
    ...layoutOptions,
    ...rowGroupOptions,
    mode: z.enum(['append', 'replace']).default('append').describe('what becomes of the files that the manifest lists'),
    clearedFor: classificationSchema
      .optional()
      .describe('the most confined columns that the files may hold unmasked; default: confidential'),
  })
  .superRefine((options, { addIssue }) => {
    for (const [name, formats] of Object.entries(meantFor)) {
      const value = options[name as keyof typeof options];
      if (value !== undefined && !formats.includes(options.format))
        addIssue({
          code: 'custom',
          input: value,
          ...refusal(`means nothing where the format is ${options.format}`, {
            path: [name],
            allowed: `${name} with the format ${formats.join(' or ')}`,
            change: `leave ${name} out, or write another format`,
          }),
        });
    }
    // RFC 4180 knows no other quote.
    if (options.delimiter === '"')
      addIssue({
        code: 'custom',
        ...refusal('is what stands around fields', {
          path: ['delimiter'],
          allowed: 'one ASCII character other than "',
          change: 'give another character',
        }),
      });
  })
  .refine(rowGroupsAgree, rowGroupsDiffer);

type WriteOptions = z.output<typeof writeSchema>;

/**
 * Files in the lake. As a source, all below a prefix, or one by its key: CSV, NDJSON, a JSON array or Parquet; `.gz` and
 * `.zst` of the text formats are unpacked on the way. As a sink, files for others below `exports/`: each run adds a
 * manifest, which lists all files that readers should read; before it is there, nobody is told of any of them.
 * @example s3({ prefix: 'landing/flights/', format: 'parquet' })
 * @example s3({ key: 'reference/airports.csv' })
 * @example s3({ prefix: 'exports/delays/', format: 'csv', neutraliseFormulas: true, compression: 'gzip' })
 * @example s3({ prefix: 'exports/flights/', format: 'ndjson', longNumbers: 'text', partitionBy: ['day'] })
 */
export default defineConnector('s3', {
  source: {
    schema: readSchema,
    title: ({ prefix, key }) => titleOf(prefix?.slice(0, -1) ?? key ?? ''),
    objects: ({ prefix, key }: ReadOptions) => (prefix !== undefined ? { prefix } : { key: key! }),
    format({ format, key, delimiter, quote, header }: ReadOptions): Format {
      const kind = format ?? endingOf(key)!;
      return kind === 'csv' ? { kind, delimiter, quote, header } : { kind };
    },
  },
  sink: {
    schema: writeSchema,
    capabilities: { delivery: 'exactly-once', readers: 'manifest' },
    title: ({ prefix }) => prefix.slice(0, -1),
    place: ({ prefix }) => prefix,
    partitionBy: ({ partitionBy }) => partitionNames(partitionBy),
    partitions: ({ partitionBy }) => partitionExpressions(partitionBy),
    sortBy: ({ sortBy }, columns) => sortBy && orderOf(sortBy, columns, ['sortBy']),
    sizes: (options: WriteOptions) => fileSizes(options),
    mode: ({ mode }) => mode,
    clearedFor: ({ clearedFor }) => clearedFor,
    format: outputFormat,
    check(options, columns) {
      const [only, ...others] = columns;
      const format = outputFormat(options);
      if (format.kind !== 'csv' || format.nullText !== '' || others.length > 0 || !only?.nullable) return;
      throw new ColumnUnprintableError({
        problem: `"${only.name}" is the only column and may be missing: its line would be empty, which most readers skip`,
        received: `nullText '', one column that may be NULL`,
        allowed: 'a text for no value, several columns, or a column that is never missing',
        change: "set nullText, e.g. nullText: 'NULL'",
      });
    },
  },
});

/** The last part of a place that is the same in all runs. */
function titleOf(place: string): string {
  const parts = place.split('/');
  const fixed = parts.filter((part) => !part.includes('{'));
  return (fixed.length > 1 ? fixed : parts).at(-1)!.split('.')[0]!;
}

function outputFormat(options: WriteOptions): OutputFormat {
  const { format: kind, compression = 'none', longNumbers = 'number' } = options;
  if (kind === 'parquet') return { kind };
  if (kind !== 'csv') return { kind, longNumbers, compression };
  const { delimiter = ',', header = true, nullText = '', lineEnd = 'lf', neutraliseFormulas = false } = options;
  return { kind, delimiter, header, nullText, lineEnd, neutraliseFormulas, compression };
}

function endingOf(key: string | undefined): Format['kind'] | undefined {
  const ending = /\.([a-z]+)(\.(gz|zst))?$/.exec(key ?? '')?.[1];
  return ending === undefined ? undefined : formatByEnding[ending];
}
