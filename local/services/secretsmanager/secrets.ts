import { AwsError } from '../../aws-error.ts';
import type { Cloud } from '../../service.ts';
import type { Collection } from '../../store.ts';

/** One value of a secret; `value` is its ciphertext. */
export interface SecretVersion {
  readonly id: string;
  readonly kind: 'text' | 'binary';
  readonly value: string;
  /** The key that it was encrypted with; undefined is the service's own. */
  readonly keyId?: string;
  readonly stages: readonly string[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly keyId?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly versions: readonly SecretVersion[];
  readonly createdAt: number;
  readonly changedAt: number;
  readonly deletionAt?: number;
}

export const current = 'AWSCURRENT';
const previous = 'AWSPREVIOUS';

export const secretNotFound = (what = 'the specified secret.') =>
  new AwsError('ResourceNotFoundException', `Secrets Manager can't find ${what}`);

/** Secrets by name. */
export class Secrets {
  readonly #secrets: Collection<Secret>;
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#secrets = cloud.store.collection('secretsmanager.secrets');
  }

  /** AWS puts six characters behind the name, so that a new secret of an old name has another ARN. */
  arn(name: string, suffix: string): string {
    return `arn:aws:secretsmanager:${this.#cloud.region}:${this.#cloud.accountId}:secret:${name}-${suffix}`;
  }

  all(): Secret[] {
    for (const secret of [...this.#secrets.values()]) {
      if (secret.deletionAt !== undefined && secret.deletionAt <= this.#cloud.clock.now())
        this.#secrets.delete(secret.name);
    }
    return [...this.#secrets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** By name, ARN, or ARN without its last six characters. */
  find(id: unknown): Secret | undefined {
    const text = String(id);
    const byArn = text.startsWith('arn:');
    return this.all().find(({ name, arn }) => (byArn ? arn === text || arn.slice(0, -7) === text : name === text));
  }

  /** Throws where there is none. */
  get(id: unknown): Secret {
    const secret = this.find(id);
    if (!secret) throw secretNotFound();
    return secret;
  }

  /** Throws where there is none or it is about to be deleted. */
  alive(id: unknown): Secret {
    const secret = this.get(id);
    if (secret.deletionAt === undefined) return secret;
    throw new AwsError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }

  set(secret: Secret): void {
    this.#secrets.set(secret.name, secret);
  }

  delete(secret: Secret): void {
    this.#secrets.delete(secret.name);
  }
}

/**
 * The versions with a new one. A stage is with one version at a time; what had AWSCURRENT gets AWSPREVIOUS, and what has
 * no stage any more is gone.
 */
export function withVersion(versions: readonly SecretVersion[], added: SecretVersion): SecretVersion[] {
  const kept = versions.map((version) => ({
    ...version,
    stages: version.stages.filter((stage) => !added.stages.includes(stage)),
  }));
  return [...passCurrent(versions, kept, added.id), added].filter(({ stages }) => stages.length > 0);
}

/** Gives AWSPREVIOUS to the version that lost AWSCURRENT to `winner`. */
export function passCurrent(
  before: readonly SecretVersion[],
  after: readonly SecretVersion[],
  winner: string,
): SecretVersion[] {
  const loser = before.find(({ id, stages }) => id !== winner && stages.includes(current));
  if (!loser || after.find(({ id }) => id === loser.id)?.stages.includes(current)) return [...after];
  return after.map((version) => {
    const stages = version.stages.filter((stage) => stage !== previous);
    return { ...version, stages: version.id === loser.id ? [...stages, previous] : stages };
  });
}
