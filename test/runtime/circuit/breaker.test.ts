import { describe, expect, test } from 'vitest';
import { minute, second } from '../../../lib/core/durations.ts';
import { AccessRefusedError } from '../../../lib/core/errors/access-refused-error.ts';
import { ServiceDelayedError } from '../../../lib/core/errors/service-delayed-error.ts';
import { ServiceUnavailableError } from '../../../lib/core/errors/service-unavailable-error.ts';
import { Breaker } from '../../../lib/runtime/circuit/breaker.ts';
import { cloudEvent } from '../../../lib/runtime/events/cloud-event.ts';
import { eventsOfCircuit } from '../../../lib/runtime/events/events-of-circuit.ts';
import { rebuild } from '../../../lib/runtime/events/rebuild.ts';
import { circuitsContract } from '../../fixtures/ports/contracts/circuits.ts';
import { MemoryCircuits } from '../../fixtures/ports/memory-circuits.ts';
import { RecordingLogger, RecordingMeter } from '../../fixtures/ports/recorders.ts';

circuitsContract('memory', () => new MemoryCircuits());

const away = new ServiceUnavailableError({ problem: 'no answer', change: 'wait' });
const begin = Date.UTC(2026, 0, 1);

/** Workers with one store and one clock; `system` is what they call. */
function world() {
  const circuits = new MemoryCircuits();
  const meter = new RecordingMeter();
  const surroundings = { time: begin, error: undefined as Error | undefined, calls: 0 };
  const ports = {
    circuits,
    meter,
    logger: new RecordingLogger(),
    pipeline: 'orders',
    clock: { now: () => surroundings.time, after: () => ({ cancel() {} }), sleep: async () => {} },
  };
  const worker = (prepare = (_breaker: Breaker) => {}) => {
    const breaker = new Breaker(ports);
    prepare(breaker);
    return () =>
      breaker.call('lake', async () => {
        surroundings.calls++;
        if (surroundings.error) throw surroundings.error;
        return 'answer';
      });
  };
  return Object.assign(surroundings, { circuits, meter, worker, outcome });
}

const outcome = (call: Promise<unknown>) => call.then(String, ({ name }: Error) => name);

/** A world whose circuit has just opened. */
async function opened() {
  const made = world();
  made.error = away;
  for (let n = 0; n < 5; n++) await made.outcome(made.worker()());
  expect((await made.circuits.find('lake'))?.state).toBe('open');
  return made;
}

describe('while all is well', () => {
  test('calls cost no write, and a read every ten seconds', async () => {
    const { circuits, worker } = world();
    const call = worker();
    for (let n = 0; n < 1000; n++) expect(await call()).toBe('answer');
    expect(circuits.changes).toEqual([]);
    expect(circuits.reads).toBe(1);
  });

  test('what the system refuses says nothing against it', async () => {
    const made = world();
    made.error = new AccessRefusedError({ problem: 'no', change: 'allow it' });
    for (let n = 0; n < 10; n++) expect(await made.outcome(made.worker()())).toBe('AccessRefusedError');
    expect(made.circuits.changes).toEqual([]);
  });

  test('failures far from each other do not add up', async () => {
    const made = world();
    made.error = away;
    for (let n = 0; n < 20; n++) {
      await made.outcome(made.worker()());
      made.time += 20 * second;
    }
    expect((await made.circuits.find('lake'))?.state).toBe('closed');
  });
});

describe('a system that fails again and again', () => {
  test('is left alone by all workers, who are told how long', async () => {
    const made = await opened();
    expect(made.calls).toBe(5);
    made.time += 10 * second;
    const refused = await made
      .worker()()
      .catch((error) => error);
    expect(refused).toMatchObject({ name: 'CircuitOpenError', kind: 'throttled' });
    expect(refused.retryAfterSeconds).toBeGreaterThanOrEqual(20);
    expect(refused.retryAfterSeconds).toBeLessThanOrEqual(24);
    expect(made.calls).toBe(5);
    expect(made.meter.values).toEqual([
      ...Array(5).fill(['SystemCallsFailed', 1]),
      ['CircuitsOpened', 1],
      ['CallsRefused', 1],
    ]);
  });

  test('is counted once by each of many workers at once', async () => {
    const made = world();
    made.error = away;
    await Promise.all(Array.from({ length: 5 }, () => made.outcome(made.worker()())));
    expect(await made.circuits.find('lake')).toMatchObject({ state: 'open', failures: 5 });
  });

  test('is called by one worker alone once the time has come, and by all when that one has an answer', async () => {
    const made = await opened();
    made.time += 30 * second;
    made.error = undefined;
    const calls = await Promise.all(Array.from({ length: 20 }, () => made.outcome(made.worker()())));
    expect(calls.filter((one) => one === 'answer')).toHaveLength(1);
    expect(calls.filter((one) => one === 'CircuitOpenError')).toHaveLength(19);
    expect(await Promise.all(Array.from({ length: 20 }, () => made.outcome(made.worker()())))).toEqual(
      Array(20).fill('answer'),
    );
    expect(made.circuits.changes.map(({ state }) => state).slice(-3)).toEqual(['open', 'half-open', 'closed']);
  });

  test('is called by one worker alone however far clocks differ', async () => {
    const made = await opened();
    made.error = undefined;
    // Theirs are ten minutes ahead, so that they believe that the time is over.
    const ahead = { now: () => made.time + 10 * minute, after: () => ({ cancel() {} }), sleep: async () => {} };
    const { circuits, meter } = made;
    let calls = 0;
    const workers = Array.from({ length: 10 }, () => {
      const breaker = new Breaker({ circuits, meter, logger: new RecordingLogger(), pipeline: 'orders', clock: ahead });
      return breaker.call('lake', async () => {
        calls++;
        return new Promise((resolve) => setImmediate(resolve));
      });
    });
    await Promise.allSettled(workers);
    expect(calls).toBe(1);
    expect((await circuits.find('lake'))?.state).toBe('closed');
  });

  test('is left alone for twice as long each time that it still fails, up to a quarter of an hour', async () => {
    const made = await opened();
    const delays: number[] = [];
    for (let n = 0; n < 7; n++) {
      const { retryAt } = (await made.circuits.find('lake'))!;
      delays.push((retryAt! - made.time) / minute);
      made.time = retryAt!;
      await made.outcome(made.worker()());
    }
    expect(delays).toEqual([0.5, 1, 2, 4, 8, 15, 15]);
  });

  test('that answers some calls alone is left alone longer each time, too, and anew once it has worked for a while', async () => {
    const made = await opened();
    const openedFor = async () => {
      const { state, delay } = (await made.circuits.find('lake'))!;
      return state === 'open' ? delay! / second : state;
    };
    const answer = async (error: Error | undefined, calls: number) => {
      made.error = error;
      for (let n = 0; n < calls; n++) await made.outcome(made.worker()());
    };
    const delays: unknown[] = [];
    for (let n = 0; n < 3; n++) {
      made.time = (await made.circuits.find('lake'))!.retryAt!;
      await answer(undefined, 1);
      await answer(away, 5);
      delays.push(await openedFor());
    }
    made.time = (await made.circuits.find('lake'))!.retryAt!;
    await answer(undefined, 1);
    made.time += 10 * minute;
    await answer(away, 5);
    expect([...delays, await openedFor()]).toEqual([60, 120, 240, 30]);
  });

  test('gets another probe where the first one never ends', async () => {
    const made = await opened();
    made.time += 30 * second;
    const breaker = new Breaker({
      circuits: made.circuits,
      meter: made.meter,
      logger: new RecordingLogger(),
      pipeline: 'orders',
      clock: { now: () => made.time, after: () => ({ cancel() {} }), sleep: async () => {} },
    });
    let end = () => {};
    const lost = breaker.call('lake', () => new Promise<void>((resolve) => (end = resolve)));
    await new Promise(setImmediate);
    made.error = undefined;
    expect(await made.outcome(made.worker()())).toBe('CircuitOpenError');
    made.time += minute;
    expect(await made.outcome(made.worker()())).toBe('answer');
    // The fence: what the lost one finds out later changes nothing.
    const before = await made.circuits.find('lake');
    end();
    await lost;
    expect(await made.circuits.find('lake')).toEqual(before);
  });

  test('is waited for no longer after six hours', async () => {
    const made = await opened();
    for (let n = 0; n < 30; n++) {
      made.time = (await made.circuits.find('lake'))!.retryAt!;
      await made.outcome(made.worker()());
    }
    made.time += second;
    expect(await made.outcome(made.worker()())).toBe('ServiceUnavailableError');
  });

  test('is waited for after six hours, too, by work that nobody else would bring to its end', async () => {
    const made = await opened();
    for (let n = 0; n < 30; n++) {
      made.time = (await made.circuits.find('lake'))!.retryAt!;
      await made.outcome(made.worker()());
    }
    made.error = undefined;
    const patient = (breaker: Breaker) => breaker.waitHoweverLong();
    expect(await made.outcome(made.worker(patient)())).toBe('CircuitOpenError');
    made.time = (await made.circuits.find('lake'))!.retryAt!;
    expect(await made.outcome(made.worker(patient)())).toBe('answer');
  });

  test('is told of, once for each change', async () => {
    const made = await opened();
    made.time += 30 * second;
    made.error = undefined;
    await made.worker()();
    const events = made.circuits.changes.flatMap(eventsOfCircuit);
    expect(rebuild(events.map(cloudEvent).reverse()).circuits).toEqual(
      new Map([['lake', await made.circuits.find('lake')]]),
    );
    expect(events).toMatchObject([
      { type: 'CircuitOpened', pipeline: 'orders', detail: { system: 'lake', failures: 5, error: away.name } },
      { type: 'CircuitProbed' },
      { type: 'CircuitClosed' },
    ]);
  });
});

test('a time that a system names holds for all workers at once', async () => {
  const made = world();
  const parts = { problem: 'later', change: 'wait', retryAfterSeconds: 300 };
  made.error = new ServiceDelayedError(parts);
  expect(await made.outcome(made.worker()())).toBe('ServiceDelayedError');
  const refused = await made
    .worker()()
    .catch((error) => error);
  expect(refused.name).toBe('CircuitOpenError');
  expect(refused.retryAfterSeconds).toBeGreaterThanOrEqual(300);
});

test('a store that does not answer holds nobody up', async () => {
  const made = world();
  made.circuits.find = () => Promise.reject(away);
  made.circuits.change = () => Promise.reject(away);
  expect(await made.outcome(made.worker()())).toBe('answer');
  made.error = away;
  expect(await made.outcome(made.worker()())).toBe('ServiceUnavailableError');
});
