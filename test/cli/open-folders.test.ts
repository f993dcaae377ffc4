import { expect, test } from 'vitest';
import { mostObjects, openSets, waitsForText } from '../../lib/cli/open-folders.ts';
import type { Platform } from '../../lib/cli/platform.ts';
import { ordersPlan } from '../fixtures/orders-plan.ts';
import { memoryPorts } from '../fixtures/ports/memory-ports.ts';

const plan = {
  ...ordersPlan,
  triggers: [
    { kind: 'file', prefix: 'landing/marked/', complete: { marker: '_SUCCESS' } },
    { kind: 'file', prefix: 'landing/counted/', complete: { count: 3 } },
  ] as const,
};
const { pipeline } = ordersPlan;
const emptyRun = {
  run: `${pipeline}-1`,
  pipeline,
  planDigest: plan.digest,
  trigger: { kind: 'manual', requestId: '1' },
  startedAt: '2026-01-01T00:00:00.000Z',
  state: 'Running',
  phase: 'Completing',
  transitions: [{ state: 'Running', phase: 'Completing', at: 1 }],
} as const;

test('files wait that came behind the last marker of their folder and were not taken, and those of sets that are not whole', async () => {
  const { objects, runs, arrivals } = memoryPorts();
  const put = (key: string, at: number) => {
    const versionId = objects.drop(key, key);
    objects.modifiedAt.set(key, at);
    return { key, versionId };
  };
  put('landing/marked/monday/a.csv', 1);
  put('landing/marked/monday/_SUCCESS', 2);
  put('landing/marked/monday/late.csv', 3);
  put('landing/marked/tuesday/a.csv', 1);
  put('landing/marked/tuesday/b.csv', 2);
  put('landing/marked/top.csv', 1);
  put('landing/marked/done/_SUCCESS', 2);
  await runs.create(emptyRun);
  await runs.claim(pipeline, emptyRun.run, [put('landing/marked/taken/a.csv', 1)]);
  const { key, versionId } = put('landing/counted/a.csv', 1);
  const decision = { as: 'batch', place: 'landing/counted/', number: 1, opens: true } as const;
  const file = { pipeline, key, versionId, size: 1, sequencer: '1' };
  await arrivals.decide({ file, decision, history: {}, at: 1 });
  const { sets: found, unseen } = await openSets({ objects, runs, arrivals } as unknown as Platform, pipeline, plan);
  expect(found.map((one) => [one.place, one.files, waitsForText(one)])).toEqual([
    ['landing/counted/', 1, '2 more'],
    ['landing/marked/monday/', 1, '_SUCCESS'],
    ['landing/marked/', 1, '_SUCCESS'],
    ['landing/marked/tuesday/', 2, '_SUCCESS'],
  ]);
  expect(found[0]).toMatchObject({ number: 1, count: 3 });
  expect(unseen).toEqual([]);
});

test('of a prefix that holds more than can be looked through, it is said that there are more', async () => {
  const { objects, runs, arrivals } = memoryPorts();
  const put = (key: string, at: number) => {
    objects.drop(key, key);
    objects.modifiedAt.set(key, at);
  };
  put('landing/marked/early/a.csv', 1);
  for (let file = 0; file < mostObjects + 2; file++)
    put(`landing/marked/huge/${String(file).padStart(6, '0')}.csv`, file);
  // Behind all that is looked at, and it counts.
  put('landing/marked/huge/_SUCCESS', 4.5);
  put('landing/marked/later/a.csv', 1);
  const platform = { objects, runs, arrivals } as unknown as Platform;
  expect(await openSets(platform, pipeline, plan)).toEqual({
    sets: [
      { place: 'landing/marked/early/', files: 1, marker: '_SUCCESS' },
      { place: 'landing/marked/huge/', files: mostObjects - 1 - 5, marker: '_SUCCESS', more: true },
    ],
    unseen: ['landing/marked/'],
  });
});
