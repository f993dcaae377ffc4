import { expect, test } from 'vitest';
import { widened } from '../../../lib/engine/types/widened.ts';

test.each([
  ['BIGINT', 'BIGINT', 'BIGINT'],
  ['INTEGER', 'BIGINT', 'BIGINT'],
  ['UINTEGER', 'INTEGER', 'BIGINT'],
  ['UBIGINT', 'BIGINT', 'HUGEINT'],
  ['UTINYINT', 'USMALLINT', 'USMALLINT'],
  ['DECIMAL(10,2)', 'DECIMAL(8,4)', 'DECIMAL(12,4)'],
  ['DECIMAL(10,2)', 'BIGINT', 'DECIMAL(22,2)'],
  ['DECIMAL(38,2)', 'BIGINT', 'DECIMAL(38,2)'],
  ['DECIMAL(38,30)', 'BIGINT', undefined],
  ['HUGEINT', 'DECIMAL(10,2)', undefined],
  ['FLOAT', 'DOUBLE', 'DOUBLE'],
  ['INTEGER', 'DOUBLE', 'DOUBLE'],
  ['SMALLINT', 'FLOAT', 'FLOAT'],
  ['BIGINT', 'DOUBLE', undefined],
  ['DECIMAL(10,2)', 'DOUBLE', undefined],
  ['DATE', 'TIMESTAMP', 'TIMESTAMP'],
  ['TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', undefined],
  ["ENUM('a')", 'VARCHAR', 'VARCHAR'],
  ['VARCHAR', 'BIGINT', undefined],
])('%s and %s', (a, b, both) => {
  expect([widened(a, b), widened(b, a)]).toEqual([both, both]);
});
