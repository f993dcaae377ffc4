import type { WatermarkPlan } from '../component/plan.ts';
import { literal, quoted } from '../component/shape.ts';
import type { Session } from './session.ts';

/** What takes rows out that were published before. */
export const passedOverRule = 'passed over: at or below the cursor';

interface PassedOver {
  readonly rows: number;
  /** The largest value of the others. Absent: there are none. */
  readonly reached?: string;
  /** SQL that is true for the others. */
  readonly others?: string;
}

/**
 * Counts the rows that earlier runs have taken, and says how far this one comes.
 * @param all SQL of the good rows
 * @param after text of the value up to which earlier runs came. Absent: there was none
 */
export async function passOver(
  session: Session,
  all: string,
  { by, type, lagSeconds }: WatermarkPlan,
  after: string | undefined,
): Promise<PassedOver> {
  const column = quoted(by);
  const lag = lagSeconds > 0 ? ` - INTERVAL ${lagSeconds} SECOND` : '';
  const others = after === undefined ? undefined : `${column} > CAST(${literal(after)} AS ${type})${lag}`;
  const which = others ? ` FILTER (${others})` : '';
  const [row] = await session.rows(
    `SELECT count(*)${which} AS others, count(*) AS whole, max(${column})${which}::VARCHAR AS reached FROM (${all})`,
  );
  const { others: kept, whole, reached } = row as { others: string; whole: string; reached: string | null };
  return {
    rows: Number(whole) - Number(kept),
    ...(reached !== null && { reached }),
    ...(others && { others }),
  };
}
