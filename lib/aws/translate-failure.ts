import { AccessRefusedError } from '../core/errors/access-refused-error.ts';
import { PenstockError } from '../core/errors/penstock-error.ts';
import { ServiceRequestError } from '../core/errors/service-request-error.ts';
import { ServiceThrottledError } from '../core/errors/service-throttled-error.ts';
import { ServiceUnavailableError } from '../core/errors/service-unavailable-error.ts';

/** The parts of an SDK error that say what kind it is. Its message may quote what was sent, so it is not passed on. */
interface SdkFailure {
  readonly name: string;
  readonly $fault?: 'client' | 'server';
  readonly $retryable?: object;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

const throttles =
  /Throttl|TooManyRequests|SlowDown|ProvisionedThroughputExceeded|RequestLimitExceeded|LimitExceeded|TransactionConflict|TransactionInProgress/;
/** Names that the SDK, Node's sockets and DNS give to a call that got no answer. */
const noAnswer =
  /^(TimeoutError|NetworkingError|ECONN\w+|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|RequestTimeout\w*|ERR_STREAM_PREMATURE_CLOSE)$/;

/**
 * Calls AWS and turns what goes wrong into our own errors: by name and status, never by text.
 * @param operation as IAM spells it, e.g. `s3:PutObject`
 */
export async function translateFailure<Result>(operation: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw translated(operation, error);
  }
}

function translated(operation: string, error: unknown): unknown {
  if (error instanceof PenstockError || !(error instanceof Error) || error.name === 'AbortError') return error;
  const failure = error as Error & SdkFailure & { readonly code?: string };
  const status = failure.$metadata?.httpStatusCode;
  const received = [failure.name, status && `status ${status}`, failure.$metadata?.requestId]
    .filter(Boolean)
    .join(', ');
  if (throttles.test(failure.name) || status === 429) {
    return new ServiceThrottledError({
      problem: `${operation} was throttled, although it was tried again ever more slowly`,
      received,
      change: 'try again later; where this goes on, lower `resources.concurrency` or raise the limit of the account',
      cause: error,
    });
  }
  if ((status ?? 0) >= 500 || failure.$fault === 'server' || isSilence(failure)) {
    return new ServiceUnavailableError({
      problem: `${operation} did not succeed, although it was tried again`,
      received,
      change: 'try again later; where this goes on, look at the limits of the account',
      cause: error,
    });
  }
  if (status === 403 || /AccessDenied|Unauthorized|NotAuthorized/.test(failure.name)) {
    return new AccessRefusedError({
      problem: `the role of this function may not do ${operation}`,
      received,
      change:
        'allow it in the role; S3 says the same of an object that does not exist, to a role that may not list the bucket',
      cause: error,
    });
  }
  if (status === undefined) return error;
  return new ServiceRequestError({
    problem: `${operation} was refused`,
    received,
    change: 'report this: the request is wrong in itself',
    cause: error,
  });
}

function isSilence(failure: SdkFailure & { readonly code?: string }): boolean {
  return noAnswer.test(failure.name) || noAnswer.test(failure.code ?? '');
}
