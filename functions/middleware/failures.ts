import type { MiddlewareObj } from '@middy/core';
import { DelayedError } from '../../lib/core/errors/delayed-error.ts';
import { PenstockError } from '../../lib/core/errors/penstock-error.ts';
import { failureFields, failureOf, framesOf } from '../../lib/runtime/failure.ts';
import { logger } from './logging.ts';

/**
 * Logs a failure and lets it go on to Lambda, whose `errorType` is the name that Retry and Catch match. The text of an
 * error that is not ours stays here: it may quote a row or a credential, and Lambda would log it.
 */
export const failures = (): MiddlewareObj<unknown, unknown> => ({
  onError(request) {
    const { error } = request;
    const fields = failureFields(error);
    logger.error('function failed', fields);
    if (error instanceof DelayedError) request.error = readable(error);
    if (!(error instanceof PenstockError)) request.error = anonymous(error, String(fields.reason));
  },
});

/** Lambda tells the name and the text of an error and nothing else, and the machine reads in it how long to wait. */
function readable(error: DelayedError): Error {
  const told = new Error(failureOf(error).cause);
  told.name = error.name;
  return told;
}

function anonymous(error: unknown, reason: string): Error {
  const named = new Error(reason);
  named.name = failureOf(error).error;
  named.stack = [`${named.name}: ${reason}`, ...framesOf(error).map((frame) => `    ${frame}`)].join('\n');
  return named;
}
