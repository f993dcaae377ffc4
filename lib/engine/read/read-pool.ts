import { InputMalformedError } from '../errors.ts';
import { firstRow } from '../relation.ts';
import { searchSql } from '../search-sql.ts';
import type { FilePart, ReadRequest, TextScan } from '../source-files.ts';
import { readCsv } from './csv.ts';
import { readNdjson } from './json.ts';
import type { FilePool } from './small-files.ts';
import { typeScan } from './type-text.ts';

/**
 * Reads small files that were put together. Undefined where DuckDB does not read all of it as records, or other ones
 * than were counted: nothing was set aside then, and each file has to be read alone.
 */
export async function readPool(
  request: Omit<ReadRequest, 'file'>,
  { path, members }: FilePool,
): Promise<FilePart | undefined> {
  const { session, format } = request;
  let records = 0;
  const firsts = members.map((member) => {
    const first = records;
    records += member.records;
    return first;
  });
  const row = searchSql({
    count: members.length,
    below: (index) => `__number < ${firsts[index]}`,
    value: (index) => `__number + ${firstRow(members[index]!.file)} - ${firsts[index]}`,
  });
  const own = { ...request, row, file: { ...members[0]!.file, path } };
  const typed = session.newName('typed');
  try {
    let scan: TextScan | undefined = await (format.kind === 'csv' ? readCsv : readNdjson)(own);
    for (; scan && !scan.numbered; scan = scan.strict?.()) {
      const part = await typeScan(own, { ...scan, expected: records }, typed);
      if (part) return part;
      await session.run(`DROP TABLE IF EXISTS ${typed}`);
    }
    return undefined;
  } catch (cause) {
    if (cause instanceof InputMalformedError) return undefined;
    throw cause;
  }
}
