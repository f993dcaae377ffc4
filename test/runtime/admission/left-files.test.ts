import { expect, test } from 'vitest';
import type { Overlap, Plan } from '../../../lib/component/plan.ts';
import { initialize } from '../../../lib/runtime/initialize.ts';
import type { TriggerIdentity } from '../../../lib/runtime/messages.ts';
import { ordersPipeline } from '../../fixtures/orders-plan.ts';
import { memoryPorts } from '../../fixtures/ports/memory-ports.ts';
import { manual, stageInput } from '../../fixtures/run-machine.ts';

const arrivals: Plan['triggers'] = [{ kind: 'file', prefix: 'landing/orders/' }];
const daily: Plan['triggers'] = [...arrivals, { kind: 'schedule', expression: 'rate(1 day)' }];
const file = (name: string): TriggerIdentity => ({
  kind: 'file',
  bucket: 'lake',
  key: `landing/orders/${name}.csv`,
  versionId: name,
  size: 1,
  sequencer: name,
});

/** What the record says of the run of two that meet which is not to go on. */
async function said(policy: Overlap['policy'], triggers: Plan['triggers'], trigger: TriggerIdentity) {
  const ports = memoryPorts();
  const plan = { ...ordersPipeline.plan, triggers, overlap: { policy, runs: 1 } };
  const code = { ...ordersPipeline, plan };
  const inputs = [policy === 'replace' ? trigger : file('other'), policy === 'replace' ? file('other') : trigger];
  const runs: string[] = [];
  for (const [second, one] of inputs.entries()) {
    const input = { ...stageInput(code, one), startedAt: `2026-01-01T00:00:0${second}.000Z` };
    runs.push(input.run);
    await initialize(ports, code, input);
  }
  const [run, by] = policy === 'replace' ? runs : runs.toReversed();
  const { message } = (await ports.runs.find(run!))!.failure!;
  expect(message).toContain(by);
  return message.replaceAll(run!, '<run>');
}

const retry = '`npx penstock run retry <run>` reads what this run would have read, `npx penstock start orders` all';

test.each(['skip', 'replace'] as const)(
  'where files alone start runs, one that another run is at work for or replaces says that nothing takes its file: %s',
  async (policy) => {
    expect(await said(policy, arrivals, file('mine'))).toContain(
      `; landing/orders/mine.csv is left unread, as no trigger of the pipeline starts a run that takes all files: ${retry}`,
    );
    const batch = { kind: 'batch', place: 'landing/orders/', number: 3 } as TriggerIdentity;
    expect(await said(policy, arrivals, batch)).toContain('the files of batch 3 of landing/orders/ are left unread');
    const folder = { kind: 'folder', folder: 'landing/orders/a/', key: 'm', versionId: 'v' } as TriggerIdentity;
    expect(await said(policy, arrivals, folder)).toContain('the files of landing/orders/a/ are left unread');
    expect(await said(policy, arrivals, manual())).toContain(
      'left to the next run that takes all, which no trigger of the pipeline starts by itself: `npx penstock start orders` does',
    );
  },
);

test.each(['skip', 'replace'] as const)('where another trigger takes all files, it says so: %s', async (policy) => {
  expect(await said(policy, daily, file('mine'))).toMatch(
    /; files that it would have read are left to the next run that takes all$/,
  );
});

test('a replay says that its rejects stay open', async () => {
  const replay = { kind: 'replay', of: 'x', tables: ['orders'], number: 1, attempt: 0, inputs: [] } as TriggerIdentity;
  expect(await said('skip', arrivals, replay)).toMatch(/; its rejects stay open: replay them again$/);
});
