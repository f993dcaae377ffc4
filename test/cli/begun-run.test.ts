import { expect, it } from 'vitest';
import { begunRun } from '../../lib/cli/begun-run.ts';
import type { Run } from '../../lib/cli/find-run.ts';

const record = { run: 'sales-1' } as unknown as Run;

it('waits until a run has its record', async () => {
  let asked = 0;
  const find = async () => (++asked > 2 ? record : undefined);
  expect(await begunRun({ runs: { find } }, 'sales-1')).toBe(record);
  expect(asked).toBe(3);
});

it('does not wait for ever for a run whose first state fails', async () => {
  await expect(begunRun({ runs: { find: async () => undefined } }, 'sales-1', 0)).rejects.toMatchObject({
    name: 'RunStateError',
    problem: expect.stringContaining('"sales-1" was started and has no record'),
    received: 'no record after 0 s',
    change: expect.stringContaining('Step Functions console'),
  });
});
