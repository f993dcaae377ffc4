import type { CallContext, Cloud } from '../../service.ts';
import { Keys } from './keys.ts';

/**
 * Uses KMS keys as a service does that encrypts what it keeps: in the name of its caller, who must be allowed to. What
 * local services keep is not encrypted; only the permission, and whether the key can be used, is what counts here.
 */
export class KeyUse {
  readonly #cloud: Cloud;
  readonly #service: string;
  readonly #keys: Keys;

  /** `service` as `kms:ViaService` names it, e.g. `s3`; its own key is `alias/aws/<service>`. */
  constructor(cloud: Cloud, service: string) {
    this.#cloud = cloud;
    this.#service = service;
    this.#keys = new Keys(cloud);
  }

  /** The ARN of the key that an id, ARN or alias names; without one, of the service's own. Throws NotFoundException. */
  arn(keyId: string | undefined): string {
    return this.#keys.arn(this.#keys.get(this.#named(keyId)).id);
  }

  /** Throws what KMS does where the caller may not make a data key, or the key cannot be used. */
  async generate(keyId: string | undefined, context: Record<string, string>, caller: CallContext): Promise<void> {
    const input = { KeyId: this.#named(keyId), KeySpec: 'AES_256', EncryptionContext: context };
    await this.#cloud.call('kms', 'GenerateDataKey', input, this.caller(caller));
  }

  /** Throws what KMS does where the caller may not decrypt a data key that was made with this key and context. */
  async decrypt(keyId: string | undefined, context: Record<string, string>, caller: CallContext): Promise<void> {
    const CiphertextBlob = this.seal(keyId, Buffer.alloc(32), context);
    await this.#cloud.call('kms', 'Decrypt', { CiphertextBlob, EncryptionContext: context }, this.caller(caller));
  }

  /** Encrypts under a data key of `generate`: of any size, and without a call of KMS. */
  seal(keyId: string | undefined, value: Uint8Array, context: Record<string, string>): Buffer {
    return this.#keys.encrypt(this.#keys.get(this.#named(keyId)), value, context);
  }

  /** The caller as KMS sees it: by way of the service. A connection that a fault breaks is not the caller's own. */
  caller({ principal, requestId, signal }: CallContext): CallContext {
    return { principal: { ...principal, via: this.#service }, requestId, signal };
  }

  #named(keyId: string | undefined): string {
    return keyId ?? `alias/aws/${this.#service}`;
  }
}
