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
import { TableColumns } from '../table/table-columns.ts';
import { withWorkFolder } from '../work-folder.ts';
import type { Fallbacks } from './fallbacks.ts';
import type { FallbackUse, PinnedInputs, PinnedObject } from './pinned-inputs.ts';

type CapturePorts = Pick<Ports, 'objects' | 'runs' | 'engine' | 'secrets' | 'machine' | 'clock' | 'logger'>;

/**
 * Reads every lookup's side once, so that all chunks of the run see the same rows. Returns the objects that were read:
 * where some could not be, what stands in for them.
 */
export async function captureReferences(
  ports: CapturePorts,
  pipeline: PipelineCode,
  input: StageInput,
  pinned: Captured,
  fallbacks: Fallbacks,
): Promise<readonly PinnedObject[]> {
  let objects = pinned.references;
  for (const node of referenceNodes(pipeline.plan)) {
    const earlier = await ports.runs.ledgerRecord(input.run, extractStage, node);
    if (earlier) {
      fallbacks.take(earlier.fallbacks);
      objects = earlier.read ?? objects;
      continue;
    }
    const capture = (references: readonly PinnedObject[]) =>
      withWorkFolder((folder) =>
        captureReference(
          ports,
          pipeline,
          input,
          node,
          { ...pinned, references },
          folder,
          usedFor(pipeline, node, fallbacks),
        ),
      );
    try {
      await capture(objects);
    } catch (error) {
      objects = await fallbacks.objectsInstead(node, objects, error);
      await capture(objects);
    }
  }
  return objects;
}

type Captured = Pick<PinnedInputs, 'references' | 'secrets'>;

function usedFor({ plan }: PipelineCode, node: string, { used }: Fallbacks): readonly FallbackUse[] {
  const sources = sourcesOf(plan, node).map(({ id }) => id);
  return used.filter(({ source }) => sources.includes(source));
}

async function captureReference(
  ports: CapturePorts,
  pipeline: PipelineCode,
  input: StageInput,
  node: string,
  pinned: Captured,
  folder: string,
  fallbacks: readonly FallbackUse[],
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
    // A repeated Extract finds here what this one has read.
    ...(fallbacks.length > 0 && { fallbacks, read: pinned.references }),
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
  const tables = new TableColumns(ports.objects);
  return concurrently(own, 8, async (object, file) => {
    const path = join(folder, `input-${file}`);
    await ports.objects.download(object, path);
    const by = await tables.of(object);
    return { path, key: object.key, version: object.versionId, of: object.source, file, ...by };
  });
}
