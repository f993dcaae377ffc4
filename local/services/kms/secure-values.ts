import type { CallContext, Cloud } from '../../service.ts';
import { KeyUse } from './key-use.ts';

/** Encrypts and decrypts with KMS, as its callers have to be allowed to. */
export class SecureValues {
  readonly #cloud: Cloud;
  readonly #keys: KeyUse;
  readonly #managedAlias: string;
  readonly #dataKeys: boolean;

  /** `service` as `kms:ViaService` names it. With `dataKeys` it encrypts under data keys, else by KMS itself. */
  constructor(cloud: Cloud, service: string, { dataKeys }: { readonly dataKeys: boolean }) {
    this.#cloud = cloud;
    this.#keys = new KeyUse(cloud, service);
    this.#managedAlias = `alias/aws/${service}`;
    this.#dataKeys = dataKeys;
  }

  /** The ciphertext as base64. */
  async seal(
    value: Uint8Array,
    keyId: string | undefined,
    context: Record<string, string>,
    caller: CallContext,
  ): Promise<string> {
    if (this.#dataKeys) {
      await this.#keys.generate(keyId, context, caller);
      await this.#keys.decrypt(keyId, context, caller);
      return this.#keys.seal(keyId, value, context).toString('base64');
    }
    // KMS takes 4 KB at most, and parameters may be larger. A byte goes in front, since it does not take nothing either.
    const parts: string[] = [];
    for (let start = 0; start < Math.max(1, value.length); start += partBytes) {
      const Plaintext = Buffer.concat([Buffer.of(1), value.subarray(start, start + partBytes)]);
      const input = { KeyId: keyId ?? this.#managedAlias, Plaintext, EncryptionContext: context };
      const { CiphertextBlob } = await this.#cloud.call('kms', 'Encrypt', input, this.#keys.caller(caller));
      parts.push(Buffer.from(CiphertextBlob).toString('base64'));
    }
    return parts.join('.');
  }

  async open(sealed: string, context: Record<string, string>, caller: CallContext): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (const part of sealed.split('.')) {
      const input = { CiphertextBlob: Buffer.from(part, 'base64'), EncryptionContext: context };
      const { Plaintext } = await this.#cloud.call('kms', 'Decrypt', input, this.#keys.caller(caller));
      parts.push(Buffer.from(Plaintext).subarray(this.#dataKeys ? 0 : 1));
    }
    return Buffer.concat(parts);
  }
}

const partBytes = 4095;
