import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import type { Format } from '../../component/connector.ts';
import type { CommandFile } from '../command.ts';
import { CommandInputError } from '../errors.ts';
import { odcsContract } from '../infer/odcs-contract.ts';
import { typescriptContract } from '../infer/typescript-contract.ts';
import { contractForm, fileFormat, share } from '../option-values.ts';
import { writingFile } from '../writing-file.ts';

interface InferOptions {
  readonly as: 'typescript' | 'odcs';
  readonly format?: Format['kind'];
  readonly out?: string;
  readonly name?: string;
  readonly tolerance: number;
}

/**
 * `penstock infer <file>`: writes the contract that a file keeps, with types, what may be missing, formats, a key, and the
 * profile of each column as a comment. CSV, NDJSON, JSON or Parquet; gzip and zstd are unpacked.
 * JSON: `{ contract, file?, inferred: { format, delimiter?, rows, unreadable?: { records, first: { record, problem } },
 * left?: [{ name, why }], key?,
 * columns: [{ name, type, nullable, format?, unique,
 * strange?, instead?, nested?, profile: { values, missing, distinct, least?, most?, frequent: [{ value, rows }] } }] } }`;
 * `nested` is `{ nullable }` with `list` (one of these), `members: [{ name, value }]`, or `type` and `format`.
 */
export const infer: CommandFile = (program, act) => {
  program
    .command('infer')
    .argument('<file>', 'a file as it will be dropped')
    .description('write the contract that a file keeps')
    .option('--as <form>', 'typescript, or odcs: YAML of the Open Data Contract Standard', contractForm, 'typescript')
    .option('--format <format>', 'csv, ndjson, json or parquet; default: by the name of the file', fileFormat)
    .option('--name <name>', 'name of the contract; default: that of the file')
    .option('--tolerance <share>', 'values of a column that may be none of its type, from 0 to 1', share, 0.02)
    .option('--out <file>', 'write it into a file instead, and make its folder')
    .action(
      act(async ({ printer }, given: string, options: InferOptions) => {
        const path = existing(given);
        const { inferFile } = await import('../../engine/index.ts');
        const inferred = await inferFile(path, options.format ?? formatOf(path), options.tolerance);
        const name = options.name ?? contractName(path);
        const write = options.as === 'odcs' ? odcsContract : typescriptContract;
        const contract = write(inferred, { name, from: basename(path) });
        if (options.out !== undefined) writeNew(options.out, contract);
        printer.data({ contract, ...(options.out !== undefined && { file: options.out }), inferred });
        printer.line(options.out === undefined ? contract.trimEnd() : `  ${options.out} is written`);
      }),
    );
};

function existing(given: string): string {
  const path = resolve(given);
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
  throw new CommandInputError({
    problem: 'there is no such file',
    received: given,
    allowed: 'a file on this machine',
    change: 'correct the path',
  });
}

/** By its name; what ends in .json may be lines all the same. */
function formatOf(path: string): Format['kind'] {
  const ending = /\.([a-z]+)(\.(gz|zst))?$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  const format = {
    csv: 'csv',
    tsv: 'csv',
    txt: 'csv',
    ndjson: 'ndjson',
    jsonl: 'ndjson',
    parquet: 'parquet',
    json: 'json',
  }[ending] as Format['kind'] | undefined;
  if (format === 'json' && !/\.(gz|zst)$/i.test(path) && startsWithObject(path)) return 'ndjson';
  if (format) return format;
  throw new CommandInputError({
    problem: 'the name of the file does not tell its format',
    received: relative(process.cwd(), path),
    allowed: 'a name that ends in .csv, .tsv, .ndjson, .jsonl, .json or .parquet, maybe with .gz or .zst behind it',
    change: 'give --format csv, ndjson, json or parquet',
  });
}

function startsWithObject(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const beginning = Buffer.alloc(1000);
    return /^\uFEFF?\s*\{/.test(beginning.toString('utf8', 0, readSync(file, beginning)));
  } finally {
    closeSync(file);
  }
}

/** Names of contracts begin with a letter. */
function contractName(path: string): string {
  const name = basename(path)
    .replace(/\..*$/, '')
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[^A-Za-z]+|-+$/g, '');
  return name.slice(0, 63) || 'file';
}

/** A contract that somebody has written must not be lost. */
function writeNew(file: string, text: string): void {
  if (existsSync(file))
    throw new CommandInputError({
      problem: 'the file exists',
      received: file,
      allowed: 'the name of a file that is not there',
      change: 'name another file, or remove it',
    });
  writingFile(file, () => {
    // The first contract of a project has no folder yet.
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  });
}
