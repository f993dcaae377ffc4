import type { Column } from '../component/plan.ts';
import { literal } from '../component/shape.ts';
import { sameName } from './column-names.ts';
import type { TypedConstant } from './expression.ts';
import type { Session } from './session.ts';

/** A constant that is no value of the type that it stands for. */
export interface ConstantFault {
  readonly text: string;
  readonly type: string;
}

/**
 * The first text of an expression that DuckDB would fail on for every row, e.g. `day > '2001-02-30'`: preparing an
 * expression does not convert it.
 */
export async function constantFault(
  constants: readonly TypedConstant[],
  input: readonly Column[],
  session: Session,
): Promise<ConstantFault | undefined> {
  for (const { text, beside, type: given } of constants) {
    const type = given ?? input.find(({ name }) => sameName(name, beside!))?.type;
    // Of what has parts, a text is read in ways of its own.
    if (type === undefined || !/^[A-Z ]+(\(\d+,\s?\d+\))?$/.test(type) || /^(VARCHAR|BLOB|BIT)$/.test(type)) continue;
    const [row] = await session.rows(`SELECT TRY_CAST(${literal(text)} AS ${type}) IS NULL AS bad`);
    if (row!.bad) return { text, type };
  }
  return undefined;
}
