import { beforeEach, describe, expect, test } from 'vitest';
import { CircuitOpenError } from '../../lib/core/errors/circuit-open-error.ts';
import { InputMissingError } from '../../lib/core/errors/input-missing-error.ts';
import { ServiceUnavailableError } from '../../lib/core/errors/service-unavailable-error.ts';
import { runRetryBudget } from '../../lib/core/retryable-errors.ts';
import { initialize } from '../../lib/runtime/initialize.ts';
import type { ChunkMessage } from '../../lib/runtime/messages.ts';
import { withinBudget } from '../../lib/runtime/worker/retry-budget.ts';
import { ordersPipeline } from '../fixtures/orders-plan.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual, stageInput } from '../fixtures/run-machine.ts';

const input = stageInput(ordersPipeline, manual());
const parts = { problem: 'no answer', change: 'wait' };
let ports: MemoryPorts;

beforeEach(() => {
  ports = memoryPorts();
});

let tries = 0;
const messageOf = (chunk: number, retryCount = tries++) =>
  ({ ...input, retryCount, item: { stage: 'process', chunk: String(chunk) } }) as ChunkMessage;
const fail = async (chunk: number, error: Error = new ServiceUnavailableError(parts)) =>
  ((await withinBudget(ports, messageOf(chunk), error)) as Error).name;

/** A run of so many chunks. */
async function runOf(chunks: number): Promise<void> {
  await initialize(ports, ordersPipeline, input);
  const extract = { solo: false, stages: { process: { chunks, manifest: 'm' } }, inputFiles: 1, inputBytes: 1 };
  await ports.runs.change({
    run: input.run,
    from: [{ state: 'Running' }],
    to: { state: 'Running' },
    at: 1,
    facts: { extract },
  });
}

describe('failed attempts', () => {
  test.each([
    [1, 100],
    [10_000, 2000],
  ])('are as many as the budget of the run, whichever chunks they are of', async (chunks, budget) => {
    expect(runRetryBudget(chunks)).toBe(budget);
    await runOf(chunks);
    for (let n = 0; n < budget; n++) expect(await fail(n % chunks)).toBe('ServiceUnavailableError');
    expect(await fail(0)).toBe('RetryBudgetSpentError');
  });

  test('do not count what names its time, or is not tried again', async () => {
    await runOf(1);
    for (let n = 0; n < 200; n++) {
      expect(await fail(0, new CircuitOpenError(parts))).toBe('CircuitOpenError');
      expect(await fail(0, new InputMissingError(parts))).toBe('InputMissingError');
      expect(await fail(0, new TypeError('x'))).toBe('TypeError');
    }
    expect(ports.runs.attempts.size).toBe(0);
  });

  test('say what failed last, and leave the run to a redrive, which counts anew', async () => {
    await runOf(1);
    for (let n = 0; n < 100; n++) await fail(0);
    const spent = await withinBudget(ports, messageOf(0), new ServiceUnavailableError(parts));
    expect(spent).toMatchObject({
      kind: 'transient',
      problem: expect.stringContaining('no answer'),
      received: 'ServiceUnavailableError',
      allowed: '100 failed attempts',
    });
    const facts = { redrives: 1 };
    await ports.runs.change({
      run: input.run,
      from: [{ state: 'Running' }],
      to: { state: 'Running', phase: 'Retrying' },
      at: 1,
      facts,
    });
    await initialize(ports, ordersPipeline, input);
    expect(await fail(0)).toBe('ServiceUnavailableError');
  });

  test('count once, however often the message of one comes', async () => {
    await runOf(1);
    for (let n = 0; n < 200; n++)
      expect(await withinBudget(ports, messageOf(0, 7), new ServiceUnavailableError(parts))).toBeInstanceOf(
        ServiceUnavailableError,
      );
  });

  test('that cannot be counted stay what they are', async () => {
    ports.runs.countFailedAttempt = () => Promise.reject(new ServiceUnavailableError(parts));
    expect(await fail(0)).toBe('ServiceUnavailableError');
  });
});
