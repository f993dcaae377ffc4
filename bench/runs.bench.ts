import { type BenchOption, type BenchOptions, chosenParts } from './options.ts';
import { measureChunks } from './runs/measure-chunks.ts';
import { measureLatency } from './runs/measure-latency.ts';
import { measureMany } from './runs/measure-many.ts';

export const takes: readonly BenchOption[] = ['only', 'repeat', 'files', 'chunks'];

const parts = ['latency', 'files', 'chunks', 'pipelines'] as const;
const pipelinesAtOnce = 50;

/**
 * Runs on warm local AWS: how long a file of 1,000 rows takes from its drop to the start of its run and to its end; many
 * files dropped at once; runs in many chunks, and what their executions hold; many pipelines at once.
 */
export async function measure({ only, repeat = 200, files = 1000, chunks = 10_000 }: Partial<BenchOptions>) {
  const chosen = chosenParts(parts, only);
  const sizes = [10, 1000, Number(chunks)].filter((size) => size <= Number(chunks));
  const latency = chosen.includes('latency') ? await measureLatency(repeat) : undefined;
  if (latency) console.table(latency);
  const filesAtOnce = chosen.includes('files') ? await measureMany({ files, pipelines: 1 }) : undefined;
  if (filesAtOnce) console.table(filesAtOnce);
  const chunked = chosen.includes('chunks') ? await measureChunks([...new Set(sizes)]) : undefined;
  if (chunked) console.table(chunked);
  const pipelines = chosen.includes('pipelines')
    ? await measureMany({ files: pipelinesAtOnce, pipelines: pipelinesAtOnce })
    : undefined;
  if (pipelines) console.table(pipelines);
  return {
    ...(latency && { latency }),
    ...(filesAtOnce && { files: filesAtOnce }),
    ...(chunked && { chunks: chunked }),
    ...(pipelines && { pipelines }),
  };
}
