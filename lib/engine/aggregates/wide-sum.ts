import type { AggregateCall } from './aggregate-calls.ts';

/**
 * Sums of numbers so wide that their sum may have no room in 128 bits, while the sum of all rows has: they are added in two
 * halves, so that no part of the rows can fail where all together do not, nor the other way round.
 */

/** As many rows are taken to be the most that a run adds up. */
const mostRowDigits = 10;
const half = '18446744073709551616::HUGEINT';
const mostHigh = '9223372036854775807::HUGEINT';
const lowBits = '18446744073709551615::HUGEINT';

/** The largest integer, without its sign, that numbers of such a column are stored as. Undefined where any sum of them has room. */
export function roomOfSum(type: string): bigint | undefined {
  if (type === 'HUGEINT') return 2n ** 127n - 1n;
  const { width = 0 } = decimalOf(type) ?? {};
  return width + mostRowDigits > 38 ? 10n ** 38n - 1n : undefined;
}

function decimalOf(type: string): { readonly width: number; readonly scale: number } | undefined {
  const [, width, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? [];
  return width === undefined ? undefined : { width: Number(width), scale: Number(scale) };
}

/** True where so many numbers between two others, as text, may add up to more than there is room for. */
export function mayOverflow(
  type: string,
  { from, to, rows }: { readonly from: string; readonly to: string; readonly rows: number },
): boolean {
  const room = roomOfSum(type)!;
  return [from, to].some((text) => BigInt(text.replaceAll(/[-.]/g, '')) * BigInt(rows) > room);
}

/** SQL of the halves of a sum: of one that has room, or of numbers added half by half. */
export function halvesOf(
  value: string,
  type: string,
  add: ((value: string) => string) | undefined,
): { high: string; low: string } {
  const whole = decimalOf(type) ? `replace((${value})::VARCHAR, '.', '')::HUGEINT` : value;
  const [high, low] = [`((${whole}) >> 64)`, `((${whole}) & ${lowBits})`];
  return add ? { high: add(high), low: add(low) } : { high, low };
}

/** SQL of both halves of the sum of numbers, as one value. */
export function bothHalves(value: string, type: string, add: (value: string) => string): string {
  const { high, low } = halvesOf(value, type, add);
  return `struct_pack(high := ${high}, low := ${low})`;
}

/**
 * SQL of the sum with these halves; NULL where it has no room. Where two columns have a part in common DuckDB works
 * that out before either TRY, but never before a CASE.
 */
export function fromHalves(halves: { readonly high: string; readonly low: string }, type: string): string {
  const { high, low } = carried(halves);
  // The smallest of all integers is the sum of two that have room only if it is approached from above.
  const whole = `CASE WHEN ${high} BETWEEN 0 AND ${mostHigh} THEN ${high} * ${half} + ${low} WHEN ${high} BETWEEN -${mostHigh} - 1 AND -1 THEN (${high} + 1) * ${half} + (${low} - ${half}) END`;
  return asNumber(`(${whole})`, type);
}

/** SQL of about that sum, which always has room. */
export function nearHalves(halves: { readonly high: string; readonly low: string }, type: string): string {
  const { high, low } = carried(halves);
  return `(${high}::DOUBLE * ${half}::DOUBLE + ${low}::DOUBLE) / 1e${decimalOf(type)?.scale ?? 0}`;
}

/** The halves with the low one below 2^64. */
function carried({ high, low }: { readonly high: string; readonly low: string }): { high: string; low: string } {
  return { high: `(${high} + (${low} >> 64))`, low: `(${low} & ${lowBits})` };
}

/** An integer as the number that it is stored for. DuckDB divides decimals as floating-point numbers, so by its text. */
function asNumber(integer: string, type: string): string {
  const scale = decimalOf(type)?.scale;
  if (scale === undefined) return integer;
  if (scale === 0) return `TRY_CAST(${integer} AS ${type})`;
  const digits = `replace(${integer}::VARCHAR, '-', '')`;
  const text = `repeat('0', greatest(0, ${scale + 1} - length(${digits}))) || ${digits}`;
  const signed = `CASE WHEN ${integer} < 0 THEN '-' ELSE '' END || left(${text}, -${scale}) || '.' || right(${text}, ${scale})`;
  return `TRY_CAST(${signed} AS ${type})`;
}

/** True for a sum or mean that is added in halves. */
export function isWideSum({
  name,
  givenTypes,
}: Pick<AggregateCall, 'name'> & { readonly givenTypes: readonly string[] }): boolean {
  return /^(sum|avg|mean|favg)$/.test(name) && roomOfSum(givenTypes[0] ?? '') !== undefined;
}
