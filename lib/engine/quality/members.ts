import type { MembersMeasure } from '../../component/measure.ts';
import { quoted } from '../../component/shape.ts';

/** SQL, as it stands behind FROM, of the rows that are found in none of the others. */
export function membersSql({ columns, among }: MembersMeasure, from: string, others: string): string {
  const pairs = columns.map((column, index) => `own.${quoted(column)} = other.${quoted(among[index]!)}`);
  const present = columns.map((column) => `${quoted(column)} IS NOT NULL`);
  return (
    `(SELECT * FROM ${from} WHERE ${present.join(' AND ')}) own ` +
    `ANTI JOIN (SELECT DISTINCT ${among.map(quoted).join(', ')} FROM ${others}) other ON ${pairs.join(' AND ')}`
  );
}
