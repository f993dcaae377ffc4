import { Readable } from 'node:stream';
import { AwsError } from '../aws-error.ts';

/**
 * Reads a whole body. Throws RequestEntityTooLargeException (413) as soon as it is larger than `maxBytes`; the connection
 * stays whole, so that the answer still reaches the caller.
 */
export async function readBody(request: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving an ordinary loop over a stream destroys it, and with a request goes its socket.
  const parts = request instanceof Readable ? request.iterator({ destroyOnReturn: false }) : request;
  for await (const chunk of parts) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new AwsError('RequestEntityTooLargeException', `the request body exceeds ${maxBytes} bytes`, 413);
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 ? Buffer.from(chunks[0]!) : Buffer.concat(chunks);
}
