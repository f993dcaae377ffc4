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
  test.each([
    ['SlowDown', 503, 'ServiceThrottledError'],
    ['ThrottlingException', 400, 'ServiceThrottledError'],
    ['ProvisionedThroughputExceededException', 400, 'ServiceThrottledError'],
    ['TransactionConflictException', 400, 'ServiceThrottledError'],
    ['InternalError', 500, 'ServiceUnavailableError'],
    ['TimeoutError', undefined, 'ServiceUnavailableError'],
    ['AccessDenied', 403, 'AccessRefusedError'],
    ['AccessDeniedException', 400, 'AccessRefusedError'],
    ['ValidationException', 400, 'ServiceRequestError'],
  ])('%s with status %s is a %s', async (name, status, expected) => {
    expect(await translated(sdkError(name, status))).toMatchObject({ name: expected });
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
