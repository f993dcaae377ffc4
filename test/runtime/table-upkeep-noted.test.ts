import { expect, test } from 'vitest';
import * as z from 'zod';
import { expireOnAws, orphansOnAws, rollbackOnAws } from '../../lib/aws/table-history.ts';
import { lake } from '../../lib/index.ts';
import { commit } from '../../lib/runtime/publish/commit.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { assessedRun, type EnginePorts, enginePorts } from '../fixtures/assessed-run.ts';
import { FaultLine } from '../fixtures/ports/faults.ts';

const record = z.object({ id: z.int() });
const table = 'things';

async function publishedTwice(): Promise<EnginePorts> {
  const ports = enginePorts();
  for (const day of [1, 2]) {
    const startedAt = `2026-01-0${day}T00:00:00.000Z`;
    const outputs = (rows: Parameters<NonNullable<Parameters<typeof assessedRun>[0]['outputs']>>[0]) => [
      rows.to(lake({ table, mode: 'replace' })),
    ];
    const { code, input } = await assessedRun({ record, rows: [{ id: day }], quality: [], ports, startedAt, outputs });
    await publish(ports, code, input);
    await commit(ports, code, input);
  }
  return ports;
}

const state = async (ports: EnginePorts) =>
  JSON.stringify([(await ports.tables.pointer(table)).metadata, ports.objects.keys('curated/things/data/')]);
const later = Date.UTC(2100, 0, 1);

const acts: readonly [string, (ports: EnginePorts) => Promise<unknown>][] = [
  ['rollback', (ports) => rollbackOnAws(ports, { table, to: { version: 1 }, by: 'ada' })],
  ['expire', (ports) => expireOnAws(ports, { table, before: later, keep: 1, by: 'ada' })],
  ['remove-orphans', (ports) => orphansOnAws(ports, { table, before: Date.UTC(2026, 5, 1), remove: true, by: 'ada' })],
];

test.each(acts)('who is cut off anywhere in %s leaves an entry where anything was changed', async (action, act) => {
  let cuts = 0;
  for (let at = 0, over = false; !over; at++) {
    const ports = await publishedTwice();
    if (action === 'remove-orphans') ports.objects.drop('curated/things/data/run=gone-1/0.parquet', 'x');
    const before = await state(ports);
    const line = new FaultLine({ at, when: 'after' });
    const [objects, tables, audit] = [ports.objects, ports.tables, ports.audit];
    const dying = {
      ...ports,
      objects: line.through('objects', objects),
      tables: line.through('tables', tables),
      audit: line.through('audit', audit),
    };
    over = await act(dying).then(
      () => true,
      () => false,
    );
    if (!over) cuts++;
    const entries = audit.entries.filter((entry) => entry.action === action);
    if ((await state(ports)) !== before) expect({ at, noted: entries.length > 0 }).toEqual({ at, noted: true });
    if (over)
      expect(entries).toMatchObject([
        { by: 'ada', detail: { table, outcome: 'begun' } },
        { by: 'ada', detail: { table, outcome: 'done' } },
      ]);
  }
  expect(cuts).toBeGreaterThan(2);
});
