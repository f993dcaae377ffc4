import { DelayedError } from '../core/errors/delayed-error.ts';
import { PenstockError } from '../core/errors/penstock-error.ts';
import type { LogFields } from '../core/logger.ts';

/** A failure as it may leave the process. */
export interface Failure {
  /** Class name, at most 256 characters. */
  readonly error: string;
  /** JSON in the form that Lambda gives to Step Functions, at most 32,768 characters. */
  readonly cause: string;
}

const mostCauseCharacters = 32_768;

/**
 * Describes an error for the state machine and the log. The text of an error that is not ours may quote a row or a
 * credential, so only its name and the places it passed leave the process.
 */
export function failureOf(error: unknown): Failure {
  const name = (error instanceof Error && error.name ? error.name : 'UnknownError').slice(0, 256);
  if (!(error instanceof PenstockError)) return { error: name, cause: JSON.stringify(anonymous(name, error)) };
  const { code, disposition, kind, message, problem, received, allowed, change } = error;
  const delay = error instanceof DelayedError && { retryAfterSeconds: error.retryAfterSeconds };
  const full = JSON.stringify({
    errorType: name,
    errorMessage: message,
    code,
    disposition,
    kind,
    problem,
    received,
    allowed,
    change,
    ...delay,
  });
  if (full.length <= mostCauseCharacters) return { error: name, cause: full };
  const short = { errorType: name, errorMessage: message.slice(0, 8_000), code, disposition, kind, ...delay };
  return { error: name, cause: JSON.stringify(short) };
}

/** What a log line says of a failure. */
export function failureFields(error: unknown): LogFields {
  const { error: name, cause } = failureOf(error);
  const { errorMessage, code } = JSON.parse(cause) as { errorMessage: string; code?: string };
  return { error: name, ...(code !== undefined && { code }), reason: errorMessage, frames: framesOf(error) };
}

/** The lines of a stack that name places in the code, without the error's text. */
export function framesOf(error: unknown): readonly string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .slice(0, 20);
}

function anonymous(name: string, error: unknown) {
  return {
    errorType: name,
    errorMessage: `unexpected ${name}; its text is withheld because it may quote data`,
    trace: framesOf(error),
  };
}
