import type { SourceNode } from '../../component/plan.ts';
import { type PipelineCode, sourceSide } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import { readTable } from '../publish/read-table.ts';
import { isMark } from './is-mark.ts';
import type { PinnedObject } from './pinned-inputs.ts';

export type SelectPorts = Pick<Ports, 'objects' | 'runs' | 'tables' | 'arrivals'>;

/** All that a source holds now. */
export async function currentObjects(
  ports: SelectPorts,
  pipeline: PipelineCode,
  source: SourceNode,
): Promise<PinnedObject[]> {
  const selection = sourceSide(pipeline, source).objects(source.options);
  if ('table' in selection) return publishedObjects(ports, source, selection.table);
  const found: PinnedObject[] = [];
  // A single object is listed, too: S3 refuses to say whether one exists to a role that may list only some prefixes.
  for await (const object of ports.objects.list('key' in selection ? selection.key : selection.prefix)) {
    if (isMark(pipeline, object) || ('key' in selection && object.key !== selection.key)) continue;
    found.push(pinned(source, object));
  }
  return found;
}

/** Files of the version that readers see now. They never change, so no version of theirs is named. */
async function publishedObjects(
  ports: Pick<SelectPorts, 'objects' | 'tables'>,
  source: SourceNode,
  table: string,
): Promise<PinnedObject[]> {
  const { metadata } = await ports.tables.pointer(table);
  if (metadata === undefined) return [];
  const { files, byId } = await readTable(ports.objects, metadata);
  return files.map(({ key, bytes }) => ({ ...pinned(source, { key, size: bytes }), ...(byId && { metadata }) }));
}

/** An object as the run reads it. */
export function pinned(
  source: SourceNode,
  object: { readonly key: string; readonly versionId?: string; readonly size: number },
): PinnedObject {
  return {
    source: source.id,
    key: object.key,
    ...(object.versionId && { versionId: object.versionId }),
    size: object.size,
  };
}
