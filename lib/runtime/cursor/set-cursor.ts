import { comparePositions } from '../../component/cursor.ts';
import { type CursorSource, cursorSources, fedOutputs } from '../../component/fed-outputs.ts';
import { isExport } from '../../component/output-place.ts';
import { type ParameterType, parameterForms, parameterText } from '../../component/parameter.ts';
import type { OutputNode, Plan } from '../../component/plan.ts';
import { CursorRefusedError } from '../../core/errors/cursor-refused-error.ts';
import { nearest } from '../../core/nearest.ts';
import { sha256 } from '../../core/sha256.ts';
import { type BaseMetadata, timeOfChange } from '../../iceberg/metadata-log.ts';
import { nextMetadata } from '../../iceberg/next-metadata.ts';
import { currentSnapshot, type TableMetadata } from '../../iceberg/table-metadata.ts';
import type { Ports } from '../ports/ports.ts';
import { currentSchema, currentSpec, readMetadata, runFact } from '../publish/read-table.ts';
import { moveTable } from '../table/move-table.ts';
import { cursorFactOf, cursorFactsOf } from './cursor-facts.ts';

export interface CursorSetting {
  readonly plan: Plan;
  readonly source: string;
  /** As it was written. */
  readonly to: string;
  /** Who does it; kept in the audit. */
  readonly by: string;
}

/** How far the source had been taken into each table. Absent: not at all. */
export type CursorsBefore = Readonly<Record<string, string | undefined>>;

/**
 * Lets a source go on behind another value: a state more of each table that it feeds, with the same rows. A run that is on
 * its way publishes no more. Throws `CursorRefusedError`, before anything is changed, and `CommitConflictError`.
 */
export async function setCursor(
  ports: Pick<Ports, 'objects' | 'tables' | 'audit' | 'clock'>,
  { plan, source: name, to, by }: CursorSetting,
): Promise<{ readonly to: string; readonly before: CursorsBefore }> {
  const source = sourceNamed(plan, name);
  const position = positionOf(source, to);
  const fact = cursorFactOf(plan.pipeline, name);
  const outputs = fedOutputs(plan.nodes, name);
  const before: Record<string, string | undefined> = {};
  for (const output of outputs) before[output.table] = await requireSettable(ports, output, { source, fact, position });
  const note = (outcome: 'begun' | 'done') =>
    ports.audit.add({
      at: ports.clock.now(),
      by,
      action: 'set-cursor',
      pipeline: plan.pipeline,
      detail: { outcome, source: name, to: position, before },
    });
  // The tables are in another store than the audit: of who is cut off between the two this is left.
  await note('begun');
  for (const { table } of outputs)
    await moveTable(ports, {
      table,
      name: `cursor-${sha256(`${fact}\n${position}\n${before[table]}`).slice(0, 12)}`,
      next: (base, now) =>
        cursorFactsOf(base.metadata)[fact] === position ? undefined : withFact(base, fact, position, now),
    });
  await note('done');
  return { to: position, before };
}

function sourceNamed({ pipeline, nodes }: Plan, name: string): CursorSource {
  const sources = cursorSources(nodes);
  const found = sources.find(({ id }) => id === name);
  if (found) return found;
  const names = sources.map(({ id }) => id);
  const guess = nearest(name, names);
  const none =
    'nothing was changed: only what reads on by a column, `incremental: { by }`, has a cursor that can be set';
  throw new CursorRefusedError({
    problem: `the pipeline "${pipeline}" has no source "${name}" that goes on by a column`,
    received: name,
    allowed: names.length > 0 ? names : 'none: no source of it does',
    change: names.length === 0 ? none : guess ? `did you mean "${guess}"?` : 'nothing was changed: name one of them',
  });
}

function positionOf({ incremental: { by, type } }: CursorSource, text: string): string {
  const parameter: ParameterType = type === 'DATE' ? 'date' : type.startsWith('TIMESTAMP') ? 'timestamp' : 'integer';
  const value = parameterText(parameter, text);
  if (value !== undefined) return type === 'TIMESTAMP WITH TIME ZONE' ? `${value}+00` : value;
  throw new CursorRefusedError({
    problem: `the cursor is a value of "${by}", which has the type ${type}`,
    received: text,
    allowed: parameterForms[parameter],
    change: 'nothing was changed: correct it',
  });
}

interface Wanted {
  readonly source: CursorSource;
  readonly fact: string;
  readonly position: string;
}

/** Where the cursor stands. */
async function requireSettable(
  { objects, tables }: Pick<Ports, 'objects' | 'tables'>,
  { table, merges }: OutputNode,
  { source, fact, position }: Wanted,
): Promise<string | undefined> {
  const { metadata } = await tables.pointer(table);
  if (isExport(table) || metadata === undefined)
    throw new CursorRefusedError({
      problem: isExport(table)
        ? 'the cursor of an export can not be set'
        : `the table "${table}" has no state that could say it`,
      received: table,
      allowed: 'sources that feed tables which were published before',
      change: isExport(table)
        ? 'nothing was changed: feed the export by a pipeline of its own'
        : 'nothing was changed: run the pipeline first',
    });
  const now = cursorFactsOf(await readMetadata(objects, metadata))[fact];
  if (merges || comparePositions(source.incremental.type, position, now) >= 0) return now;
  throw new CursorRefusedError({
    problem: `the table "${table}" is appended to, and would hold rows behind that value twice`,
    received: position,
    allowed: `${now} or a larger value, or a table that is merged by a key`,
    change: 'nothing was changed: roll the table back, which takes the cursor back with its rows',
  });
}

/** The same rows once more, under another cursor. */
function withFact(base: BaseMetadata, fact: string, position: string, now: number): TableMetadata {
  const { metadata } = base;
  const snapshot = currentSnapshot(metadata)!;
  const kept = Object.entries(snapshot.summary).filter(([name]) => name.startsWith('total-') || name === runFact);
  const sequence = metadata['last-sequence-number'] + 1;
  return nextMetadata({
    base,
    uuid: metadata['table-uuid'],
    location: metadata.location,
    schema: { schema: currentSchema(metadata), lastColumnId: metadata['last-column-id'] },
    partitioning: { spec: currentSpec(metadata), lastPartitionId: metadata['last-partition-id'] },
    snapshot: {
      ...snapshot,
      'snapshot-id': 1 + Number.parseInt(sha256(`${base.file}\n${fact}\n${position}`).slice(0, 13), 16),
      'parent-snapshot-id': snapshot['snapshot-id'],
      'sequence-number': sequence,
      'timestamp-ms': timeOfChange(metadata, now),
      summary: { ...Object.fromEntries(kept), ...cursorFactsOf(metadata), [fact]: position, operation: 'replace' },
    },
  });
}
