import * as z from 'zod';
import { defineSource, type Format } from '../component/connector.ts';

const place = z
  .string()
  .regex(/^(landing|reference)\/./, 'lies outside `landing/` and `reference/`, the zones that hold dropped files')
  .refine((path) => !/\/(\.{1,2}(\/|$)|\/)/.test(path), 'has a part that is empty or made of dots');
const mark = z.string().regex(/^[\t\x20-\x7e]$/, 'is not one ASCII character');
const schema = z
  .strictObject({
    prefix: place.regex(/\/$/, 'does not end with "/"').optional().describe('every object below it'),
    key: place.optional().describe('one object'),
    format: z.enum(['csv', 'ndjson', 'json', 'parquet']).optional().describe('default: by the ending of `key`'),
    delimiter: mark.default(',').describe('CSV: between fields'),
    quote: mark.default('"').describe('CSV: around fields'),
    header: z.boolean().default(true).describe('CSV: the first line names the columns'),
  })
  .refine(({ prefix, key }) => (prefix === undefined) !== (key === undefined), {
    message: 'give either `prefix` or `key`',
    path: ['prefix'],
  })
  .refine(({ delimiter, quote }) => delimiter !== quote, {
    message: 'is the same as `delimiter`',
    path: ['quote'],
  })
  .refine(({ key, format }) => format !== undefined || endingOf(key) !== undefined, {
    message: 'is needed where the key does not end in .csv, .ndjson, .jsonl, .json or .parquet',
    path: ['format'],
  });

type Options = z.infer<typeof schema>;

const formatByEnding: Readonly<Record<string, Format['kind']>> = {
  csv: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'json',
  parquet: 'parquet',
};

/**
 * Files in the lake: all below a prefix, or one by its key. CSV, NDJSON, a JSON array or Parquet; `.gz` and `.zst` of
 * the text formats are unpacked on the way.
 * @example s3({ prefix: 'landing/flights/', format: 'parquet' })
 * @example s3({ key: 'reference/airports.csv' })
 */
export default defineSource('s3', {
  schema,
  title: ({ prefix, key }) => (prefix?.slice(0, -1) ?? key ?? '').split('/').at(-1)!.split('.')[0]!,
  objects: ({ prefix, key }: Options) => (prefix !== undefined ? { prefix } : { key: key! }),
  format({ format, key, delimiter, quote, header }: Options): Format {
    const kind = format ?? endingOf(key)!;
    return kind === 'csv' ? { kind, delimiter, quote, header } : { kind };
  },
});

function endingOf(key: string | undefined): Format['kind'] | undefined {
  const ending = /\.([a-z]+)(\.(gz|zst))?$/.exec(key ?? '')?.[1];
  return ending === undefined ? undefined : formatByEnding[ending];
}
