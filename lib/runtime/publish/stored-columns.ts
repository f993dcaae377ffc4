import type { OutputNode } from '../../component/plan.ts';
import { storableType } from '../../engine/stored-type.ts';
import type { StoredColumn } from '../../iceberg/evolve-schema.ts';
import { pinnedInputs } from '../extract/pinned-inputs.ts';
import type { StageInput } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';

/** The columns of an output with the types and the ids that the files of a run have. */
export async function storedColumns(
  objects: Ports['objects'],
  node: OutputNode,
  input: Pick<StageInput, 'pipeline' | 'run'>,
): Promise<StoredColumn[]> {
  const ids = node.renamed ? ((await pinnedInputs(objects, input)).ids?.[node.id] ?? {}) : {};
  return node.columns.map(({ name, type, nullable }) => {
    const own = Object.hasOwn(ids, name) ? { ids: ids[name]! } : {};
    return { name, type: storableType(type) ?? type, nullable, ...own };
  });
}
