import { AwsError } from '../aws-error.ts';

/** How AWS refuses a member whose value is not one that its model allows; `member` is written as it is in paths (`maxResults`). */
export function violation(member: string, value: unknown, constraint: string): AwsError {
  const problem = `Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`;
  return new AwsError('ValidationException', `1 validation error detected: ${problem}`);
}

/** Throws unless `value` is a whole number within the limits. Text that spells one counts: members of a query are text. */
export function checkWhole(member: string, value: unknown, [least, most]: readonly [number, number]): void {
  const number = value === '' ? Number.NaN : Number(value);
  if (!Number.isInteger(number)) throw violation(member, value, 'Member must be a whole number');
  if (number < least) throw violation(member, value, `Member must have value greater than or equal to ${least}`);
  if (number > most) throw violation(member, value, `Member must have value less than or equal to ${most}`);
}

/** Throws unless `value` is one of the values allowed. */
export function checkEnum(member: string, value: unknown, allowed: readonly string[]): void {
  if (allowed.includes(value as string)) return;
  throw violation(member, value, `Member must satisfy enum value set: [${allowed.join(', ')}]`);
}

/** Throws unless `value` is text of a length within the limits and of the pattern. */
export function checkPattern(
  member: string,
  value: unknown,
  [least, most]: readonly [number, number],
  pattern: RegExp,
): void {
  const text = String(value);
  if (text.length < least) {
    throw violation(member, value, `Member must have length greater than or equal to ${least}`);
  }
  if (text.length > most) throw violation(member, value, `Member must have length less than or equal to ${most}`);
  if (pattern.test(text)) return;
  throw violation(member, value, `Member must satisfy regular expression pattern: ${pattern.source}`);
}
