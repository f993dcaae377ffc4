import type { Locate } from '../../component/user-location.ts';
import { type Problem, problemsOf } from '../problem.ts';
import { within } from '../yaml/yaml-file.ts';
import { qualitySchema } from './document.ts';
import { meaningOf, type QualityMeaning } from './quality.ts';

export interface QualityReading {
  readonly required: boolean;
  readonly values: readonly unknown[] | undefined;
  readonly pattern: string | undefined;
  readonly missing: readonly unknown[] | undefined;
  readonly keys: readonly { readonly names: readonly string[]; readonly at: string }[];
  readonly problems: readonly Problem[];
}

/** The quality rules of a property, or of an object where `property` is not given. */
export function readQuality(
  rules: readonly unknown[],
  { part, property, locate }: { readonly part: string; readonly property?: string; readonly locate: Locate },
): QualityReading {
  const problems: Problem[] = [];
  const meanings: (QualityMeaning & { readonly at: string })[] = [];
  for (const [index, rule] of rules.entries()) {
    const place = `${part} / quality / ${index + 1}`;
    const found = within(locate, index);
    const parsed = qualitySchema.safeParse(rule);
    if (!parsed.success) {
      problems.push(...problemsOf(parsed.error, place, found, rule, qualitySchema));
      continue;
    }
    const meaning = meaningOf(parsed.data, property);
    if (!('refused' in meaning)) {
      meanings.push({ ...meaning, at: found([]) });
      continue;
    }
    problems.push({
      at: found(meaning.path),
      part: [place, ...meaning.path].join(' / '),
      problem: meaning.refused,
      received: meaning.path.reduce<any>((value, key) => value?.[key], rule) ?? parsed.data.type,
      allowed: 'rules without exceptions: nullValues, missingValues, invalidValues, duplicateValues with mustBe: 0',
      change: `${meaning.change}; to leave it to others, say so where the contract is named: passOver: ['quality']`,
    });
  }
  const once = <Key extends 'values' | 'pattern' | 'missing'>(key: Key): QualityMeaning[Key] => {
    const said = meanings.filter((meaning) => meaning[key] !== undefined);
    if (said.length > 1) problems.push(saidTwice(key, part, said[1]!.at));
    return said[0]?.[key];
  };
  return {
    required: meanings.some((meaning) => meaning.required),
    values: once('values'),
    pattern: once('pattern'),
    missing: once('missing'),
    keys: meanings.flatMap(({ key, at }) => (key ? [{ names: key, at }] : [])),
    problems,
  };
}

function saidTwice(what: string, part: string, at: string): Problem {
  return {
    at,
    part: `${part} / quality`,
    problem: `two rules give the ${what} of one property`,
    received: what,
    allowed: 'one rule of each kind',
    change: 'unite them',
  };
}
