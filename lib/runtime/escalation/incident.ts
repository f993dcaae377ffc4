import type { incidentTypes } from '../../core/incident-types.ts';
import type { CloudEvent } from '../events/cloud-event.ts';
import type { Circuits } from '../ports/circuits.ts';
import type { Ports } from '../ports/ports.ts';

/** Something that somebody has to look after. Small: it is the state of an execution. */
export interface Incident {
  /** The same for the same incident, however often it is told: of its event, or of the outage that a circuit opened at. */
  readonly id: string;
  readonly type: (typeof incidentTypes)[number];
  readonly pipeline: string;
  readonly run?: string;
  /** How many changes its run had made. */
  readonly sequence?: number;
  /** System outside that is left alone. */
  readonly system?: string;
  /** Class name of the error. */
  readonly error?: string;
  /** Why the run failed. */
  readonly reason?: string;
  /** When the review is decided without a person. */
  readonly deadline?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const longestReason = 2_000;

export function incidentOf({ id, type, pipeline, run, time, data }: CloudEvent): Incident {
  const { sequence, system, error, deadline, record } = data as {
    sequence?: number;
    system?: string;
    /** Of a circuit. */
    record?: { readonly since?: number };
    error?: string | { readonly Error: string; readonly Cause: string };
    deadline?: string;
  };
  const named =
    typeof error === 'object' ? { error: error.Error, reason: error.Cause.slice(0, longestReason) } : { error };
  return {
    // After each probe that fails a circuit opens once more, which is no news to anybody.
    id: system !== undefined && record?.since !== undefined ? `circuit ${system} ${record.since}` : id,
    type: type as Incident['type'],
    pipeline,
    ...(run !== undefined && { run }),
    ...(sequence !== undefined && { sequence }),
    ...(system !== undefined && { system }),
    ...(named.error !== undefined && named),
    ...(deadline !== undefined && { deadline }),
    at: Date.parse(time),
  };
}

/** `over`: nobody needs to be told any more. `kept`: its run can be redriven. */
export type Standing = 'over' | 'kept' | 'open';

/**
 * How it stands by now. It is over where the run goes on, or somebody has taken note of its failure; where its review is
 * decided; where the system answers again.
 */
export async function standingOf(
  { runs, circuits }: Pick<Ports, 'runs'> & { readonly circuits: Pick<Circuits, 'find'> },
  { type, run, system, sequence = 0 }: Incident,
): Promise<Standing> {
  if (type === 'CircuitOpened')
    return ((await circuits.find(system!))?.state ?? 'closed') === 'closed' ? 'over' : 'open';
  const record = await runs.find(run!);
  if (!record || (await runs.acknowledged(run!))) return 'over';
  if (type !== 'PipelineFailed') return record.phase === 'Undecided' ? 'open' : 'over';
  if (record.transitions.slice(sequence).some(({ state }) => state !== 'Failed')) return 'over';
  return record.phase === 'Kept' ? 'kept' : 'open';
}
