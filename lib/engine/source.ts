import type { Connector, Format } from '../component/connector.ts';
import type { SourceNode } from '../component/plan.ts';
import { quoted } from '../component/shape.ts';
import type { InputFile, StepCount } from './chunk.ts';
import { type TypedFields, typedFields } from './field-check.ts';
import { stepCount } from './ledger.ts';
import { readCsv } from './read/csv.ts';
import { readJson, readNdjson } from './read/json.ts';
import { readParquet } from './read/parquet.ts';
import { anyBad, type Check, type RawForm, type Rejects, type Taken } from './rejects.ts';
import { columnList, type Relation, relationName, rowColumn } from './relation.ts';
import { rowAsJson } from './row-as-json.ts';
import type { Session } from './session.ts';
import { type ReadFile, type ReadRequest, reading, type TextScan } from './source-files.ts';

const readers: Readonly<Record<Format['kind'], (request: ReadRequest) => Promise<ReadFile | TextScan>>> = {
  csv: readCsv,
  ndjson: readNdjson,
  json: readJson,
  parquet: readParquet,
};

/** What a source node is read from. */
export interface SourceInput {
  readonly session: Session;
  readonly rejects: Rejects;
  readonly node: SourceNode;
  readonly connector: Connector;
  readonly files: readonly InputFile[];
  readonly workFolder: string;
  readonly signal?: AbortSignal;
}

/** Reads a source's files and holds each row against the contract: good rows as a relation, bad ones among the rejects. */
export async function readSource(input: SourceInput): Promise<{ relation: Relation; count: StepCount }> {
  const { session, node, files } = input;
  const name = relationName(node.id);
  const rules: Record<string, number> = {};
  let rowsIn = 0;
  let rejected = 0;
  const parts: string[] = [];
  for (const file of files) {
    const part = await readFile(input, file);
    for (const [rule, rows] of Object.entries(part.rules)) rules[rule] = (rules[rule] ?? 0) + rows;
    rowsIn += part.records;
    rejected += part.rejected;
    parts.push(part.select);
  }
  await session.run(`CREATE VIEW ${name} AS ${parts.length > 0 ? parts.join(' UNION ALL ') : emptySelect(node)}`);
  const rowsOut = rowsIn - rejected;
  return {
    relation: { node: node.id, name, columns: node.columns, rows: rowsOut },
    count: stepCount(node.id, { rowsIn, rowsOut, rejected, rules }),
  };
}

interface FilePart extends Pick<ReadFile, 'records' | 'rejected'> {
  /** SQL of the file's good rows. */
  readonly select: string;
  readonly rules: Readonly<Record<string, number>>;
}

async function readFile(
  { session, rejects, node, connector, workFolder, signal }: SourceInput,
  file: InputFile,
): Promise<FilePart> {
  const format = connector.source!.format(node.options);
  const name = quoted(`file ${file.file} ${node.id}`);
  const typed = quoted(`typed ${file.file} ${node.id}`);
  const verdict = { session, rejects, node, typed, file, format };
  const found = await readers[format.kind]({ session, node, format, file, rejects, name, workFolder, signal });
  if (!('from' in found)) return judge(verdict, found, name);
  const scanned = await typeScan(verdict, found, signal);
  if (scanned) return scanned;
  return reading({ file, format }, async () => judge(verdict, await found.sifted(), name));
}

/** What is asked of the rows of one file. */
interface Verdict extends Pick<ReadRequest, 'session' | 'rejects' | 'node' | 'file' | 'format'> {
  /** Quoted name of the view or table to make. */
  readonly typed: string;
}

/** Types and checks rows that have been read. */
async function judge(verdict: Verdict, found: ReadFile, name: string): Promise<FilePart> {
  const { session, node, format, typed } = verdict;
  const fields = typedFields(node.contract.fields, found.types);
  const checks = [...fields.checks, ...(found.checks ?? [])];
  const record = recordOf(found, fields);
  const rows = `SELECT ${[fields.select, ...record.needs, rowColumn].join(', ')} FROM ${name}`;
  let part: Pick<FilePart, 'select'> & { readonly taken: Taken };
  if (format.kind === 'parquet') part = await asView(verdict, { rows, checks, record });
  else {
    await session.run(tableOf(typed, { node, rows, row: rowColumn, checks, fields, record }));
    part = await takeBad(verdict, { checks, fields, record, row: rowColumn });
  }
  const { select, taken } = part;
  return {
    select,
    records: found.records,
    rejected: found.rejected + taken.rejected,
    rules: { ...found.rules, ...taken.rules },
  };
}

/** Types text on its way in. Undefined where the file has to be sifted. */
async function typeScan(
  verdict: Verdict,
  scan: TextScan,
  signal: AbortSignal | undefined,
): Promise<FilePart | undefined> {
  const { session, node, typed } = verdict;
  const fields = typedFields(node.contract.fields, scan.types);
  const { checks } = fields;
  const record = recordOf(scan, fields);
  let numbered: Awaited<ReturnType<TextScan['number']>>;
  try {
    const rows = `SELECT ${[fields.select, ...record.needs].join(', ')} FROM ${scan.from}`;
    await session.run(tableOf(typed, { node, rows, checks, fields, record }));
    numbered = await scan.number(typed);
  } catch (cause) {
    if (signal?.aborted) throw cause;
  }
  if (!numbered) {
    await session.run(`DROP TABLE IF EXISTS ${typed}`);
    return undefined;
  }
  const { select, taken } = await takeBad(verdict, { checks, fields, record, row: numbered.row });
  const [records] = await session.counts(`SELECT count(*) FROM ${typed}`);
  return {
    select,
    records: records! + numbered.rejected,
    rejected: numbered.rejected + taken.rejected,
    rules: { ...numbered.rules, ...taken.rules },
  };
}

/** Parquet is typed already: reading it again costs less than keeping it. */
async function asView(
  { session, rejects, node, typed, file, format }: Verdict,
  { rows, checks, record }: { readonly rows: string; readonly checks: readonly Check[]; readonly record: RawRecord },
) {
  await session.run(`CREATE VIEW ${typed} AS ${rows}`);
  // Of a Parquet file this is the first look at the values themselves.
  const taken = await reading({ file, format }, () => rejects.take(node.id, typed, checks, record));
  const bad = taken.rejected > 0 ? ` WHERE NOT (${anyBad(checks)})` : '';
  return { select: `SELECT ${columnList(node.contract.fields, rowColumn)} FROM ${typed}${bad}`, taken };
}

interface TypedText {
  readonly checks: readonly Check[];
  readonly fields: TypedFields;
  readonly record: RawRecord;
  /** SQL of a row's id. */
  readonly row?: string;
}

/** Text is typed once and kept so; only a bad row keeps its values as they were read. */
function tableOf(
  typed: string,
  { node, rows, row, checks, fields, record }: TypedText & { readonly node: SourceNode; readonly rows: string },
): string {
  const members = [...keptOf(fields, record).map((name) => `${name} := ${name}`), `__raw_text := ${record.raw}`];
  const bad = checks.length > 0 ? `CASE WHEN ${anyBad(checks)} THEN struct_pack(${members.join(', ')}) END` : 'NULL';
  return `CREATE TABLE ${typed} AS SELECT ${columnList(node.contract.fields, ...(row ? [row] : []))}, ${bad} AS __bad FROM (${rows})`;
}

async function takeBad({ session, rejects, node, typed }: Verdict, { checks, fields, record, row }: TypedText) {
  const own = columnList(node.contract.fields);
  const rows = `${own}, ${row} AS ${rowColumn}`;
  if (checks.length === 0) return { select: `SELECT ${rows} FROM ${typed}`, taken: { rejected: 0, rules: {} } };
  const [bad] = await session.counts(`SELECT count(__bad) FROM ${typed}`);
  if (bad === 0) return { select: `SELECT ${rows} FROM ${typed}`, taken: { rejected: 0, rules: {} } };
  const kept = [...keptOf(fields, record), '__raw_text'].map((name) => `__bad.${name} AS ${name}`).join(', ');
  const from = `(SELECT ${rows}, ${kept} FROM ${typed} WHERE __bad IS NOT NULL)`;
  const taken = await rejects.take(node.id, from, checks, { raw: '__raw_text', form: record.form });
  return { select: `SELECT ${rows} FROM ${typed} WHERE __bad IS NULL`, taken };
}

/** Columns that a bad row keeps. */
function keptOf({ given }: TypedFields, { form, raw }: RawRecord): string[] {
  return [...Object.values(given).filter((name) => name.startsWith('__given_')), ...(form === 'json' ? [raw] : [])];
}

/** SQL of a bad row as its source had it. */
interface RawRecord {
  readonly raw: string;
  readonly form: RawForm;
  /** What has to be selected for it beside the typed fields. */
  readonly needs: readonly string[];
}

/** The text that a reader has kept; else all values as they were read, those too that the contract does not name. */
function recordOf({ raw, types }: Pick<ReadFile, 'raw' | 'types'>, { given }: TypedFields): RawRecord {
  if (raw !== undefined) return { raw, form: 'json', needs: [raw] };
  const others = Object.keys(types).filter((name) => !(name in given));
  const hidden = (name: string) => `__other_${others.indexOf(name)}`;
  const members = Object.entries(types).map(([name, type]) => ({ name, type, sql: given[name] ?? hidden(name) }));
  return {
    raw: rowAsJson(members),
    form: 'values',
    needs: others.map((name) => `${quoted(name)} AS ${hidden(name)}`),
  };
}

function emptySelect(node: SourceNode): string {
  const columns = node.contract.fields.map((field) => `NULL::${field.type} AS ${quoted(field.name)}`);
  return `SELECT ${columns.join(', ')}, 0::BIGINT AS ${rowColumn} WHERE false`;
}
