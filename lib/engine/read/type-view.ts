import { type TypedFields, typedFields } from '../field-check.ts';
import { anyBad, type Check, type Kept, type Taken } from '../rejects.ts';
import { columnList, rowColumn } from '../relation.ts';
import { rowAsJson } from '../row-as-json.ts';
import { type FilePart, type ReadRequest, reading } from '../source-files.ts';
import { asInFile, type FileFit } from './fit-columns.ts';
import { hiddenColumns } from './hidden-columns.ts';
import { readParquet } from './parquet.ts';

/** Where no more than one row in so many is bad, later steps leave bad rows out by their numbers. */
const fewBad = 10;

/**
 * Checks a Parquet file, which is typed already: reading it again costs less than keeping it.
 * @param typed quoted name of the view to make
 */
export async function typeView(request: ReadRequest, typed: string): Promise<FilePart> {
  const { session, node, name } = request;
  const { types, records, fit, row } = await readParquet(request);
  const { select, given, ...typing } = typedFields(node.contract.fields, types, fit);
  const checks = [...fit.checks, ...typing.checks];
  const { others, needs } = hiddenColumns(Object.keys(types), asInFile(node, fit).contract.fields);
  const members = Object.entries(types).map(([name, type]) => ({ name, type, sql: given[name] ?? others[name]! }));
  await session.run(
    `CREATE VIEW ${typed} AS SELECT ${[select, ...needs, `${row} AS ${rowColumn}`].join(', ')} FROM ${name}`,
  );
  const kept = { raw: rowAsJson(members), form: 'values' } as const;
  const sure = sureOf(fit, typing);
  // This is the first look at the values themselves.
  const { taken, ids } = await reading(request, () => setAside(request, { typed, sure, checks, kept }));
  return {
    select: `SELECT ${columnList(node.contract.fields, rowColumn)} FROM ${typed}${without({ taken, ids, records, checks })}`,
    records,
    ...taken,
    drift: fit.drift,
  };
}

/** SQL that is true for rows that are surely good. Undefined where none is: a file that is quarantined, or has no cheap tests. */
function sureOf(fit: FileFit, { sure }: Pick<TypedFields, 'sure'>): string | undefined {
  return fit.checks.length > 0 || sure.length === 0 ? undefined : sure.join(' AND ');
}

interface Doubtful {
  readonly typed: string;
  readonly sure: string | undefined;
  readonly checks: readonly Check[];
  readonly kept: Kept;
}

/**
 * Rejects the bad rows. Rows that are not surely good are kept while they are looked at closely, so that the file is read
 * once for it.
 */
async function setAside(
  { session, rejects, node }: ReadRequest,
  { typed, sure, checks, kept }: Doubtful,
): Promise<{ readonly taken: Taken; readonly ids?: string }> {
  if (sure === undefined || checks.length === 0) return { taken: await rejects.take(node.id, typed, checks, kept) };
  const doubtful = session.newName('doubtful');
  await session.run(`CREATE TABLE ${doubtful} AS SELECT * FROM ${typed} WHERE (${sure}) IS NOT TRUE`);
  const taken = await rejects.take(node.id, doubtful, checks, kept);
  const ids = session.newName('bad');
  if (taken.rejected > 0)
    await session.run(`CREATE TABLE ${ids} AS SELECT ${rowColumn} FROM ${doubtful} WHERE ${anyBad(checks)}`);
  await session.run(`DROP TABLE ${doubtful}`);
  return { taken, ids };
}

/**
 * SQL that leaves out the bad rows. To ask all checks again in each step that reads the file would read all of its
 * columns each time; the numbers of many rows would fill the memory.
 */
function without({
  taken: { rejected },
  ids,
  records,
  checks,
}: {
  readonly taken: Taken;
  readonly ids?: string | undefined;
  readonly records: number;
  readonly checks: readonly Check[];
}): string {
  if (rejected === 0) return '';
  return ids !== undefined && rejected * fewBad <= records
    ? ` ANTI JOIN ${ids} USING (${rowColumn})`
    : ` WHERE NOT (${anyBad(checks)})`;
}
