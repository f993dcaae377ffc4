/** Rows by category, of two samples in the same order. */
export type CategoryCounts = readonly (readonly [before: number, after: number])[];

/** Share that a category without rows is taken to have: the logarithm of nothing is no number. */
const least = 1e-4;

/**
 * Population stability index: 0 for equal shares, without bound above. Below 0.1 little has changed, above 0.2 much.
 * 0 where one of the samples has no rows.
 */
export function stabilityIndex(counts: CategoryCounts): number {
  const [before, after] = totals(counts);
  if (before === 0 || after === 0) return 0;
  return counts.reduce((sum, [old, now]) => {
    const [p, q] = [Math.max(old / before, least), Math.max(now / after, least)];
    return sum + (q - p) * Math.log(q / p);
  }, 0);
}

/**
 * Probability that two samples of one population differ by as much as these (chi-square test of homogeneity); 1 where
 * there is nothing to compare.
 */
export function chiSquareProbability(counts: CategoryCounts): number {
  const seen = counts.filter(([old, now]) => old + now > 0);
  const [before, after] = totals(seen);
  if (before === 0 || after === 0 || seen.length < 2) return 1;
  const all = before + after;
  const statistic = seen.reduce((sum, [old, now]) => {
    const [p, q] = [((old + now) * before) / all, ((old + now) * after) / all];
    return sum + (old - p) ** 2 / p + (now - q) ** 2 / q;
  }, 0);
  return upperGamma((seen.length - 1) / 2, statistic / 2);
}

/**
 * Kolmogorov-Smirnov distance, 0 to 1, of two samples that are known by their values at equal steps of rank: the
 * largest difference between the shares of rows up to any value. 0 where one of them is empty.
 */
export function quantileDistance(before: readonly number[], after: readonly number[]): number {
  if (before.length === 0 || after.length === 0) return 0;
  return [...before, ...after].reduce((most, value) => {
    const upTo = Math.abs(shareUpTo(before, value) - shareUpTo(after, value));
    const below = Math.abs(shareBelow(before, value) - shareBelow(after, value));
    return Math.max(most, upTo, below);
  }, 0);
}

/** Share of rows that are not above the value; a line between two known values. */
function shareUpTo(quantiles: readonly number[], value: number): number {
  const steps = quantiles.length - 1;
  const last = quantiles.findLastIndex((one) => one <= value);
  if (last < 0) return 0;
  if (last === steps) return 1;
  const [from, to] = [quantiles[last]!, quantiles[last + 1]!];
  return (last + (value - from) / (to - from)) / steps;
}

function shareBelow(quantiles: readonly number[], value: number): number {
  return (
    1 -
    shareUpTo(
      [...quantiles].reverse().map((one) => -one),
      -value,
    )
  );
}

function totals(counts: CategoryCounts): [number, number] {
  return [counts.reduce((sum, [old]) => sum + old, 0), counts.reduce((sum, [, now]) => sum + now, 0)];
}

/** Regularized upper incomplete gamma function Q(a, x): a series below a + 1, a continued fraction above. */
function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? 1 - scale * series(a, x) : scale * fraction(a, x);
}

const mostTerms = 1000;
const precise = 1e-14;

function series(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < mostTerms && term > sum * precise; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** Evaluated from the front, with the ratios of successive numerators and denominators. */
function fraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let numerators = 1 / tiny;
  let denominators = 1 / b;
  let value = denominators;
  for (let n = 1; n < mostTerms; n++) {
    const factor = -n * (n - a);
    b += 2;
    denominators = 1 / (factor * denominators + b || tiny);
    numerators = b + factor / numerators || tiny;
    const step = denominators * numerators;
    value *= step;
    if (Math.abs(step - 1) < precise) break;
  }
  return value;
}

/** Logarithm of the gamma function by Stirling's series, moved up to where five terms are exact to a double. */
function logGamma(a: number): number {
  let shift = 0;
  let x = a;
  for (; x < 12; x++) shift += Math.log(x);
  const square = 1 / (x * x);
  const tail = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / x;
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + tail - shift;
}
