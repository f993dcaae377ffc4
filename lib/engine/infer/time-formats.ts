import { literal } from '../../component/shape.ts';
import type { Session } from '../session.ts';
import { countInParts } from './count-in-parts.ts';

/** How people write days and times, in the words of strptime. Those of ISO 8601 are types of their own. */
const days = [
  '%Y/%m/%d',
  '%d.%m.%Y',
  '%d/%m/%Y',
  '%m/%d/%Y',
  '%d-%m-%Y',
  '%b %d %Y',
  '%d %b %Y',
  '%d-%b-%Y',
  '%B %d, %Y',
  '%d %B %Y',
  '%m/%d/%y',
];
const times = ['%H:%M', '%H:%M:%S', '%I:%M %p'];
const formats = [...days, ...days.flatMap((day) => times.map((time) => `${day} ${time}`))];

const sampleRows = 200;
/** No day with a time of day is longer, spaces around it included; of a long text each format takes its time. */
const mostBytes = 60;

/**
 * The formats that the texts of each column have; none where they are no times. Several where the values leave it open,
 * as `03/04/2001` does.
 * @param tolerance share of values that may have another form
 */
export async function timeFormats(
  session: Session,
  table: string,
  columns: readonly string[],
  tolerance: number,
): Promise<string[][]> {
  const sample = `(SELECT * FROM ${table} LIMIT ${sampleRows})`;
  const likely = await fitting(
    session,
    sample,
    columns.map((column) => ({ column, formats })),
    0.5,
  );
  const asked = columns.map((column, index) => ({ column, formats: likely[index]! }));
  return asked.every((one) => one.formats.length === 0) ? likely : fitting(session, table, asked, tolerance);
}

async function fitting(
  session: Session,
  from: string,
  asked: readonly { readonly column: string; readonly formats: readonly string[] }[],
  tolerance: number,
): Promise<string[][]> {
  const questions = asked.map(({ column, formats }) => [
    `count(${column})`,
    // For DuckDB 24 is a year with four digits, too.
    ...formats.map(
      (format) =>
        `count(*) FILTER (CASE WHEN strlen(${column}) <= ${mostBytes} THEN try_strptime(${column}, ${literal(format)}) >= TIMESTAMP '1000-01-01' END)`,
    ),
  ]);
  const counts = await countInParts(session, from, questions);
  return asked.map(({ formats }, index) => {
    const [values = 0, ...found] = counts[index]!;
    const fits = formats.map((format, question) => ({ format, count: found[question]! }));
    return fits.filter(({ count }) => count > 0 && values - count <= values * tolerance).map(({ format }) => format);
  });
}
