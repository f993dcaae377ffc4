import type { SourceNode } from '../../component/plan.ts';
import { InputChangedError } from '../../core/errors/input-changed-error.ts';
import { packingOf } from '../../core/packing.ts';
import { sha256 } from '../../core/sha256.ts';
import { TextCutter } from '../../engine/read/text-cutter.ts';
import type { StageInput } from '../messages.ts';
import { type PipelineCode, sourceSide } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import { type Growth, growthOf } from './growth-claims.ts';
import type { PinnedObject } from './pinned-inputs.ts';

type GrowthPorts = Pick<Ports, 'objects' | 'runs'>;

/** By so much from its beginning and before where it was left a file is known again. */
const comparedBytes = 64 * 1024;

/**
 * Of files that only grow, what was added since a run took them last, up to the end of the last whole record; files without
 * any are left out. Other files are as they were. Throws `InputChangedError`.
 */
export async function grownFiles(
  ports: GrowthPorts,
  pipeline: PipelineCode,
  { pipeline: name, trigger }: Pick<StageInput, 'pipeline' | 'trigger'>,
  files: readonly PinnedObject[],
): Promise<PinnedObject[]> {
  // They do again what was done, and take no file further.
  if (trigger.kind === 'replay' || trigger.kind === 'backfill') return [...files];
  const found: PinnedObject[] = [];
  for (const file of files) {
    const source = pipeline.plan.nodes.find((node): node is SourceNode => node.id === file.source);
    if (!source?.grows) found.push(file);
    else {
      const before = growthOf(await ports.runs.claims(name, file.key));
      const grown = await grownPart(ports, pipeline, { source, grows: source.grows, file, before });
      if (grown) found.push(grown);
    }
  }
  return found;
}

interface Growing {
  readonly source: SourceNode;
  readonly grows: NonNullable<SourceNode['grows']>;
  readonly file: PinnedObject;
  readonly before: Growth | undefined;
}

async function grownPart(
  { objects }: GrowthPorts,
  pipeline: PipelineCode,
  growing: Growing,
): Promise<PinnedObject | undefined> {
  const { source, grows, file, before } = growing;
  await requireUnpacked(objects, file);
  const same = !before || (await isSame(objects, file, before));
  if (!same && grows.changed === 'stop') throw changed(file, before);
  const from = same && before ? before : { bytes: 0, records: 0, header: 0 };
  const format = sourceSide(pipeline, source).format(source.options);
  if (format.kind !== 'csv' && format.kind !== 'ndjson') throw new TypeError(`files of ${format.kind} do not grow`);
  const cutter = new TextCutter(format, source.contract.fields.length, pipeline.plan.resources.chunkBytes);
  // Without its header a part of a CSV file says nothing of its columns.
  if (from.header > 0) cutter.push(await objects.readRange(file, 0, from.header));
  const start = Math.max(from.bytes, from.header);
  for await (const bytes of objects.streamRange(file, { from: start, to: file.size })) cutter.push(Buffer.from(bytes));
  const { parts, to, records, header } = cutter.ended();
  if (parts.length === 0) return undefined;
  const moved = start - from.header;
  const own = parts.map((part) => ({
    from: part.from + moved,
    to: part.to + moved,
    header,
    recordsBefore: part.recordsBefore + from.records,
  }));
  const end = to + moved;
  const growth: Growth = {
    step: (before?.step ?? 0) + 1,
    bytes: end,
    records: from.records + records,
    header,
    digest: await digestOf(objects, file, end),
  };
  return { ...file, size: header + end - own[0]!.from, grown: { parts: own, growth } };
}

async function isSame(objects: Ports['objects'], file: PinnedObject, { bytes, digest }: Growth): Promise<boolean> {
  return file.size >= bytes && (await digestOf(objects, file, bytes)) === digest;
}

/** Of the bytes before an offset: the first and the last of them. */
async function digestOf(objects: Ports['objects'], file: PinnedObject, bytes: number): Promise<string> {
  const head = await objects.readRange(file, 0, Math.min(bytes, comparedBytes));
  const tail = bytes > comparedBytes ? await objects.readRange(file, bytes - comparedBytes, bytes) : Buffer.alloc(0);
  return sha256(Buffer.concat([head, tail]).toString('latin1')).slice(0, 16);
}

async function requireUnpacked(objects: Ports['objects'], file: PinnedObject): Promise<void> {
  const start = file.size >= 4 ? await objects.readRange(file, 0, 4) : Buffer.alloc(4);
  if (packingOf(start) === undefined) return;
  throw new InputChangedError({
    problem: 'a packed file can not be read from where it was left',
    received: file.key,
    allowed: 'CSV or NDJSON that is not packed, where `incremental` has an offset',
    change: 'drop it unpacked, or take `incremental` out',
  });
}

function changed({ key, size }: PinnedObject, before: Growth | undefined): InputChangedError {
  return new InputChangedError({
    problem: 'a file that only grows has other bytes now where it was read before, or fewer',
    received: `${key}, of ${size} bytes`,
    allowed: `the ${before?.bytes} bytes that were taken, and more behind them`,
    change:
      "put what was there back, or let such files be taken from their beginning: incremental: { offset: true, changed: 'again' }",
  });
}
