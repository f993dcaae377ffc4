import { failureFields, failureOf } from '../failure.ts';
import type { ChunkMessage } from '../messages.ts';
import { parseChunkMessage } from '../parse-message.ts';
import type { Ports } from '../ports/ports.ts';

type ReadPorts = Pick<Ports, 'runs' | 'tasks' | 'clock' | 'logger'>;

/**
 * Reads a message of a buffer. Throws `MessageMalformedError`, and before that lets the chunk fail where the message says
 * who waits for it: else the machine would learn of it when a sign of life has been missing for long enough.
 */
export async function readMessage(ports: ReadPorts, body: string): Promise<ChunkMessage> {
  try {
    return parseChunkMessage(body);
  } catch (error) {
    const { taskToken, run, stage, chunk } = readableParts(body);
    const failure = failureOf(error);
    if (run && stage && chunk) {
      await ports.runs
        .addChunkFailure({ run, stage, chunk, ...failure, at: ports.clock.now() })
        .catch((cause) => ports.logger.error('the reason of a failure could not be kept', failureFields(cause)));
    }
    if (taskToken) await ports.tasks.fail(taskToken, failure);
    throw error;
  }
}

/** What of a broken message can be read nevertheless; empty texts are none. */
function readableParts(body: string): { readonly [Part in 'taskToken' | 'run' | 'stage' | 'chunk']?: string } {
  const message = members(parsed(body));
  const item = members(message.item);
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return {
    taskToken: text(message.taskToken),
    run: text(message.run),
    stage: text(item.stage),
    chunk: text(item.chunk),
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Said by who reads the message in earnest.
    return undefined;
  }
}

const members = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
