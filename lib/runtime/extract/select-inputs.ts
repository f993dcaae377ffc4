import type { SourceNode } from '../../component/plan.ts';
import { InputMissingError } from '../../core/errors/input-missing-error.ts';
import type { StageInput, TriggerIdentity } from '../messages.ts';
import { mainSources, type PipelineCode, referenceSources, sourceSide, wholeSources } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import { readTable } from '../publish/read-table.ts';
import { replayedObjects } from '../replay/replayed-objects.ts';
import type { PinnedInputs, PinnedObject } from './pinned-inputs.ts';

type SelectPorts = Pick<Ports, 'objects' | 'runs' | 'tables'>;
type FileTrigger = Extract<TriggerIdentity, { kind: 'file' }>;

/** Finds what the run reads: the file that started it, or every file that no other run has used up. */
export async function selectInputs(
  ports: SelectPorts,
  pipeline: PipelineCode,
  input: StageInput,
): Promise<PinnedInputs> {
  const { trigger } = input;
  const sources = mainSources(pipeline.plan);
  const found =
    trigger.kind === 'replay'
      ? await replayedObjects(ports, pipeline, trigger)
      : trigger.kind === 'file'
        ? [await triggeringFile(ports, pipeline, sources, trigger)]
        : (await Promise.all(sources.map((source) => currentObjects(ports, pipeline, source)))).flat();
  // Both at once and awaited together: a rejection that nobody awaits yet ends the process.
  const [main, whole, references] = await Promise.all([
    trigger.kind === 'replay' ? found : withoutConsumed(ports, input, found),
    Promise.all(wholeSources(pipeline.plan).map((source) => currentObjects(ports, pipeline, source))),
    Promise.all(referenceSources(pipeline.plan).map((source) => referenceObjects(ports, pipeline, source))),
  ]);
  return { main, whole: whole.flat(), references: references.flat() };
}

async function triggeringFile(
  ports: SelectPorts,
  pipeline: PipelineCode,
  sources: readonly SourceNode[],
  trigger: FileTrigger,
): Promise<PinnedObject> {
  const source = sources.find((candidate) => {
    const selection = sourceSide(pipeline, candidate).objects(candidate.options);
    if ('table' in selection) return false;
    return 'key' in selection ? selection.key === trigger.key : trigger.key.startsWith(selection.prefix);
  });
  const address = { key: trigger.key, versionId: trigger.versionId };
  const object = source && (await ports.objects.find(address));
  if (source && object) return { source: source.id, ...address, size: object.size };
  throw new InputMissingError({
    problem: source
      ? 'the file that started this run is gone'
      : 'no source of the pipeline reads the file that started this run',
    received: `${trigger.key} in version ${trigger.versionId}`,
    allowed: source ? undefined : sources.map((candidate) => JSON.stringify(candidate.options)),
    change: source ? 'put the file in its place again' : 'let the trigger name a prefix that a source reads',
  });
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
  throw new InputMissingError({
    problem: `the reference source "${source.id}" has no file`,
    received: 'key' in selection ? selection.key : `${selection.prefix}*`,
    change: 'put the file there and start the run again',
  });
}

async function currentObjects(ports: SelectPorts, pipeline: PipelineCode, source: SourceNode): Promise<PinnedObject[]> {
  const selection = sourceSide(pipeline, source).objects(source.options);
  if ('table' in selection) return publishedObjects(ports, source, selection.table);
  const found: PinnedObject[] = [];
  // A single object is listed, too: S3 refuses to say whether one exists to a role that may list only some prefixes.
  for await (const object of ports.objects.list('key' in selection ? selection.key : selection.prefix)) {
    if (isFolderMark(object) || ('key' in selection && object.key !== selection.key)) continue;
    found.push(pinned(source, object));
  }
  return found;
}

/** Files of the version that readers see now. They never change, so no version of theirs is named. */
async function publishedObjects(
  ports: Pick<SelectPorts, 'objects' | 'tables'>,
  source: SourceNode,
  table: string,
): Promise<PinnedObject[]> {
  const { metadata } = await ports.tables.pointer(table);
  if (metadata === undefined) return [];
  const { files } = await readTable(ports.objects, metadata);
  return files.map(({ key, bytes }) => pinned(source, { key, size: bytes }));
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

function pinned(
  source: SourceNode,
  object: { readonly key: string; readonly versionId?: string; readonly size: number },
): PinnedObject {
  return {
    source: source.id,
    key: object.key,
    ...(object.versionId && { versionId: object.versionId }),
    size: object.size,
  };
}

/** Consoles make folders by an empty object whose key ends in a slash. */
function isFolderMark(object: { readonly key: string; readonly size: number }): boolean {
  return object.size === 0 && object.key.endsWith('/');
}
