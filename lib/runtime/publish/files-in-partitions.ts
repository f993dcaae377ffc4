import { parseValue } from '../../iceberg/parse-value.ts';
import { partitionKey, partitionTypes } from '../../iceberg/partition-spec.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunFile } from './next-table.ts';
import { currentSchema, currentSpec, readTable, type TableDataFile } from './read-table.ts';

interface Replacing {
  readonly partitionBy: readonly string[];
  /** Of a run. */
  readonly files: readonly RunFile[];
}

/**
 * The files of a table that lie in the partitions that a run has rows for, and those that are laid out otherwise.
 * @param metadata key of the metadata of the table
 */
export async function filesInPartitions(
  objects: Ports['objects'],
  metadata: string,
  { partitionBy, files }: Replacing,
): Promise<readonly TableDataFile[]> {
  const state = await readTable(objects, metadata);
  const spec = currentSpec(state.metadata);
  const { schemas } = state.metadata;
  const types = partitionTypes(spec, { schemas, schema: currentSchema(state.metadata) });
  const parsed = (text: string | null | undefined, type: string) =>
    text == null ? null : (parseValue(type, text) ?? null);
  const wanted = new Set(
    files.map(({ partitionValues = {} }) =>
      partitionKey(partitionBy.map((name, index) => parsed(partitionValues[name], types[index]!))),
    ),
  );
  return state.files.filter((file) => file.spec !== spec['spec-id'] || wanted.has(partitionKey(file.partition)));
}
