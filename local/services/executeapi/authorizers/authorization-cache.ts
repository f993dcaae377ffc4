import type { Clock } from '../../../../lib/core/clock.ts';

/** What Lambda authorizers have decided, for as long as their authorizer says. */
export class AuthorizationCache {
  readonly #clock: Clock;
  readonly #decisions = new Map<string, { readonly decision: unknown; readonly until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  find(key: string): unknown {
    const found = this.#decisions.get(key);
    if (found && found.until > this.#clock.now()) return found.decision;
    this.#decisions.delete(key);
    return undefined;
  }

  keep(key: string, decision: unknown, seconds: number): void {
    if (seconds > 0) this.#decisions.set(key, { decision, until: this.#clock.now() + seconds * 1000 });
  }
}
