import { comparePositions } from '../../component/cursor.ts';
import { type CursorSource, cursorSources, fedOutputs } from '../../component/fed-outputs.ts';
import { CursorMovedError } from '../../core/errors/cursor-moved-error.ts';
import { type PinnedCursor, type PinnedInputs, pinnedInputs } from '../extract/pinned-inputs.ts';
import type { TriggerIdentity } from '../messages.ts';
import { type PipelineCode, sinkSide } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import { cursorOfTable } from './cursor-of-table.ts';

type CursorPorts = Pick<Ports, 'objects' | 'tables'>;

/**
 * Where the sources of a run go on: where the table stands that was taken least far. Undefined where none goes on; a
 * backfill passes over nothing and takes none further. Throws
 * `CursorMovedError` where another table would get rows that it has.
 */
export async function cursorsOf(
  ports: CursorPorts,
  pipeline: PipelineCode,
  trigger: TriggerIdentity,
): Promise<PinnedInputs['cursors']> {
  const { plan } = pipeline;
  const sources = cursorSources(plan.nodes);
  if (sources.length === 0) return undefined;
  if (trigger.kind === 'replay') {
    const { cursors = {} } = await pinnedInputs(ports.objects, { pipeline: plan.pipeline, run: trigger.of });
    return Object.fromEntries(Object.entries(cursors).map(([source, one]) => [source, { ...one, stays: true }]));
  }
  if (trigger.kind === 'backfill') return Object.fromEntries(sources.map(({ id }) => [id, { stays: true }]));
  const cursors: Record<string, PinnedCursor> = {};
  for (const source of sources) {
    const position = leastFar(await positionsOf(ports, pipeline, source), source);
    cursors[source.id] = position === undefined ? {} : { position };
  }
  return cursors;
}

interface TablePosition {
  readonly table: string;
  /** Whether rows that it has would be there twice. */
  readonly appends: boolean;
  readonly position?: string | undefined;
}

async function positionsOf(ports: CursorPorts, pipeline: PipelineCode, { id }: CursorSource): Promise<TablePosition[]> {
  const place = { pipeline: pipeline.plan.pipeline, source: id };
  return Promise.all(
    fedOutputs(pipeline.plan.nodes, id).map(async (node) => {
      const position = await cursorOfTable(ports, await ports.tables.pointer(node.table), place);
      return { table: node.table, appends: sinkSide(pipeline, node).mode(node.options) !== 'merge', position };
    }),
  );
}

function leastFar(tables: readonly TablePosition[], { id, incremental: { type } }: CursorSource): string | undefined {
  const [least] = tables.toSorted((a, b) => comparePositions(type, a.position, b.position));
  const ahead = tables.find((one) => one.appends && comparePositions(type, one.position, least?.position) > 0);
  if (!least || !ahead) return least?.position;
  throw new CursorMovedError({
    problem: `the source "${id}" was taken further into "${ahead.table}" than into "${least.table}", so "${ahead.table}" would get rows that it has`,
    received: `${ahead.table}: ${ahead.position}, ${least.table}: ${least.position ?? 'nothing yet'}`,
    allowed: 'tables that were taken equally far, or that are merged by a key',
    change: `bring both to the same place: roll "${ahead.table}" back, or merge it by a key`,
  });
}
