/**
 * Sums of floating-point numbers that do not depend on the order of addition: a DOUBLE is an integer times a power of
 * two, so numbers of like size are added as 128-bit integers, exactly. A lane holds the numbers of 40 powers of two:
 * 53 bits of a number, 40 by which they differ, and 34 for the count of rows.
 */
const laneBits = 40;
/** Exponent of the smallest number of lane 0. */
const firstExponent = -20;
const mantissaBits = 52;

/** Lanes that numbers of these sizes need; `from` and `to` are the smallest and largest of them without their signs. */
export function lanesBetween(from: number, to: number): number[] {
  const [first, last] = [laneOf(from), laneOf(to)];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function laneOf(size: number): number {
  let lane = Math.floor((Math.log2(size) - firstExponent) / laneBits);
  // The logarithm may be rounded over the edge.
  while (size < lowest(lane)) lane--;
  while (size >= lowest(lane + 1)) lane++;
  return lane;
}

function lowest(lane: number): number {
  return 2 ** (lane * laneBits + firstExponent);
}

/** SQL of a number as an integer of its lane; NULL where it belongs to another one. */
export function laneSql(value: string, lane: number, only: boolean): string {
  const scaled = `(${times(value, mantissaBits - firstExponent - lane * laneBits)})::HUGEINT`;
  if (only) return scaled;
  return `CASE WHEN abs(${value}) >= ${double(lowest(lane))} AND abs(${value}) < ${double(lowest(lane + 1))} THEN ${scaled} END`;
}

/** SQL of the sum of a lane as a DOUBLE. */
export function fromLane(sum: string, lane: number): string {
  return times(`(${sum})::DOUBLE`, lane * laneBits + firstExponent - mantissaBits);
}

/** Exact: a power of two changes the exponent only. In steps, as 2^1100 is no DOUBLE. */
function times(value: string, exponent: number): string {
  const step = Math.sign(exponent) * Math.min(Math.abs(exponent), 1000);
  const product = `${value} * ${double(2 ** step)}`;
  return step === exponent ? product : times(`(${product})`, exponent - step);
}

function double(value: number): string {
  return value === Number.POSITIVE_INFINITY ? "'inf'::DOUBLE" : `'${value}'::DOUBLE`;
}
