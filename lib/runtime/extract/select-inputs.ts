import type { ObjectSelection } from '../../component/connector.ts';
import type { SourceNode } from '../../component/plan.ts';
import { InputMissingError } from '../../core/errors/input-missing-error.ts';
import type { StageInput, TriggerIdentity } from '../messages.ts';
import { mainSources, type PipelineCode, referenceSources, sourceSide, wholeSources } from '../pipeline-code.ts';
import { replayedObjects } from '../replay/replayed-objects.ts';
import { currentObjects, pinned, type SelectPorts } from './current-objects.ts';
import type { Fallbacks } from './fallbacks.ts';
import { isMark } from './is-mark.ts';
import type { PinnedInputs, PinnedObject } from './pinned-inputs.ts';
import { type ReadPorts, requireReadable } from './require-readable.ts';
import { withoutRepeats } from './without-repeats.ts';

type TriggerOf<Kind> = Extract<TriggerIdentity, { kind: Kind }>;

/**
 * Finds what the run reads: the files that started it, or every file that no other run has used up; a backfill reads those
 * as well.
 */
export async function selectInputs(
  ports: SelectPorts & ReadPorts,
  pipeline: PipelineCode,
  input: StageInput,
  fallbacks: Fallbacks,
): Promise<PinnedInputs> {
  const { trigger } = input;
  const found = await mainObjects(ports, pipeline, input, fallbacks);
  // Both at once and awaited together: a rejection that nobody awaits yet ends the process.
  const [main, whole, references] = await Promise.all([
    trigger.kind === 'replay' || trigger.kind === 'backfill' ? found : withoutConsumed(ports, input, found),
    Promise.all(
      wholeSources(pipeline.plan).map((source) =>
        fallbacks.objectsOf(source, () => readableObjects(ports, pipeline, source)),
      ),
    ),
    Promise.all(
      referenceSources(pipeline.plan).map((source) =>
        fallbacks.objectsOf(source, () => referenceObjects(ports, pipeline, source)),
      ),
    ),
  ]);
  const { used } = fallbacks;
  return {
    main,
    whole: whole.flat(),
    references: references.flat(),
    ...(used.length > 0 && { fallbacks: used }),
  };
}

/** What is read in place of files that are there and cannot be read is decided here, too. */
async function readableObjects(
  ports: SelectPorts & ReadPorts,
  pipeline: PipelineCode,
  source: SourceNode,
): Promise<PinnedObject[]> {
  const objects = await currentObjects(ports, pipeline, source);
  const selection = sourceSide(pipeline, source).objects(source.options);
  if ('table' in selection) return objects;
  // A folder may have nothing in it yet. A file that was named is gone, and so is all that something stands in for.
  if (objects.length === 0 && ('key' in selection || source.fallback !== undefined))
    throw missingFile(source, selection);
  if (source.fallback !== undefined) await requireReadable(ports, pipeline, source, objects);
  return objects;
}

async function mainObjects(
  ports: SelectPorts,
  pipeline: PipelineCode,
  input: StageInput,
  fallbacks: Fallbacks,
): Promise<PinnedObject[]> {
  const { trigger } = input;
  switch (trigger.kind) {
    case 'replay':
      return replayedObjects(ports, pipeline, trigger);
    case 'file':
      return [...(await withoutRepeats(ports, pipeline, input, await triggeringFile(ports, pipeline, trigger)))];
    case 'batch': {
      const { place, number } = trigger;
      const members = await ports.arrivals.members({ pipeline: input.pipeline, place, number });
      const objects = members.flatMap((file) => pinnedBySources(pipeline, file));
      return [...(await withoutRepeats(ports, pipeline, input, objects))];
    }
    case 'folder':
      return folderObjects(ports, pipeline, trigger);
    default: {
      const sources = mainSources(pipeline.plan);
      const found = sources.map((source) => fallbacks.objectsOf(source, () => currentObjects(ports, pipeline, source)));
      const objects = (await Promise.all(found)).flat();
      return trigger.kind === 'backfill' ? objects : [...(await withoutRepeats(ports, pipeline, input, objects))];
    }
  }
}

/** A file that has started a run, once for each main source that reads it. Throws `InputMissingError`. */
function pinnedBySources(pipeline: PipelineCode, file: Parameters<typeof pinned>[1]): readonly PinnedObject[] {
  const { key, versionId = '' } = file;
  const sources = mainSources(pipeline.plan);
  const reading = sources.filter((candidate) => {
    const selection = sourceSide(pipeline, candidate).objects(candidate.options);
    if ('table' in selection) return false;
    return 'key' in selection ? selection.key === key : key.startsWith(selection.prefix);
  });
  if (reading.length > 0) return reading.map((source) => pinned(source, file));
  throw new InputMissingError({
    problem: 'no source of the pipeline reads the file that started this run',
    received: `${key} in version ${versionId}`,
    allowed: sources.map((candidate) => JSON.stringify(candidate.options)),
    change: 'let the trigger name a prefix that a source reads',
  });
}

async function triggeringFile(
  ports: SelectPorts,
  pipeline: PipelineCode,
  { key, versionId }: TriggerOf<'file'>,
): Promise<PinnedObject[]> {
  // Refused before S3 is asked, which says nothing of places that the role may not read.
  pinnedBySources(pipeline, { key, versionId, size: 0 });
  const object = await ports.objects.find({ key, versionId });
  if (object) return [...pinnedBySources(pipeline, { key, versionId, size: object.size })];
  throw new InputMissingError({
    problem: 'the file that started this run is gone',
    received: `${key} in version ${versionId}`,
    change: 'put the file in its place again',
  });
}

/** What lies in the folder itself. */
async function folderObjects(
  ports: SelectPorts,
  pipeline: PipelineCode,
  { folder }: TriggerOf<'folder'>,
): Promise<PinnedObject[]> {
  const found: PinnedObject[] = [];
  for await (const object of ports.objects.list(folder)) {
    if (isMark(pipeline, object) || object.key.indexOf('/', folder.length) >= 0) continue;
    found.push(...pinnedBySources(pipeline, object));
  }
  return found;
}

async function referenceObjects(
  ports: SelectPorts,
  pipeline: PipelineCode,
  source: SourceNode,
): Promise<PinnedObject[]> {
  const found = await currentObjects(ports, pipeline, source);
  if (found.length > 0) return found;
  const selection = sourceSide(pipeline, source).objects(source.options);
  if ('table' in selection) return found;
  throw missingFile(source, selection);
}

function missingFile({ id }: SourceNode, selection: Exclude<ObjectSelection, { table: string }>): InputMissingError {
  return new InputMissingError({
    problem: `the reference source "${id}" has no file`,
    received: 'key' in selection ? selection.key : `${selection.prefix}*`,
    change: 'put the file there and start the run again',
  });
}

async function withoutConsumed(
  ports: SelectPorts,
  input: StageInput,
  found: readonly PinnedObject[],
): Promise<PinnedObject[]> {
  const versions = found.map(({ key, versionId = '' }) => ({ key, versionId }));
  const consumed = await ports.runs.consumed(input.pipeline, input.run, versions);
  const gone = new Set(consumed.map(({ key, versionId }) => JSON.stringify([key, versionId])));
  return found.filter(({ key, versionId = '' }) => !gone.has(JSON.stringify([key, versionId])));
}
