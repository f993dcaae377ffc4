import type { PublishMode } from '../../component/connector.ts';
import { columnsById } from '../../iceberg/columns-by-id.ts';
import { type EvolvedSchema, evolveSchema, firstSchema, type StoredColumn } from '../../iceberg/evolve-schema.ts';
import type { TableMetadata } from '../../iceberg/table-metadata.ts';
import type { Ports } from '../ports/ports.ts';
import { type CopiedFile, describeCopy } from './describe-copy.ts';
import { boundsByColumn } from './file-bounds.ts';
import { currentSchema, type TableDataFile } from './read-table.ts';

/** What a run does to the columns of a table. */
export interface ColumnStep {
  /** As they are stored. */
  readonly columns: readonly StoredColumn[];
  readonly mode: PublishMode;
  /** New name → old name. Absent: none is renamed. */
  readonly renamed?: Readonly<Record<string, string>> | undefined;
}

/** The schema of a table behind a run. Throws `TableSchemaError`. */
export function schemaBehind(base: TableMetadata | undefined, { columns, mode, renamed }: ColumnStep): EvolvedSchema {
  return base ? evolveSchema(base, columns, { keepRows: mode !== 'replace', renamed }) : firstSchema(columns);
}

/** What the table calls a column of the run. */
export function callsOf({ called }: EvolvedSchema): (name: string) => string {
  return (name) => called?.get(name) ?? name;
}

/** Facts of columns under other names. */
export function calledAs<Fact>(
  facts: Readonly<Record<string, Fact>>,
  calls: (name: string) => string,
): Readonly<Record<string, Fact>> {
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [calls(name), fact]));
}

/**
 * A table as it is behind a run, read and written under the names that the run gives its columns. Throws
 * `TableSchemaError`.
 */
export function tableBehind(before: TableMetadata, step: ColumnStep) {
  const evolved = schemaBehind(before, step);
  const { schema } = evolved;
  const metadata = { ...before, schemas: [...before.schemas, schema], 'current-schema-id': schema['schema-id'] };
  const calls = callsOf(evolved);
  const own = new Map(step.columns.map(({ name }) => [calls(name), name]));
  const ownName = (name: string) => own.get(name) ?? name;
  const nameOf = new Map(schema.fields.map(({ id, name }) => [id, ownName(name)]));
  // Bounds are of the types that columns had when they were written.
  const fields = currentSchema(before).fields.flatMap((field) => {
    const name = nameOf.get(field.id);
    return name === undefined ? [] : [{ ...field, name }];
  });
  return {
    /** All columns that its files may have, by whose ids they are read. Undefined: files name them as the run does. */
    byId: columnsById(metadata, { gone: true })?.map((column) => ({ ...column, name: ownName(column.name) })),
    boundsOf: (file: TableDataFile, names: readonly string[]) => boundsByColumn(file, { fields }, names),
    /** What a manifest says of a file that takes the place of another one. */
    describe: (objects: Pick<Ports['objects'], 'uri'>, { columns: facts = {}, ...file }: CopiedFile) =>
      describeCopy(objects, { ...file, columns: calledAs(facts, calls) }, metadata),
  };
}
