import { SFNClient } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { runningRuns } from '../../lib/aws/running-runs.ts';
import type { RunRecord } from '../../lib/runtime/ports/run-store.ts';

const arn = (name: string) => `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;

/** Answers in pages of one. */
function stepFunctions(executions: Readonly<Record<string, readonly string[]>>): SFNClient {
  const sfn = new SFNClient({ region: 'us-east-1' });
  const page = <Item>(items: readonly Item[], token = '0') => {
    const next = Number(token) + 1;
    return { items: items.slice(next - 1, next), ...(next < items.length && { nextToken: String(next) }) };
  };
  sfn.send = (async ({ input }: { readonly input: any }) => {
    if (input.stateMachineArn === undefined) {
      const { items, ...more } = page(Object.keys(executions), input.nextToken);
      return { stateMachines: items.map((name) => ({ name, stateMachineArn: arn(name) })), ...more };
    }
    expect(input.statusFilter).toBe('RUNNING');
    const { items, ...more } = page(executions[input.stateMachineArn.split(':').at(-1)]!, input.nextToken);
    return { executions: items.map((name) => ({ name })), ...more };
  }) as typeof sfn.send;
  return sfn;
}

test('runs under way are those whose executions run, of one platform, newest first, however many newer runs have ended', async () => {
  const records = ['sales-1', 'sales-2', 'visits-1', 'other-1'].map(
    (run, index) => ({ run, startedAt: `2026-01-0${index + 1}T00:00:00.000Z` }) as RunRecord,
  );
  const sfn = stepFunctions({
    'penstock-sales': ['sales-1', 'sales-2'],
    'penstock-sales-escalate': ['incident'],
    'penstock-visits': ['visits-1'],
    'stage-sales': ['other-1'],
  });
  const runs = { find: async (id: string) => records.find(({ run }) => run === id) };
  const found = await runningRuns({ sfn, runs, platform: 'penstock' });
  expect(found.map(({ run }) => run)).toEqual(['visits-1', 'sales-2', 'sales-1']);
});
