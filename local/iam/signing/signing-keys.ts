import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Authorization } from './authorization.ts';

const hmac = (key: string | Buffer | KeyObject, text: string) => createHmac('sha256', key).update(text).digest();

/** A key is good for one day, so this many are those of every function of a large app for some days. */
const keptKeys = 2_000;

/** Derives signing keys, and keeps them: four of the five digests of a signature are the same for a whole day. */
export class SigningKeys {
  /** Key objects: with its key in a buffer, a digest takes five times as long. */
  readonly #keys = new Map<string, KeyObject>();

  /** The signature that a request of this digest must carry, in hex. */
  sign(
    secretAccessKey: string,
    { accessKeyId, scope, algorithm, signedAt, ...parts }: Authorization,
    requestHash: string,
  ): string {
    const name = `${accessKeyId}/${scope}`;
    let key = this.#keys.get(name);
    if (!key) {
      const date = hmac(`AWS4${secretAccessKey}`, parts.date);
      key = createSecretKey(hmac(hmac(hmac(date, parts.region), parts.service), 'aws4_request'));
      if (this.#keys.size >= keptKeys) this.#keys.clear();
      this.#keys.set(name, key);
    }
    return hmac(key, [algorithm, signedAt, scope, requestHash].join('\n')).toString('hex');
  }
}
