import { describe, expect, test } from 'vitest';
import { translateFailure } from '../../lib/aws/translate-failure.ts';
import { InputMissingError } from '../../lib/core/errors/input-missing-error.ts';

const sdkError = (name: string, status?: number, more: object = {}) =>
  Object.assign(new Error('row value 4711'), { name, $metadata: { httpStatusCode: status, requestId: 'r-1' } }, more);

const translated = (error: unknown) =>
  translateFailure('s3:GetObject', async () => {
    throw error;
  }).catch((caught) => caught);

describe('a failure of AWS', () => {
  /** What the services that Penstock calls may answer, by their own references, and what the SDK says of a lost call. */
  const classes = {
    ServiceThrottledError: [
      ['SlowDown', 503],
      ['SlowDown', 429],
      ['RequestLimitExceeded', 503],
      ['ThrottlingException', 400],
      ['Throttling', 400],
      ['Throttled', 429],
      ['KMSThrottlingException', 400],
      ['RequestThrottled', 403],
      ['RequestThrottledException', 400],
      ['TooManyRequestsException', 429],
      ['ProvisionedThroughputExceededException', 400],
      ['RequestLimitExceeded', 400],
      ['LimitExceededException', 400],
      ['ExecutionLimitExceeded', 400],
      ['TransactionConflictException', 400],
      ['TransactionInProgressException', 400],
    ],
    ServiceUnavailableError: [
      ['InternalError', 500],
      ['InternalServerError', 500],
      ['InternalServiceException', 500],
      ['InternalServiceError', 500],
      ['ServiceUnavailable', 503],
      ['ServiceUnavailableException', 503],
      ['ServiceException', 500],
      ['BadGateway', 502],
      ['RequestTimeout', 400],
      ['RequestTimeoutException', 408],
      ['OperationTimeoutException', 400],
      ['ResourceNotReadyException', 400],
      ['EC2ThrottledException', 502, 'ServiceThrottledError'],
      ['TimeoutError', undefined],
      ['NetworkingError', undefined],
    ],
    AccessRefusedError: [
      ['AccessDenied', 403],
      ['AccessDeniedException', 400],
      ['AuthorizationError', 403],
      ['KMSAccessDeniedException', 400],
      ['UnauthorizedOperation', 403],
      ['ExpiredToken', 400],
      ['ExpiredTokenException', 400],
      ['InvalidAccessKeyId', 403],
      ['InvalidClientTokenId', 403],
      ['UnrecognizedClientException', 400],
      ['SignatureDoesNotMatch', 403],
      ['MissingAuthenticationTokenException', 400],
      ['CredentialsProviderError', undefined],
    ],
    ResourceMissingError: [
      ['NoSuchBucket', 404],
      ['NoSuchUpload', 404],
      ['NotFound', 404],
      ['ResourceNotFoundException', 400],
      ['EntityNotFoundException', 400],
      ['QueueDoesNotExist', 400],
      ['StateMachineDoesNotExist', 400],
      ['ExecutionDoesNotExist', 400],
      ['ParameterNotFound', 400],
      ['TableNotFoundException', 400],
    ],
    ServiceRequestError: [
      ['ValidationException', 400],
      ['InvalidArgument', 400],
      ['EntityTooLarge', 400],
      ['InvalidInputException', 400],
      ['PreconditionFailed', 412],
      ['ConditionalRequestConflict', 409],
      ['InvalidToken', 400],
      ['ItemCollectionSizeLimitExceededException', 400, 'ServiceThrottledError'],
      ['ConcurrentModificationException', 400],
      ['TaskTimedOut', 400],
    ],
  } as const;
  const answers: (readonly [string, number | undefined, string])[] = Object.entries(classes).flatMap(([name, list]) =>
    list.map(
      ([code, status, own]: readonly [string, number | undefined, string?]) => [code, status, own ?? name] as const,
    ),
  );

  test.each(answers)('%s with status %s is a %s', async (name, status, expected) => {
    expect(await translated(sdkError(name, status))).toMatchObject({ name: expected });
  });

  test.each(['ThrottlingError', 'ProvisionedThroughputExceeded', 'TransactionConflict'])(
    'that cancelled a transaction for %s can be tried again',
    async (Code) => {
      const error = sdkError('TransactionCanceledException', 400, {
        CancellationReasons: [{ Code: 'None' }, { Code }],
      });
      expect(await translated(error)).toMatchObject({ name: 'ServiceThrottledError' });
    },
  );

  describe('that says when to come back', () => {
    const date = 'Sat, 21 Nov 2026 06:00:00 GMT';
    test.each([
      ['seconds', { 'retry-after': '120' }, 120],
      ['a date of its own clock', { 'retry-after': 'Sat, 21 Nov 2026 06:02:30 GMT', date }, 150],
      ['milliseconds', { 'x-amz-retry-after': '2500' }, 3],
      ['more than anybody waits', { 'retry-after': '86400' }, 900],
    ])('is put off by %s', async (_, headers, retryAfterSeconds) => {
      for (const [name, status] of [
        ['SlowDown', 503],
        ['ThrottlingException', 400],
        ['ServiceUnavailable', 503],
      ] as const)
        expect(await translated(sdkError(name, status, { $response: { headers } }))).toMatchObject({
          name: 'ServiceDelayedError',
          kind: 'throttled',
          retryAfterSeconds,
        });
    });

    test('means nothing where it says so in vain, or of something that time does not mend', async () => {
      const answered = (name: string, status: number, value: string) =>
        translated(sdkError(name, status, { $response: { headers: { 'retry-after': value } } }));
      expect(await answered('SlowDown', 503, 'soon')).toMatchObject({ name: 'ServiceThrottledError' });
      expect(await answered('SlowDown', 503, '0')).toMatchObject({ name: 'ServiceThrottledError' });
      expect(await answered('AccessDenied', 403, '10')).toMatchObject({ name: 'AccessRefusedError' });
    });
  });

  test('that is a broken connection can be tried again', async () => {
    expect(await translated(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).toMatchObject({
      disposition: 'retryable',
    });
  });

  test('names the operation and the request, never the text', async () => {
    const { message } = await translated(sdkError('SlowDown', 503));
    expect(message).toContain('s3:GetObject');
    expect(message).toContain('r-1');
    expect(message).not.toContain('4711');
  });

  test.each([
    ['an error of ours', new InputMissingError({ problem: 'gone', change: 'bring it back' })],
    ['a stop that was asked for', sdkError('AbortError')],
    ['a defect', new TypeError('x is undefined')],
  ])('%s goes on as it is', async (_, error) => {
    expect(await translated(error)).toBe(error);
  });
});
