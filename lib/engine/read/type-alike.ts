import { join } from 'node:path';
import { literal, quoted } from '../../component/shape.ts';
import { typedFields } from '../field-check.ts';
import { anyBad } from '../rejects.ts';
import { columnList, firstRow, rowColumn } from '../relation.ts';
import type { FilePart, ReadRequest } from '../source-files.ts';
import { fillingBytes } from './buffer-bytes.ts';
import { areFew, followPattern, longestPatternLine } from './follow-pattern.ts';
import { lines as layout, scanLines } from './json-lines.ts';
import { type LinePattern, linePattern } from './line-pattern.ts';
import { Lines } from './lines.ts';
import { linesAt } from './lines-at.ts';
import { PatternScanner } from './pattern-scanner.ts';
import { sampleKeys, sampleLines } from './sample-keys.ts';
import { carriageReturn, lineFeed } from './scanner.ts';
import { textColumns } from './text.ts';
import { typeText } from './type-text.ts';

/** With less for DuckDB, as in functions below 800 MB or so, its reader's buffers take more than there is room for. */
const leastMemoryBytes = 200e6;

const state = { good: 0, doubtful: 1 } as const;

/**
 * Types NDJSON whose lines nearly all follow one pattern. DuckDB's own reader takes half the time, but says nothing of keys
 * that a line has twice, of what stands behind an object, and of digits that it rounds; so each line is held against the
 * pattern besides, while DuckDB reads. Lines that do not follow it, and rows that are not surely good, are taken out of the
 * file once more and looked at closely.
 *
 * Undefined where the lines have no pattern, or DuckDB sees others: nothing was set aside then.
 * @param typed quoted name of the table to make
 */
export async function typeAlike(request: ReadRequest, typed: string): Promise<FilePart | undefined> {
  const { session, node, file, signal } = request;
  const { fields, evolution, aliases, unknownColumns } = node.contract;
  // Which key stands for which field is a question to all lines.
  if (evolution || aliases || session.memoryBytes < leastMemoryBytes) return undefined;
  const sample = await sampleLines(file.path);
  const keys = sampleKeys(sample);
  if (!keys || (unknownColumns === 'reject' && keys.some((key) => !fields.some(({ name }) => name === key))))
    return undefined;
  const pattern = linePattern(sample, keys, fields);
  if (!pattern || !isFollowed(pattern, sample)) return undefined;
  const aside = new LinesAside(request);
  try {
    const [made, followed] = await Promise.allSettled([
      session.run(tableOf(request, { pattern, sample, typed })),
      follow(request, pattern, aside),
    ]);
    signal?.throwIfAborted();
    if (followed.status === 'rejected') throw followed.reason;
    const scanner = followed.value;
    if (made.status === 'fulfilled' && scanner) {
      const part = await partOf(request, { typed, scanner, keys, aside });
      if (part) return part;
    }
  } finally {
    await aside.close();
  }
  await session.run(`DROP TABLE IF EXISTS ${typed}`);
  return undefined;
}

/** Lines that do not follow it are taken out at once: DuckDB takes longer to read than they do. */
async function follow({ file, signal }: ReadRequest, pattern: LinePattern, aside: LinesAside) {
  const scanner = await followPattern(file.path, pattern, signal);
  if (scanner) await aside.take(scanner.odd, scanner);
  return scanner;
}

function isFollowed(pattern: LinePattern, sample: readonly string[]): boolean {
  const scanner = new PatternScanner(pattern);
  scanner.push(Buffer.from(sample.map((line) => `${line}\n`).join('')));
  return areFew(scanner.odd.length, scanner.lines);
}

interface TableOf {
  readonly pattern: LinePattern;
  readonly sample: readonly string[];
  readonly typed: string;
}

/** DuckDB reads what it can: what it cannot is NULL, and so may be the line behind it. */
function tableOf({ node, file, session }: ReadRequest, { pattern, sample, typed }: TableOf): string {
  const { fields } = node.contract;
  const { types } = pattern;
  const sources = Object.fromEntries(fields.map(({ name }) => [name, types[name] === undefined ? undefined : name]));
  const { select, sure, checks, given } = typedFields(fields, types, { sources, drift: [], checks: [] });
  // A row that is NULL all over may be one that DuckDB could not read.
  const isThere = Object.keys(types).map((name) => `${given[name]} IS NOT NULL`);
  const cases = [
    ...(fields.every(({ nullable }) => nullable) ? [`WHEN NOT (${isThere.join(' OR ')}) THEN ${state.doubtful}`] : []),
    ...(sure.length > 0 ? [`WHEN ${sure.join(' AND ')} THEN ${state.good}`] : []),
    ...(checks.length > 0 ? [`WHEN ${anyBad(checks)} THEN ${state.doubtful}`] : []),
  ];
  // Rows of buffers that do not fill a row group are copied once more: that was a third of the time to read orders.
  const buffer = fillingBytes({ path: file.path, session }, meanBytes(sample)) ?? 0;
  const options = [...jsonOptions(types, Math.max(buffer, leastBuffer)), 'ignore_errors = true'];
  return (
    `CREATE TABLE ${typed} AS SELECT ${columnList(fields)}, (CASE ${cases.join(' ')} ELSE ${state.good} END)::UTINYINT AS __state ` +
    `FROM (SELECT ${select} FROM read_json(${literal(file.path)}, ${options.join(', ')}))`
  );
}

interface Alike {
  readonly typed: string;
  readonly scanner: PatternScanner;
  readonly keys: readonly string[];
  /** Has taken the lines that do not follow the pattern. */
  readonly aside: LinesAside;
}

async function partOf(request: ReadRequest, { typed, scanner, keys, aside }: Alike): Promise<FilePart | undefined> {
  const { session, node, file } = request;
  const [all, doubtful] = await session.counts(
    `SELECT count(*) AS "all", count(*) FILTER (__state = ${state.doubtful}) AS doubtful FROM ${typed}`,
  );
  if (all !== scanner.lines || !areFew(doubtful!, all)) return undefined;
  const good = `SELECT ${columnList(node.contract.fields)}, ${firstRow(file)} + rowid AS ${rowColumn} FROM ${typed}`;
  const rows = await session.rows(`SELECT rowid AS place FROM ${typed} WHERE __state = ${state.doubtful}`);
  const odd = new Set(scanner.odd);
  const others = rows.map(({ place }) => Number(place)).filter((place) => !odd.has(place));
  await aside.take(
    others.sort((a, b) => a - b),
    scanner,
  );
  const places = odd.size + others.length;
  if (places === 0) return { select: good, records: all, rejected: 0, rules: {}, drift: [] };
  const lines = session.newName('lines');
  await session.run(`CREATE TABLE ${lines} AS ${await aside.rows()}`);
  await session.run(
    `UPDATE ${typed} SET __state = ${state.doubtful} WHERE __state = ${state.good} AND rowid IN (SELECT place FROM ${lines})`,
  );
  const first = firstRow(file);
  const from = `(SELECT line, ${first} + place AS ${rowColumn} FROM ${lines})`;
  const few = { ...request, amid: all };
  const rest = await typeText(few, await scanLines(few, from, keys), session.newName('typed'));
  // Rows stay where they are in the file: who writes them as text expects that.
  if (rest.records > rest.rejected) {
    const values = node.contract.fields.map(({ name }) => `${quoted(name)} = rest.${quoted(name)}`);
    await session.run(
      `UPDATE ${typed} AS typed SET ${[...values, `__state = ${state.good}`].join(', ')} FROM (${rest.select}) rest WHERE typed.rowid = rest.${rowColumn} - (${first})`,
    );
  }
  await session.run(`DROP TABLE ${lines}`);
  return {
    ...rest,
    select: `${good} WHERE __state = ${state.good}`,
    records: all - places + rest.records,
  };
}

/** Lines that are taken out of a file, in no order, into another one. */
class LinesAside {
  readonly #request: ReadRequest;
  readonly #path: string;
  #lines: Lines | undefined;

  constructor(request: ReadRequest) {
    this.#request = request;
    this.#path = join(request.workFolder, request.session.newName('lines'));
  }

  /** @param places ascending; none that was taken before */
  async take(places: readonly number[], { lengths }: PatternScanner): Promise<void> {
    if (places.length === 0) return;
    this.#lines ??= new Lines(this.#path);
    for (const { place, bytes } of linesAt(this.#request.file.path, places, lengths)) {
      // A file that is followed has no other characters that end a line, or that part columns here.
      this.#lines.add(Buffer.from(`${place}${layout.separator}`), withoutEnd(bytes));
      await this.#lines.flush();
    }
  }

  /** SQL of all that were taken, each with its place in the file. */
  async rows(): Promise<string> {
    await this.close();
    const { session } = this.#request;
    const options = [...layout.dialect, "new_line = '\\n'", 'header = false'];
    const length = 2 * longestPatternLine + mostDigits;
    const texts = textColumns({ path: this.#path, session }, ['place', ...layout.columns], options, {
      longestLine: length,
      meanLine: length,
    });
    return `SELECT place::BIGINT AS place, line FROM ${texts}`;
  }

  async close(): Promise<void> {
    const lines = this.#lines;
    this.#lines = undefined;
    await lines?.close();
  }
}

/** Of a place, and what parts it from its line. */
const mostDigits = 32;

function withoutEnd(line: Buffer): Buffer {
  const end = line.at(-1) === lineFeed ? line.length - 1 : line.length;
  return line.subarray(0, line[end - 1] === carriageReturn ? end - 1 : end);
}

/** DuckDB's buffers are as large as the largest object may be; these hold three of the longest lines that are followed. */
const leastBuffer = 6 * longestPatternLine;

/** Of a line with its end. */
function meanBytes(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0) / lines.length;
}

/**
 * @param columns type of each key that is read
 * @param buffer bytes
 */
function jsonOptions(columns: Readonly<Record<string, string>>, buffer: number): readonly string[] {
  const members = Object.entries(columns).map(([name, type]) => `${quoted(name)}: '${type}'`);
  return [
    `columns = {${members.join(', ')}}`,
    "format = 'newline_delimited'",
    'records = true',
    "compression = 'uncompressed'",
    'hive_partitioning = false',
    `maximum_object_size = ${buffer}`,
  ];
}
