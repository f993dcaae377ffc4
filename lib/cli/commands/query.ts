import type { StateRequest } from '../../aws/table-history.ts';
import { isExport } from '../../component/output-place.ts';
import type { CommandFile } from '../command.ts';
import { fetchFiles } from '../fetch-files.ts';
import { tableState } from '../option-values.ts';
import { findPlatform, type Platform } from '../platform.ts';
import { counted } from '../print.ts';
import { stateFolder } from '../state-folder.ts';

const numeric = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL|FLOAT|DOUBLE)/;

/**
 * `penstock query "<sql>"`: one SELECT over the curated tables.
 * JSON: `{ columns: [{ name, type }], rows: [{ <column>: value }] }` with DuckDB's types; integers beyond 32 bits and
 * decimals are text, so that none is rounded.
 */
export const query: CommandFile = (program, act) => {
  program
    .command('query')
    .argument('<sql>', 'one SELECT in DuckDB SQL')
    .description('run a SELECT over the curated tables')
    .option('--at <state>', 'as they were: a version of `table log`, or a time; default: as they are', tableState)
    .action(
      act(async ({ printer }, sql: string, { at: state }: { at?: StateRequest }) => {
        const platform = findPlatform();
        const { tables, read, all } = await namedTables(platform, sql, state);
        const { queryTables } = await import('../../engine/index.ts');
        const { columns, rows } = await queryTables(sql, tables, stateFolder('work'));
        printer.data({ columns, rows });
        printer.table(
          columns.map(({ name }) => name),
          rows.map((row) => columns.map(({ name }) => cell(row[name]))),
          { right: columns.filter(({ type }) => numeric.test(type)).map(({ name }) => name) },
        );
        const files = read < all ? `, from ${read} of ${counted(all, 'file')}` : '';
        printer.line(printer.paint('dim', `  ${counted(rows.length, 'row')}${files}`));
      }),
    );
};

/** Tables whose name the query holds, with those of their files brought here that it can find rows in. */
async function namedTables(platform: Platform, sql: string, state: StateRequest | undefined) {
  // What is exported is for others, in whatever form they want it.
  const all = (await platform.tables.tables()).filter(({ table }) => !isExport(table));
  const wanted = all.filter(({ table }) => new RegExp(`(?<![A-Za-z0-9_])${table}(?![A-Za-z0-9_])`, 'i').test(sql));
  const { prunedFiles } = await import('../../engine/index.ts');
  // A query over nothing known gets all names in its error, and no files.
  const versions = await Promise.all(
    (wanted.length > 0 ? wanted : all).map(async ({ table: name, metadata }) => ({
      ...(await platform.readTable(metadata!, state && wanted.length > 0 ? { table: name, state } : undefined)),
      name,
    })),
  );
  const counts = { read: 0, all: 0 };
  const tables = await Promise.all(
    versions.map(async (version) => {
      if (wanted.length === 0) return { ...version, files: [] };
      const { name, columns, byId, files } = version;
      const kept = (await prunedFiles(sql, version, stateFolder('work')))?.map((position) => files[position]!) ?? files;
      counts.read += kept.length;
      counts.all += files.length;
      const keys = kept.map(({ key }) => key);
      return { name, columns, ...(byId && { byId }), files: await fetchFiles(platform, keys) };
    }),
  );
  return { tables, ...counts };
}

/** Numbers as they are: a year is no quantity. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
