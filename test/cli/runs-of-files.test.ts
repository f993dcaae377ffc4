import { describe, expect, test } from 'vitest';
import type { Platform } from '../../lib/cli/platform.ts';
import { outcomesOf } from '../../lib/cli/runs-of-files.ts';

const place = 'landing/parts/d1/';
const run = { run: 'parts-1', trigger: { kind: 'batch', place, number: 1 } };

/** A platform where a file has joined a set, whose run is named when it was asked for so many times. */
function platform(files: number, namedAfter: number): Platform {
  let asked = 0;
  return {
    runs: { list: async () => ({ runs: [] }), newest: async () => [], find: async () => run },
    arrivals: {
      history: async () => ({ decision: { as: 'batch', place, number: 1 } }),
      closed: async () => (asked++ < namedAfter ? undefined : { run: run.run }),
      batch: async () => ({ number: 1, state: 'open', files }),
    },
    pipelines: { find: async () => undefined },
  } as unknown as Platform;
}

describe('a file of a set', () => {
  const file = { pipeline: 'parts', key: `${place}c.csv`, versionId: 'v', complete: 3 };

  test('waits where others are missing', async () => {
    expect(await outcomesOf(platform(2, 9), [file])).toMatchObject([{ as: 'waits', batch: { files: 2 } }]);
  });

  test('is in the run of the set where it was the last one, though that run is named a little later', async () => {
    expect(await outcomesOf(platform(3, 2), [file])).toEqual([{ as: 'run', run }]);
  });
});
