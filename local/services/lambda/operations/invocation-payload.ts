import { AwsError } from '../../../aws-error.ts';

const maxSynchronousBytes = 6 * 1024 * 1024;
const maxAsynchronousBytes = 1024 * 1024;

/** What a handler is given; an absent payload is an empty object to it. Throws where it is too large, or no JSON. */
export function invocationPayload(given: Uint8Array | string | undefined, type: string): Buffer {
  const payload = Buffer.from(given ?? '');
  const most = type === 'Event' ? maxAsynchronousBytes : maxSynchronousBytes;
  if (payload.length > most) {
    const message = `Request must be smaller than ${most} bytes for the InvokeFunction operation`;
    throw new AwsError('RequestTooLargeException', message, 413, { Type: 'User' });
  }
  if (payload.length === 0) return Buffer.from('{}');
  try {
    JSON.parse(payload.toString('utf8'));
  } catch (error) {
    const message = `Could not parse request body into json: ${(error as Error).message}`;
    throw new AwsError('InvalidRequestContentException', message, 400, { Type: 'User' });
  }
  return payload;
}
