import { describe, expect, test } from 'vitest';
import type { FileRule } from '../../../lib/component/plan.ts';
import { type TriggerPorts, trigger } from '../../../lib/runtime/trigger.ts';
import { fileMessage, ordersPrefix as prefix } from '../../fixtures/file-message.ts';
import { type MemoryPorts, memoryPorts } from '../../fixtures/ports/memory-ports.ts';

const names = ['a', 'b', 'c', 'd'];

type Rule = Omit<FileRule, 'prefix'>;

const arrival = (name: string, rule: Rule) => fileMessage(name, { content: name, rule });

/** Counts the calls of what the trigger works with, and lets one of them fail before or after it has done its work. */
class Surroundings {
  calls = 0;
  readonly ports: MemoryPorts = memoryPorts();
  readonly #lost: { readonly at: number; readonly after: boolean } | undefined;

  constructor(lost?: { readonly at: number; readonly after: boolean }) {
    this.#lost = lost;
  }

  /** The same, with the fault. */
  get faulty(): TriggerPorts {
    const { arrivals, executions, pipelines, runs, triggerQueue, clock, logger } = this.ports;
    const wrap = <Port extends object>(port: Port): Port =>
      new Proxy(port, {
        get: (target: any, name) =>
          typeof target[name] !== 'function' ? target[name] : (...given: unknown[]) => this.#call(target, name, given),
      });
    const wrapped = { arrivals: wrap(arrivals), executions: wrap(executions), triggerQueue: wrap(triggerQueue) };
    return { ...wrapped, pipelines: wrap(pipelines), runs: wrap(runs), clock, logger };
  }

  async #call(target: any, name: string | symbol, given: readonly unknown[]): Promise<unknown> {
    const at = this.calls++;
    if (at !== this.#lost?.at) return target[name](...given);
    if (this.#lost.after) await target[name](...given);
    throw new Error('the function was killed');
  }
}

/** Hands messages to the trigger as its queue does: what fails comes again, what is put off comes when it is time. */
async function deliver(surroundings: Surroundings, rule: Rule): Promise<void> {
  const { ports, faulty } = surroundings;
  const waiting = names.map((name) => arrival(name, rule));
  for (let body = waiting.shift(); body !== undefined; body = waiting.shift()) {
    await trigger(faulty, body).catch(() => waiting.push(body!));
    for (const { body: later, seconds } of waiting.length > 0 ? [] : ports.triggerQueue.later.splice(0)) {
      await ports.clock.sleep(seconds * 1000);
      waiting.push(later);
    }
  }
}

/** Files of each run that was started. */
async function runsOf({ executions, arrivals }: MemoryPorts): Promise<string[][]> {
  const triggers = [...executions.started.values()].map(({ input }) => input.trigger);
  const members = await Promise.all(triggers.map((one) => arrivals.members({ pipeline: 'orders', ...one })));
  return members.map((files) => files.map(({ key }) => key.slice(prefix.length)));
}

const rules: readonly (readonly [title: string, rule: Rule, runs: readonly (readonly string[])[]])[] = [
  ['windows of three', { window: { seconds: 1800, atMost: 3 } }, [['a', 'b', 'c'], ['d']]],
  // Nothing but the message of its last file starts the run of such a set.
  [
    'sets of two',
    { complete: { count: 2 } },
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
];

describe.each(rules)('four files of %s', async (_, rule, runs) => {
  const whole = new Surroundings();
  await deliver(whole, rule);

  test('are two runs', async () => {
    expect(await runsOf(whole.ports)).toEqual(runs);
    expect(whole.calls).toBeGreaterThan(20);
  });

  test.each(Array.from({ length: whole.calls }, (_, at) => at))(
    'are each part of one run wherever the function is killed, here before and after its call %i',
    async (at) => {
      for (const after of [false, true]) {
        const surroundings = new Surroundings({ at, after });
        await deliver(surroundings, rule);
        expect(surroundings.calls).toBeGreaterThan(at);
        expect((await runsOf(surroundings.ports)).flat().toSorted()).toEqual(names);
        expect(await surroundings.ports.arrivals.open('orders')).toEqual([]);
      }
    },
  );
});
