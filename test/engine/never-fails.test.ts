import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTree } from '../../lib/engine/aggregates/expression-tree.ts';
import { Session } from '../../lib/engine/session.ts';
import { neverFails } from '../../lib/engine/steps/never-fails.ts';

let session: Session;
beforeAll(async () => {
  session = await Session.open({ folders: [], memoryMegabytes: 512, threads: 1 });
});
afterAll(() => session.close());

const columns = [
  { name: 'text', type: 'VARCHAR', nullable: true },
  { name: 'share', type: 'DOUBLE', nullable: true },
  { name: 'n', type: 'BIGINT', nullable: true },
  { name: 'small', type: 'SMALLINT', nullable: true },
  { name: 'moment', type: 'TIMESTAMP', nullable: true },
  { name: 'huge', type: 'HUGEINT', nullable: true },
  { name: 'price', type: 'DECIMAL(12,2)', nullable: true },
  { name: 'exact', type: 'DECIMAL(38,0)', nullable: true },
  { name: 'fine', type: 'DECIMAL(38,30)', nullable: true },
  { name: 'ids', type: 'STRUCT("all" HUGEINT[])', nullable: true },
  { name: 'part', type: 'STRUCT(share VARCHAR)', nullable: true },
];

test.each([
  ["text <> 'x' AND n BETWEEN 1 AND 3 OR share IS NULL", true],
  ["CASE WHEN text LIKE 'a%' THEN upper(text) ELSE coalesce(text, '') END", true],
  ['n * share * (1 - share)', true],
  ['n / small', true],
  ['moment::DATE', true],
  ["moment > TIMESTAMP '2001-01-01'", true],
  ['small::BIGINT', true],
  ['n::VARCHAR || text', true],
  ['TRY_CAST(text AS INTEGER)', true],
  ['TRY(text::INTEGER)', true],
  ['n IN (1, 2) AND NOT (small = 3)', true],
  ['n > 0.5 AND price < 10', true],
  ['huge > n', true],
  ['huge > share', true],
  ['huge > 0.5', false],
  ['exact > 0.5', false],
  ['fine > n', false],
  ['huge BETWEEN 1 AND 2.5', false],
  ['exact IN (1, 2.5)', false],
  ['coalesce(huge, price) IS NULL', false],
  ['CASE WHEN n = 1 THEN huge ELSE price END', false],
  ['list_contains(ids."all", 0.5)', false],
  ['text::INTEGER', false],
  ['lower(text::DATE::VARCHAR)', false],
  ['n * small', false],
  ['n + small * share + n * n', false],
  ['-n', false],
  ['n::SMALLINT', false],
  ['part.share * 2', false],
  ['part.share::DATE', false],
  ['moment::TIMESTAMPTZ', false],
  ['ln(share)', false],
  ["strptime(text, '%Y')", false],
  ['list_transform([text], lambda one: one::INTEGER)', false],
  ['CASE WHEN n = 1 THEN text::INTEGER END', false],
])('%s: %s', async (sql, expected) => {
  expect(neverFails(await readTree(session, sql), columns)).toBe(expected);
});
