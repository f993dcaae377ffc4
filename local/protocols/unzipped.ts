import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { AwsError } from '../aws-error.ts';

const inflate = promisify(gunzip);

/**
 * A body as it was before its client compressed it: SDKs do so with bodies above 10 KB, for operations that say so. Throws
 * RequestEntityTooLargeException (413) for one that unpacks to more than `maxBytes`.
 */
export async function unzipped(body: Buffer, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  if (encoding !== 'gzip') return body;
  try {
    return await inflate(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new AwsError(
        'RequestEntityTooLargeException',
        `the request body unpacks to more than ${maxBytes} bytes`,
        413,
      );
    }
    throw new AwsError('SerializationException', 'the request body is not gzip, as its Content-Encoding says');
  }
}
