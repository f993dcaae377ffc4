import { expect, test } from 'vitest';
import * as z from 'zod';
import { volume } from '../../../lib/index.ts';
import { assessedRun, type EnginePorts, enginePorts, ruleProblems } from '../../fixtures/assessed-run.ts';

const record = z.object({ n: z.int() });
type Options = Parameters<typeof volume>[0];

/** Runs of so many rows, a day apart; the last of them is the one that is looked at. */
async function runs(counts: readonly number[], options?: Options, ports: EnginePorts = enginePorts()) {
  for (const [day, count] of counts.entries()) {
    const startedAt = new Date(Date.UTC(2026, 0, 1 + day)).toISOString();
    const rows = Array.from({ length: count }, (_, n) => ({ n }));
    const files = count === 0 ? 0 : 1;
    const last = day === counts.length - 1;
    const quality = [volume(options, last ? {} : { atLeast: 0 })];
    const run = await assessedRun({ record, rows, files, quality, ports, startedAt });
    if (last) return run.report.rules[0]!;
    await run.complete();
  }
  throw new TypeError('no runs');
}

test('holds as long as there is too little history', async () => {
  expect(await runs([1, 1, 100])).toMatchObject({
    dimension: 'volume',
    share: 1,
    observed: '100 rows',
    allowed: 'anything: 2 earlier runs of the 3 that it takes',
  });
});

test.each([
  [4, false],
  [5, true],
  [15, true],
  [16, false],
])('expects about the median of the runs before: %s rows', async (count, held) => {
  expect(await runs([10, 9, 500, count])).toMatchObject({
    share: held ? 1 : 0,
    broken: !held,
    allowed: '5 to 15: the median of 3 runs is 10',
  });
});

test.each([
  [100, 0.15, 115, true],
  [100, 0.15, 116, false],
  [1000, 0.7, 300, true],
  [1000, 0.7, 299, false],
])('of %s rows, a share of %s away is %s: %s', (rows, within, total, holds) => {
  const circumstances = { startedAt: 0, earlier: [{ run: 'before', rows }] };
  const options = { of: 'median', runs: 10, least: 1, within } as const;
  expect(volume.judge!(options, { total, passed: total }, circumstances).holds).toBe(holds);
});

test('expects the mean where it is told to, of the last runs only', async () => {
  const options = { of: 'mean', runs: 2, least: 2, within: 0 } as const;
  expect(await runs([1000, 10, 20, 15], options)).toMatchObject({
    share: 1,
    allowed: expect.stringMatching(/^15 to 15/),
  });
});

test('takes the middle of an even number of runs', async () => {
  expect(await runs([10, 20, 15], { runs: 2, least: 2, within: 0 })).toMatchObject({ share: 1 });
});

test('counts no run that had no input, and asks none', async () => {
  expect(await runs([10, 0, 10], { least: 2 })).toMatchObject({ allowed: expect.stringContaining('1 earlier runs') });
  expect(await runs([10, 10, 10, 0])).toMatchObject({ total: 0, share: 1, broken: false });
});

test('compares slices of a backfill with one another, and with nothing else', async () => {
  const ports = enginePorts();
  const slice = async (of: string, day: number) => {
    const trigger = { kind: 'backfill', of, slice: `2025-01-0${day}`, tables: ['rows'], parameters: {} } as const;
    const startedAt = `2025-12-0${day}T00:00:00.000Z`;
    const quality = [volume({ least: 1, within: 0.1 }, { atLeast: 0 })];
    const run = await assessedRun({ record, rows: [{ n: 1 }], quality, ports, startedAt, trigger });
    await run.complete();
    return run.report.rules[0]!.allowed;
  };
  expect(await slice('first', 1)).toMatch(/0 earlier/);
  expect(await slice('first', 2)).toMatch(/median of 1 runs/);
  expect(await slice('other', 3)).toMatch(/0 earlier/);
  expect(await runs([5, 5], { least: 1 }, ports)).toMatchObject({ allowed: expect.stringContaining('of 1 runs') });
  expect(await slice('other', 4)).toMatch(/median of 1 runs/);
});

test('counts no run that did not complete', async () => {
  const ports = enginePorts();
  for (const startedAt of ['2025-12-01T00:00:00.000Z', '2025-12-02T00:00:00.000Z'])
    await assessedRun({ record, rows: [{ n: 1 }], quality: [volume()], ports, startedAt });
  expect(await runs([5], { least: 1 }, ports)).toMatchObject({ allowed: expect.stringContaining('0 earlier runs') });
});

test.each([{ runs: 0 }, { runs: 101 }, { runs: 2 }, { within: -1 }, { of: 'mode' }])('refuses %j', async (options) => {
  expect(await ruleProblems(() => volume(options as Options), record)).not.toEqual([]);
});
