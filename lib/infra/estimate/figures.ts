/** Numbers as the arithmetic of an estimate shows them: with as many digits as it takes to get the result by hand. */

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Two digits behind the point, and none that says nothing. */
export function short(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 });
}

export function megabytes(bytes: number): string {
  return `${bytes < 10e6 ? short(bytes / 1e6) : count(bytes / 1e6)} MB`;
}

/** What each of some chunks has of a sum, e.g. `2,537 × 11`. */
export function eachOf(chunks: number, sum: number): string {
  return chunks === 1 ? short(sum) : `${count(chunks)} × ${short(sum / chunks)}`;
}
