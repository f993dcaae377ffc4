import { RetryBudgetSpentError } from '../../core/errors/retry-budget-spent-error.ts';
import { failureFields } from '../failure.ts';
import type { ChunkMessage } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';

type LostPorts = Pick<Ports, 'runs' | 'clock' | 'logger'>;

/** Tries that are not counted: most messages that come again have only waited too long, and this costs those nothing. */
const uncounted = 3;
const mostLost = 4;

/**
 * Notes that a worker begins a chunk that has been tried before. Throws `RetryBudgetSpentError` where the workers before
 * it were lost one after the other: a chunk that ends whoever takes it would otherwise cost thirty of them.
 */
export async function beginAgain(ports: LostPorts, message: ChunkMessage): Promise<void> {
  if (!isCounted(message)) return;
  let begun: number;
  try {
    begun = await ports.runs.beginAttempt(attemptOf(ports, message));
  } catch (error) {
    return ports.logger.warn('workers that begin a chunk could not be counted', failureFields(error));
  }
  if (begun <= mostLost) return;
  throw new RetryBudgetSpentError({
    problem: `${mostLost} workers in a row have ended at this chunk without a word: killed, or out of memory`,
    received: `chunk ${message.item.stage}/${message.item.chunk}`,
    allowed: `${mostLost} lost workers, the first ${uncounted} tries aside`,
    change:
      'see the logs of the worker; give it more memory (resources: { workerMemoryMegabytes }) or take out what ends it, and redrive the run',
  });
}

/** The worker has lived to tell how its attempt ended, or that nobody waits for it. */
export async function survived(ports: LostPorts, message: ChunkMessage): Promise<void> {
  if (!isCounted(message)) return;
  try {
    await ports.runs.endAttempt(attemptOf(ports, message));
  } catch (error) {
    ports.logger.warn('that a worker was not lost could not be noted', failureFields(error));
  }
}

const isCounted = ({ retryCount = 0 }: ChunkMessage) => retryCount >= uncounted;

function attemptOf({ clock }: LostPorts, { run, item, retryCount = 0 }: ChunkMessage) {
  const { stage, chunk } = item;
  return { run, stage, chunk, retryCount, at: clock.now() };
}
