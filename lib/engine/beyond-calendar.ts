import { elementType } from '../component/column-types.ts';
import type { Column } from '../component/plan.ts';
import { quoted } from '../component/shape.ts';
import { structFields } from '../component/struct-type.ts';
import { offCalendar } from './off-calendar.ts';
import { rowsOfFiles } from './quality/rows-of-files.ts';
import type { Session } from './session.ts';
import type { ToldFile } from './written-statistics.ts';

interface Written {
  readonly session: Session;
  /** Those of the rows that were written, as they were. */
  readonly columns: readonly Pick<Column, 'name' | 'type'>[];
  readonly told: readonly ToldFile[];
  readonly paths: readonly string[];
}

/**
 * The first column of files with a day or a time of no year from 1 to 9999, whether it is the value or inside of it. What
 * COPY told of the files says it, so that nothing is read again, but where a row group holds nothing but NULL.
 */
export async function beyondCalendar({ session, columns, told, paths }: Written): Promise<string | undefined> {
  const facts = told.flatMap((file) =>
    file.column_statistics.map(
      ({ key, value }) => [key, Object.fromEntries(value.map((one) => [one.key, one.value]))] as const,
    ),
  );
  const bounds = Map.groupBy(facts, ([key]) => key);
  const unknown: string[] = [];
  for (const { name, type } of columns) {
    const found = timesIn(quoted(name), type)
      .flatMap((path) => bounds.get(path) ?? [])
      .map(([, of]) => of);
    if (found.some(({ min, max }) => [min, max].some((bound) => bound !== undefined && !inYears.test(bound))))
      return name;
    const untold = found.some(({ min, null_count, num_values }) => min === undefined && null_count !== num_values);
    if (untold) unknown.push(`count(*) FILTER (WHERE ${offCalendar(quoted(name), type)}) AS ${quoted(name)}`);
  }
  if (unknown.length === 0) return undefined;
  const [row] = await session.rows(`SELECT ${unknown.join(', ')} FROM ${rowsOfFiles(paths)}`);
  return Object.entries(row!).find(([, count]) => Number(count) > 0)?.[0];
}

/** A year of four digits, and none before the first. */
const inYears = /^\d{4}-(?!.*BC)/;

/** Days and times of a value, as COPY names what is inside of it. */
function timesIn(path: string, type: string): string[] {
  const element = elementType(type);
  if (element !== undefined) return timesIn(`${path}."element"`, element);
  const members = structFields(type);
  if (members) return members.flatMap((member) => timesIn(`${path}.${quoted(member.name)}`, member.type));
  return offCalendar(path, type) === undefined ? [] : [path];
}
