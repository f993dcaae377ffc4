import { expect, test } from 'vitest';
import { murmurOfBytes, murmurOfLong } from '../../lib/component/murmur-sql.ts';
import { transformOf, transformSql } from '../../lib/component/partition-transform.ts';
import { query } from '../fixtures/engine/duckdb.ts';

async function value(sql: string): Promise<unknown> {
  const [row] = await query(`SELECT (${sql})::VARCHAR AS v`);
  return (row as { v: unknown }).v;
}

/** Hashes of the specification's appendix B. */
test.each([
  ['a whole number', murmurOfLong('34::BIGINT'), 2017239379],
  ['a date', murmurOfLong("(DATE '2017-11-16' - DATE '1970-01-01')::BIGINT"), -653330422],
  ['a time', murmurOfLong("epoch_us(TIME '22:31:08')"), -662762989],
  ['a timestamp', murmurOfLong("epoch_us(TIMESTAMP '2017-11-16 22:31:08')"), -2047944441],
  ['a text', murmurOfBytes("hex('iceberg')"), 1210000089],
  ['a UUID', murmurOfBytes("'f79c3e09677c4bbda4793f349cb785e7'"), 1488055340],
  ['bytes', murmurOfBytes("'00010203'"), -188683207],
])('%s is hashed as all writers of Iceberg do', async (_, sql, hash) => {
  expect(Number(await value(sql))).toBe(hash >>> 0);
});

test.each([
  ['year(c)', 'DATE', "DATE '1969-12-31'", '-1'],
  ['month(c)', 'TIMESTAMP', "TIMESTAMP '1969-12-31 23:59:59'", '-1'],
  ['month(c)', 'DATE', "DATE '2017-11-16'", '574'],
  ['day(c)', 'TIMESTAMP', "TIMESTAMP '1969-12-31 23:59:59'", '1969-12-31'],
  ['hour(c)', 'TIMESTAMP', "TIMESTAMP '1969-12-31 23:59:59'", '-1'],
  ['hour(c)', 'TIMESTAMP WITH TIME ZONE', "TIMESTAMPTZ '2017-11-16 22:31:08+00'", '419686'],
  ['bucket(100, c)', 'VARCHAR', "'iceberg'", '89'],
  ['bucket(16, c)', 'INTEGER', '34::INTEGER', '3'],
  ['bucket(16, c)', 'VARCHAR', 'NULL::VARCHAR', null],
  ['truncate(10, c)', 'INTEGER', '-1::INTEGER', '-10'],
  ['truncate(3, c)', 'VARCHAR', "'a😀bcd'", 'a😀b'],
])('%s of a %s', async (text, type, of, expected) => {
  const sql = transformSql(transformOf(text)!, type)!;
  const [row] = await query(`SELECT (${sql})::VARCHAR AS v FROM (SELECT ${of} AS c)`);
  expect((row as { v: unknown }).v).toBe(expected);
});

test.each(['c', 'week(c)', 'bucket(c)', 'bucket(0, c)', 'day()', 'day(a'])('%s is no transform', (text) => {
  expect(transformOf(text)).toBeUndefined();
});
