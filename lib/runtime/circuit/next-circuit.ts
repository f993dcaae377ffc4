import { circuitPolicy } from '../../core/circuit-policy.ts';
import { second } from '../../core/durations.ts';
import type { Circuit } from '../ports/circuits.ts';
import type { Trouble } from './trouble.ts';

/** Who makes a change, and when. */
export interface Change {
  readonly system: string;
  readonly pipeline: string;
  readonly at: number;
}

/** One more call has failed while the circuit was closed: it is counted, or opens the circuit. */
export function afterFailure(known: Circuit | undefined, trouble: Trouble, change: Change): Circuit {
  const { failures: most, window, firstDelay } = circuitPolicy;
  const counting = known !== undefined && known.failures > 0 && change.at - known.since < window;
  const failures = counting ? known.failures + 1 : 1;
  const counted: Circuit = {
    ...change,
    state: 'closed',
    version: (known?.version ?? 0) + 1,
    failures,
    since: counting ? known.since : change.at,
    error: trouble.error,
    ...(wasOpen(known, change) && { delay: known!.delay }),
  };
  // A system that names a time is left alone until then, by everybody.
  if (failures < most && trouble.retryAfterSeconds === undefined) return counted;
  const delay = counted.delay === undefined ? firstDelay : nextDelay(counted.delay);
  return { ...counted, since: change.at, ...opened(delay, trouble, change.at) };
}

/** A system that answers some calls and fails others closes its circuit, and opens it again soon after. */
function wasOpen(known: Circuit | undefined, { at }: Change): boolean {
  return known?.delay !== undefined && at - known.since < 2 * known.delay;
}

function nextDelay(delay: number): number {
  return Math.min(circuitPolicy.longestDelay, 2 * delay);
}

/** Whoever writes this first makes the one call that decides. */
export function asProbe(known: Circuit, change: Change): Circuit {
  const { by: _, ...circuit } = known;
  return {
    ...circuit,
    ...change,
    state: 'half-open',
    version: known.version + 1,
    retryAt: change.at + circuitPolicy.probe,
  };
}

/** The probe has failed: it stays open, for twice as long. */
export function afterFailedProbe(probe: Circuit, trouble: Trouble, change: Change): Circuit {
  const delay = nextDelay(probe.delay ?? circuitPolicy.firstDelay);
  const { version, failures } = probe;
  const { error } = trouble;
  return {
    ...probe,
    ...change,
    version: version + 1,
    failures: failures + 1,
    error,
    ...opened(delay, trouble, change.at),
  };
}

/** The system has answered, or somebody says that it works. */
export function asClosed(known: Circuit, change: Change & { readonly by?: string }): Circuit {
  const { delay } = known;
  const closed = { ...change, state: 'closed', version: known.version + 1, failures: 0, since: change.at } as const;
  return { ...closed, ...(delay !== undefined && change.by === undefined && { delay }) };
}

function opened(delay: number, { retryAfterSeconds = 0 }: Trouble, at: number) {
  const wait = Math.max(delay, retryAfterSeconds * second);
  return { state: 'open', delay, retryAt: at + wait } as const;
}
