import { getAttParts } from './intrinsics/lookups.ts';
import { substitutedNames } from './intrinsics/text.ts';

/**
 * The names (logical ids and parameters) that resolving `value` will look up. Of a Fn::If only the branch that
 * `condition` chooses counts, as the other is never resolved.
 */
export function references(value: unknown, condition: (name: string) => boolean): Set<string> {
  const names = new Set<string>();
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) for (const member of part) visit(member);
    if (Array.isArray(part) || typeof part !== 'object' || part === null) return;
    for (const [member, argument] of Object.entries(part)) {
      if (member === 'Ref') names.add(argument);
      else if (member === 'Fn::If') visit(condition(argument[0]) ? argument[1] : argument[2]);
      else {
        if (member === 'Fn::GetAtt') names.add(getAttParts(argument)[0]);
        if (member === 'Fn::Sub') for (const name of substitutedNames(argument)) names.add(getAttParts(`${name}.`)[0]);
        visit(argument);
      }
    }
  };
  visit(value);
  return names;
}
