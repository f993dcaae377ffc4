import { ColumnUnknownError } from '../../component/errors.ts';
import type { Column } from '../../component/plan.ts';
import type { Expression } from '../../component/shape.ts';
import { sameName } from '../column-names.ts';
import { TypingError } from '../typing-error.ts';
import type { ExpressionTyping } from './expression-typing.ts';
import { isUnknown } from './unknown-type.ts';

interface Sides {
  readonly input: readonly Column[];
  readonly side: readonly Column[];
}

/** The columns that an equality names, side by side. */
export async function equalColumns(expressions: ExpressionTyping, on: Expression, { input, side }: Sides) {
  const parsed = await expressions.parse(on, [...input, ...side]);
  if (!parsed.equalities)
    throw expressions.fault(
      on,
      'it is not an equality of two columns',
      'column = column, joined by AND, each by its name alone',
    );
  const keys = { input: [] as string[], side: [] as string[] };
  for (const pair of parsed.equalities) {
    const [own, other] = sidesOf(pair, { input, side });
    if (!own || !other) throw unknownInPair(expressions, pair, { input, side, on });
    keys.input.push(own.name);
    keys.side.push(other.name);
    if (own.type !== other.type && !isUnknown(own) && !isUnknown(other))
      throw expressions.fault(
        on,
        `"${own.name}" is ${own.type} and "${other.name}" is ${other.type}`,
        'two columns of the same type',
      );
  }
  return keys;
}

function unknownInPair(
  expressions: ExpressionTyping,
  pair: readonly [string, string],
  { input, side, on }: Sides & { readonly on: Expression },
): TypingError {
  const all = [...input, ...side];
  const unknown = pair.find((name) => !all.some((column) => sameName(column.name, name)));
  if (unknown !== undefined) return new TypingError(new ColumnUnknownError(unknown, all), on.path ?? []);
  return expressions.fault(
    on,
    'both columns are on the same side',
    `a column of the input (${input.map((one) => one.name).join(', ')}) = a column of the other dataset (${side.map((one) => one.name).join(', ')})`,
  );
}

function sidesOf([a, b]: readonly [string, string], { input, side }: Sides) {
  const find = (columns: readonly Column[], name: string) => columns.find((column) => sameName(column.name, name));
  const straight = [find(input, a), find(side, b)] as const;
  return straight[0] && straight[1] ? straight : ([find(input, b), find(side, a)] as const);
}
