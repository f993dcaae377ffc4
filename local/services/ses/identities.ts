import type { Cloud } from '../../service.ts';
import type { Collection } from '../../store.ts';
import { addressOf } from './address.ts';
import { rejected } from './errors.ts';

/** An address or a domain that mail may be sent from. */
export interface Identity {
  readonly name: string;
  readonly type: 'EMAIL_ADDRESS' | 'DOMAIN';
  readonly tags: Readonly<Record<string, string>>;
  readonly feedbackForwarding: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/**
 * The identities of the account. They are verified as soon as they are made: there is no mailbox and no domain name
 * service here that could prove them.
 */
export class Identities {
  readonly #cloud: Cloud;
  readonly #identities: Collection<Identity>;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#identities = cloud.store.collection('ses.identities');
  }

  find(name: string): Identity | undefined {
    return this.#identities.get(name.toLowerCase());
  }

  all(): Identity[] {
    return [...this.#identities.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  set(identity: Identity): void {
    this.#identities.set(identity.name.toLowerCase(), identity);
  }

  delete(name: string): void {
    this.#identities.delete(name.toLowerCase());
  }

  arn(name: string): string {
    return `arn:aws:ses:${this.#cloud.region}:${this.#cloud.accountId}:identity/${name}`;
  }

  /** The identity that stands for an address: itself, or its domain or one above it. Labels (`user+label@`) count for none. */
  behind(address: string): Identity | undefined {
    const [, user, domain] = /^(.+)@([^@]+)$/.exec(address) ?? [];
    if (!user || !domain) return undefined;
    const own = this.find(address) ?? this.find(`${user.split('+')[0]}@${domain}`);
    const labels = domain.split('.');
    const domains = labels.map((_, index) => labels.slice(index).join('.'));
    return own ?? domains.map((name) => this.find(name)).find((identity) => identity !== undefined);
  }

  /** Throws MessageRejected unless every address stands for a verified identity. */
  requireVerified(texts: readonly string[]): void {
    const failed = texts.filter((text) => !this.behind(addressOf(text)));
    if (failed.length === 0) return;
    const region = this.#cloud.region.toUpperCase();
    throw rejected(
      `Email address is not verified. The following identities failed the check in region ${region}: ${failed.join(', ')}`,
    );
  }
}
