import type { CommandFile } from '../command.ts';
import { fetchFiles } from '../fetch-files.ts';
import { findPlatform, type Platform, stateFolder } from '../platform.ts';

/** `penstock query "<sql>"`: one SELECT over the curated tables. */
export const query: CommandFile = (program, act) => {
  program
    .command('query <sql>')
    .description('run a SELECT (DuckDB SQL) over the curated tables')
    .action(
      act(async ({ printer }, sql: string) => {
        const platform = findPlatform();
        const tables = await namedTables(platform, sql);
        const { queryTables } = await import('../../engine/index.ts');
        const { columns, rows } = await queryTables(sql, tables, stateFolder);
        printer.data({ columns, rows });
        printer.table(
          columns.map((column) => column.name),
          rows.map((row) => columns.map((column) => cell(row[column.name]))),
        );
        printer.line(printer.paint('dim', `  ${rows.length} row${rows.length === 1 ? '' : 's'}`));
      }),
    );
};

/** Tables whose name the query holds, with their files brought here. */
async function namedTables(platform: Platform, sql: string) {
  const all = await platform.tables.tables();
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

function cell(value: unknown): string | number {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
