import { quoted } from '../../component/shape.ts';
import type { SchemaDrift } from '../chunk.ts';
import { type TypedFields, typedFields } from '../field-check.ts';
import { anyBad, type Check, type Taken } from '../rejects.ts';
import { columnList, rowColumn } from '../relation.ts';
import { rowAsJson } from '../row-as-json.ts';
import { type FilePart, type ReadRequest, reading, type TextScan } from '../source-files.ts';
import { asInFile, retypedText, settle } from './fit-columns.ts';

/**
 * Types the records of a text file on their way into a table, and sets aside the bad ones. A table of texts would cost
 * three times as much as the typed one.
 * @param typed quoted name of the table to make
 */
export async function typeText(request: ReadRequest, scan: TextScan, typed: string): Promise<FilePart> {
  const { session } = request;
  const { sifted } = scan;
  if (!sifted) return reading(request, async () => (await typeScan(request, scan, typed))!);
  const part = await typeScan(request, scan, typed);
  if (part) return part;
  await session.run(`DROP TABLE IF EXISTS ${typed}`);
  return typeText(request, await reading(request, sifted), typed);
}

const nothing: Taken = { rejected: 0, rules: {} };

/** Undefined where DuckDB cannot read the file, or what are no records cannot be told apart: nothing was set aside then. */
async function typeScan(request: ReadRequest, scan: TextScan, typed: string): Promise<FilePart | undefined> {
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
  const { all, bad, broken, skipped } = await countsOf(request, scan, typed);
  const rows = `SELECT ${columnList(node.contract.fields)}, ${scan.row} AS ${rowColumn}`;
  const raw = '__bad.__raw_text AS __raw_text';
  const unread =
    broken > skipped
      ? await scan.takeBroken?.(
          `(SELECT __bad.__broken AS __broken, ${raw}, ${scan.row} AS ${rowColumn} FROM ${typed} WHERE __bad.__broken <> '')`,
        )
      : nothing;
  if (!unread) return undefined;
  const kept = [...keptOf(fields, scan).map((name) => `__bad.${name} AS ${name}`), raw].join(', ');
  const readable = scan.broken ? ' AND __bad.__broken IS NULL' : '';
  const from = `(${rows}, ${kept} FROM ${typed} WHERE __bad IS NOT NULL${readable})`;
  const form = scan.form ?? (scan.line === undefined ? 'values' : 'json');
  const unfit = bad > broken ? await rejects.take(node.id, from, checks, { raw: '__raw_text', form }) : nothing;
  const taken = [scan.taken, unread, unfit];
  const retyped = bad > broken ? await retypedColumns(request, typed, fields) : [];
  return {
    select: `${rows} FROM ${typed}${bad > 0 ? ' WHERE __bad IS NULL' : ''}`,
    records: all - skipped + scan.taken.rejected,
    rejected: taken.reduce((sum, one) => sum + one.rejected, 0),
    rules: Object.assign({}, ...taken.map((one) => one.rules)),
    drift: [...(fit?.drift ?? []), ...retyped],
  };
}

/** Text that is never what the contract says, in any row of a file that has several, was meant to be something else. */
async function retypedColumns(
  request: ReadRequest,
  typed: string,
  { given }: TypedFields,
): Promise<readonly SchemaDrift[]> {
  const { fields, evolution } = request.node.contract;
  if (!evolution) return [];
  const kept = new Set(Object.values(given));
  const read = fields.flatMap((field, index) => (kept.has(`__given_${index}`) ? [{ field, index }] : []));
  if (read.length === 0) return [];
  const counts = await request.session.counts(
    `SELECT ${read.map(({ field, index }) => `count(${quoted(field.name)}) AS good_${index}, count(__bad.__given_${index}) AS bad_${index}`).join(', ')} FROM ${typed}`,
  );
  const retyped = read.filter((_, place) => counts[2 * place] === 0 && counts[2 * place + 1]! > 1);
  return settle(
    request,
    retyped.map(({ field }) => retypedText(request, field)),
  ).drift;
}

async function countsOf({ session }: ReadRequest, { broken }: TextScan, typed: string) {
  const [all, bad, unread, skipped] = await session.counts(
    `SELECT count(*) AS "all", count(__bad) AS bad, ${broken ? 'count(__bad.__broken)' : '0'} AS broken, ` +
      `${broken ? "count(*) FILTER (__bad.__broken = '')" : '0'} AS skipped FROM ${typed}`,
  );
  return { all: all!, bad: bad!, broken: unread!, skipped: skipped! };
}

interface TypedTable {
  readonly scan: TextScan;
  readonly typed: string;
  readonly fields: TypedFields;
  readonly checks: readonly Check[];
}

/** Nearly every row passes the cheap tests; only a bad row keeps its values as they were read. */
function tableOf({ node }: ReadRequest, { scan, typed, fields, checks }: TypedTable): string {
  const { broken, line, fit } = scan;
  const own = scan.numbered ? [rowColumn] : [];
  const record = line ?? rowAsJson(membersOf(scan, fields));
  const members = [
    ...keptOf(fields, scan).map((name) => `${name} := ${name}`),
    `__raw_text := ${broken ? `CASE WHEN ${broken.word} IS NULL THEN ${record} ELSE ${broken.raw} END` : record}`,
    ...(broken ? [`__broken := ${broken.word}`] : []),
  ];
  // A file that is quarantined has no row that is surely good.
  const quarantined = fit && fit.checks.length > 0 ? ['false'] : [];
  const sure = [...quarantined, ...(broken ? [`${broken.word} IS NULL`] : []), ...fields.sure, ...scan.sure];
  const wrong = [...(broken ? [`${broken.word} IS NOT NULL`] : []), ...(checks.length > 0 ? [anyBad(checks)] : [])];
  const bad =
    wrong.length > 0
      ? `CASE WHEN ${sure.join(' AND ') || 'false'} THEN NULL WHEN ${wrong.join(' OR ')} THEN struct_pack(${members.join(', ')}) END`
      : 'NULL';
  return `CREATE TABLE ${typed} AS SELECT ${columnList(node.contract.fields, ...own)}, ${bad} AS __bad FROM (SELECT ${fields.select}, * EXCLUDE (${columnList(asInFile(node, fit).contract.fields)}) FROM ${scan.from})`;
}

/** All columns of the file, as they were read. */
function membersOf({ columns, others }: TextScan, { given }: TypedFields) {
  return columns.map((name) => ({ name, type: 'VARCHAR', sql: given[name] ?? others[name]! }));
}

/** Columns that a bad row keeps as they were read, its raw text aside. */
function keptOf({ given }: TypedFields, { line, checks }: TextScan): string[] {
  const changed = Object.values(given).filter((name) => name.startsWith('__given_'));
  return line !== undefined && checks.length > 0 ? [...changed, line] : changed;
}
