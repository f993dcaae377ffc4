import { RunMissingError } from '../../core/errors/run-missing-error.ts';
import { RunStateError } from '../../core/errors/run-state-error.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunChange, RunRecord } from '../ports/run-store.ts';

/** The record of a run. Throws `RunMissingError`. */
export async function requireRun(ports: Pick<Ports, 'runs'>, run: string): Promise<RunRecord> {
  const record = await ports.runs.find(run);
  if (record) return record;
  throw new RunMissingError({
    problem: 'there is no such run',
    received: run,
    change: 'take an id from the list of runs; records of old runs expire',
  });
}

/** Moves a run to another state. Throws `RunStateError` where it is in none of the states that this starts from. */
export async function enter(ports: Pick<Ports, 'runs' | 'clock'>, change: Omit<RunChange, 'at'>): Promise<void> {
  if (await ports.runs.change({ ...change, at: ports.clock.now() })) return;
  const { state, phase } = await requireRun(ports, change.run);
  throw new RunStateError({
    problem: `run "${change.run}" can not become ${shown(change.to)}`,
    received: shown({ state, phase }),
    allowed: change.from.map(shown),
    change: 'start a new run, or wait until this one has come so far',
  });
}

function shown({ state, phase }: RunChange['to']): string {
  return phase ? `${state} (${phase})` : state;
}
