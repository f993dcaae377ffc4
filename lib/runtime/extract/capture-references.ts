import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { secretNames } from '../../component/plan-secrets.ts';
import { concurrently } from '../../core/concurrently.ts';
import type { InputFile } from '../../engine/chunk.ts';
import { extractStage, runKeys } from '../keys.ts';
import { checkSteps } from '../ledger/check-steps.ts';
import { addLedgerEntry } from '../ledger/ledger.ts';
import { storeFile, storeFiles } from '../ledger/store-files.ts';
import type { StageInput } from '../messages.ts';
import { peakMemoryBytes } from '../peak-memory.ts';
import { type PipelineCode, referenceNodes, sourcesOf } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import { readSecrets } from '../read-secrets.ts';
import { withWorkFolder } from '../work-folder.ts';
import type { PinnedInputs, PinnedObject } from './pinned-inputs.ts';

type CapturePorts = Pick<Ports, 'objects' | 'runs' | 'engine' | 'secrets' | 'machine' | 'clock' | 'logger'>;

/** Reads every lookup's side once, so that all chunks of the run see the same rows. */
export async function captureReferences(
  ports: CapturePorts,
  pipeline: PipelineCode,
  input: StageInput,
  pinned: Pick<PinnedInputs, 'references' | 'secrets'>,
): Promise<void> {
  for (const node of referenceNodes(pipeline.plan)) {
    if (await ports.runs.ledgerRecord(input.run, extractStage, node)) continue;
    await withWorkFolder((folder) => captureReference(ports, pipeline, input, node, pinned, folder));
  }
}

async function captureReference(
  ports: CapturePorts,
  pipeline: PipelineCode,
  input: StageInput,
  node: string,
  pinned: Pick<PinnedInputs, 'references' | 'secrets'>,
  folder: string,
): Promise<void> {
  const workFolder = join(folder, 'work');
  await mkdir(workFolder);
  const { plan, components, functions } = pipeline;
  const inputs = await fetchSources(ports, pipeline, node, pinned.references, folder);
  const own = {
    node,
    inputs,
    workFolder,
    secrets: await readSecrets(ports.secrets, secretNames(plan).references, pinned.secrets),
    at: ports.clock.now(),
  };
  const request = { plan, components, functions, ...own, ...ports.machine };
  const result = await ports.engine.captureReference(request);
  const place = { pipeline: input.pipeline, run: input.run, stage: extractStage, chunk: node };
  checkSteps(plan, place, result.steps, result.files);
  const rows = result.steps.find((step) => step.node === node)?.rowsOut ?? 0;
  const { size: bytes } = await stat(result.path);
  await storeFile(ports.objects, runKeys(input.pipeline, input.run).reference(node), {
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
  ports.logger.info('reference captured', { run: input.run, node, rows });
}

async function fetchSources(
  ports: CapturePorts,
  { plan }: PipelineCode,
  node: string,
  objects: readonly PinnedObject[],
  folder: string,
): Promise<readonly InputFile[]> {
  const sources = sourcesOf(plan, node).map(({ id }) => id);
  const own = objects.filter((object) => sources.includes(object.source));
  return concurrently(own, 8, async (object, file) => {
    const path = join(folder, `input-${file}`);
    await ports.objects.download(object, path);
    return { path, key: object.key, version: object.versionId, of: object.source, file };
  });
}
