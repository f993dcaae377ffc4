import { MessageMalformedError } from '../../core/errors/message-malformed-error.ts';
import type { TriggerMessage } from '../messages.ts';
import { parseTriggerMessage } from '../parse-message.ts';
import type { Arrivals, ArrivedFile } from '../ports/arrivals.ts';

/**
 * Notes of the files that a message of the trigger queue is about that it was dropped: whoever puts the same content there
 * again wants it run, and would be told that it had come before. A run that did begin is left alone. Doing it again is
 * harmless.
 */
export async function dropArrival(
  { arrivals }: { readonly arrivals: Pick<Arrivals, 'history' | 'members' | 'drop'> },
  body: string,
): Promise<void> {
  const message = readable(body);
  if (!message) return;
  const { pipeline, trigger } = message;
  if (trigger.kind === 'batch') {
    for (const file of await arrivals.members({ pipeline, ...trigger })) await arrivals.drop(file);
    return;
  }
  if (trigger.kind !== 'file') return;
  const { key, versionId, size, sequencer } = trigger;
  const file: ArrivedFile = { pipeline, key, versionId, size, sequencer };
  const { decision } = await arrivals.history(file);
  const files = decision?.as === 'batch' ? await arrivals.members({ pipeline, ...decision }) : [file];
  for (const one of files) await arrivals.drop(one);
}

/** Of what cannot be read nothing was decided. */
function readable(body: string): TriggerMessage | undefined {
  try {
    return parseTriggerMessage(body);
  } catch (error) {
    if (error instanceof MessageMalformedError) return undefined;
    throw error;
  }
}
