import type { Algorithm } from './digest.ts';

/** Base64 checksums by algorithm. */
export type Checksums = Partial<Record<Algorithm, string>>;

/** A run of bytes on disk. */
export interface Extent {
  /** Id of the file; never made of the key. */
  readonly file: string;
  /** Where the bytes begin in the file. Default 0. */
  readonly offset?: number;
  readonly size: number;
}

/** A run of an object's bytes; an object of a multipart upload has one per part. */
export interface DataPart extends Extent {
  readonly number?: number;
  readonly etag?: string;
  readonly checksums?: Checksums;
}

/** Headers that travel with an object from its writer to its readers. */
export interface ObjectHeaders {
  readonly ContentType?: string;
  readonly CacheControl?: string;
  readonly ContentDisposition?: string;
  readonly ContentEncoding?: string;
  readonly ContentLanguage?: string;
  readonly Expires?: string;
  readonly WebsiteRedirectLocation?: string;
  readonly StorageClass?: string;
  readonly ServerSideEncryption?: string;
  readonly SSEKMSKeyId?: string;
  readonly BucketKeyEnabled?: boolean;
}

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** One version of an object, or a delete marker. `versionId` is `null` (the word) outside of versioning. */
export interface ObjectVersion {
  /** Grows with every write of the whole service: the order of versions and the sequencer of events. */
  readonly sequence: number;
  readonly bucketId: string;
  readonly key: string;
  readonly versionId: string;
  readonly lastModified: number;
  readonly deleteMarker?: true;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly parts: readonly DataPart[];
  readonly checksums: Checksums;
  readonly checksumType?: 'FULL_OBJECT' | 'COMPOSITE';
  /** Whether `parts` are those of a multipart upload. */
  readonly multipart?: true;
  readonly headers: ObjectHeaders;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: readonly Tag[];
}
