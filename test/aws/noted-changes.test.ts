import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DynamodbAudit } from '../../lib/aws/dynamodb-audit.ts';
import { DynamodbBackfills } from '../../lib/aws/dynamodb-backfills.ts';
import { DynamodbCircuits } from '../../lib/aws/dynamodb-circuits.ts';
import { DynamodbPipelineStore } from '../../lib/aws/dynamodb-pipeline-store.ts';
import { DynamodbRunStore } from '../../lib/aws/dynamodb-run-store.ts';
import { DynamodbTable } from '../../lib/aws/dynamodb-table.ts';
import type { AuditAction } from '../../lib/core/audit-actions.ts';
import { createDynamodb } from '../../local/services/dynamodb/index.ts';
import { createRunTable, type LocalAws, runTable, startLocalAws } from './local-aws.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws([createDynamodb]);
  await createRunTable(aws);
});
afterAll(() => aws.stop());

const at = Date.UTC(2026, 0, 1);
const table = () => new DynamodbTable(aws.dynamodb, runTable, aws.clock);
const entry = (action: AuditAction, pipeline: string) => ({ at, by: 'ada', action, pipeline });
const noted = async (pipeline: string) =>
  (await new DynamodbAudit(table()).list({ pipeline })).map(({ action }) => action);

test('what stands in the audit once is noted once: the first entry stays', async () => {
  const audit = new DynamodbAudit(table());
  for (const by of ['ada', 'ben']) await audit.add({ ...entry('start', 'once'), by }, 'once-1');
  await audit.add(entry('start', 'once'));
  expect((await audit.list({ pipeline: 'once' })).map(({ by }) => by)).toEqual(['ada', 'ada']);
});

/** Each is made twice: the second time its condition does not hold. */
const changes: readonly [
  string,
  AuditAction,
  (pipeline: string, audit: ReturnType<typeof entry>) => Promise<boolean>,
][] = [
  [
    'of a run',
    'cancel',
    async (pipeline, audit) => {
      const runs = new DynamodbRunStore(table());
      const run = `${pipeline}-1`;
      const startedAt = new Date(at).toISOString();
      const trigger = { kind: 'manual', requestId: '1' } as const;
      await runs.create({ run, pipeline, planDigest: 'a', trigger, startedAt, state: 'Triggered', transitions: [] });
      return runs.change({ run, from: [{ state: 'Triggered' }], to: { state: 'Cancelled' }, at, audit });
    },
  ],
  [
    'of who looks after a run',
    'acknowledge',
    async (pipeline, audit) =>
      (await new DynamodbRunStore(table()).acknowledge({ run: `${pipeline}-1`, by: 'ada', at }, audit)) === undefined,
  ],
  [
    'of a pipeline',
    'pause',
    (pipeline, audit) =>
      new DynamodbPipelineStore(table()).change({ pipeline, from: [undefined], to: 'Paused', by: 'ada', at, audit }),
  ],
  [
    'of a circuit',
    'close-circuit',
    async (pipeline, audit) => {
      const circuits = new DynamodbCircuits(table());
      const circuit = { system: pipeline, failures: 0, since: at, pipeline, at };
      await circuits.change({ ...circuit, state: 'open', version: 1 });
      return circuits.change({ ...circuit, state: 'closed', version: 2 }, audit);
    },
  ],
  [
    'of a backfill',
    'cancel-backfill',
    (pipeline, audit) => new DynamodbBackfills(table()).close({ pipeline, id: 'b' }, 'Cancelled', audit),
  ],
];

describe('a change', () => {
  test.each(changes)(
    '%s and the entry that says who made it are written together, or not at all',
    async (_, action, change) => {
      const pipeline = `noted-${action}`;
      if (action === 'cancel-backfill') {
        const range = { from: '2026-01-01', to: '2026-01-02', slice: '1 day', slices: 1, bounds: [], parameters: {} };
        const record = { id: 'b', pipeline, ...range, tables: [], state: 'Open' as const, by: 'ada', at };
        await new DynamodbBackfills(table()).open(record, entry('backfill', pipeline));
      }
      const before = await noted(pipeline);
      expect(await change(pipeline, entry(action, pipeline))).toBe(true);
      expect(await noted(pipeline)).toEqual(expect.arrayContaining([action, ...before]));
      expect(await change(pipeline, entry(action, pipeline))).toBe(false);
      expect(await noted(pipeline)).toHaveLength(before.length + 1);
    },
  );
});
