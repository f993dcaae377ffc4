import { ExpressionInvalidError } from './expression.ts';
import { TypingError } from './typing-error.ts';

/**
 * DuckDB takes names for equal that differ in case only, and Penstock's own names begin with "__".
 * @param replaced names that may occur a second time, in the same letters: they replace a column
 */
export function checkNames(names: readonly string[], replaced: readonly string[] = []): void {
  const hidden = names.find((name) => name.startsWith('__'));
  const twin = names.find((name, index) => {
    const first = names.findIndex((other) => sameName(other, name));
    return first !== index && !(names[first] === name && replaced.includes(name));
  });
  if (names.length === 0) throw misnamed('there is no column', names, 'at least one column');
  if (hidden !== undefined)
    throw misnamed(`the name "${hidden}" is kept for Penstock`, hidden, 'names that do not begin with "__"');
  if (twin !== undefined)
    throw misnamed(`there are two columns "${twin}"`, names, 'names that differ in more than their case');
}

function misnamed(problem: string, received: unknown, allowed: string): TypingError {
  const change = 'name the columns otherwise';
  return new TypingError(new ExpressionInvalidError({ problem, received, allowed, change }), []);
}

export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
