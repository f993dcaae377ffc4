import { isExport } from '../../component/output-place.ts';
import type { CommandFile } from '../command.ts';
import { fetchFiles } from '../fetch-files.ts';
import { findPlatform, type Platform, stateFolder } from '../platform.ts';
import { counted } from '../print.ts';

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
    .action(
      act(async ({ printer }, sql: string) => {
        const platform = findPlatform();
        const tables = await namedTables(platform, sql);
        const { queryTables } = await import('../../engine/index.ts');
        const { columns, rows } = await queryTables(sql, tables, stateFolder('work'));
        printer.data({ columns, rows });
        printer.table(
          columns.map(({ name }) => name),
          rows.map((row) => columns.map(({ name }) => cell(row[name]))),
          { right: columns.filter(({ type }) => numeric.test(type)).map(({ name }) => name) },
        );
        printer.line(printer.paint('dim', `  ${counted(rows.length, 'row')}`));
      }),
    );
};

/** Tables whose name the query holds, with their files brought here. */
async function namedTables(platform: Platform, sql: string) {
  // What is exported is for others, in whatever form they want it.
  const all = (await platform.tables.tables()).filter(({ table }) => !isExport(table));
  const wanted = all.filter(({ table }) => new RegExp(`(?<![A-Za-z0-9_])${table}(?![A-Za-z0-9_])`, 'i').test(sql));
  // A query over nothing known gets all names in its error, and no files.
  return Promise.all(
    (wanted.length > 0 ? wanted : all).map(async ({ table, metadata }) => {
      const version = JSON.parse((await platform.objects.readText(metadata!)) ?? '{"columns":[],"files":[]}');
      const keys = wanted.length > 0 ? version.files.map((file: { key: string }) => file.key) : [];
      return { name: table, columns: version.columns, files: await fetchFiles(platform, keys) };
    }),
  );
}

/** Numbers as they are: a year is no quantity. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
