/** A request body as it comes off the wire, with what its sender said about it beside the SDK's own input. */
export interface IncomingBody extends AsyncIterable<Uint8Array> {
  /** Hex SHA-256 that the signature covers, where the client computed one. */
  readonly contentSha256?: string;
  /** Names of the trailers announced, lower case; their values are in `trailers` once the body is read. */
  readonly trailerNames: readonly string[];
  readonly trailers: Readonly<Record<string, string>>;
  /** Bytes to come, where the client said so. */
  readonly length?: number;
  /** Nobody else holds a chunk that comes with a buffer of its own: it may be handed on without a copy. */
  readonly handsOver?: true;
  /** All of it at once, where it is small enough for that. */
  readonly whole?: () => Promise<Uint8Array>;
}

/** Takes whatever a caller may hand in as Body: text, bytes, a stream, nothing, or a body off the wire. */
export function incomingBody(body: unknown): IncomingBody {
  if (isIncomingBody(body)) return body;
  if (typeof body === 'string' || body === undefined || body === null) return bytesBody(Buffer.from(body ?? ''));
  if (body instanceof Uint8Array) return bytesBody(body);
  if (body instanceof Blob) return streamBody(body.stream());
  if (typeof (body as any)[Symbol.asyncIterator] === 'function') return streamBody(body as AsyncIterable<unknown>);
  throw new TypeError('Body must be a string, bytes or a stream of bytes');
}

function isIncomingBody(body: unknown): body is IncomingBody {
  return typeof body === 'object' && body !== null && 'trailerNames' in body;
}

function bytesBody(bytes: Uint8Array): IncomingBody {
  return {
    length: bytes.length,
    trailerNames: [],
    trailers: {},
    async *[Symbol.asyncIterator]() {
      yield bytes;
    },
  };
}

function streamBody(stream: AsyncIterable<unknown>): IncomingBody {
  return {
    trailerNames: [],
    trailers: {},
    async *[Symbol.asyncIterator]() {
      for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array);
    },
  };
}
