import { createHash } from 'node:crypto';
import { AwsError } from '../../aws-error.ts';

/** AWS's answer where a role or policy is not there. */
export function noSuchEntity(what: 'role' | 'role policy' | 'policy', name: string): AwsError {
  return new AwsError('NoSuchEntity', `The ${what} with name ${name} cannot be found.`, 404);
}

export function entityExists(what: 'Role' | 'Policy', name: string): AwsError {
  return new AwsError('EntityAlreadyExists', `${what} with name ${name} already exists.`, 409);
}

/** AWS's unique ids: a prefix for the kind, then 17 capital letters and digits. Made from the ARN, so that they are stable. */
export function uniqueId(prefix: 'AROA' | 'ANPA', arn: string): string {
  const digits = createHash('sha256').update(arn).digest('hex').slice(0, 17).toUpperCase();
  return `${prefix}${digits}`;
}

/** Longest names are 64 (roles) and 128 characters (policies), out of these characters. */
export function checkName(name: unknown, longest: number): string {
  if (typeof name === 'string' && name.length <= longest && /^[\w+=,.@-]+$/.test(name)) return name;
  throw new AwsError('ValidationError', `"${name}" is not a legal name: 1 to ${longest} letters, digits and _+=,.@-`);
}
