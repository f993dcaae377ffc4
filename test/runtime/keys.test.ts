import { expect, test } from 'vitest';
import { dataPrefix, runKeys } from '../../lib/runtime/keys.ts';
import { runId } from '../../lib/runtime/run-id.ts';

/** S3 splits what is asked for often where keys differ: the sooner, the better it spreads them. */
test('keys of runs that follow each other in time are spread over all beginnings', () => {
  const runs = Array.from({ length: 4096 }, (_, second) =>
    runId('orders', '9b6e', { kind: 'schedule', time: new Date(second * 1000).toISOString() }),
  );
  const shared = `staged/orders/${runs[0]!.slice(0, runs[0]!.lastIndexOf('-') + 1)}`;
  const next = runs.map((run) => {
    const { staged } = runKeys('orders', run);
    expect(staged.startsWith(shared)).toBe(true);
    expect(dataPrefix('curated/orders/', run)).toContain(run);
    return staged[shared.length]!;
  });
  const counts = [...Map.groupBy(next, (digit) => digit)].map(([, { length }]) => length);
  expect(counts).toHaveLength(16);
  // 256 each, give or take four standard deviations.
  for (const count of counts) expect(Math.abs(count - 256)).toBeLessThan(62);
});

test('what workers exchange lies apart by partition, and only then by chunk', () => {
  const { exchange } = runKeys('orders', 'orders-9b6e-1');
  const key = exchange('process', 'orders', '3', '000001');
  expect(key.indexOf('p=3/')).toBeGreaterThan(0);
  expect(key.indexOf('p=3/')).toBeLessThan(key.indexOf('000001'));
});
