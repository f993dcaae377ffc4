import { beforeEach, describe, expect, test } from 'vitest';
import { minute, second } from '../../../lib/core/durations.ts';
import { CircuitOpenError } from '../../../lib/core/errors/circuit-open-error.ts';
import { ServiceUnavailableError } from '../../../lib/core/errors/service-unavailable-error.ts';
import { outwait } from '../../../lib/runtime/circuit/outwait.ts';
import { RecordingLogger } from '../../fixtures/ports/recorders.ts';

const open = (retryAfterSeconds: number) =>
  new CircuitOpenError({ problem: 'left alone', change: 'wait', retryAfterSeconds });

let slept: number[];
let time: number;
const ports = {
  logger: new RecordingLogger(),
  clock: {
    now: () => time,
    after: () => ({ cancel() {} }),
    sleep: async (milliseconds: number) => {
      slept.push(milliseconds / second);
      time += milliseconds;
    },
  },
};
beforeEach(() => {
  slept = [];
  time = 0;
});

describe('work that nobody else would do again', () => {
  test('is done once where no system is away', async () => {
    expect(await outwait(ports, async () => 'done')).toBe('done');
    expect(slept).toEqual([]);
  });

  test('is done when the system answers again, after as long as it was to be left alone', async () => {
    const refusals = [open(30), open(120)];
    const work = async () => {
      const refusal = refusals.shift();
      if (refusal) throw refusal;
      return 'done';
    };
    expect(await outwait(ports, work)).toBe('done');
    expect(slept).toEqual([30, 120]);
  });

  test('is tried once more at the end of ten minutes, and then given up', async () => {
    let calls = 0;
    const work = async () => {
      calls++;
      throw open(480);
    };
    await expect(outwait(ports, work)).rejects.toThrow('left alone');
    expect([calls, slept, time]).toEqual([3, [480, 120], 10 * minute]);
  });

  test('fails at once where no time is named', async () => {
    const away = new ServiceUnavailableError({ problem: 'no answer', change: 'wait' });
    await expect(outwait(ports, () => Promise.reject(away))).rejects.toBe(away);
    expect(slept).toEqual([]);
  });
});
