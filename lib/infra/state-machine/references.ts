/**
 * Everything that a machine's definition takes from the stack, as `DefinitionSubstitutions`. The definition itself
 * holds no token, so it is one readable JSON text, the same in the template, in tests and in the console.
 */
export const references = {
  partition: placeholder('Partition'),
  lakeBucket: placeholder('LakeBucket'),
} as const;

/** Where CloudFormation puts the value of a substitution. */
export function placeholder(name: string): string {
  return `\${${name}}`;
}

/** Functions that the machine calls, by file name in `functions/`. */
export const calledFunctions = [
  'initialize',
  'extract',
  'assess',
  'review',
  'release',
  'publish',
  'commit',
  'compensate',
] as const;
export type CalledFunction = (typeof calledFunctions)[number];

/** Name of the substitution that holds a function's ARN, e.g. `ExtractFunction`. */
export function functionReference(name: CalledFunction): string {
  return `${capitalised(name)}Function`;
}

/** Name of the substitution that holds the URL of a stage group's buffer, e.g. `WorkerBuffer`. */
export function bufferReference(group: string): string {
  return `${group.split('-').map(capitalised).join('')}Buffer`;
}

export function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
