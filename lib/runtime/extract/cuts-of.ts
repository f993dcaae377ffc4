import { join } from 'node:path';
import { chunkBytesFor } from '../../core/chunk-bytes.ts';
import type { TextPart } from '../messages.ts';
import { readParquetFooter } from '../parquet-footer.ts';
import { type PipelineCode, sourcesOf } from '../pipeline-code.ts';
import type { RowGroup } from '../ports/engine.ts';
import type { Ports } from '../ports/ports.ts';
import { withWorkFolder } from '../work-folder.ts';
import { cutText } from './cut-text.ts';
import type { PinnedObject } from './pinned-inputs.ts';
import type { FileCuts } from './plan-chunks.ts';

/** Where files that are larger than a chunk may be cut. Throws `InputMalformedError` where one cannot be read. */
export async function cutsOf(
  ports: Pick<Ports, 'objects' | 'engine'>,
  pipeline: PipelineCode,
  files: readonly PinnedObject[],
): Promise<FileCuts> {
  const total = files.reduce((bytes, file) => bytes + file.size, 0);
  const chunkBytes = chunkBytesFor(pipeline.plan.resources, total);
  const large = [...files.entries()].filter(([, file]) => file.size > chunkBytes && !file.grown);
  const rowGroups = new Map<number, readonly RowGroup[]>();
  const parts = new Map<number, readonly TextPart[]>();
  await withWorkFolder(async (folder) => {
    for (const [position, file] of large) {
      const groups = await readParquetFooter(ports, file, join(folder, `${position}.parquet`));
      const source = groups || file.rejects ? undefined : sourcesOf(pipeline.plan, file.source)[0]!;
      if (groups) rowGroups.set(position, groups);
      else if (source) parts.set(position, await cutText(ports.objects, file, { pipeline, source, chunkBytes }));
    }
  });
  return { rowGroups, parts };
}
