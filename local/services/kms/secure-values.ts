import type { CallContext, Cloud, Principal } from '../../service.ts';

/** Encrypts and decrypts with KMS, as its callers would have to be allowed to. */
export class SecureValues {
  readonly #cloud: Cloud;
  readonly #managedAlias: string;

  /** `managedAlias` is the key that the service has for itself, e.g. `alias/aws/ssm`. */
  constructor(cloud: Cloud, managedAlias: string) {
    this.#cloud = cloud;
    this.#managedAlias = managedAlias;
  }

  /** The ciphertext as base64. */
  async seal(
    value: Uint8Array,
    keyId: string | undefined,
    context: Record<string, string>,
    caller: CallContext,
  ): Promise<string> {
    // KMS takes 4 KB at most, and secrets may be larger. A byte goes in front, since it does not take nothing either.
    const parts: string[] = [];
    for (let start = 0; start < Math.max(1, value.length); start += partBytes) {
      const Plaintext = Buffer.concat([Buffer.of(1), value.subarray(start, start + partBytes)]);
      const input = { KeyId: keyId ?? this.#managedAlias, Plaintext, EncryptionContext: context };
      const { CiphertextBlob } = await this.#cloud.call('kms', 'Encrypt', input, this.#as(keyId, caller));
      parts.push(Buffer.from(CiphertextBlob).toString('base64'));
    }
    return parts.join('.');
  }

  async open(
    sealed: string,
    keyId: string | undefined,
    context: Record<string, string>,
    caller: CallContext,
  ): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (const part of sealed.split('.')) {
      const input = { CiphertextBlob: Buffer.from(part, 'base64'), EncryptionContext: context };
      const { Plaintext } = await this.#cloud.call('kms', 'Decrypt', input, this.#as(keyId, caller));
      parts.push(Buffer.from(Plaintext).subarray(1));
    }
    return Buffer.concat(parts);
  }

  /** The service's own key serves everybody in the account; with any other, the caller must be allowed to use it. */
  #as(keyId: string | undefined, caller: CallContext): CallContext | Principal {
    if (keyId !== undefined && keyId !== this.#managedAlias) return caller;
    return { kind: 'root', arn: `arn:aws:iam::${this.#cloud.accountId}:root` };
  }
}

const partBytes = 4095;
