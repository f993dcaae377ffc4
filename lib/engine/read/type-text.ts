import { quoted } from '../../component/shape.ts';
import type { SchemaDrift } from '../chunk.ts';
import { sameName } from '../column-names.ts';
import { CountMismatchError } from '../errors.ts';
import { type TypedFields, typedFields } from '../field-check.ts';
import { anyBad, type Check, type Taken } from '../rejects.ts';
import { columnList, rowColumn } from '../relation.ts';
import { rowAsJson } from '../row-as-json.ts';
import { type FilePart, type ReadRequest, reading, type TextScan } from '../source-files.ts';
import type { Statements } from '../statements.ts';
import { asInFile, retypedText, settle } from './fit-columns.ts';

/**
 * Types the records of a text file on their way into a table, and sets aside the bad ones. A table of texts would cost
 * three times as much as the typed one.
 * @param typed quoted name of the table to make
 */
export async function typeText(request: ReadRequest, scan: TextScan, typed: string): Promise<FilePart> {
  const { session } = request;
  const { strict, sifted } = scan;
  if (!sifted) return reading(request, async () => (await typeScan(request, scan, typed))!);
  const part = await typeScan(request, scan, typed);
  if (part) return part;
  await session.run(`DROP TABLE IF EXISTS ${typed}`);
  return typeText(request, strict?.() ?? (await reading(request, sifted)), typed);
}

const nothing: Taken = { rejected: 0, rules: {} };

/** What became of a record, in the column `__state` of the typed table. */
const state = { good: 0, bad: 1, broken: 2, skipped: 3 } as const;

/** Undefined where DuckDB cannot read the file, or what are no records cannot be told apart: nothing was set aside then. */
export async function typeScan(request: ReadRequest, scan: TextScan, typed: string): Promise<FilePart | undefined> {
  const { session, rejects, node, signal } = request;
  const { fit } = scan;
  const read = asInFile(node, fit).contract.fields;
  const texts = Object.fromEntries(read.map(({ name }) => [name, 'VARCHAR']));
  const fields = typedFields(node.contract.fields, texts, fit);
  const checks = [...(fit?.checks ?? []), ...fields.checks, ...scan.checks];
  try {
    await session.run(tableOf(request, { scan, typed, fields, checks }));
  } catch (cause) {
    if (!scan.sifted || signal?.aborted) throw cause;
    return undefined;
  }
  const { all, bad, broken, skipped } = await countsOf(request, typed);
  if (scan.expected !== undefined && all !== scan.expected) return undefined;
  const table = { scan, typed, fields, checks };
  const rows = `SELECT ${columnList(node.contract.fields)}, ${scan.row} AS ${rowColumn} FROM ${numbered(request, typed)}`;
  const part = {
    select: `${rows}${bad + broken + skipped > 0 ? ` WHERE __state = ${state.good}` : ''}`,
    records: all - skipped + scan.taken.rejected,
  };
  if (isLater(request, scan, { all, bad, broken })) {
    const later = rejects.later(async (on) => (await setAside(request, table, { bad, broken, on }))!.taken);
    const rejected = scan.taken.rejected + bad + broken;
    return { ...part, rejected, rules: scan.taken.rules, later, drift: fit?.drift ?? [] };
  }
  const gone = await setAside(request, table, { bad, broken });
  if (!gone) return undefined;
  return { ...part, ...sum([scan.taken, gone.taken]), drift: [...(fit?.drift ?? []), ...gone.retyped] };
}

function sum(taken: readonly Taken[]): Taken {
  return {
    rejected: taken.reduce((all, one) => all + one.rejected, 0),
    rules: Object.assign({}, ...taken.map((one) => one.rules)),
  };
}

interface NotGood {
  readonly bad: number;
  readonly broken: number;
}

/** With fewer records there is nothing to gain; where more of them are bad, there may be no room for all at once. */
const later = { least: 100_000, share: 1 / 16 };

/** Whether the good rows go on while the others are set aside: it must be known what becomes of each of these. */
function isLater(
  { node, goesOn, amid }: ReadRequest,
  { takesEach }: TextScan,
  { all, bad, broken }: NotGood & { readonly all: number },
): boolean {
  const records = amid ?? all;
  const known = !node.contract.evolution && (broken === 0 || takesEach === true);
  return goesOn === true && known && bad > 0 && records >= later.least && bad + broken <= records * later.share;
}

/**
 * Sets aside the rows that are not good. Undefined where what are no records cannot be told apart.
 * @param on connection, where other rows go on meanwhile
 */
async function setAside(
  request: ReadRequest,
  table: TypedTable,
  { bad, broken, on }: NotGood & { readonly on?: Statements },
): Promise<{ readonly taken: Taken; readonly retyped: readonly SchemaDrift[] } | undefined> {
  const { session, rejects, node } = request;
  const { scan, checks } = table;
  const asked = on ?? session;
  const aside = session.newName('bad');
  if (bad + broken > 0) await asked.run(badRows(request, table, aside));
  const unread =
    broken > 0 ? await scan.takeBroken?.(`(SELECT * FROM ${aside} WHERE __state = ${state.broken})`, on) : nothing;
  if (!unread) return undefined;
  const form = scan.form ?? (scan.line === undefined ? 'values' : 'json');
  const kept = { raw: '__raw_text', form, allBad: true } as const;
  const unfit =
    bad > 0
      ? await rejects.take(node.id, `(SELECT * FROM ${aside} WHERE __state = ${state.bad})`, checks, kept, on)
      : nothing;
  const retyped = bad > 0 ? await retypedColumns(request, { ...table, aside }) : [];
  await asked.run(`DROP TABLE IF EXISTS ${aside}`);
  const taken = sum([unread, unfit]);
  if (on && taken.rejected !== bad + broken)
    throw new CountMismatchError({
      problem: `${taken.rejected} records of ${request.file.key} were set aside where ${bad + broken} were counted`,
      received: taken.rejected,
      allowed: bad + broken,
      change: 'report this with the plan: two queries of the same rows disagree',
    });
  return { taken, retyped };
}

/** Text that is never what the contract says, in any row of a file that has several, was meant to be something else. */
async function retypedColumns(
  request: ReadRequest,
  { typed, aside, fields: { given } }: Pick<TypedTable, 'typed' | 'fields'> & { readonly aside: string },
): Promise<readonly SchemaDrift[]> {
  const { fields, evolution } = request.node.contract;
  if (!evolution) return [];
  const kept = new Set(Object.values(given));
  const read = fields.flatMap((field, index) => (kept.has(`__given_${index}`) ? [{ field, index }] : []));
  if (read.length === 0) return [];
  const { session } = request;
  const good = await session.counts(
    `SELECT ${read.map(({ field, index }) => `count(${quoted(field.name)}) AS good_${index}`).join(', ')} FROM ${numbered(request, typed)}`,
  );
  const bad = await session.counts(
    `SELECT ${read.map(({ index }) => `count(__given_${index})`).join(', ')} FROM ${aside} WHERE __state = ${state.bad}`,
  );
  const retyped = read.filter((_, place) => good[place] === 0 && bad[place]! > 1);
  return settle(
    request,
    retyped.map(({ field }) => retypedText(request, field)),
  ).drift;
}

async function countsOf({ session }: ReadRequest, typed: string) {
  const counted = [state.bad, state.broken, state.skipped].map((one) => `count(*) FILTER (__state = ${one})`);
  const [all, bad, broken, skipped] = await session.counts(
    `SELECT count(*) AS "all", ${counted.map((sql, place) => `${sql} AS counted_${place}`).join(', ')} FROM ${typed}`,
  );
  return { all: all!, bad: bad!, broken: broken!, skipped: skipped! };
}

interface TypedTable {
  readonly scan: TextScan;
  readonly typed: string;
  readonly fields: TypedFields;
  readonly checks: readonly Check[];
}

/**
 * Nearly every row passes the cheap tests; only a bad row keeps its values as they were read, in a list, which takes next
 * to no room in rows that have none.
 */
function tableOf({ node }: ReadRequest, { scan, typed, fields, checks }: TypedTable): string {
  const { broken, fit } = scan;
  const own = scan.numbered ? [rowColumn] : [];
  // A file that is quarantined has no row that is surely good.
  const quarantined = fit && fit.checks.length > 0 ? ['false'] : [];
  const sure = [...quarantined, ...(broken ? [`${broken.word} IS NULL`] : []), ...fields.sure, ...scan.sure];
  const cases = [
    `WHEN ${sure.join(' AND ') || 'false'} THEN ${state.good}`,
    ...(broken
      ? [`WHEN ${broken.word} = '' THEN ${state.skipped} WHEN ${broken.word} IS NOT NULL THEN ${state.broken}`]
      : []),
    ...(checks.length > 0 ? [`WHEN ${anyBad(checks)} THEN ${state.bad}`] : []),
  ];
  const kept = keptOf(scan, fields).map(({ sql }) => sql);
  // A file may have none of the columns that were promised.
  const present = columnList(asInFile(node, fit).contract.fields);
  const columns = node.contract.fields.map(({ name }) => (isRowid(name) ? `${quoted(name)} AS __rowid` : quoted(name)));
  return (
    `CREATE TABLE ${typed} AS SELECT ${[...columns, ...own].join(', ')}, __state, ` +
    `CASE WHEN __state IN (${state.bad}, ${state.broken}) THEN [${kept.join(', ')}] END AS __bad ` +
    `FROM (SELECT *, (CASE ${cases.join(' ')} ELSE ${state.good} END)::UTINYINT AS __state ` +
    `FROM (SELECT ${fields.select}, *${present && ` EXCLUDE (${present})`} FROM ${scan.from}))`
  );
}

/** DuckDB numbers the rows of a table in a column of this name, which one of the table itself would hide. */
const isRowid = (name: string) => sameName(name, 'rowid');

/** SQL of the typed table under the names of the contract, and with the places of its rows. */
function numbered({ node }: Pick<ReadRequest, 'node'>, typed: string): string {
  const own = node.contract.fields.find(({ name }) => isRowid(name));
  return `(SELECT *${own ? ` RENAME (__rowid AS ${quoted(own.name)})` : ''}, rowid AS __number FROM ${typed})`;
}

/** Makes a table of the rows that are not good, typed again from what they kept: the large table is read once for it. */
function badRows(request: ReadRequest, { scan, typed, fields }: TypedTable, aside: string): string {
  const kept = keptOf(scan, fields);
  const own = kept.filter(({ hidden }) => hidden).map(({ name }) => name);
  const texts = kept.map(({ name }, place) => `__bad[${place + 1}] AS ${name}`);
  return (
    `CREATE TABLE ${aside} AS SELECT ${[fields.select, ...own, '__state', rowColumn].join(', ')} ` +
    `FROM (SELECT ${texts.join(', ')}, __state, ${scan.row} AS ${rowColumn} FROM ${numbered(request, typed)} WHERE __state IN (${state.bad}, ${state.broken}))`
  );
}

interface KeptText {
  /** Quoted where it is a column of the file. */
  readonly name: string;
  readonly sql: string;
  /** True for what is no column of the file. */
  readonly hidden?: boolean;
}

/** What a row that is not good keeps: the columns of the contract as they were read, its raw text, what is wrong with it. */
function keptOf(scan: TextScan, fields: TypedFields): KeptText[] {
  const { broken, line, checks } = scan;
  const record = line ?? rowAsJson(membersOf(scan, fields));
  const raw = broken ? `CASE WHEN ${broken.word} IS NULL THEN ${record} ELSE ${broken.raw} END` : record;
  return [
    ...Object.entries(fields.given).map(([name, sql]) => ({ name: quoted(name), sql })),
    { name: '__raw_text', sql: raw, hidden: true },
    ...(broken ? [{ name: '__broken', sql: broken.word, hidden: true }] : []),
    ...(line !== undefined && checks.length > 0 ? [{ name: line, sql: line, hidden: true }] : []),
  ];
}

/** All columns of the file, as they were read. */
function membersOf({ columns, others }: TextScan, { given }: TypedFields) {
  return columns.map((name) => ({ name, type: 'VARCHAR', sql: given[name] ?? others[name]! }));
}
