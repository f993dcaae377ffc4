/** Values in the order of the places from which on they count. */
export interface Search {
  /** SQL that is true where a row lies below the place from which on value number `index` counts; never asked for 0. */
  below(index: number): string;
  /** SQL of value number `index`. */
  value(index: number): string;
  /** How many values there are; at least one. */
  readonly count: number;
}

/** SQL that finds the value for a row in as few comparisons as there are bits in their number. */
export function searchSql(search: Search, from = 0, to = search.count - 1): string {
  if (from === to) return search.value(from);
  const middle = (from + to + 1) >> 1;
  return `CASE WHEN ${search.below(middle)} THEN ${searchSql(search, from, middle - 1)} ELSE ${searchSql(search, middle, to)} END`;
}
