import { fallsBack } from '../../component/plan.ts';
import { secretNames } from '../../component/plan-secrets.ts';
import { cursorsOf } from '../cursor/cursors-of.ts';
import { runKeys } from '../keys.ts';
import type { ExtractInput, ExtractOutput } from '../messages.ts';
import { mainSources, type PipelineCode, requirePlan } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import { currentVersions } from '../read-secrets.ts';
import { pipelineOf } from '../replay/narrowed-plan.ts';
import { enter } from '../run/enter.ts';
import { captureReferences } from './capture-references.ts';
import { cutsOf } from './cuts-of.ts';
import { Fallbacks, noteLastGood } from './fallbacks.ts';
import { grownFiles } from './grown-files.ts';
import { type FallbackUse, type PinnedInputs, type PinnedObject, pinInputs } from './pinned-inputs.ts';
import { planChunks } from './plan-chunks.ts';
import { renamedColumns } from './renamed-columns.ts';
import { selectInputs } from './select-inputs.ts';

type ExtractPorts = Pick<
  Ports,
  'objects' | 'runs' | 'arrivals' | 'tables' | 'bus' | 'engine' | 'secrets' | 'machine' | 'clock' | 'logger'
>;

/**
 * Decides what the run reads and cuts it into chunks; a manifest per stage lists them. Doing it again gives the same.
 * Throws `InputMissingError`, `PlanChangedError`, `RunStateError`.
 */
export async function extract(ports: ExtractPorts, code: PipelineCode, input: ExtractInput): Promise<ExtractOutput> {
  requirePlan(code.plan, input.planDigest);
  const pipeline = pipelineOf(code, input.trigger);
  const { stages: inStages, references } = secretNames(pipeline.plan);
  const secrets = await currentVersions(ports.secrets, [...new Set([...inStages, ...references])]);
  const cursors = await cursorsOf(ports, pipeline, input.trigger);
  const ids = await renamedColumns(ports, pipeline);
  const fallbacks = new Fallbacks(ports, pipeline, input);
  const found = await selectInputs(ports, pipeline, input, fallbacks);
  const main = await grownFiles(ports, pipeline, input, found.main);
  const selected = { ...found, main, ...(secrets && { secrets }), ...(cursors && { cursors }), ...(ids && { ids }) };
  const inputs = await pinInputs(ports.objects, input, selected);
  fallbacks.take(inputs.fallbacks);
  if (chunkedFiles(pipeline, inputs).length > 0) {
    const captured = await captureReferences(ports, pipeline, input, inputs, fallbacks);
    await noteLastGood(ports, pipeline, input, [...inputs.whole, ...captured]);
  }
  const files = chunkedFiles(pipeline, inputs);
  const { solo, items } = planChunks(pipeline.plan, files, await cutsOf(ports, pipeline, files), inputs);
  const keys = runKeys(input.pipeline, input.run);
  const stages: Record<string, { chunks: number; manifest: string }> = {};
  for (const [stage, manifest] of Object.entries(items)) {
    await ports.objects.createText(keys.manifest(stage), JSON.stringify(manifest));
    stages[stage] = { chunks: manifest.length, manifest: keys.manifest(stage) };
  }
  const inputBytes = files.reduce((sum, file) => sum + file.size, 0);
  const output: ExtractOutput = { solo, stages, inputFiles: files.length, inputBytes };
  // Before the change of state: a repeated step tells of them again, a step behind it would not.
  await tellFallbacks(ports, input, fallbacks.used);
  await enter(ports, {
    run: input.run,
    from: [
      { state: 'Running', phase: 'Initializing' },
      { state: 'Running', phase: 'Executing' },
    ],
    to: { state: 'Running', phase: 'Executing' },
    facts: {
      extract: output,
      ...(fallsBack(pipeline.plan) && { fallbacks: fallbacks.used.length > 0 ? fallbacks.used : null }),
    },
  });
  ports.logger.info('run extracted', { run: input.run, files: files.length, bytes: inputBytes, solo });
  return output;
}

async function tellFallbacks(
  { bus, clock }: Pick<Ports, 'bus' | 'clock'>,
  { pipeline, run }: ExtractInput,
  uses: readonly FallbackUse[],
): Promise<void> {
  for (const use of uses)
    await bus.publish({ type: 'FallbackUsed', pipeline, run, at: clock.now(), detail: { ...use } });
}

/** What is cut into chunks: nothing where there is nothing new. */
function chunkedFiles(pipeline: PipelineCode, { main, whole }: PinnedInputs): readonly PinnedObject[] {
  return main.length > 0 || mainSources(pipeline.plan).length === 0 ? [...main, ...whole] : [];
}
