import { describe, expect, it } from 'vitest';
import { findRun, pickRun, type Run } from '../../lib/cli/find-run.ts';
import type { Platform } from '../../lib/cli/platform.ts';

const runs = ['sales-b2', 'sales-b1', 'visits-a1'].map((run) => ({ run }) as unknown as Run);

describe('pickRun', () => {
  it('takes the newest for "latest"', () => {
    expect(pickRun(runs, 'latest').run).toBe('sales-b2');
  });

  it('takes the beginning of an id', () => {
    expect(pickRun(runs, 'v').run).toBe('visits-a1');
  });

  it('names the runs that begin alike', () => {
    expect(() => pickRun(runs, 'sales-b')).toThrow(/several runs begin with "sales-b".*sales-b2, sales-b1; give more/);
  });

  it('guesses the one that was meant', () => {
    expect(() => pickRun(runs, 'visit-a1')).toThrow(/there is no run "visit-a1".*did you mean "visits-a1"\?/);
  });

  it('takes nothing for no run, and not for the beginning of all', () => {
    expect(() => pickRun(runs, '')).toThrow('there is no run ""');
  });

  it('says how to get a run where there is none', () => {
    expect(() => pickRun([], 'latest')).toThrow(/there is no run "latest".*none yet.*penstock put/);
  });

  it('counts those that it does not name', () => {
    const many = Array.from({ length: 12 }, (_, index) => ({ run: `sales-${index}` }) as unknown as Run);
    expect(() => pickRun(many, 'sales')).toThrow('and 4 more');
  });
});

it('a whole id is found however old the run is', async () => {
  const old = { run: 'sales-old' } as unknown as Run;
  const store = { find: async (id: string) => (id === old.run ? old : undefined), list: async () => ({ runs }) };
  expect(await findRun({ runs: store } as unknown as Platform, 'sales-old')).toBe(old);
});

it('the beginning of an id is found behind many newer runs, where none of them has it, and names several there, too', async () => {
  const many = [...Array.from({ length: 300 }, (_, index) => `sales-${index}`), 'visits-a1', 'visits-b1'];
  const list = async ({ limit = 50, cursor = '0' }) => {
    const end = Number(cursor) + limit;
    const page = many.slice(Number(cursor), end).map((run) => ({ run }) as unknown as Run);
    return { runs: page, ...(end < many.length && { cursor: String(end) }) };
  };
  const platform = { runs: { find: async () => undefined, list } } as unknown as Platform;
  expect((await findRun(platform, 'visits-b')).run).toBe('visits-b1');
  await expect(findRun(platform, 'visits')).rejects.toThrow('several runs begin with "visits"');
  await expect(findRun(platform, 'orders')).rejects.toThrow('there is no run "orders"');
  expect((await findRun(platform, 'latest')).run).toBe('sales-0');
});
