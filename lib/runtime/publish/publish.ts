import type { OutputNode } from '../../component/plan.ts';
import { RunStateError } from '../../core/errors/run-state-error.ts';
import { emptiedTables } from '../assess/emptied-tables.ts';
import { cursorMoves } from '../cursor/cursor-moves.ts';
import { reviewStage } from '../keys.ts';
import { rowsOf } from '../ledger/check-steps.ts';
import { readLedger } from '../ledger/ledger.ts';
import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import { countsByNode } from '../ledger/totals.ts';
import type { PublishedTable, PublishOutput, StageInput } from '../messages.ts';
import { outputs, type PipelineCode, requirePlan, sinkSide } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunRecord } from '../ports/run-store.ts';
import type { TableCommit } from '../ports/table-catalog.ts';
import { pipelineOf } from '../replay/narrowed-plan.ts';
import { enter, requireRun } from '../run/enter.ts';
import type { MergePorts } from './merge-into-table.ts';
import { prepareTable } from './prepare-table.ts';
import { runFiles } from './run-files.ts';

type PublishPorts = Pick<Ports, 'objects' | 'runs' | 'tables' | 'clock' | 'logger'> & MergePorts;

/**
 * Prepares the next version of every table; nobody sees them before Commit.
 * Throws `RunStateError` for a run whose ledger was not found in balance, or that did not pass the gate.
 */
export async function publish(ports: PublishPorts, code: PipelineCode, input: StageInput): Promise<PublishOutput> {
  requirePlan(code.plan, input.planDigest);
  const pipeline = pipelineOf(code, input.trigger);
  const record = await requireRun(ports, input.run);
  requirePassed(record);
  const entries = await readLedger(ports, input.run);
  const tables: Record<string, PublishOutput['tables'][string]> = {};
  // A run that found no input leaves its tables as they are, even those that it would replace.
  for (const node of record.extract?.inputFiles ? outputs(pipeline.plan) : []) {
    const own = runFiles(entries, node.id);
    if (rowsOf(own, 'table') === 0 && keepsRows(pipeline, node, record, entries)) continue;
    const pointer = await ports.tables.pointer(node.table);
    const prepared = await prepareTable(ports, pipeline, pointer, { node, input, files: own });
    tables[node.id] = publishedTable(prepared, rowsOf(own, 'table'));
    for (const { from, to } of prepared.columns?.alike ?? [])
      ports.logger.warn('a column goes and another one of its type comes: if it was renamed, the sink has to say so', {
        run: input.run,
        table: node.table,
        gone: from,
        added: to,
      });
  }
  const moves = Object.keys(tables).length > 0 ? await cursorMoves(ports, pipeline.plan, input) : [];
  const cursors = moves.map(({ source, from, to }) => [source, { from, to }] as const);
  const output: PublishOutput = { tables, ...(cursors.length > 0 && { cursors: Object.fromEntries(cursors) }) };
  await enter(ports, {
    run: input.run,
    from: [
      { state: 'Running', phase: 'Assessing' },
      { state: 'AwaitingReview', phase: 'Decided' },
      { state: 'Running', phase: 'Completing' },
    ],
    to: { state: 'Running', phase: 'Completing' },
    facts: { publish: output },
  });
  ports.logger.info('tables prepared', { run: input.run, tables: Object.values(tables).map(({ table }) => table) });
  return output;
}

/**
 * Without rows, a slice has nothing to put in the place of others. Nor has a run that a person releases in part, where
 * all of them are held, or were rejected before.
 */
function keepsRows(
  pipeline: PipelineCode,
  node: OutputNode,
  { trigger, review }: RunRecord,
  entries: readonly LedgerEntry[],
): boolean {
  if (trigger.kind === 'backfill') return true;
  if (review?.decision !== 'release' || sinkSide(pipeline, node).mode(node.options) !== 'replace') return false;
  if ((review.released?.[node.id]?.held ?? 0) > 0) return true;
  const counts = countsByNode(
    pipeline.plan,
    entries.filter(({ stage }) => stage !== reviewStage),
  );
  return emptiedTables(pipeline, { trigger }, counts).some(({ output }) => output === node.id);
}

/**
 * What a run tells of one of its tables.
 * @param rows of the run
 */
export function publishedTable({ table, metadata, merged, columns }: TableCommit, rows: number): PublishedTable {
  return { table, metadata: metadata!, rows, ...(merged && { merged }), ...(columns && { columns }) };
}

/** `assess` is only there when the ledger balanced. */
function requirePassed({ run, assess, review }: RunRecord): void {
  const letGo = review?.decision === 'approve' || (review?.decision === 'release' && review.released !== undefined);
  const passed = assess?.gate === 'pass' || (assess?.gate === 'review' && letGo);
  if (passed) return;
  throw new RunStateError({
    problem: `run "${run}" may not be published`,
    received: assess ? `gate "${assess.gate}", review: ${review?.decision ?? 'none'}` : 'the run was not assessed',
    allowed: 'gate "pass", or gate "review" with an approval, or with a release that is done',
    change: 'assess the run, and have it reviewed where the gate asks for it',
  });
}
