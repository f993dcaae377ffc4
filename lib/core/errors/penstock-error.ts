import { asJson } from '../as-json.ts';

/** What becomes of a failure: tried again as it is, ended for good, or shown to a person. */
export type Disposition = 'retryable' | 'terminal' | 'review';

/**
 * What kind of trouble a failure is, which decides how it is met: `transient` and `throttled` are tried again (see
 * `retry-policies.ts`), the others end the run and tell whom to ask.
 */
export type FailureKind =
  | 'transient'
  | 'throttled'
  | 'permanent'
  | 'data'
  | 'authorisation'
  | 'not-found'
  | 'configuration';

/** The four parts of an error that a person can act on. */
export interface ErrorParts {
  /** What went wrong, in lower case and without a full stop. */
  readonly problem: string;
  /** The value that was received; strings are printed as they are, everything else as JSON. Never a row or a secret. */
  readonly received?: unknown;
  /** What would have been accepted. */
  readonly allowed?: unknown;
  /** What to change, in lower case and without a full stop. */
  readonly change: string;
  readonly cause?: unknown;
}

/**
 * Root of every error that Penstock raises by itself. Each subclass is one failure: it fixes `code` and `disposition`,
 * and its class name is what Retry and Catch of the state machine match.
 */
export abstract class PenstockError extends Error {
  /** Of the class, so that it is known without an instance. */
  static readonly kind: FailureKind = 'permanent';
  /** Stable, upper case, e.g. `CHUNK_INPUT_MISSING`. */
  abstract readonly code: string;
  abstract readonly disposition: Disposition;
  readonly problem: string;
  readonly received: unknown;
  readonly allowed: unknown;
  readonly change: string;

  get kind(): FailureKind {
    return (this.constructor as typeof PenstockError).kind;
  }

  constructor(parts: ErrorParts) {
    super(messageOf(parts), parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = new.target.name;
    this.problem = parts.problem;
    this.received = parts.received;
    this.allowed = parts.allowed;
    this.change = parts.change;
  }
}

/** `what went wrong; received: x; allowed: a, b; what to change`. */
function messageOf(parts: ErrorParts): string {
  const clauses = [parts.problem];
  if (parts.received !== undefined) clauses.push(`received: ${shown(parts.received)}`);
  if (parts.allowed !== undefined) clauses.push(`allowed: ${shown(parts.allowed)}`);
  clauses.push(parts.change);
  return clauses.map((clause) => clause.replace(/[.\s]+$/, '')).join('; ');
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(shown).join(', ');
  return typeof value === 'number' ? String(value) : (asJson(value) ?? String(value));
}
