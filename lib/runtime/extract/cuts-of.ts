import { join } from 'node:path';
import { chunkBytesFor } from '../../core/chunk-bytes.ts';
import { InputMalformedError } from '../../engine/errors.ts';
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
      const source = sourcesOf(pipeline.plan, file.source)[0]!;
      try {
        const groups = await readParquetFooter(ports, file, join(folder, `${position}.parquet`));
        if (groups) rowGroups.set(position, groups);
        else if (!file.rejects)
          parts.set(position, await cutText(ports.objects, file, { pipeline, source, chunkBytes }));
      } catch (error) {
        // It stays whole, and the worker that gets it makes a reject of it.
        if (source.damaged !== 'reject' || !(error instanceof InputMalformedError)) throw error;
      }
    }
  });
  return { rowGroups, parts };
}
