/** Digits behind the point of a number, as few as tell it apart. */
export function fractionDigits(value: number): number {
  const [, fraction = '', exponent = '0'] = /^-?\d+(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(String(value)) ?? [];
  return Math.max(0, fraction.length - Number(exponent));
}

/** How many of them the numbers of a DuckDB type have at the most. */
export function fractionRoom(type: string): number {
  if (/^(FLOAT|DOUBLE)$/.test(type)) return Number.POSITIVE_INFINITY;
  return Number(/^DECIMAL\(\d+, ?(\d+)\)$/.exec(type)?.[1] ?? 0);
}
