import type { StepTypes } from '../typing.ts';
import { TypingError } from '../typing-error.ts';

/** Looks at every part of a step, and then throws for all that are wrong: whoever corrects one wants to know of the others. */
export async function each<T>(parts: readonly T[], look: (part: T) => Promise<unknown>): Promise<void> {
  const errors = await errorsOf(parts, look);
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors);
}

/**
 * What is wrong with the parts of a step.
 * @param instead what is done where a part is wrong
 */
export async function errorsOf<T>(
  parts: readonly T[],
  look: (part: T) => Promise<unknown>,
  instead: (part: T) => void = () => {},
): Promise<TypingError[]> {
  const errors: TypingError[] = [];
  for (const part of parts) {
    try {
      await look(part);
    } catch (error) {
      if (!(error instanceof TypingError)) throw error;
      errors.push(error);
      instead(part);
    }
  }
  return errors;
}

export function withErrors(...some: readonly (readonly TypingError[] | undefined)[]): Pick<StepTypes, 'errors'> {
  const errors = some.flatMap((one) => one ?? []);
  // What an operator makes of an option fails with it.
  const given = errors.filter(({ path }) => path.length > 0);
  return errors.length > 0 ? { errors: given.length > 0 ? given : errors.slice(0, 1) } : {};
}
