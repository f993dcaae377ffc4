import { randomBytes } from 'node:crypto';
import type { Credentials, Principal } from '../service.ts';

/** The key with which a developer's own tools call local AWS: it is that of root, and no secret. */
export const rootCredentials = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

/** What is known of one access key. */
export interface KnownCredentials {
  readonly principal: Principal;
  readonly secretAccessKey: string;
  /** Absent for the long-lived key of root. */
  readonly sessionToken?: string;
  /** In milliseconds since the epoch, on the clock of the cloud. Absent for a key that lasts as long as the process. */
  readonly expiresAt?: number;
}

/** The access keys of this process. Keys are not stored: those who hold them end with the process. */
export class AccessKeys {
  readonly #known = new Map<string, KnownCredentials>();

  constructor(owner: Principal) {
    this.#known.set(rootCredentials.accessKeyId, {
      principal: owner,
      secretAccessKey: rootCredentials.secretAccessKey,
    });
  }

  issue(principal: Principal, expiresAt?: number): Credentials {
    const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
    const secretAccessKey = randomBytes(20).toString('hex');
    const sessionToken = randomBytes(32).toString('base64url');
    this.#known.set(accessKeyId, { principal, secretAccessKey, sessionToken, expiresAt });
    return { accessKeyId, secretAccessKey, sessionToken };
  }

  find(accessKeyId: string): KnownCredentials | undefined {
    return this.#known.get(accessKeyId);
  }
}
