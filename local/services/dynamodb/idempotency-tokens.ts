import type { Clock } from '../../../lib/core/clock.ts';
import { AwsError } from '../../aws-error.ts';
import type { Change, Level } from './dynalite.ts';

const validMilliseconds = 10 * 60 * 1000;
const prefix = 'token~';

/** Client request tokens of transactions: for ten minutes the same request again does nothing, another one is refused. */
export class IdempotencyTokens {
  readonly #level: Level;
  readonly #clock: Clock;
  /** When each stored token is over, soonest first: what there is to clean up. */
  readonly #expiries = new Map<string, number>();

  constructor(level: Level, clock: Clock) {
    this.#level = level;
    this.#clock = clock;
  }

  /** Learns of the tokens that an earlier process left. */
  async start(): Promise<void> {
    const left: [string, number][] = [];
    for await (const [key, value] of this.#level.iterator({ gte: prefix, lt: `${prefix}\xff` })) {
      left.push([key.slice(prefix.length), value.expires]);
    }
    for (const [token, expires] of left.sort((a, b) => a[1] - b[1])) this.#expiries.set(token, expires);
  }

  /** The name under which a token is locked and stored. */
  name(token: string): string {
    return prefix + token;
  }

  /** Whether this very request was done before. Throws where the token belonged to another request. */
  async seen(token: string, digest: string): Promise<boolean> {
    const known = await this.#level.get(this.name(token));
    if (!known || known.expires <= this.#clock.now()) return false;
    if (known.digest === digest) return true;
    throw new AwsError(
      'IdempotentParameterMismatchException',
      'The request uses the same client token as a previous, but non-identical request.',
    );
  }

  /** The changes that remember a token and forget those that are over, to be committed with the transaction. */
  *remember(token: string, digest: string): Generator<Change> {
    const now = this.#clock.now();
    for (const [old, expires] of this.#expiries) {
      if (expires > now) break;
      this.#expiries.delete(old);
      yield { type: 'del', key: this.name(old) };
    }
    this.#expiries.delete(token);
    this.#expiries.set(token, now + validMilliseconds);
    yield { type: 'put', key: this.name(token), value: { digest, expires: now + validMilliseconds } };
  }
}
