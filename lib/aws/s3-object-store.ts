import { createWriteStream } from 'node:fs';
import { addAbortSignal, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Clock } from '../core/clock.ts';
import { InputMissingError } from '../core/errors/input-missing-error.ts';
import { ServiceRequestError } from '../core/errors/service-request-error.ts';
import { countFetched } from '../core/free-fetched.ts';
import type {
  ByteRange,
  CreateOptions,
  ObjectAddress,
  ObjectStore,
  StoredObject,
  WriteOutcome,
} from '../runtime/ports/object-store.ts';
import { createFromFile } from './s3-create-from-file.ts';
import { createObject } from './s3-create-object.ts';
import { translated, translateFailure } from './translate-failure.ts';

export interface S3Place {
  readonly client: S3Client;
  readonly bucket: string;
  readonly clock: Clock;
}

/** No such key or version; the version is a delete mark. */
const missingStatuses: readonly unknown[] = [404, 405];

/** The lake in an S3 bucket. */
export class S3ObjectStore implements ObjectStore {
  readonly #place: S3Place;

  constructor(place: S3Place) {
    this.#place = place;
  }

  get uri(): string {
    return `s3://${this.#place.bucket}`;
  }

  async find(address: ObjectAddress, signal?: AbortSignal): Promise<StoredObject | undefined> {
    const head = new HeadObjectCommand({ Bucket: this.#place.bucket, Key: address.key, VersionId: address.versionId });
    const found = await this.#unlessMissing('s3:HeadObject', () =>
      this.#place.client.send(head, { abortSignal: signal }),
    );
    if (!found) return undefined;
    const versionId = found.VersionId === 'null' ? undefined : found.VersionId;
    const metadata = found.Metadata;
    return {
      key: address.key,
      size: found.ContentLength ?? 0,
      ...(versionId && { versionId }),
      ...(metadata && { metadata }),
    };
  }

  async *list(prefix: string): AsyncIterable<StoredObject> {
    let next: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
    while (next) {
      const command: ListObjectVersionsCommand = new ListObjectVersionsCommand({
        Bucket: this.#place.bucket,
        Prefix: prefix,
        ...next,
      });
      const page = await translateFailure('s3:ListBucketVersions', () => this.#place.client.send(command));
      for (const { Key, Size, VersionId, IsLatest, LastModified } of page.Versions ?? []) {
        if (!IsLatest || Key === undefined) continue;
        yield {
          key: Key,
          size: Size ?? 0,
          ...(VersionId && VersionId !== 'null' && { versionId: VersionId }),
          ...(LastModified && { modifiedAt: LastModified.getTime() }),
        };
      }
      next = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
        : undefined;
    }
  }

  async download(address: ObjectAddress, path: string, signal?: AbortSignal): Promise<void> {
    const body = await this.#open(address, signal);
    await translateFailure('s3:GetObject', () =>
      pipeline(body, countedPieces, createWriteStream(path, { flags: 'w' }), { signal }),
    );
  }

  async readRange(address: ObjectAddress, from: number, to: number): Promise<Buffer> {
    const body = await this.#open(address, undefined, `bytes=${from}-${to - 1}`);
    return Buffer.concat(await translateFailure('s3:GetObject', () => body.toArray()));
  }

  async *streamRange(address: ObjectAddress, { from, to }: ByteRange, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    if (from === to) return;
    const body = await this.#open(address, signal, `bytes=${from}-${to - 1}`);
    // The signal of a request counts until its headers have come.
    const pieces = (signal ? addAbortSignal(signal, body) : body)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { value, done } = await translateFailure('s3:GetObject', () => pieces.next());
        if (done) return;
        yield value;
      }
    } finally {
      body.destroy();
    }
  }

  async readText(key: string): Promise<string | undefined> {
    return (await this.readBytes(key))?.toString('utf8');
  }

  async readBytes(key: string): Promise<Buffer | undefined> {
    const get = new GetObjectCommand({ Bucket: this.#place.bucket, Key: key });
    return this.#unlessMissing('s3:GetObject', async () => {
      const { Body } = await this.#place.client.send(get);
      return Body && Buffer.from(await Body.transformToByteArray());
    });
  }

  createText(key: string, text: string): Promise<WriteOutcome> {
    return this.createBytes(key, Buffer.from(text, 'utf8'));
  }

  createBytes(key: string, body: Buffer): Promise<WriteOutcome> {
    return createObject(this.#place, { key, body });
  }

  createFromFile(key: string, path: string, options: CreateOptions = {}): Promise<WriteOutcome> {
    return createFromFile(this.#place, { key, path, ...options });
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (let at = 0; at < keys.length; at += 1000) {
      const Objects = keys.slice(at, at + 1000).map((Key) => ({ Key }));
      const command = new DeleteObjectsCommand({ Bucket: this.#place.bucket, Delete: { Objects, Quiet: true } });
      const { Errors = [] } = await translateFailure('s3:DeleteObject', () => this.#place.client.send(command));
      if (Errors.length > 0) throw notRemoved(Errors[0]!.Code);
    }
  }

  async #open({ key, versionId }: ObjectAddress, signal?: AbortSignal, range?: string): Promise<Readable> {
    const get = new GetObjectCommand({ Bucket: this.#place.bucket, Key: key, VersionId: versionId, Range: range });
    const found = await this.#unlessMissing('s3:GetObject', () =>
      this.#place.client.send(get, { abortSignal: signal }),
    );
    if (found) return found.Body instanceof Readable ? found.Body : Readable.from([]);
    throw new InputMissingError({
      problem: 'an object of the lake is gone',
      received: versionId ? `${key} in version ${versionId}` : key,
      change: 'put it in its place again; the lake bucket must keep versions for longer than a run takes',
    });
  }

  async #unlessMissing<Result>(operation: string, call: () => Promise<Result>): Promise<Result | undefined> {
    return translateFailure(operation, async () => {
      try {
        return await call();
      } catch (error) {
        const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
        if (missingStatuses.includes(status)) return undefined;
        throw error;
      }
    });
  }
}

/** Pieces of a body; each is forgotten once the next is asked for. */
async function* countedPieces(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    yield piece;
    countFetched(piece.length);
  }
}

/** What S3 says of one object of many, in the codes that its answers to single calls have. */
function notRemoved(name = 'no code'): unknown {
  const isServer = name === 'InternalError' || name === 'ServiceUnavailable';
  const failure = Object.assign(new Error(name), { name, ...(isServer && { $fault: 'server' }) });
  const known = translated('s3:DeleteObject', failure);
  if (known !== failure) return known;
  return new ServiceRequestError({
    problem: 's3:DeleteObject was refused for some objects',
    received: name,
    change: 'see what keeps them, e.g. a lock, and run the same again',
  });
}
