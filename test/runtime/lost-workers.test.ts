import { beforeEach, describe, expect, test } from 'vitest';
import { ServiceUnavailableError } from '../../lib/core/errors/service-unavailable-error.ts';
import { extract } from '../../lib/runtime/extract/extract.ts';
import { initialize } from '../../lib/runtime/initialize.ts';
import type { ChunkMessage } from '../../lib/runtime/messages.ts';
import { work } from '../../lib/runtime/worker/work.ts';
import { ordersPipeline as pipeline } from '../fixtures/orders-plan.ts';
import { lineEngine } from '../fixtures/ports/line-engine.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { chunkMessages, manual, stageInput } from '../fixtures/run-machine.ts';

const input = stageInput(pipeline, manual());
const unavailable = new ServiceUnavailableError({ problem: 'no answer', change: 'wait' });
let ports: MemoryPorts;
let message: ChunkMessage;

beforeEach(async () => {
  ports = memoryPorts();
  ports.objects.drop('reference/cities.csv', 'Rome,1');
  ports.objects.drop('landing/orders/a.csv', 'Rome,1');
  await initialize(ports, pipeline, input);
  message = (await chunkMessages(ports, input, await extract(ports, pipeline, input), 'process'))[0]!;
});

/** The state sends a message with a token of its own each time. */
const sent = (retryCount: number) => ({ ...message, retryCount, taskToken: `token-${retryCount}` });
const worked = (retryCount: number, more: Partial<MemoryPorts> = {}) =>
  work({ ...ports, ...more }, pipeline, JSON.stringify(sent(retryCount)));
const failure = (retryCount: number) => ports.tasks.failed.get(`token-${retryCount}`);

/** A worker that begins the chunk and is heard of no more. */
const lost = (retryCount: number) =>
  new Promise<void>((begun) => {
    const executeChunk = () => {
      begun();
      return new Promise<never>(() => {});
    };
    void worked(retryCount, { engine: { ...lineEngine, executeChunk } });
  });

describe('a chunk', () => {
  test('that ends each worker is given up, and says so; a redrive tries it again', async () => {
    for (const retryCount of [0, 1, 2, 3, 4, 5, 6]) await lost(retryCount);
    expect(await worked(7)).toBe('failed');
    expect(failure(7)).toMatchObject({ error: 'RetryBudgetSpentError' });
    expect(JSON.parse(failure(7)!.cause)).toMatchObject({
      problem: '4 workers in a row have ended at this chunk without a word: killed, or out of memory',
      received: 'chunk process/000000',
      change: expect.stringContaining('workerMemoryMegabytes'),
    });
    expect(await ports.runs.chunkFailures(input.run)).toMatchObject([{ error: 'RetryBudgetSpentError' }]);
    expect(await worked(0)).toBe('succeeded');
  });

  test('that was lost as often before a redrive is begun by as many workers again', async () => {
    for (const retryCount of [3, 4, 5, 6, 3, 4, 5, 6]) await lost(retryCount);
    expect(await worked(7)).toBe('failed');
  });

  test('that has waited for a worker for any number of tries is done', async () => {
    expect(await worked(29)).toBe('succeeded');
  });

  test('whose workers tell why they fail is tried as often as their error allows', async () => {
    const executeChunk = async () => {
      throw unavailable;
    };
    for (let retryCount = 0; retryCount < 12; retryCount++) {
      expect(await worked(retryCount, { engine: { ...lineEngine, executeChunk } })).toBe('failed');
      expect(failure(retryCount)).toMatchObject({ error: 'ServiceUnavailableError' });
    }
  });

  test('whose workers live to hear that nobody waits is not given up', async () => {
    for (const retryCount of [3, 4, 5, 6, 7, 8]) {
      const tasks = { heartbeat: async () => 'alive', succeed: async () => 'gone' } as unknown as MemoryPorts['tasks'];
      expect(await worked(retryCount, { tasks })).toBe('discarded');
    }
    expect(await worked(9)).toBe('succeeded');
  });

  test('whose workers cannot be counted is done all the same', async () => {
    ports.runs.beginAttempt = () => Promise.reject(unavailable);
    expect(await worked(9)).toBe('succeeded');
  });
});
