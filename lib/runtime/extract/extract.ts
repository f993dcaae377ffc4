import { join } from 'node:path';
import { runKeys } from '../keys.ts';
import type { ExtractOutput, StageInput } from '../messages.ts';
import { readParquetFooter } from '../parquet-footer.ts';
import { mainSources, type PipelineCode, requirePlan } from '../pipeline-code.ts';
import type { RowGroup } from '../ports/engine.ts';
import type { Ports } from '../ports/ports.ts';
import { pipelineOf } from '../replay/narrowed-plan.ts';
import { enter } from '../run/enter.ts';
import { withWorkFolder } from '../work-folder.ts';
import { captureReferences } from './capture-references.ts';
import { type PinnedInputs, type PinnedObject, pinInputs } from './pinned-inputs.ts';
import { planChunks } from './plan-chunks.ts';
import { selectInputs } from './select-inputs.ts';

type ExtractPorts = Pick<Ports, 'objects' | 'runs' | 'engine' | 'secrets' | 'machine' | 'clock' | 'logger'>;

/**
 * Decides what the run reads and cuts it into chunks; a manifest per stage lists them. Doing it again gives the same.
 * Throws `InputMissingError`, `PlanChangedError`, `RunStateError`.
 */
export async function extract(ports: ExtractPorts, code: PipelineCode, input: StageInput): Promise<ExtractOutput> {
  requirePlan(code.plan, input.planDigest);
  const pipeline = pipelineOf(code, input.trigger);
  const inputs = await pinInputs(ports.objects, input, await selectInputs(ports, pipeline, input));
  if (chunkedFiles(pipeline, inputs).length > 0) await captureReferences(ports, pipeline, input, inputs.references);
  const files = chunkedFiles(pipeline, inputs);
  const rowGroups = await rowGroupsOf(ports, files, pipeline.plan.resources.chunkBytes);
  const { solo, items } = planChunks(pipeline.plan, files, rowGroups);
  const keys = runKeys(input.pipeline, input.run);
  const stages: Record<string, { chunks: number; manifest: string }> = {};
  for (const [stage, manifest] of Object.entries(items)) {
    await ports.objects.createText(keys.manifest(stage), JSON.stringify(manifest));
    stages[stage] = { chunks: manifest.length, manifest: keys.manifest(stage) };
  }
  const inputBytes = files.reduce((sum, file) => sum + file.size, 0);
  const output: ExtractOutput = { solo, stages, inputFiles: files.length, inputBytes };
  await enter(ports, {
    run: input.run,
    from: [
      { state: 'Running', phase: 'Initializing' },
      { state: 'Running', phase: 'Executing' },
    ],
    to: { state: 'Running', phase: 'Executing' },
    facts: { extract: output },
  });
  ports.logger.info('run extracted', { run: input.run, files: files.length, bytes: inputBytes, solo });
  return output;
}

/** What is cut into chunks: nothing where there is nothing new. */
function chunkedFiles(pipeline: PipelineCode, { main, whole }: PinnedInputs): readonly PinnedObject[] {
  return main.length > 0 || mainSources(pipeline.plan).length === 0 ? [...main, ...whole] : [];
}

async function rowGroupsOf(ports: ExtractPorts, files: readonly PinnedObject[], chunkBytes: number) {
  const large = [...files.entries()].filter(([, file]) => file.size > chunkBytes);
  const found = new Map<number, readonly RowGroup[]>();
  await withWorkFolder(async (folder) => {
    for (const [position, file] of large) {
      const groups = await readParquetFooter(ports, file, join(folder, `${position}.parquet`));
      if (groups) found.set(position, groups);
    }
  });
  return found;
}
