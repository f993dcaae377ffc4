import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test, vi } from 'vitest';
import type { Platform } from '../../lib/cli/platform.ts';
import { Printer } from '../../lib/cli/print.ts';
import { reportRuns } from '../../lib/cli/report-runs.ts';

const at = (minute: number) => Date.UTC(2026, 10, 22, 6, minute);
const clock = (minute: number) => new Date(at(minute)).toTimeString().slice(0, 8);
const begun = {
  run: 'sales-1',
  state: 'Running',
  startedAt: new Date(at(0)).toISOString(),
  trigger: { kind: 'manual', requestId: 'x' },
  totals: { rowsIn: 5, rejected: 1 },
  transitions: [{ state: 'Running', at: at(0) }],
};
const moved = (state: string, minute: number, more = {}) => ({
  ...begun,
  state,
  transitions: [...begun.transitions, { state, at: at(minute) }],
  ...more,
});

test('tells of each run when it comes to another state, and what started it while it goes on', async () => {
  vi.useFakeTimers();
  const looks = [
    [],
    [begun],
    [moved('Failed', 2, { endedAt: at(2), failure: { error: 'InputMissingError' } })],
    [moved('Running', 9)],
    [moved('Completed', 10, { endedAt: at(10) })],
  ];
  const out = new PassThrough();
  const stopped = Promise.withResolvers<void>();
  const platform = { runs: { list: async () => ({ runs: looks.length > 1 ? looks.shift() : looks[0] }) } };
  const reported = reportRuns(platform as unknown as Platform, new Printer(out as never, false), stopped.promise);
  await vi.advanceTimersByTimeAsync(6000);
  stopped.resolve();
  await reported;
  vi.useRealTimers();
  out.end();
  expect((await text(out)).trim().split('\n')).toEqual([
    `${clock(0)}  sales-1  Running  manual x`,
    `${clock(2)}  sales-1  Failed in 2 min 0 s  InputMissingError: npx penstock run show sales-1`,
    `${clock(9)}  sales-1  Running  manual x`,
    `${clock(10)}  sales-1  Completed in 10 min 0 s  5 rows, 1 reject`,
  ]);
});
