/** An object of the lake. */
export interface StoredObject {
  readonly key: string;
  readonly size: number;
  /** Absent where the bucket keeps no versions. */
  readonly versionId?: string;
  /** Milliseconds since the epoch; told by `list` alone. */
  readonly modifiedAt?: number;
  /** Small facts stored with the object, by lower-case name. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface ObjectAddress {
  readonly key: string;
  /** Default: the current version. */
  readonly versionId?: string;
}

/** Bytes of an object, `to` exclusive. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** `exists`: somebody has stored an object under this key before; it was left as it is. */
export type WriteOutcome = 'written' | 'exists';

/** The lake. Every write is a creation: an object that exists is never replaced. */
export interface ObjectStore {
  /** Names the lake to others, e.g. `s3://penstock-lake`. */
  readonly uri: string;
  /** Undefined where there is no such object or version. */
  find(address: ObjectAddress, signal?: AbortSignal): Promise<StoredObject | undefined>;
  /** Current versions of all objects below a prefix, in the order of their keys. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** Stores the object in a new file at `path`, streaming. Throws `InputMissingError`. */
  download(address: ObjectAddress, path: string, signal?: AbortSignal): Promise<void>;
  /** Bytes `from` to `to` (exclusive), at once: a few. Throws `InputMissingError`. */
  readRange(address: ObjectAddress, from: number, to: number): Promise<Buffer>;
  /** Bytes `from` to `to` (exclusive), as they come: any number. Throws `InputMissingError`. */
  streamRange(address: ObjectAddress, range: ByteRange, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** The whole of a small object as text, undefined where it does not exist. */
  readText(key: string): Promise<string | undefined>;
  /** The whole of a small object, undefined where it does not exist. */
  readBytes(key: string): Promise<Buffer | undefined>;
  createText(key: string, text: string): Promise<WriteOutcome>;
  createBytes(key: string, bytes: Buffer): Promise<WriteOutcome>;
  /** Stores a file of any size. Throws `WriteConflictError` where another writer is at it all the time. */
  createFromFile(key: string, path: string, options?: CreateOptions): Promise<WriteOutcome>;
  /** Objects that do not exist are no error. */
  remove(keys: readonly string[]): Promise<void>;
}

export interface CreateOptions {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}
