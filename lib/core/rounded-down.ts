/** 0.98449 with 4 digits → `0.9844`: only what is whole may look whole. */
export function roundedDown(value: number, digits: number): string {
  // The small summand is for shares like 0.57, whose product lies just below its whole number.
  return (Math.floor(value * 10 ** digits + 1e-6) / 10 ** digits).toFixed(digits);
}
