/** The candidate that a mistyped name most likely stands for, or undefined where none is near. Case does not count. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  // Two wrong letters make any other word of a short one.
  let bestDistance = (name.length < 4 ? 1 : Math.max(2, Math.floor(name.length / 3))) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    // Nothing is left of a name of which every letter is wrong.
    if (distance < bestDistance && distance < Math.max(name.length, candidate.length)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? abbreviated(name, candidates) ?? ending(name, candidates);
}

/** `dedupe` stands for `deduplicate`, if for anything. */
function abbreviated(name: string, candidates: readonly string[]): string | undefined {
  if (name.length < 4) return undefined;
  const start = name.toLowerCase().slice(0, Math.max(4, name.length - 1));
  return candidates.find((candidate) => candidate.toLowerCase().startsWith(start));
}

/** `memoryMegabytes` stands for `workerMemoryMegabytes`, where that is the only one that ends so. */
function ending(name: string, candidates: readonly string[]): string | undefined {
  if (name.length < 5) return undefined;
  const found = candidates.filter((candidate) => candidate.toLowerCase().endsWith(name.toLowerCase()));
  return found.length === 1 ? found[0] : undefined;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  let before: number[] = [];
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swaps = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = swaps ? before[j - 2]! + 1 : replaced;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, replaced, swapped));
    }
    before = row;
    row = next;
  }
  return row[to.length]!;
}
