const multiplier = 0x5deece66dn;
const mask = (1n << 48n) - 1n;

/** The linear congruential generator of java.util.Random, whose numbers AWS gives for a seed. */
export function javaRandom(seed: number): { nextInt(bound: number): number; nextDouble(): number } {
  let state = (BigInt(Math.trunc(seed)) ^ multiplier) & mask;
  const next = (bits: number): number => {
    state = (state * multiplier + 0xbn) & mask;
    return Number(BigInt.asIntN(32, state >> BigInt(48 - bits)));
  };
  return {
    nextInt(bound) {
      if ((bound & -bound) === bound) return Number((BigInt(bound) * BigInt(next(31))) >> 31n);
      for (;;) {
        const bits = next(31);
        const value = bits % bound;
        if (bits - value + (bound - 1) <= 0x7fffffff) return value;
      }
    },
    nextDouble() {
      const high = next(26) >>> 0;
      const low = next(27) >>> 0;
      return (high * 2 ** 27 + low) / 2 ** 53;
    },
  };
}
