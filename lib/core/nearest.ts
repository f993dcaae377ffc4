/** The candidate that a mistyped name most likely stands for, or undefined where none is near. Case does not count. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? abbreviated(name, candidates);
}

/** `dedupe` stands for `deduplicate`, if for anything. */
function abbreviated(name: string, candidates: readonly string[]): string | undefined {
  if (name.length < 4) return undefined;
  const start = name.toLowerCase().slice(0, Math.max(4, name.length - 1));
  return candidates.find((candidate) => candidate.toLowerCase().startsWith(start));
}

/** Insertions, deletions and replacements that turn one text into the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, replaced));
    }
    row = next;
  }
  return row[to.length]!;
}
