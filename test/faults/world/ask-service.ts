import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { AwsError } from '../../../local/aws-error.ts';
import { ObjectBody } from '../../../local/services/s3/object-body.ts';
import type { DirectCaller } from './direct-clients.ts';

/** A call that is under way. */
export interface DirectCall {
  /** Leaves the caller without an answer, and tells the service that it has gone. */
  breakOff(error: Error): void;
}

export interface DirectRequest {
  /** The package of the SDK: its classes of errors. */
  readonly sdk: any;
  /** The class of errors that the package has no class for. */
  readonly failure: any;
  readonly service: string;
  readonly operation: string;
  readonly input: any;
  readonly abortSignal?: AbortSignal | undefined;
}

/** One attempt of a call. Throws what the SDK throws. */
export async function askService(caller: DirectCaller, request: DirectRequest): Promise<any> {
  const { service, operation, abortSignal } = request;
  if (!caller.isAlive()) throw named('AbortError', 'the process of this function is gone');
  if (abortSignal?.aborted) throw named('AbortError', 'Request aborted');
  const gone = new AbortController();
  const { promise: brokenOff, reject } = Promise.withResolvers<never>();
  const call: DirectCall = {
    breakOff(error) {
      reject(error);
      gone.abort(error);
    },
  };
  const abort = () => call.breakOff(named('AbortError', 'Request aborted'));
  const context = {
    principal: caller.principal,
    requestId: randomUUID(),
    signal: gone.signal,
    disconnect: () => call.breakOff(hungUp()),
  };
  caller.calls.add(call);
  abortSignal?.addEventListener('abort', abort, { once: true });
  try {
    const answer = caller.cloud.call(service, operation, inputOf(request), context);
    const output = await Promise.race([answer, brokenOff]);
    gone.signal.throwIfAborted();
    return outputOf(output);
  } catch (error) {
    throw gone.signal.aborted ? gone.signal.reason : asSdkError(request, error, context.requestId);
  } finally {
    caller.calls.delete(call);
    abortSignal?.removeEventListener('abort', abort);
  }
}

/** What Node's client says of a connection that breaks, and the SDK of that. */
export const hungUp = () => Object.assign(named('TimeoutError', 'socket hang up'), { code: 'ECONNRESET' });

function inputOf({ service, operation, input }: DirectRequest): any {
  const sent = copied(service === 's3' ? { ...input, Body: undefined } : input, service === 's3' ? undefined : onWire);
  if (operation === 'TransactWriteItems') sent.ClientRequestToken ??= randomUUID();
  if (input.Body !== undefined) {
    const bytes = Buffer.from(input.Body);
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(bytes));
    const whole = async () => bytes;
    Object.assign(sent, {
      Body: { length: bytes.length, whole, trailerNames: [], trailers: {}, [Symbol.asyncIterator]: () => once(bytes) },
      ChecksumAlgorithm: 'CRC32',
      ChecksumCRC32: checksum.toString('base64'),
    });
  }
  return sent;
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function outputOf(output: any): any {
  const $metadata = { httpStatusCode: 200 };
  if (!(output?.Body instanceof ObjectBody)) return { ...copied(output ?? {}), $metadata };
  const { Body: body, ...rest } = output as { readonly Body: ObjectBody };
  const bytes = body.small();
  const stream = bytes ? streamOf(bytes) : body;
  const transformToByteArray = async () => bytes ?? Buffer.concat(await body.toArray());
  return { ...copied(rest), Body: Object.assign(stream, { transformToByteArray }), $metadata };
}

function streamOf(bytes: Buffer): Readable {
  const stream = new Readable({ read() {} });
  stream.push(bytes);
  stream.push(null);
  return stream;
}

/** AWS's JSON has seconds for times, and text for bytes. */
function onWire(value: Date | Uint8Array): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value.getTime() / 1000;
}

/** Without what is undefined: nobody keeps what the other side may change. */
function copied(value: any, leaf: (value: Date | Uint8Array) => unknown = (same) => same): any {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => copied(one, leaf));
  if (value instanceof Uint8Array || Object.prototype.toString.call(value) === '[object Date]') return leaf(value);
  const copy: Record<string, unknown> = {};
  for (const name in value) if (value[name] !== undefined) copy[name] = copied(value[name], leaf);
  return copy;
}

function asSdkError({ sdk, failure, operation }: DirectRequest, error: unknown, requestId: string): Error {
  const { code, message, statusCode, details } =
    error instanceof AwsError ? error : new AwsError('InternalFailure', String((error as Error)?.stack ?? error), 500);
  const $metadata = { httpStatusCode: statusCode, requestId };
  // The answer to a request for the head alone has no body, and so no code.
  const name = operation.startsWith('Head') ? (statusCode === 404 ? 'NotFound' : 'Unknown') : code;
  const modelled = sdk[name];
  if (typeof modelled === 'function' && modelled.prototype instanceof Error)
    return Object.assign(new modelled({ message, $metadata }), copied(details));
  return Object.assign(
    new failure({ name, message, $fault: statusCode < 500 ? 'client' : 'server', $metadata }),
    details,
  );
}

const named = (name: string, message: string) => Object.assign(new Error(message), { name });
