import { join } from 'node:path';
import { expect, test } from 'vitest';
import { beyondCalendar } from '../../lib/engine/beyond-calendar.ts';
import { Session } from '../../lib/engine/session.ts';
import { scratch } from '../fixtures/engine/scratch.ts';

const columns = [
  { name: 'i', type: 'BIGINT' },
  { name: 'a "day"', type: 'DATE' },
  { name: 'text', type: 'VARCHAR' },
  { name: 'parts', type: 'STRUCT("of ""it" TIMESTAMP WITH TIME ZONE[])' },
];

test('days beyond the calendar are found in files of which some row groups hold nothing but NULL', async () => {
  const folder = scratch();
  const session = await Session.open({ folders: [folder], memoryMegabytes: 200, threads: 1 });
  const found = async (day: string, part: string) => {
    const path = join(folder, 'rows.parquet');
    const late = (value: string) => `CASE WHEN i = 4000 THEN ${value} END`;
    const rows = `SELECT i, ${late(day)} AS "a ""day""", 'infinity' AS text, {'of "it': [${late(part)}]} AS parts FROM range(4097) t(i)`;
    const told = await session.rows(
      `COPY (${rows}) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048, RETURN_STATS true)`,
    );
    return beyondCalendar({ session, columns, told: told as any, paths: [path] });
  };
  try {
    expect(await found("DATE '2001-01-01'", "TIMESTAMPTZ '9999-12-31 23:59:59.999999+00'")).toBeUndefined();
    expect(await found("DATE '0001-12-31 (BC)'", 'NULL')).toBe('a "day"');
    expect(await found('NULL', "TIMESTAMPTZ '10000-01-01 00:00:00+00'")).toBe('parts');
  } finally {
    session.close();
  }
});
