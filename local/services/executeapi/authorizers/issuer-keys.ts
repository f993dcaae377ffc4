import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { Clock } from '../../../../lib/core/clock.ts';

const keptMilliseconds = 2 * 3_600_000;
const longestAnswerMilliseconds = 5_000;

interface Known {
  readonly keys: ReadonlyMap<string, KeyObject>;
  readonly at: number;
}

/** The public keys of token issuers. They are kept for two hours, or until a token names a key that is not among them. */
export class IssuerKeys {
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Undefined where the issuer has no such key. Rejects where the issuer does not give its keys. */
  async keyOf(issuer: string, kid: string): Promise<KeyObject | undefined> {
    const known = this.#known.get(issuer);
    if (known && this.#clock.now() - known.at < keptMilliseconds && known.keys.has(kid)) return known.keys.get(kid);
    const release = this.#clock.hold?.();
    try {
      const keys = await fetchKeys(issuer);
      this.#known.set(issuer, { keys, at: this.#clock.now() });
      return keys.get(kid);
    } finally {
      release?.();
    }
  }
}

async function fetchKeys(issuer: string): Promise<Map<string, KeyObject>> {
  const { jwks_uri } = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const { keys } = await fetchJson(jwks_uri);
  return new Map(
    (keys as (JsonWebKey & { kid: string })[])
      .filter(({ kty, kid }) => kty === 'RSA' && kid !== undefined)
      .map((key) => [key.kid, createPublicKey({ key, format: 'jwk' })]),
  );
}

async function fetchJson(url: string): Promise<any> {
  const signal = AbortSignal.timeout(longestAnswerMilliseconds);
  const response = await fetch(url, { redirect: 'error', signal });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}
