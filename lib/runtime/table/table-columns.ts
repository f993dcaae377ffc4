import type { TableColumn } from '../../component/field-id.ts';
import { columnsById } from '../../iceberg/columns-by-id.ts';
import type { Ports } from '../ports/ports.ts';
import { readMetadata } from '../publish/read-table.ts';

/** Says by which columns files of tables are read, from the metadata that an input names; each is read once. */
export class TableColumns {
  readonly #objects: Pick<Ports['objects'], 'readText'>;
  readonly #read = new Map<string, Promise<readonly TableColumn[] | undefined>>();

  constructor(objects: Pick<Ports['objects'], 'readText'>) {
    this.#objects = objects;
  }

  /** What an input file has to carry. */
  async of({ metadata }: { readonly metadata?: string }): Promise<{ readonly byId?: readonly TableColumn[] }> {
    if (metadata === undefined) return {};
    if (!this.#read.has(metadata))
      this.#read.set(
        metadata,
        readMetadata(this.#objects, metadata).then((table) => columnsById(table)),
      );
    const byId = await this.#read.get(metadata);
    return byId ? { byId } : {};
  }
}
