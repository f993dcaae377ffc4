import { AwsError } from '../../aws-error.ts';
import type { CallContext, Cloud } from '../../service.ts';
import { KeyUse } from '../kms/key-use.ts';
import type { ObjectVersion } from './object-version.ts';

type Encrypted = Pick<ObjectVersion, 'key' | 'headers'>;

/** KMS keys of objects: whoever writes or reads such an object must be allowed to use its key. */
export class ObjectEncryption {
  readonly #keys: KeyUse;

  constructor(cloud: Cloud) {
    this.#keys = new KeyUse(cloud, 's3');
  }

  /** Makes a data key for an object that is about to be written; the answer names its key by ARN, as S3 keeps it. */
  async encrypt<T extends Encrypted>(bucket: string, object: T, caller: CallContext): Promise<T> {
    if (!usesKms(object)) return object;
    return this.#using(async () => {
      await this.#keys.generate(object.headers.SSEKMSKeyId, encryptionContext(bucket, object), caller);
      return { ...object, headers: { ...object.headers, SSEKMSKeyId: this.#keys.arn(object.headers.SSEKMSKeyId) } };
    });
  }

  /** To be called before the bytes of an object, or of what is there of an upload, are read. */
  async decrypt(bucket: string, object: Encrypted, caller: CallContext): Promise<void> {
    if (!usesKms(object)) return;
    await this.#using(() => this.#keys.decrypt(object.headers.SSEKMSKeyId, encryptionContext(bucket, object), caller));
  }

  async #using<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof AwsError ? shown(error) : error;
    }
  }
}

const usesKms = ({ headers }: Encrypted) => headers.ServerSideEncryption?.startsWith('aws:kms') === true;

/** With a bucket key one data key serves many objects, so that it can name the bucket only. */
function encryptionContext(bucket: string, { key, headers }: Encrypted): Record<string, string> {
  return { 'aws:s3:arn': `arn:aws:s3:::${headers.BucketKeyEnabled ? bucket : `${bucket}/${key}`}` };
}

/** S3 passes on what KMS says, under names of its own. */
function shown(error: AwsError): AwsError {
  if (error.code === 'AccessDeniedException') return new AwsError('AccessDenied', error.message, 403);
  const known = ['DisabledException', 'NotFoundException', 'KMSInvalidStateException'].includes(error.code);
  return known ? new AwsError(`KMS.${error.code}`, error.message) : error;
}
