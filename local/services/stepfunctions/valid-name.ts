import { AwsError } from '../../aws-error.ts';

/** White space, wildcards, brackets, quotes, controls, and what separates the parts of an ARN. */
const illegal = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;

/** Throws InvalidName for what cannot name a machine, an activity or an execution. */
export function validName(name: string): void {
  if (illegal.test(name) || name.length > 80) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
}
