import type { EscalationLevel } from '../../component/plan.ts';
import { second } from '../../core/durations.ts';
import type { CloudEvent } from '../events/cloud-event.ts';
import type { Circuits } from '../ports/circuits.ts';
import type { Ports } from '../ports/ports.ts';
import { type Incident, incidentOf, type Standing, standingOf } from './incident.ts';
import { type Notice, noticeOf } from './notice.ts';

type EscalationPorts = Pick<Ports, 'runs' | 'clock' | 'logger'> & { readonly circuits: Pick<Circuits, 'find'> };

/** The event at first, then what the step before has answered. */
export type EscalationInput = (CloudEvent | EscalationOutput) & {
  /** Names the execution: of several that an event has started, one tells of it. */
  readonly execution: string;
};

export interface EscalationOutput {
  readonly incident: Incident;
  /** Levels that have been told. */
  readonly level: number;
  /** Topics that are to be told now, and what. */
  readonly topics: readonly string[];
  readonly notice: Notice;
  /** True: nobody is to be told after these. */
  readonly over: boolean;
  /** Until the next level. */
  readonly waitSeconds: number;
  /** True where some receiver could not be told. */
  readonly undelivered: boolean;
}

/**
 * Whom to tell of an incident now, and when to ask again. It tells nobody itself: the machine does, which knows what it
 * has done. Asked again after its answer was lost, it answers the same.
 * @param topics ARNs by level
 */
export async function escalate(
  ports: EscalationPorts,
  { levels, topics }: { readonly levels: readonly EscalationLevel[]; readonly topics: readonly (readonly string[])[] },
  input: EscalationInput,
): Promise<EscalationOutput> {
  const { incident, level, undelivered } =
    'incident' in input ? input : { incident: incidentOf(input), level: 0, undelivered: false };
  const { run = '', pipeline, id } = incident;
  const answer = (told: number, now: readonly string[], over: boolean, standing: Standing): EscalationOutput => ({
    incident,
    level: told,
    topics: now,
    notice: noticeOf(incident, told, standing),
    over,
    waitSeconds: over ? 0 : Math.max(1, Math.ceil((dueAt(incident, levels[told]!) - ports.clock.now()) / second)),
    undelivered,
  });
  if (!(await ports.runs.claimIncident(pipeline, id, input.execution))) return answer(level, [], true, 'over');
  const standing = await standingOf(ports, incident);
  if (standing === 'over') {
    ports.logger.info('incident is over', { run, level });
    return answer(level, [], true, standing);
  }
  const next = levels[level]!;
  if (ports.clock.now() < dueAt(incident, next)) return answer(level, [], false, standing);
  ports.logger.info('incident is told', { run, level: level + 1, receivers: next.to.length });
  return answer(level + 1, topics[level]!, level + 1 === levels.length, standing);
}

function dueAt({ at }: Incident, { afterSeconds }: EscalationLevel): number {
  return at + afterSeconds * second;
}
