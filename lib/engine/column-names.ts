import { ExpressionInvalidError } from './expression.ts';
import { TypingError } from './typing-error.ts';

/**
 * DuckDB takes names for equal that differ in case only, and Penstock's own names begin with "__".
 * @param replaced names that may occur a second time, in the same letters: they replace a column
 */
export function checkNames(names: readonly string[], replaced: readonly string[] = []): void {
  const hidden = names.find((name) => name.startsWith('__'));
  const cut = names.find((name) => name.includes('\0'));
  const twin = names.find((name, index) => {
    const first = names.findIndex((other) => sameName(other, name));
    return first !== index && !(names[first] === name && replaced.includes(name));
  });
  if (names.length === 0)
    throw misnamed('there is no column', 'nothing', 'at least one column', 'let the step give a column');
  if (names.includes('')) throw misnamed('a column has no name', '""', 'names of at least one character');
  if (hidden !== undefined)
    throw misnamed(`the name "${hidden}" is kept for Penstock`, hidden, 'names that do not begin with "__"');
  if (cut !== undefined)
    throw misnamed(`the name ${JSON.stringify(cut)} holds a NUL`, cut, 'names without one: SQL would end at it');
  if (twin !== undefined) {
    const twins = names.filter((name) => sameName(name, twin));
    throw misnamed(`there are two columns "${twin}"`, twins, 'names that differ in more than their case');
  }
}

function misnamed(
  problem: string,
  received: unknown,
  allowed: string,
  change = 'name one of the columns otherwise',
): TypingError {
  return new TypingError(new ExpressionInvalidError({ problem, received, allowed, change }), []);
}

export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
