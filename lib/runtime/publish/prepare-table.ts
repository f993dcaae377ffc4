import type { SinkSide } from '../../component/connector.ts';
import { isExport, placeOf } from '../../component/output-place.ts';
import type { OutputNode } from '../../component/plan.ts';
import { restrictedColumns } from '../../component/restricted-columns.ts';
import { ReplayImpossibleError } from '../../core/errors/replay-impossible-error.ts';
import { cursorMoves, cursorsAfter, movesInto } from '../cursor/cursor-moves.ts';
import { dataPrefix, metadataKey } from '../keys.ts';
import type { ReplayTrigger, StageInput } from '../messages.ts';
import { type PipelineCode, sinkSide } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import type { TableCommit, TablePointer } from '../ports/table-catalog.ts';
import { remadeRuns } from '../replay/remade-runs.ts';
import { type MergePorts, mergeIntoTable } from './merge-into-table.ts';
import { nextOfRun, type RunFile } from './next-table.ts';
import { commitOfMetadata, readMetadata, readTable } from './read-table.ts';
import { readVersion } from './read-version.ts';
import { requireOwnPartitions } from './require-own-partitions.ts';
import { requirePartitions } from './require-partitions.ts';
import { storedColumns } from './stored-columns.ts';
import { commitOfVersion, nextVersion, type TableFile, type TableLayout } from './table-version.ts';

type PreparePorts = Pick<Ports, 'objects' | 'runs' | 'clock'> & MergePorts;

export interface TableChange {
  readonly node: OutputNode;
  readonly input: Pick<StageInput, 'pipeline' | 'run' | 'trigger'>;
  readonly files: readonly RunFile[];
}

/**
 * Writes the metadata of the version that would follow `pointer` with the run's files. No reader looks at it yet.
 * Throws `ReplayImpossibleError` where a replay comes too late, `TableSchemaError` where rows do not fit into the table,
 * `CursorMovedError` where it has some of them, or lacks some before them.
 */
export async function prepareTable(
  ports: PreparePorts,
  pipeline: PipelineCode,
  pointer: TablePointer,
  { node, input, files }: TableChange,
): Promise<TableCommit> {
  const { run, trigger } = input;
  const sink = sinkSide(pipeline, node);
  const replay = trigger.kind === 'replay' ? trigger : undefined;
  const asked = sink.mode(node.options);
  if (replay && asked === 'replace') await requireStillThere(ports, pointer, replay);
  if (replay && asked === 'replacePartitions')
    await requirePartitions(ports, pointer, { node, replay, files, partitionBy: sink.partitionBy(node.options) });
  if (trigger.kind === 'backfill' && asked === 'replacePartitions')
    await requireOwnPartitions(ports, pointer, {
      node,
      backfill: trigger,
      files,
      partitionBy: sink.partitionBy(node.options),
    });
  // What a replay brings belongs to what its run has published.
  const remakes = replay?.whole === true && asked === 'replace';
  const mode = replay && asked !== 'merge' && !remakes ? 'append' : asked;
  const partitionBy = sink.partitionBy(node.options);
  const at = ports.clock.now();
  const layout = layoutOf(sink, node);
  const { table } = node;
  const transforms = new Map(sink.transforms?.(node.options).map((one) => [one.name, one]));
  const remade =
    mode === 'append' && replay?.whole
      ? await remadeIn(ports, pipeline, pointer, { node, trigger: replay })
      : undefined;
  const moves = movesInto(pipeline.plan, node, await cursorMoves(ports, pipeline.plan, input));
  if (!isExport(table)) {
    const { renamed } = node;
    const columns = await storedColumns(ports.objects, node, input);
    const merged = node.merges && (await mergeIntoTable(ports, pointer, { node, columns, renamed, run, files }));
    return nextOfRun(ports.objects, {
      table,
      place: placeOf(node),
      pointer,
      run,
      mode,
      ...(remade && { without: [...remade].map((one) => dataPrefix(placeOf(node), one)) }),
      columns,
      ...(renamed && { renamed }),
      partitionBy: partitionBy.map((name) => transforms.get(name) ?? { name, column: name, transform: 'identity' }),
      restricted: restrictedColumns(node),
      files,
      moves,
      ...merged,
      ...layout,
      at,
    });
  }
  const key = metadataKey(placeOf(node), pointer.version + 1, run);
  const appends = mode === 'append';
  const before = pointer.metadata === undefined ? undefined : await readVersion(ports, pointer.metadata);
  const earlier = appends ? (before?.files ?? []) : [];
  const cursors = cursorsAfter(before?.cursors ?? {}, moves, { table, merges: false });
  const kept = earlier.filter((file) => !remade?.has(file.run));
  const version = nextVersion(pointer, kept, {
    table,
    mode: appends ? 'append' : 'replace',
    columns: node.columns,
    partitionBy,
    files,
    ...layout,
    ...(Object.keys(cursors).length > 0 && { cursors }),
    run,
    at,
  });
  if ((await ports.objects.createText(key, JSON.stringify(version))) === 'written')
    return commitOfVersion(version, key);
  return commitOfVersion(await readVersion(ports, key), key);
}

function layoutOf(sink: SinkSide, node: OutputNode): { readonly layout?: TableLayout } {
  const sortBy = sink.sortBy?.(node.options, node.columns) ?? node.sorts;
  const layout = { ...sink.sizes?.(node.options), ...(sortBy && { sortBy }) };
  return Object.keys(layout).length > 0 ? { layout } : {};
}

/** Where each run replaces the table, rejects belong to the rows of their own run alone. */
async function requireStillThere({ runs }: PreparePorts, pointer: TablePointer, { of }: ReplayTrigger): Promise<void> {
  if (pointer.run === undefined || pointer.run === of) return;
  const { trigger } = (await runs.find(pointer.run)) ?? {};
  if (trigger?.kind === 'replay' && trigger.of === of) return;
  throw new ReplayImpossibleError({
    problem: `the table "${pointer.table}" was replaced since, so rejects of "${of}" do not belong to its rows any longer`,
    received: `version ${pointer.version} of run ${pointer.run}`,
    allowed: `the version of ${of}`,
    change: 'replay the rejects of the newest run, or let the table be appended to',
  });
}

/** The runs whose rows a replay puts its own in the place of. */
async function remadeIn(
  ports: PreparePorts,
  { plan: { pipeline } }: PipelineCode,
  pointer: TablePointer,
  { node, trigger }: { readonly node: OutputNode; readonly trigger: ReplayTrigger },
): Promise<ReadonlySet<string>> {
  const { table } = node;
  const files: readonly { readonly key: string; readonly rows: number }[] =
    pointer.metadata === undefined
      ? []
      : isExport(table)
        ? await filesOf(ports, pointer)
        : (await readTable(ports.objects, pointer.metadata)).files;
  return remadeRuns(ports, { pipeline, trigger, table }, (run) => {
    const own = files.filter(({ key }) => key.startsWith(dataPrefix(placeOf(node), run)));
    return own.reduce((rows, file) => rows + file.rows, 0);
  });
}

async function filesOf(ports: PreparePorts, pointer: TablePointer): Promise<readonly TableFile[]> {
  return pointer.metadata === undefined ? [] : (await readVersion(ports, pointer.metadata)).files;
}

/** What the catalog is to be told of a version that is prepared. */
export async function preparedCommit(ports: Pick<Ports, 'objects'>, table: string, key: string): Promise<TableCommit> {
  if (isExport(table)) return commitOfVersion(await readVersion(ports, key), key);
  return commitOfMetadata(table, key, await readMetadata(ports.objects, key));
}
