import type { Profile, ProfileMeasure } from '../../component/measure.ts';
import type { Session } from '../session.ts';

/** Values that a profile names; the rest are counted together. */
const mostCategories = 100;
/** Longer texts that begin alike count as one value. */
const longestCategory = 80;
/** A value for each percent of the rows. */
const steps = 100;

/** Reads one column once, in memory that does not grow with the rows (but with the different values). */
export async function profileOf(session: Session, measure: ProfileMeasure, from: string): Promise<Profile> {
  return measure.as === 'categories' ? categories(session, measure, from) : quantiles(session, measure, from);
}

async function categories(session: Session, { value }: ProfileMeasure, from: string): Promise<Profile> {
  const counted = await session.rows(
    `SELECT value, count(*) AS counted, sum(count(*)) OVER () AS all_rows FROM (SELECT left((${value}\n), ${longestCategory}) AS value FROM ${from}) ` +
      `WHERE value IS NOT NULL GROUP BY value ORDER BY counted DESC, value LIMIT ${mostCategories}`,
  );
  const counts = counted.map((row) => [String(row.value), Number(row.counted)] as const);
  const rows = Number(counted[0]?.all_rows ?? 0);
  return { kind: 'categories', rows, counts, others: counts.reduce((left, [, count]) => left - count, rows) };
}

async function quantiles(session: Session, { value }: ProfileMeasure, from: string): Promise<Profile> {
  const ranks = Array.from({ length: steps - 1 }, (_, step) => (step + 1) / steps);
  const [row] = await session.rows(
    `SELECT count(value) AS counted, min(value) AS least, max(value) AS largest, approx_quantile(value, [${ranks.join(', ')}]) AS inner_values ` +
      `FROM (SELECT (${value}\n)::DOUBLE AS value FROM ${from}) WHERE isfinite(value)`,
  );
  const { counted, least, largest, inner_values: inner } = row!;
  const rows = Number(counted);
  return { kind: 'quantiles', rows, quantiles: rows === 0 ? [] : [least, ...inner, largest].map(Number) };
}
