import { typedFields } from '../field-check.ts';
import { anyBad } from '../rejects.ts';
import { columnList, rowColumn } from '../relation.ts';
import { rowAsJson } from '../row-as-json.ts';
import { type FilePart, type ReadRequest, reading } from '../source-files.ts';
import { asInFile } from './fit-columns.ts';
import { hiddenColumns } from './hidden-columns.ts';
import { readParquet } from './parquet.ts';

/**
 * Checks a Parquet file, which is typed already: reading it again costs less than keeping it.
 * @param typed quoted name of the view to make
 */
export async function typeView(request: ReadRequest, typed: string): Promise<FilePart> {
  const { session, rejects, node, name } = request;
  const { types, records, fit, row } = await readParquet(request);
  const { select, given, ...typing } = typedFields(node.contract.fields, types, fit);
  const checks = [...fit.checks, ...typing.checks];
  const { others, needs } = hiddenColumns(Object.keys(types), asInFile(node, fit).contract.fields);
  const members = Object.entries(types).map(([name, type]) => ({ name, type, sql: given[name] ?? others[name]! }));
  await session.run(
    `CREATE VIEW ${typed} AS SELECT ${[select, ...needs, `${row} AS ${rowColumn}`].join(', ')} FROM ${name}`,
  );
  // This is the first look at the values themselves.
  const kept = { raw: rowAsJson(members), form: 'values' } as const;
  const taken = await reading(request, () => rejects.take(node.id, typed, checks, kept));
  const bad = taken.rejected > 0 ? ` WHERE NOT (${anyBad(checks)})` : '';
  return {
    select: `SELECT ${columnList(node.contract.fields, rowColumn)} FROM ${typed}${bad}`,
    records,
    ...taken,
    drift: fit.drift,
  };
}
