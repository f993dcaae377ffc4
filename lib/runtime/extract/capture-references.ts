import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceNode } from '../../component/plan.ts';
import { extractStage, runKeys } from '../keys.ts';
import { checkSteps } from '../ledger/check-steps.ts';
import { addLedgerEntry } from '../ledger/ledger.ts';
import { storeFile, storeFiles } from '../ledger/store-files.ts';
import { machineShare } from '../machine.ts';
import type { StageInput } from '../messages.ts';
import { peakMemoryBytes } from '../peak-memory.ts';
import { type PipelineCode, referenceSources } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import { withWorkFolder } from '../work-folder.ts';
import type { PinnedObject } from './pinned-inputs.ts';

type CapturePorts = Pick<Ports, 'objects' | 'runs' | 'engine' | 'clock' | 'logger'>;

/** Reads every reference source once, so that all chunks of the run see the same rows. */
export async function captureReferences(
  ports: CapturePorts,
  pipeline: PipelineCode,
  input: StageInput,
  objects: readonly PinnedObject[],
): Promise<void> {
  for (const node of referenceSources(pipeline.plan)) {
    if (await ports.runs.ledgerRecord(input.run, extractStage, node.id)) continue;
    const own = objects.filter((object) => object.source === node.id);
    await withWorkFolder((folder) => captureReference(ports, pipeline, input, node, own, folder));
  }
}

async function captureReference(
  ports: CapturePorts,
  pipeline: PipelineCode,
  input: StageInput,
  node: SourceNode,
  objects: readonly PinnedObject[],
  folder: string,
): Promise<void> {
  const workFolder = join(folder, 'work');
  await mkdir(workFolder);
  const inputs = [];
  for (const [file, object] of objects.entries()) {
    const path = join(folder, `input-${file}`);
    await ports.objects.download(object, path);
    inputs.push({ path, key: object.key, of: node.id, file });
  }
  const result = await ports.engine.captureReference({
    plan: pipeline.plan,
    node,
    inputs,
    workFolder,
    components: pipeline.components,
    ...machineShare(pipeline.plan),
  });
  const place = { pipeline: input.pipeline, run: input.run, stage: extractStage, chunk: node.id };
  checkSteps(pipeline.plan, place, result.steps, result.files);
  const rows = result.steps.find((step) => step.node === node.id)?.rowsOut ?? 0;
  const { size: bytes } = await stat(result.path);
  await storeFile(ports.objects, runKeys(input.pipeline, input.run).reference(node.id), {
    path: result.path,
    rows,
    bytes,
  });
  const files = await storeFiles(ports.objects, pipeline, place, result.files);
  await addLedgerEntry(ports, {
    ...place,
    steps: result.steps,
    files,
    quality: result.quality,
    milliseconds: result.milliseconds,
    peakMemoryBytes: peakMemoryBytes(),
    at: ports.clock.now(),
  });
  ports.logger.info('reference captured', { run: input.run, source: node.id, rows });
}
