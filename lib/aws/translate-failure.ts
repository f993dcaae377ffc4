import { AccessRefusedError } from '../core/errors/access-refused-error.ts';
import { PenstockError } from '../core/errors/penstock-error.ts';
import { ResourceMissingError } from '../core/errors/resource-missing-error.ts';
import { ServiceDelayedError } from '../core/errors/service-delayed-error.ts';
import { ServiceRequestError } from '../core/errors/service-request-error.ts';
import { ServiceThrottledError } from '../core/errors/service-throttled-error.ts';
import { ServiceUnavailableError } from '../core/errors/service-unavailable-error.ts';
import { longestDelaySeconds } from '../core/retryable-errors.ts';
import { retryHint } from './retry-hint.ts';

/** The parts of an SDK error that say what kind it is. Its message may quote what was sent, so it is not passed on. */
interface SdkFailure {
  readonly name: string;
  readonly $fault?: 'client' | 'server';
  readonly $retryable?: object;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  /** Of a transaction that was cancelled. */
  readonly CancellationReasons?: readonly { readonly Code?: string }[];
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

const throttles =
  /Throttl|TooManyRequests|SlowDown|ProvisionedThroughputExceeded|RequestLimitExceeded|LimitExceeded|TransactionConflict|TransactionInProgress/;
/** Names that the SDK, Node's sockets and DNS give to a call that got no answer, and services to one that they gave up. */
const noAnswer =
  /^(TimeoutError|NetworkingError|ECONN\w+|EPIPE|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|EAI_AGAIN|ENOTFOUND|RequestTimeout(Exception)?|OperationTimeoutException|ResourceNotReadyException|ERR_STREAM_PREMATURE_CLOSE)$/;
/** Who may not, and whose credentials are no good. */
const refusals =
  /AccessDenied|Unauthorized|NotAuthorized|ExpiredToken|InvalidAccessKeyId|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature|MissingAuthenticationToken|CredentialsProviderError/;
const absences = /NotFound|NoSuch|DoesNotExist/;
/** Why a part of a transaction was given up, where that is no fault of it. */
const passingReasons = /Throttl|ProvisionedThroughputExceeded|TransactionConflict/;

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

/** What an error of the SDK is in our terms; one that is none of its errors stays what it is. */
export function translated(operation: string, error: unknown): unknown {
  if (error instanceof PenstockError || !(error instanceof Error) || error.name === 'AbortError') return error;
  const failure = error as Error & SdkFailure & { readonly code?: string };
  const status = failure.$metadata?.httpStatusCode;
  const received = [failure.name, status && `status ${status}`, failure.$metadata?.requestId]
    .filter(Boolean)
    .join(', ');
  const isThrottle = isThrottled(failure) || status === 429;
  const hint = isThrottle || (status ?? 0) >= 500 ? retryHint(failure) : undefined;
  if (hint !== undefined) {
    return new ServiceDelayedError({
      problem: `${operation} was put off by the service`,
      received: `${received}, come back after ${hint} seconds`,
      change: 'nothing: it is tried again then; where this goes on, ask for fewer requests at a time',
      retryAfterSeconds: Math.min(hint, longestDelaySeconds),
      cause: error,
    });
  }
  if (isThrottle) {
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
  if (status === 403 || refusals.test(failure.name)) {
    return new AccessRefusedError({
      problem: `the role of this function may not do ${operation}`,
      received,
      change:
        'allow it in the role; S3 says the same of an object that does not exist, to a role that may not list the bucket',
      cause: error,
    });
  }
  if (status === undefined) return error;
  if (status === 404 || absences.test(failure.name)) {
    return new ResourceMissingError({
      problem: `${operation} asks for something that is not there`,
      received,
      change: 'deploy the platform and the pipeline again; they make all that is asked for',
      cause: error,
    });
  }
  return new ServiceRequestError({
    problem: `${operation} was refused`,
    received,
    change: 'report this: the request is wrong in itself',
    cause: error,
  });
}

function isThrottled({ name, CancellationReasons = [] }: SdkFailure): boolean {
  return throttles.test(name) || CancellationReasons.some(({ Code = '' }) => passingReasons.test(Code));
}

function isSilence(failure: SdkFailure & { readonly code?: string }): boolean {
  return noAnswer.test(failure.name) || noAnswer.test(failure.code ?? '');
}
