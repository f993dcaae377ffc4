import { kindOf } from '../../component/column-types.ts';
import type { GroupsMeasure } from '../../component/measure.ts';
import type { Session } from '../session.ts';

/** SQL of both sides, as it stands behind FROM. */
interface Sides {
  readonly from: string;
  readonly others: string;
}

/** Why what two datasets come to could not be compared. It quotes what the rule says, and no value of a row. */
export async function whyNotCompared(
  session: Session,
  { own, other }: GroupsMeasure,
  { from, others }: Sides,
): Promise<string> {
  const mine = await typeOf(session, own, from);
  if ('fault' in mine) return `"${own}" cannot be computed: ${mine.fault}`;
  const theirs = await typeOf(session, other, others);
  if ('fault' in theirs) return `"${other}" cannot be computed over the other rows: ${theirs.fault}`;
  if (kindOf(mine.type) !== kindOf(theirs.type))
    return `"${own}" is ${mine.type} and "${other}" of the other rows is ${theirs.type}`;
  return `"${own}" or "${other}" of the other rows fails on a value: use a TRY_ function in it`;
}

async function typeOf(
  session: Session,
  aggregate: string,
  rows: string,
): Promise<{ readonly type: string } | { readonly fault: string }> {
  try {
    const [column] = await session.columns(`SELECT (${aggregate}\n) AS value FROM ${rows} HAVING true`);
    return column!;
  } catch (cause) {
    session.throwIfStopped();
    // Nothing has been read, so that it can quote the rule alone.
    const [line = ''] = String((cause as Error).message).split('\n');
    return { fault: line.replace(/^[\w ]+ Error: /, '').replace(/[.!]$/, '') };
  }
}
