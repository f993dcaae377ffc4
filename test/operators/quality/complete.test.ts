import { expect, test } from 'vitest';
import * as z from 'zod';
import { complete } from '../../../lib/index.ts';
import { ruleScore } from '../../fixtures/assessed-run.ts';

const record = z.object({ city: z.string().nullable() });
const rows = ['Rome', null, '', 'Oslo'].map((city) => ({ city }));

test('counts what is not NULL; an empty text is something', async () => {
  expect(await ruleScore(complete('city'), rows, record)).toMatchObject({
    dimension: 'completeness',
    total: 4,
    passed: 3,
    share: 0.75,
  });
});

test.each([
  [0.75, false],
  [0.76, true],
])('with at least %s is broken: %s', async (atLeast, broken) => {
  expect(await ruleScore(complete('city', { atLeast }), rows, record)).toMatchObject({ broken });
});
