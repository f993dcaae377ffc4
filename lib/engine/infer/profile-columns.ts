import { conversion } from '../../component/conversion.ts';
import type { Session } from '../session.ts';
import type { TypedColumn } from './column-types.ts';
import { inParts } from './count-in-parts.ts';
import type { ColumnProfile } from './infer-file.ts';

/** Values that are shown, of columns that have few. */
const mostShown = 5;
const fewValues = 20;
/** With more rows, distinct values are estimated. */
const exactRows = 200_000;

/**
 * What the values of each column are like.
 * @param isText the table holds texts, as CSV and JSON have them
 */
export async function profileColumns(
  session: Session,
  { table, isText }: { readonly table: string; readonly isText: boolean },
  columns: readonly TypedColumn[],
): Promise<{ readonly rows: number; readonly profiles: readonly ColumnProfile[] }> {
  const [rows = 0] = await session.counts(`SELECT count(*) FROM ${table}`);
  const questions = columns.map(({ column, type, instead, nested }, index) => {
    const read = isText ? conversion(column, 'VARCHAR', type).value : `TRY_CAST(${column} AS ${type})`;
    const value = instead || nested ? `${column}::VARCHAR` : read;
    const measure = type === 'VARCHAR' || nested ? `length(${value})` : value;
    return [
      `count(${column}) AS values_${index}`,
      `${rows > exactRows ? 'approx_count_distinct' : 'count'}(${rows > exactRows ? '' : 'DISTINCT '}${instead || nested ? value : column}) AS distinct_${index}`,
      `min(${measure})::VARCHAR AS least_${index}`,
      `max(${measure})::VARCHAR AS most_${index}`,
    ];
  });
  const row: Record<string, unknown> = {};
  for (const part of inParts(questions, (own) => own.length)) {
    const [found] = await session.rows(`SELECT ${part.flat().join(', ')} FROM ${table}`);
    Object.assign(row, found);
  }
  const profiles: ColumnProfile[] = [];
  for (const [index, { column, type, instead }] of columns.entries()) {
    const values = Number(row[`values_${index}`]);
    const about = Number(row[`distinct_${index}`]);
    // An estimate is some percent off: only where it might be all of them, the truth is worth its time.
    const isClose = rows > exactRows && about > values * 0.9;
    const [distinct = about] = isClose ? await session.counts(`SELECT count(DISTINCT ${column}) FROM ${table}`) : [];
    const [least, most] = [row[`least_${index}`], row[`most_${index}`]];
    const isListed = type === 'VARCHAR' && !instead && distinct > 0 && distinct <= fewValues && distinct * 2 <= values;
    const frequent = isListed
      ? await session.rows(
          `SELECT ${column} AS value, count(*) AS n FROM ${table} WHERE ${column} IS NOT NULL GROUP BY ALL ORDER BY n DESC, value LIMIT ${mostShown}`,
        )
      : [];
    profiles.push({
      values,
      missing: rows - values,
      distinct,
      ...(least !== null && { least: String(least), most: String(most) }),
      frequent: frequent.map(({ value, n }) => ({ value: String(value), rows: Number(n) })),
    });
  }
  return { rows, profiles };
}
