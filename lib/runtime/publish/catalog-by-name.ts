import { isExport } from '../../component/output-place.ts';
import type { TableCatalog, TableCommit } from '../ports/table-catalog.ts';

/** Tables in one catalog, which their readers ask; exports in another one, which tells nobody but us. */
export class CatalogByName implements TableCatalog {
  readonly #tables: TableCatalog;
  readonly #exports: TableCatalog;

  constructor({ tables, exports }: { readonly tables: TableCatalog; readonly exports: TableCatalog }) {
    this.#tables = tables;
    this.#exports = exports;
  }

  pointer(table: string) {
    return this.#of(table).pointer(table);
  }

  version(table: string) {
    return this.#of(table).version(table);
  }

  commitOf(table: string, run: string) {
    return this.#of(table).commitOf(table, run);
  }

  begun(table: string, run: string) {
    return this.#of(table).begun(table, run);
  }

  commit(next: TableCommit) {
    return this.#of(next.table).commit(next);
  }

  compact(next: TableCommit) {
    return this.#of(next.table).compact(next);
  }

  async tables() {
    const [tables, exports] = await Promise.all([this.#tables.tables(), this.#exports.tables()]);
    return [...tables, ...exports].sort((a, b) => (a.table < b.table ? -1 : 1));
  }

  #of(table: string): TableCatalog {
    return isExport(table) ? this.#exports : this.#tables;
  }
}
