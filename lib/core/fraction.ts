/**
 * A number of two whole ones without a common divisor. Of binary fractions the mean of three times 0.95 is below 0.95, so
 * that who asks for 0.95 is told that it is not there.
 */
export interface Fraction {
  readonly above: bigint;
  /** Positive. */
  readonly below: bigint;
}

export const one: Fraction = { above: 1n, below: 1n };

export function fraction(above: bigint, below: bigint): Fraction {
  let [divisor, rest] = [below, above];
  while (rest !== 0n) [divisor, rest] = [rest, divisor % rest];
  return { above: above / divisor, below: below / divisor };
}

export function sum(a: Fraction, b: Fraction): Fraction {
  return fraction(a.above * b.below + b.above * a.below, a.below * b.below);
}

export function product(a: Fraction, b: Fraction): Fraction {
  return fraction(a.above * b.above, a.below * b.below);
}

export function numberOf({ above, below }: Fraction): number {
  // Beyond its range a number is infinite, and two of these have no quotient.
  const length = Math.max(above.toString(2).length, below.toString(2).length);
  const cut = BigInt(Math.max(0, length - 1000));
  return Number(above >> cut) / Number(below >> cut);
}
