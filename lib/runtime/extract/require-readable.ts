import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceNode } from '../../component/plan.ts';
import type { ChunkInput } from '../messages.ts';
import type { PipelineCode } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import { withWorkFolder } from '../work-folder.ts';
import { fetchFile } from '../worker/fetch-file.ts';
import { cutsOf } from './cuts-of.ts';
import type { PinnedObject } from './pinned-inputs.ts';
import { planChunks } from './plan-chunks.ts';

export type ReadPorts = Pick<Ports, 'objects' | 'engine' | 'machine' | 'clock'>;

/**
 * Reads all files of a source from end to end, a chunk at a time, as workers will. Only so can a file that is damaged be
 * told of while something else can still be read in its place: once chunks are at work, some rows of the source are
 * counted. Throws what a worker would.
 */
export async function requireReadable(
  ports: ReadPorts,
  pipeline: PipelineCode,
  source: SourceNode,
  objects: readonly PinnedObject[],
): Promise<void> {
  const { items } = planChunks(pipeline.plan, objects, await cutsOf(ports, pipeline, objects));
  const stage = pipeline.plan.stages.find(({ kind, nodes }) => kind === 'process' && nodes.includes(source.id));
  for (const { inputs } of items[stage!.id] ?? [])
    await withWorkFolder((folder) => readThrough(ports, pipeline, source, inputs ?? [], folder));
}

async function readThrough(
  ports: ReadPorts,
  { plan, components }: PipelineCode,
  source: SourceNode,
  chunk: readonly ChunkInput[],
  folder: string,
): Promise<void> {
  const workFolder = join(folder, 'work');
  await mkdir(workFolder);
  const { signal } = new AbortController();
  const inputs = [];
  for (const [index, input] of chunk.entries())
    inputs.push(await fetchFile(ports, input, join(folder, `input-${index}`), signal));
  const at = ports.clock.now();
  await ports.engine.captureReference({
    plan,
    components,
    node: source.id,
    inputs,
    workFolder,
    at,
    ...ports.machine,
  });
}
