import { canonicalJson } from '../core/canonical-json.ts';
import type { FailureKind } from '../core/errors/penstock-error.ts';
import { failureKind } from '../core/retryable-errors.ts';
import { sha256 } from '../core/sha256.ts';
import type { Run } from './find-run.ts';

/** Failures of runs that are the same but for names, numbers and values. */
export interface FailurePattern {
  /** Stable: the same failure has it tomorrow, too. 12 hexadecimal digits. */
  readonly fingerprint: string;
  readonly pipeline: string;
  /** Class name of the error. */
  readonly error: string;
  readonly kind: FailureKind;
  /** Name of the state that failed. */
  readonly state: string;
  readonly runs: number;
  /** When the first and the last of these runs ended; milliseconds since the epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Of the last one. */
  readonly message: string;
  readonly lastRun: string;
}

type FailedRun = Pick<Run, 'run' | 'pipeline' | 'state' | 'failure' | 'endedAt' | 'startedAt'>;

/** Groups what failed by its fingerprint, the pattern that was seen last first. Runs that somebody cancelled are no failures. */
export function failurePatterns(runs: readonly FailedRun[]): readonly FailurePattern[] {
  const failed = runs.filter(({ state, failure }) => failure && state !== 'Cancelled');
  const groups = Map.groupBy(failed, fingerprintOf);
  const patterns = [...groups].map(([fingerprint, group]): FailurePattern => {
    const inOrder = group.toSorted((a, b) => seenAt(a) - seenAt(b));
    const last = inOrder.at(-1)!;
    const { error, kind, state, message } = last.failure!;
    return {
      fingerprint,
      pipeline: last.pipeline,
      error,
      kind: kind ?? failureKind(error),
      state,
      runs: group.length,
      firstSeen: seenAt(inOrder[0]!),
      lastSeen: seenAt(last),
      message,
      lastRun: last.run,
    };
  });
  return patterns.sort((a, b) => b.lastSeen - a.lastSeen);
}

function fingerprintOf({ pipeline, failure }: FailedRun): string {
  const { error, code, state, message } = failure!;
  return sha256(
    canonicalJson({ pipeline, error, state, ...(code !== undefined && { code }), text: skeleton(message) }),
  ).slice(0, 12);
}

/** What is left of a message without what differs from run to run: quoted names, keys, ids, numbers, what was received. */
function skeleton(message: string): string {
  return message
    .replace(/; received: [\s\S]*?(?=; allowed: |; [a-z]|$)/, '')
    .replace(/"[^"]*"/g, '""')
    .replace(/\S*[/\d]\S*/g, '#');
}

function seenAt({ endedAt, startedAt }: FailedRun): number {
  return endedAt ?? Date.parse(startedAt);
}
