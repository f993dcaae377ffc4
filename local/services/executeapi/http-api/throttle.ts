import type { Clock } from '../../../../lib/core/clock.ts';
import type { Route, RouteSettings, Stage } from '../../apigateway/records.ts';

/** What an account may do in a region unless it asked for more. */
const account = { rate: 10_000, burst: 5_000 };

interface Bucket {
  tokens: number;
  /** When it was filled last, in milliseconds since the epoch. */
  at: number;
}

/** Token buckets: one for each route that has limits of its own, and one for the other routes of each stage. */
export class Throttle {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether one more request may pass now. */
  admits(apiId: string, stage: Stage, { RouteKey }: Route): boolean {
    const own = stage.RouteSettings[RouteKey];
    const limited = hasLimits(own);
    const { rate, burst } = limitsOf(limited ? own : stage.DefaultRouteSettings);
    const name = `${apiId}/${stage.StageName}/${limited ? RouteKey : ''}`;
    const now = this.#clock.now();
    const bucket = this.#buckets.get(name) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * rate);
    bucket.at = now;
    this.#buckets.set(name, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}

function hasLimits(settings: RouteSettings | undefined): settings is RouteSettings {
  return settings?.ThrottlingRateLimit !== undefined || settings?.ThrottlingBurstLimit !== undefined;
}

function limitsOf({ ThrottlingRateLimit = account.rate, ThrottlingBurstLimit = account.burst }: RouteSettings) {
  return { rate: ThrottlingRateLimit, burst: ThrottlingBurstLimit };
}
