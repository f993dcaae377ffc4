import type { MiddlewareObj } from '@middy/core';
import { PenstockError } from '../../lib/core/errors/penstock-error.ts';
import { failureOf, framesOf } from '../../lib/runtime/failure.ts';
import { logger } from './logging.ts';

/**
 * Logs a failure and lets it go on to Lambda, whose `errorType` is the name that Retry and Catch match. The text of an
 * error that is not ours stays here: it may quote a row or a credential, and Lambda would log it.
 */
export const failures = (): MiddlewareObj<unknown, unknown> => ({
  onError(request) {
    const { error } = request;
    const { error: name, cause } = failureOf(error);
    logger.error('function failed', { error: name, cause, frames: framesOf(error) });
    if (!(error instanceof PenstockError)) request.error = anonymous(name, cause, framesOf(error));
  },
});

function anonymous(name: string, cause: string, frames: readonly string[]): Error {
  const { errorMessage } = JSON.parse(cause) as { errorMessage: string };
  const error = new Error(errorMessage);
  error.name = name;
  error.stack = [`${name}: ${errorMessage}`, ...frames.map((frame) => `    ${frame}`)].join('\n');
  return error;
}
