import { placeOf } from '../../component/output-place.ts';
import type { OutputNode } from '../../component/plan.ts';
import { manifestKey } from '../keys.ts';
import { type PipelineCode, sinkSide } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import { readVersion } from './read-version.ts';

/**
 * Tells readers who know no catalog which files a published version has: one object, which is there or is not. Nothing
 * where the readers of a sink ask the catalog. Its `entries` are those of a manifest of Amazon Redshift's COPY.
 */
export async function writeManifest(
  { objects }: Pick<Ports, 'objects'>,
  pipeline: PipelineCode,
  { node, metadata }: { readonly node: OutputNode; readonly metadata: string },
): Promise<void> {
  const sink = sinkSide(pipeline, node);
  if (sink.capabilities.readers !== 'manifest') return;
  const { table, version, run, at, columns, files } = await readVersion({ objects }, metadata);
  const entries = files.map(({ key, rows, bytes, run: writtenBy, partitionValues }) => ({
    url: `${objects.uri}/${key}`,
    mandatory: true,
    meta: { content_length: bytes, record_count: rows },
    run: writtenBy,
    ...(Object.keys(partitionValues).length > 0 && { partitionValues }),
  }));
  const manifest = {
    export: table,
    version,
    run,
    at: new Date(at).toISOString(),
    format: sink.format?.(node.options),
    columns,
    entries,
  };
  // Whoever wrote it before wrote the same.
  await objects.createText(manifestKey(placeOf(node), version), JSON.stringify(manifest));
}
