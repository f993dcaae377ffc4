import type { OutputNode } from '../../component/plan.ts';
import { second } from '../../core/durations.ts';
import { CommitConflictError } from '../../core/errors/commit-conflict-error.ts';
import { TableBusyError } from '../../core/errors/table-busy-error.ts';
import { versionOf } from '../keys.ts';
import { readLedger } from '../ledger/ledger.ts';
import type { StageInput } from '../messages.ts';
import type { PipelineCode } from '../pipeline-code.ts';
import type { RunRecord } from '../ports/run-store.ts';
import type { TableCommit } from '../ports/table-catalog.ts';
import type { CommitPorts } from './commit.ts';
import { preparedCommit, prepareTable } from './prepare-table.ts';
import { publishingEnded } from './publishing-ended.ts';
import { runFiles } from './run-files.ts';
import { TableTurn } from './table-turn.ts';

/** One table of a run. */
export interface TableStep {
  readonly node: OutputNode;
  readonly input: StageInput;
  readonly record: RunRecord;
  /** Metadata of the version that Publish has made. */
  readonly prepared: string;
}

/** Other writers (compaction, a rollback, a run that had its version ready) that are faster. */
const mostLostRaces = 8;
/** For two or three seconds; then waiting in the state machine costs nothing, and takes no worker's place. */
const mostWaits = 6;
const longestPause = 2 * second;
const shortestDelaySeconds = 5;
const longestDelaySeconds = 120;

/**
 * Lets readers see what the run made of a table. The version that Publish has made is committed if no other came before;
 * else the run makes another one once it is its turn. Throws `TableBusyError`, `CommitConflictError`, `RunStateError`.
 */
export async function commitTable(ports: CommitPorts, pipeline: PipelineCode, step: TableStep): Promise<TableCommit> {
  const turn = new TableTurn(ports, step.node.table, step.input.run);
  try {
    return await inTurn(ports, pipeline, { ...step, turn });
  } finally {
    if (turn.taken) await turn.release();
  }
}

async function inTurn(
  ports: CommitPorts,
  pipeline: PipelineCode,
  { node, input, record, prepared, turn }: TableStep & { readonly turn: TableTurn },
): Promise<TableCommit> {
  const { run } = input;
  const readyFor = versionOf(prepared) - 1;
  for (let lostRaces = 0; lostRaces < mostLostRaces; ) {
    const done = await ports.tables.commitOf(node.table, run);
    if (done) {
      // Whoever made it may have died before the turn was given back.
      if (lostRaces === 0) await turn.release();
      return done;
    }
    const isReady = !turn.taken && (await ports.tables.version(node.table)) === readyFor;
    if (!isReady && !turn.taken) await waitForTurn(ports, { node, record, turn });
    const next = isReady
      ? await preparedCommit(ports, node.table, prepared)
      : await prepareAgain(ports, pipeline, { node, input });
    if (!next) continue;
    const outcome = await ports.tables.commit(next);
    if (outcome === 'committed') return next;
    if (outcome === 'refused') throw publishingEnded(run);
    if (outcome === 'conflict') await ports.clock.sleep(pause(++lostRaces));
  }
  throw new CommitConflictError({
    problem: `other runs moved the table "${node.table}" on each time`,
    received: `${mostLostRaces} lost races`,
    change: 'try again, or let fewer runs publish the same table at a time',
  });
}

/** One read for each look: a table only moves on, so once it has left the prepared version behind, nothing else matters. */
async function waitForTurn(
  ports: CommitPorts,
  { node, record, turn }: Pick<TableStep, 'node' | 'record'> & { readonly turn: TableTurn },
): Promise<void> {
  for (let waits = 1; !(await turn.take()); waits++) {
    if (waits > mostWaits) throw busy(ports, node.table, record);
    await ports.clock.sleep(pause(waits));
  }
}

const pause = (attempt: number) => Math.random() * Math.min(2 ** attempt * 100, longestPause);

/** The longer it has waited, the longer the line is: it comes back when a quarter of that time again has gone by. */
function busy({ clock }: Pick<CommitPorts, 'clock'>, table: string, record: RunRecord): TableBusyError {
  const waited = (clock.now() - publishingSince(record, clock.now())) / second;
  return new TableBusyError({
    problem: `other runs publish the table "${table}" before this one`,
    received: `${Math.round(waited)} s of waiting`,
    change: 'wait; where many files come at once, `fileArrives` with a window makes one run of them',
    retryAfterSeconds: Math.round(Math.min(longestDelaySeconds, Math.max(shortestDelaySeconds, waited / 4))),
  });
}

function publishingSince({ transitions }: RunRecord, now: number): number {
  const before = transitions.findLastIndex(({ phase }) => phase !== 'Completing');
  return transitions[before + 1]?.at ?? now;
}

/**
 * Another run has moved the table on since the version was prepared. Undefined where this run did, too: somebody who
 * cancels it while it commits has it committed by two functions at once.
 */
async function prepareAgain(
  ports: CommitPorts,
  pipeline: PipelineCode,
  { node, input }: Pick<TableStep, 'node' | 'input'>,
): Promise<TableCommit | undefined> {
  // At the same time: all others wait while this run has its turn.
  const [pointer, entries] = await Promise.all([ports.tables.pointer(node.table), readLedger(ports, input.run)]);
  // Asked behind the pointer: what it points to may hold the run's rows, which would be added to themselves.
  if (await ports.tables.commitOf(node.table, input.run)) return undefined;
  return prepareTable(ports, pipeline, pointer, { node, input, files: runFiles(entries, node.id) });
}
