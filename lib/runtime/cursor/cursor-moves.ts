import { comparePositions } from '../../component/cursor.ts';
import { cursorSources, fedOutputs } from '../../component/fed-outputs.ts';
import type { OutputNode, Plan } from '../../component/plan.ts';
import { CursorMovedError } from '../../core/errors/cursor-moved-error.ts';
import { pinnedInputs } from '../extract/pinned-inputs.ts';
import { readLedger } from '../ledger/ledger.ts';
import type { StageInput } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';
import { cursorFactOf } from './cursor-facts.ts';

/** How far a run takes one source. */
export interface CursorStep {
  readonly source: string;
  /** DuckDB's name of the type of its values. */
  readonly type: string;
  /** Name of the fact that says so in a table. */
  readonly fact: string;
  /** Where the run began. Absent: at the beginning. */
  readonly from?: string;
  /** Absent: it has found no row, ever. */
  readonly to?: string;
}

/** How far a run takes the sources that go on; none where it does again what another run did. */
export async function cursorMoves(
  ports: Pick<Ports, 'objects' | 'runs'>,
  plan: Plan,
  { pipeline, run }: Pick<StageInput, 'pipeline' | 'run'>,
): Promise<readonly CursorStep[]> {
  const sources = cursorSources(plan.nodes);
  if (sources.length === 0) return [];
  const { cursors = {} } = await pinnedInputs(ports.objects, { pipeline, run });
  const steps = (await readLedger(ports, run)).flatMap((entry) => entry.steps);
  return sources.flatMap(({ id: source, incremental: { type } }) => {
    const pinned = cursors[source];
    if (!pinned || pinned.stays) return [];
    const { position: from } = pinned;
    const reached = steps.flatMap((step) => (step.node === source && step.reached !== undefined ? [step.reached] : []));
    const to = [from, ...reached].reduce((a, b) => (comparePositions(type, a, b) < 0 ? b : a));
    const fact = cursorFactOf(pipeline, source);
    return [{ source, type, fact, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
  });
}

/** Those of the sources that feed one output. */
export function movesInto(plan: Plan, { id }: OutputNode, moves: readonly CursorStep[]): readonly CursorStep[] {
  return moves.filter(({ source }) => fedOutputs(plan.nodes, source).some((output) => output.id === id));
}

/**
 * The cursors of a table once it has the rows of a run, by the names of their facts. Throws `CursorMovedError` where it
 * lacks rows before those of the run, or, unless it is merged, has some of them.
 * @param before of the state that the rows are added to
 */
export function cursorsAfter(
  before: Readonly<Record<string, string>>,
  moves: readonly CursorStep[],
  { table, merges }: { readonly table: string; readonly merges: boolean },
): Readonly<Record<string, string>> {
  const after: Record<string, string> = { ...before };
  for (const { source, type, fact, from, to } of moves) {
    const there = before[fact];
    const ahead = comparePositions(type, there, from);
    if (ahead < 0 || (ahead > 0 && !merges))
      throw new CursorMovedError({
        problem: `the table "${table}" was taken ${ahead < 0 ? 'back' : 'further'} in the source "${source}" while this run was on its way`,
        received: there ?? 'nothing yet',
        allowed: from ?? 'nothing yet',
        change: 'nothing was published: try the run again, which goes on from there',
      });
    if (to !== undefined && comparePositions(type, there, to) < 0) after[fact] = to;
  }
  return after;
}
