import type { IncomingMessage } from 'node:http';
import { NotSupportedError } from '../../aws-error.ts';
import { decodeChunks } from './chunked-decoder.ts';
import { smallBytes } from './data-files.ts';
import { s3Error } from './errors.ts';
import type { IncomingBody } from './incoming-body.ts';

/** The body of an HTTP request, taken out of aws-chunked framing and held to its announced length. */
export function wireBody(request: IncomingMessage, headers: IncomingMessage['headers']): IncomingBody {
  const sha = String(headers['x-amz-content-sha256'] ?? '');
  if (sha.startsWith('STREAMING-')) return chunkedBody(request, headers, sha);
  const length = headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
  return {
    ...(length !== undefined && { length }),
    ...(/^[0-9a-f]{64}$/.test(sha) && { contentSha256: sha }),
    trailerNames: [],
    trailers: {},
    [Symbol.asyncIterator]: replayed(heldTo(chunksOf(request), length), length),
  };
}

function chunkedBody(request: IncomingMessage, headers: IncomingMessage['headers'], kind: string): IncomingBody {
  // Chunks signed one by one need the signer's secret; no current SDK sends them to an HTTP endpoint.
  if (kind !== 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') throw new NotSupportedError(`s3 bodies of the kind ${kind}`);
  const decoded = headers['x-amz-decoded-content-length'];
  const length = decoded === undefined ? undefined : Number(decoded);
  const trailers: Record<string, string> = {};
  return {
    ...(length !== undefined && { length }),
    trailerNames: String(headers['x-amz-trailer'] ?? '')
      .toLowerCase()
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
    trailers,
    [Symbol.asyncIterator]: replayed(heldTo(decodeChunks(chunksOf(request), trailers), length), length),
  };
}

/** Leaving a loop over a request early must not destroy it: its socket still has to carry the answer. */
const chunksOf = (request: IncomingMessage): AsyncIterable<Uint8Array> => request.iterator({ destroyOnReturn: false });

async function* heldTo(body: AsyncIterable<Uint8Array>, length: number | undefined): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    yield chunk;
  }
  if (length !== undefined && bytes !== length) throw s3Error('IncompleteBody');
}

/** Small bodies are kept, so that a fault hook can make the same call twice; others can be read once. */
function replayed(
  body: AsyncGenerator<Uint8Array>,
  length = Number.POSITIVE_INFINITY,
): () => AsyncGenerator<Uint8Array> {
  const kept: Uint8Array[] = [];
  let read = false;
  return async function* () {
    if (read) {
      if (length > smallBytes) throw new NotSupportedError('making a call with a large s3 body twice');
      yield* kept;
      return;
    }
    read = true;
    for await (const chunk of body) {
      if (length <= smallBytes) kept.push(chunk);
      yield chunk;
    }
  };
}
