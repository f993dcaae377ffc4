import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { Clock } from '../../../lib/core/clock.ts';

const RealDate = globalThis.Date;
const realRandom = Math.random;
const { randomUUID, randomBytes } = crypto;

/** Length of the ids of object versions. What is longer or shorter are keys, and names that must not come again. */
const versionIdBytes = 24;

/** Longer ones are made for themselves. */
const mostPooledBytes = 64;
let pool = Buffer.alloc(0);

/** Bytes that never come again. Each S3 event and each invocation has some: to ask the system for each took a hundredth of the time. */
function pooled(size: number): Buffer {
  if (pool.length < size) pool = randomBytes(64 * 1024);
  const bytes = Buffer.from(pool.subarray(0, size));
  pool = pool.subarray(size);
  return bytes;
}

/** A `Date` whose present is that of a clock, `skew` milliseconds off. */
export function dateOf(clock: Pick<Clock, 'now'>, skew: () => number): DateConstructor {
  return class SimDate extends RealDate {
    constructor(...given: any[]) {
      super(...((given.length > 0 ? given : [clock.now() + skew()]) as [number]));
    }
    static override now(): number {
      return clock.now() + skew();
    }
    /** Node's own modules make dates of the other kind. */
    static override [Symbol.hasInstance](value: unknown): boolean {
      return Object.prototype.toString.call(value) === '[object Date]';
    }
  } as unknown as DateConstructor;
}

/**
 * From here on this process lives in the time of `clock`, and its chances are those of `random`: also the ids that names
 * of runs are made of. The answer gives it its own back.
 */
export function takeOver(clock: Pick<Clock, 'now'>, random: () => number): () => void {
  globalThis.Date = dateOf(clock, () => 0);
  Math.random = random;
  const bytes = (size: number) => {
    const made = Buffer.allocUnsafe(size);
    for (let index = 0; index < size; index++) made[index] = random() * 256;
    return made;
  };
  setChances({
    randomUUID: () => {
      const hex = bytes(16).toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
    randomBytes: ((size: number, callback?: never) =>
      size === versionIdBytes
        ? bytes(size)
        : callback || size > mostPooledBytes
          ? randomBytes(size, callback as never)
          : pooled(size)) as typeof randomBytes,
  });
  return () => {
    globalThis.Date = RealDate;
    Math.random = realRandom;
    setChances({ randomUUID, randomBytes });
  };
}

function setChances(chances: Pick<typeof crypto, 'randomUUID' | 'randomBytes'>): void {
  Object.assign(crypto, chances);
  syncBuiltinESMExports();
}
