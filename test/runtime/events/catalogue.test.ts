import { beforeAll, describe, expect, test } from 'vitest';
import { compensate } from '../../../lib/runtime/compensate.ts';
import { endRun } from '../../../lib/runtime/end-run.ts';
import { failureNotes } from '../../../lib/runtime/error-log/failure-notes.ts';
import { failurePatterns } from '../../../lib/runtime/error-log/failure-patterns.ts';
import { announce } from '../../../lib/runtime/events/announce.ts';
import { archivedEvents, archivedKeys } from '../../../lib/runtime/events/archive.ts';
import { eventCatalogue } from '../../../lib/runtime/events/catalogue.ts';
import { type CloudEvent, cloudEvent } from '../../../lib/runtime/events/cloud-event.ts';
import { eventsOfPipeline } from '../../../lib/runtime/events/events-of-pipeline.ts';
import { storedRun } from '../../../lib/runtime/events/events-of-run.ts';
import { rebuild } from '../../../lib/runtime/events/rebuild.ts';
import { commit } from '../../../lib/runtime/publish/commit.ts';
import { publish } from '../../../lib/runtime/publish/publish.ts';
import { decideReview } from '../../../lib/runtime/review/decide-review.ts';
import { expireReview } from '../../../lib/runtime/review/expire-review.ts';
import { review } from '../../../lib/runtime/review/review.ts';
import { ordersPipeline } from '../../fixtures/orders-plan.ts';
import { MemoryErrorLog } from '../../fixtures/ports/memory-error-log.ts';
import { memoryPorts } from '../../fixtures/ports/memory-ports.ts';
import { manual, runToEnd, runToGate, stageInput } from '../../fixtures/run-machine.ts';

const ports = memoryPorts();
const { plan } = ordersPipeline;
const reviewed = { ...ordersPipeline, plan: { ...plan, gate: { ...plan.gate, pass: 1.1, review: 0.1 } } };
const inputOf = (name: string) => stageInput(ordersPipeline, manual(name));
let events: readonly CloudEvent[];

/** Runs that end in every way there is, of two pipelines. */
beforeAll(async () => {
  ports.objects.drop('reference/cities.csv', 'Rome,1');
  const cities = ['Rome', 'Oslo', 'Kiel', 'Bonn', 'Bern', 'Nice'];
  const drop = () => ports.objects.drop(`landing/orders/${cities.length}.csv`, `${cities.pop()},5`);
  drop();
  await runToEnd(ports, ordersPipeline, inputOf('completed'));

  drop();
  const failed = inputOf('failed');
  await runToGate(ports, ordersPipeline, failed);
  await compensate(ports, ordersPipeline, { ...failed, error: { Error: 'States.Timeout' }, state: 'Publish' });
  await runToEnd(ports, ordersPipeline, stageInput(ordersPipeline, { ...manual('failed'), attempt: 1 }));

  drop();
  const cancelled = inputOf('cancelled');
  await runToGate(ports, ordersPipeline, cancelled);
  const startDate = Date.parse(cancelled.startedAt);
  const told = { name: cancelled.run, status: 'ABORTED', startDate, error: null, cause: null } as const;
  await endRun(ports, ordersPipeline, { ...told, input: JSON.stringify(cancelled) });

  drop();
  const approved = inputOf('approved');
  await runToGate(ports, reviewed, approved);
  await review(ports, reviewed, { ...approved, taskToken: 'canary-1' });
  await decideReview(ports, { run: approved.run, decision: 'approve', by: 'ada' });
  await publish(ports, reviewed, approved);
  await commit(ports, reviewed, approved);

  drop();
  const expired = inputOf('expired');
  await runToGate(ports, reviewed, expired);
  await review(ports, reviewed, { ...expired, taskToken: 'canary-2' });
  await expireReview(ports, reviewed, { ...expired, expired: true });

  drop();
  await runToGate(ports, ordersPipeline, inputOf('going on'));
  ports.bus.events.push(...ports.pipelines.told.flatMap(eventsOfPipeline));
  events = ports.bus.events.map(cloudEvent);
});

test('every event of a run is as the catalogue says, and names itself as CloudEvents asks', () => {
  const types = new Set(events.map(({ type }) => type));
  for (const type of ['DataValidated', 'DataStored', 'PipelineFailed', 'PipelineCancelled', 'ReviewDecided'] as const)
    expect(types).toContain(type);
  for (const event of events) {
    expect(() => eventCatalogue[event.type].parse(JSON.parse(JSON.stringify(event.data))), event.type).not.toThrow();
    expect(event).toMatchObject({
      specversion: '1.0',
      source: '/penstock/orders',
      subject: event.run ?? 'orders',
      datacontenttype: 'application/json',
      dataschema: `urn:penstock:event:${event.type}:1`,
    });
  }
});

test('no two events have one id', () => {
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
});

test('no event tells with which token a review is decided', () => {
  expect(JSON.stringify(events)).not.toContain('canary');
});

describe('the state of the world', () => {
  const stored = async () => {
    const { runs } = await ports.runs.list({ limit: 100 });
    return new Map(runs.map((record) => [record.run, storedRun(record)]));
  };

  test('is rebuilt from events that came twice and out of order', async () => {
    const all = [...events, ...events];
    const mixed = all.map((_, index) => all[(index * 7) % all.length]!);
    expect(rebuild(mixed).runs).toEqual(await stored());
    expect(rebuild(mixed).pipelines).toEqual(new Map([['orders', await ports.pipelines.find('orders')]]));
    expect([...rebuild(mixed).runs.values()].map(({ state }) => state).sort()).toEqual([
      'AwaitingReview',
      'Cancelled',
      'Completed',
      'Completed',
      'Completed',
      'Failed',
      'Running',
    ]);
  });

  test('is rebuilt from the archive, whose writer was killed at any point', async () => {
    const sent: string[] = [];
    const errorLog = new MemoryErrorLog();
    let kills = 3;
    const broadcast = {
      send: async (told: readonly CloudEvent[]) => {
        if (kills-- > 0) throw new Error('killed');
        sent.push(...told.map(({ id }) => id));
      },
    };
    for (const batch of Array.from({ length: Math.ceil(events.length / 7) }, (_, at) => at * 7)) {
      const some = ports.bus.events.slice(batch, batch + 7);
      // Lambda calls again with the same batch.
      while (await announce({ ...ports, errorLog, broadcast }, some).catch(() => 'killed'));
    }
    expect(await errorLog.patterns()).toEqual(failurePatterns(failureNotes([...events, ...events])));
    expect(await errorLog.patterns()).toMatchObject([{ error: 'States.Timeout', count: 1 }]);
    const keys = await Array.fromAsync(archivedKeys(ports, { since: 0, until: Date.UTC(2026, 5) }));
    expect(keys).toHaveLength(events.length);
    expect(new Set(sent)).toEqual(new Set(events.map(({ id }) => id)));
    expect(rebuild(await archivedEvents(ports, keys)).runs).toEqual(await stored());
  });
});

test('the archive is read by time, pipeline and type', async () => {
  const at = (hours: number) => Date.UTC(2026, 3, 1, hours);
  const failed = { type: 'PipelineFailed', pipeline: 'orders', run: 'r', detail: { sequence: 1 } } as const;
  const own = memoryPorts();
  const all = [0, 1, 26].map((hours, number) => ({ ...failed, run: `r${number}`, at: at(hours) }));
  const others = [{ ...failed, pipeline: 'other', at: at(1) }, { ...failed, type: 'DataStored', at: at(1) } as const];
  await announce({ ...own, errorLog: new MemoryErrorLog(), broadcast: { send: async () => {} } }, [...all, ...others]);
  const found = async (query: { since: number; until: number }) => {
    const keys = await Array.fromAsync(archivedKeys(own, { ...query, pipeline: 'orders', type: 'PipelineFailed' }));
    return (await archivedEvents(own, keys)).map(({ run }) => run);
  };
  expect(await found({ since: at(0), until: at(48) })).toEqual(['r0', 'r1', 'r2']);
  expect(await found({ since: at(1), until: at(26) })).toEqual(['r1']);
});
