import { PenstockError } from '../core/errors/penstock-error.ts';
import type { TriggerMessage } from '../runtime/messages.ts';
import { parseChunkMessage, parseTriggerMessage } from '../runtime/parse-message.ts';
import type { RunStore } from '../runtime/ports/run-store.ts';
import type { DeadLetter, DeadLetterQueue } from './dead-letters.ts';
import { failedCall } from './redeliver.ts';

/** Why a message was given up, as far as it is known. */
export interface DeadLetterReason {
  /** Class name or code of the error. */
  readonly error: string;
  readonly message: string;
  readonly run?: string;
  readonly stage?: string;
  readonly chunk?: string;
}

/** Says why a message is a dead letter: from its own attributes, its body, or the run store. */
export async function deadLetterReason(
  runs: Pick<RunStore, 'chunkFailures'>,
  { name }: DeadLetterQueue,
  letter: DeadLetter,
): Promise<DeadLetterReason> {
  const { ERROR_CODE, ERROR_MESSAGE = '' } = letter.attributes;
  if (ERROR_CODE !== undefined)
    return { error: ERROR_CODE, message: `EventBridge could not deliver: ${ERROR_MESSAGE}` };
  const call = failedCall(letter);
  if (call)
    return { error: call.answer?.errorType ?? 'Unknown', message: messageOf(call.answer?.errorMessage ?? 'no answer') };
  return name === 'trigger' ? triggerReason(letter) : chunkReason(runs, letter);
}

function triggerReason({ body }: DeadLetter): DeadLetterReason {
  const broken = malformed(() => parseTriggerMessage(body));
  if (broken) return broken;
  const message = 'no run could be started for it in three deliveries: see the log of the trigger function';
  return { error: 'StartRefused', message: isOfSeveral(parseTriggerMessage(body)) ? `${message}; ${others}` : message };
}

/** It names one of them at most, and whoever drops it is to know of the rest. */
const others = 'files that are to be run together with it may get no run either until it is redriven';

function isOfSeveral({ trigger, files }: TriggerMessage): boolean {
  if (trigger.kind === 'batch') return true;
  return files?.window !== undefined || (files?.complete !== undefined && 'count' in files.complete);
}

async function chunkReason(runs: Pick<RunStore, 'chunkFailures'>, { body }: DeadLetter): Promise<DeadLetterReason> {
  const broken = malformed(() => parseChunkMessage(body));
  if (broken) return broken;
  const { run, item } = parseChunkMessage(body);
  const { stage, chunk } = item;
  const failures = await runs.chunkFailures(run);
  const failure = failures.find((one) => one.stage === stage && one.chunk === chunk);
  const place = { run, stage, chunk };
  if (failure) return { error: failure.error, message: messageOf(failure.cause), ...place };
  const message = 'no worker came so far as to say why: out of memory or time, see the log of the worker function';
  return { error: 'WorkerLost', message, ...place };
}

function malformed(parse: () => unknown): DeadLetterReason | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    if (!(error instanceof PenstockError)) throw error;
    return { error: error.name, message: error.message };
  }
}

/** Errors that name a time have JSON for their text, which the machine reads. */
function messageOf(cause: string): string {
  try {
    return (JSON.parse(cause) as { errorMessage?: string }).errorMessage ?? cause;
  } catch {
    return cause;
  }
}
