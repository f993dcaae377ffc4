import { readFileSync } from 'node:fs';
import { failuresOf, type Verdict } from './verdict.ts';

/** Cases that fail and why: by id, with `#outcome`, `#history` or `#details` behind it. */
type KnownFailures = Readonly<Record<string, string>>;

const known: KnownFailures = JSON.parse(readFileSync(new URL('known-failures.json', import.meta.url), 'utf8'));

/** What the list does not tell of: failures that are not in it, and cases in it that pass. Empty where all is as listed. */
export function surprises(verdicts: readonly Verdict[]): string[] {
  const failed = new Set<string>();
  const lines: string[] = [];
  for (const verdict of verdicts) {
    for (const { what, reason } of failuresOf(verdict)) {
      const name = `${verdict.id}#${what}`;
      failed.add(name);
      if (!Object.hasOwn(known, name)) lines.push(`FAILED ${verdict.area} ${name}\n  ${reason}`);
    }
  }
  const run = new Set(verdicts.map(({ id }) => id));
  for (const name of Object.keys(known)) {
    const id = name.slice(0, name.lastIndexOf('#'));
    if (run.has(id) && !failed.has(name)) lines.push(`PASSES but is listed in known-failures.json: ${name}`);
  }
  return lines;
}
