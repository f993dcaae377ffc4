import { afterAll, beforeAll, expect, test } from 'vitest';
import type { QualityRulePlan } from '../../../lib/component/plan.ts';
import { measureRules } from '../../../lib/engine/quality/measure-rules.ts';
import { Session } from '../../../lib/engine/session.ts';
import { operators } from '../../../lib/registry/operators.ts';

let session: Session;
beforeAll(async () => {
  session = await Session.open({ folders: [], memoryMegabytes: 512, threads: 2 });
});
afterAll(() => session.close());

const rule = { id: 'unique', component: 'unique', output: 'things', options: { key: ['a', 'b'] } };

test.each([
  ['few rows', 1000, 1000],
  ['few rows, some alike', 1000, 600],
  ['more rows than fit in memory at once', 700_000, 700_000],
  ['more rows than fit in memory at once, some alike', 700_000, 600_000],
])('what is unique is counted exactly: %s', async (_, total, keys) => {
  const [measure] = await measureRules({
    session,
    rules: [{ rule: rule as unknown as QualityRulePlan }],
    columns: ['a', 'b'].map((name) => ({ name, type: 'BIGINT', nullable: false })),
    from: `(SELECT i % ${keys} AS a, 7 AS b FROM range(${total}) numbers(i))`,
    total,
    whole: true,
    components: operators,
  });
  expect(measure).toEqual({ rule: 'unique', total, passed: keys });
});

test('a small function works with one thread, whatever it is given', () => {
  expect(session.threads).toBe(1);
});
