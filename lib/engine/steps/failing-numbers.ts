import { quoted } from '../../component/shape.ts';
import type { Session } from '../session.ts';

/** What DuckDB says where values are to blame, and not the machine. */
const valuesError = /^(Out of Range|Conversion|Invalid Input|Arithmetic) Error/;

export function isValuesError(error: unknown): boolean {
  return valuesError.test((error as Error).message);
}

/** Rows with the number of their group, in its order, so that DuckDB reads few of others. */
export interface NumberedGroups {
  readonly session: Session;
  /** Quoted, for SQL. Column `__group`: from 1 to `groups`. */
  readonly table: string;
  readonly groups: number;
  /** SQL of a query over rows of that table. */
  readonly over: (rows: string) => string;
}

/** Numbers of the groups on which a query fails, found by halving what fails: DuckDB does not say which ones they are. */
export async function failingNumbers({ session, table, groups, over }: NumberedGroups): Promise<number[]> {
  const failing: number[] = [];
  const fails = async (from: number, to: number): Promise<boolean> => {
    const rows = `(SELECT * FROM ${table} WHERE __group BETWEEN ${from} AND ${to})`;
    try {
      // Everything is worked out only where something is made of it.
      await session.run(`SELECT bit_xor(hash(${quoted('one group')})) FROM (${over(rows)}) ${quoted('one group')}`);
      return false;
    } catch (error) {
      session.throwIfStopped();
      if (!isValuesError(error)) throw error;
      return true;
    }
  };
  const parts: [from: number, to: number][] = [[1, groups]];
  for (let next = parts.pop(); next; next = parts.pop()) {
    const [from, to] = next;
    if (!(await fails(from, to))) continue;
    const middle = Math.floor((from + to) / 2);
    if (from === to) failing.push(from);
    else parts.push([middle + 1, to], [from, middle]);
  }
  return failing;
}
