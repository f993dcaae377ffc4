import type { Connector, Format } from '../component/connector.ts';
import type { SourceNode } from '../component/plan.ts';
import { literal, quoted } from '../component/shape.ts';
import type { InputFile, SchemaDrift, StepCount } from './chunk.ts';
import { InputMalformedError } from './errors.ts';
import { stepCount } from './ledger.ts';
import { mergeDrift } from './merge-drift.ts';
import { passedOverRule, passOver } from './pass-over.ts';
import { readCsv } from './read/csv.ts';
import { readThrough } from './read/damaged-files.ts';
import { typeJson } from './read/json.ts';
import { readPool } from './read/read-pool.ts';
import { readRejected } from './read/rejected.ts';
import { poolSmallFiles } from './read/small-files.ts';
import { typeText } from './read/type-text.ts';
import { typeView } from './read/type-view.ts';
import type { Rejects, Taken } from './rejects.ts';
import { type Relation, relationName, rowBits, rowColumn } from './relation.ts';
import type { Session } from './session.ts';
import type { FilePart, ReadRequest } from './source-files.ts';

/** Types the records of a file; `typed` is the quoted name of the table or view to make. */
const readers: Readonly<Record<Format['kind'], (request: ReadRequest, typed: string) => Promise<FilePart>>> = {
  csv: async (request, typed) => typeText(request, await readCsv(request), typed),
  ndjson: typeJson,
  json: typeJson,
  parquet: typeView,
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
  /** How far earlier runs have taken it. Absent: not at all, or it does not go on. */
  readonly after?: string;
  /** True where rows that are good need not wait until the bad ones are set aside: the count comes later then. */
  readonly goesOn?: boolean;
}

/** Rows of a source, as soon as they are there. */
export interface ReadRows {
  readonly relation: Relation;
  readonly count: Promise<StepCount>;
}

/** Reads a source's files and holds each row against the contract: good rows as a relation, bad ones among the rejects. */
export async function readSource(input: SourceInput): Promise<ReadRows> {
  const { session, node, files } = input;
  const name = relationName(node.id);
  const rules: Record<string, number> = {};
  let rowsIn = 0;
  let rejected = 0;
  const parts: { readonly select: string; readonly again?: true }[] = [];
  const drift: SchemaDrift[] = [];
  const add = (more: Taken['rules']) => {
    for (const [rule, rows] of Object.entries(more)) rules[rule] = (rules[rule] ?? 0) + rows;
  };
  const later: Promise<Taken>[] = [];
  for (const part of await readFiles(input, files)) {
    add(part.rules);
    if (part.later) later.push(part.later);
    rowsIn += part.records;
    rejected += part.rejected;
    parts.push(part);
    drift.push(...part.drift);
  }
  const all = union(parts, node);
  const replaced = await leaveOut(input, all);
  const present = (of: typeof parts) =>
    replaced ? `SELECT * FROM (${union(of, node)}) WHERE ${replaced.others}` : union(of, node);
  // Rejects are replayed because they were held back, wherever the cursor stands by now.
  const again = parts.filter((part) => part.again);
  const others = present(parts.filter((part) => !part.again));
  const passed = node.incremental ? await passOver(session, others, node.incremental, input.after) : { rows: 0 };
  await session.run(
    `CREATE VIEW ${name} AS ${passed.others ? `SELECT * FROM (${others}) WHERE ${passed.others} UNION ALL ${present(again)}` : present(parts)}`,
  );
  const rowsOut = rowsIn - rejected - (replaced?.good ?? 0) - passed.rows;
  const gone = replaced ? replaced.good + replaced.bad.rejected : 0;
  const count = async () => {
    for (const taken of await Promise.all(later)) add(taken.rules);
    for (const [rule, rows] of Object.entries(replaced?.bad.rules ?? {})) rules[rule]! -= rows;
    return stepCount(node.id, {
      rowsIn,
      rowsOut,
      rejected: rejected - (replaced?.bad.rejected ?? 0),
      filtered: gone + passed.rows,
      rules: Object.fromEntries([
        ...Object.entries(rules).filter(([, rows]) => rows > 0),
        ...(gone > 0 ? [[replacedRule, gone]] : []),
        ...(passed.rows > 0 ? [[passedOverRule, passed.rows]] : []),
      ]),
      ...(passed.reached !== undefined && { reached: passed.reached }),
      ...(drift.length > 0 && { drift: mergeDrift(drift) }),
    });
  };
  return { relation: { node: node.id, name, columns: node.columns, rows: rowsOut }, count: count() };
}

/** What takes records out of a file that others take the place of. */
const replacedRule = 'replaced by a record of a replay';

/**
 * Counts the records that others take the place of, and forgets those of them that were rejected.
 * @param all SQL of the good rows
 */
async function leaveOut({ session, rejects, node, files }: SourceInput, all: string) {
  const paths = [...new Set(files.flatMap((file) => file.replaced ?? []))];
  if (paths.length === 0) return undefined;
  const names = files
    .filter((file) => file.replaced)
    .map(
      ({ file, key, version }) => `(${file}, ${literal(key)}, ${version === undefined ? 'NULL' : literal(version)})`,
    );
  const table = session.newName('replaced');
  await session.run(
    `CREATE TABLE ${table} AS SELECT DISTINCT (named.position::BIGINT << ${rowBits}) + record."row" AS id FROM read_parquet([${paths.map(literal).join(', ')}]) record ` +
      `JOIN (VALUES ${names.join(', ')}) named(position, file, version) ON record.file = named.file AND record.version IS NOT DISTINCT FROM named.version::VARCHAR`,
  );
  const ids = `SELECT id FROM ${table}`;
  const [good] = await session.counts(`SELECT count(*) FROM (${all}) WHERE ${rowColumn} IN (${ids})`);
  return { good: good!, bad: await rejects.leaveOut(node.id, ids), others: `${rowColumn} NOT IN (${ids})` };
}

async function readFiles(input: SourceInput, files: readonly InputFile[]): Promise<readonly FilePart[]> {
  const { alone, parts: pooled } = await readSmallFiles(input, files);
  const parts: FilePart[] = [...pooled];
  for (const file of alone)
    parts.push(...(file.rejects ? await readAgain(input, file) : [await readOrReject(input, file)]));
  return parts;
}

/** Where the source says so, a file that is damaged gives one reject and no row. */
async function readOrReject(input: SourceInput, file: InputFile): Promise<FilePart> {
  const { session, rejects, node, connector } = input;
  if (node.damaged !== 'reject') return readFile(input, file);
  const format = connector.source!.format(node.options);
  try {
    // Damage of a view would show in a later step, when its rows have been counted.
    if (format.kind === 'parquet') await readThrough({ session, file, format });
    return await readFile(input, file);
  } catch (error) {
    if (!(error instanceof InputMalformedError)) throw error;
    const taken = await rejects.takeFile(node.id, file, error.problem);
    return { select: emptySelect(node), records: 1, ...taken, drift: [] };
  }
}

/** Small files take one query together; what is said of a file by its name is said where it is read alone. */
async function readSmallFiles(input: SourceInput, files: readonly InputFile[]) {
  const { session, rejects, node, connector, workFolder, signal } = input;
  const format = connector.source!.format(node.options);
  const { evolution, aliases, unknownColumns } = node.contract;
  if (format.kind === 'parquet' || evolution || aliases || unknownColumns === 'reject')
    return { alone: files, parts: [] };
  const pooled = await poolSmallFiles(files, { format, workFolder, newName: () => session.newName('pool') });
  const alone = [...pooled.alone];
  const parts: FilePart[] = [];
  for (const pool of pooled.pools) {
    const name = session.newName('file');
    const part = await readPool({ session, node, format, rejects, name, workFolder, signal }, pool);
    if (part) parts.push(part);
    else alone.push(...pool.members.map(({ file }) => file));
  }
  return { alone, parts };
}

/** Reads the raw records of rejects as their source would. */
async function readAgain(input: SourceInput, file: InputFile): Promise<readonly FilePart[]> {
  const { session, rejects, node, connector, workFolder, signal } = input;
  const format = connector.source!.format(node.options);
  const request = { session, node, format, file, rejects, name: '', workFolder, signal };
  const parts: FilePart[] = [];
  for await (const scan of readRejected(request))
    parts.push({ ...(await typeText(request, scan, session.newName('typed'))), again: true });
  return parts;
}

async function readFile(
  { session, rejects, node, connector, workFolder, signal, goesOn }: SourceInput,
  file: InputFile,
): Promise<FilePart> {
  const format = connector.source!.format(node.options);
  // A chunk may hold several parts of one file.
  const name = session.newName('file');
  const typed = session.newName('typed');
  const request = { session, node, format, file, rejects, name, workFolder, signal, goesOn };
  return readers[format.kind](request, typed);
}

function union(parts: readonly { readonly select: string }[], node: SourceNode): string {
  return parts.length > 0 ? parts.map(({ select }) => select).join(' UNION ALL ') : emptySelect(node);
}

function emptySelect(node: SourceNode): string {
  const columns = node.contract.fields.map((field) => `NULL::${field.type} AS ${quoted(field.name)}`);
  return `SELECT ${columns.join(', ')}, 0::BIGINT AS ${rowColumn} WHERE false`;
}
