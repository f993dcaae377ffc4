import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, test } from 'vitest';
import { changesTold } from '../../lib/aws/changes-told.ts';
import { itemKeys } from '../../lib/aws/dynamodb-keys.ts';

test('the stream of the run table tells of runs, of what was left to be told, and of what has expired', () => {
  const run = 'orders-1';
  const record = { run, pipeline: 'orders', planDigest: 'd', trigger: { kind: 'manual' }, state: 'Triggered' };
  const event = { type: 'SchemaDrifted', pipeline: 'orders', run, at: 7, detail: { columns: 1 } };
  const moved = { state: 'Paused', by: 'ada', at: 8 };
  const paused = { pipeline: 'orders', ...moved, transitions: [moved] };
  const acted = { pipeline: 'orders', by: 'ada', at: 9, action: 'pause' };
  const written = (item: object) => ({ eventName: 'INSERT', dynamodb: { NewImage: marshall(item) } }) as const;
  const removed = (key: object) =>
    ({ eventName: 'REMOVE', dynamodb: { Keys: marshall(key), ApproximateCreationDateTime: 2 } }) as const;
  const told = changesTold([
    written({ ...itemKeys.run(run), gsiPk: 'x', ...record, transitions: [{ state: 'Triggered', at: 5 }] }),
    written({ ...itemKeys.event(run, 'id'), event }),
    written({ ...itemKeys.listing(run), run }),
    written({ ...itemKeys.pipeline('orders'), ...paused }),
    written({ ...itemKeys.audit('orders', '1'), ...acted }),
    removed(itemKeys.kept('orders', run)),
    removed(itemKeys.event(run, 'id')),
  ]);
  expect(told).toEqual([
    {
      ...{ type: 'PipelineTriggered', pipeline: 'orders', run, at: 5 },
      detail: {
        ...{ planDigest: 'd', sequence: 1, trigger: 'manual' },
        record: { ...record, transitions: [{ state: 'Triggered', at: 5 }] },
      },
    },
    event,
    { type: 'PipelinePaused', pipeline: 'orders', at: 8, detail: { sequence: 1, by: 'ada', record: paused } },
    { type: 'OperatorActed', pipeline: 'orders', at: 9, detail: { action: 'pause', by: 'ada', at: 9 } },
    { type: 'RedriveExpired', pipeline: 'orders', run, at: 2000, detail: { at: 2000 } },
  ]);
});
