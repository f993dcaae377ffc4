import type { FailureNote, FailurePattern } from '../ports/error-log.ts';

/** Groups failures by their fingerprint, the pattern that was seen last first. One that is there twice counts once. */
export function failurePatterns(notes: Iterable<FailureNote>): readonly FailurePattern[] {
  const once = new Map([...notes].map((note) => [note.id, note]));
  const groups = Map.groupBy(once.values(), ({ fingerprint }) => fingerprint);
  return inOrder([...groups.values()].map(patternOf));
}

/** The pattern that was seen last first. */
export function inOrder(patterns: readonly FailurePattern[]): readonly FailurePattern[] {
  return patterns.toSorted((a, b) => b.lastSeen - a.lastSeen || (a.fingerprint < b.fingerprint ? -1 : 1));
}

function patternOf(group: readonly FailureNote[]): FailurePattern {
  const notes = group.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const { id: _, run: lastRun, at: lastSeen, ...last } = notes.at(-1)!;
  return { ...last, lastRun, lastSeen, firstSeen: notes[0]!.at, count: notes.length };
}
