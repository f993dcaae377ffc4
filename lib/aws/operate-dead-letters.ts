import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { InputMissingError } from '../core/errors/input-missing-error.ts';
import { dropArrival } from '../runtime/arrivals/drop-arrival.ts';
import type { Arrivals } from '../runtime/ports/arrivals.ts';
import type { Audit, AuditAction } from '../runtime/ports/audit.ts';
import type { RunStore } from '../runtime/ports/run-store.ts';
import { type DeadLetterReason, deadLetterReason } from './dead-letter-reason.ts';
import {
  type DeadLetter,
  type DeadLetterQueue,
  deadLetterQueues,
  dropDeadLetter,
  giveBack,
  takeDeadLetters,
} from './dead-letters.ts';
import { redeliver } from './redeliver.ts';

export interface DeadLetterSurroundings {
  /** What the clients of AWS are made with. */
  readonly client: object;
  readonly events: EventBridgeClient;
  readonly sfn: SFNClient;
  readonly runs: RunStore;
  readonly audit: Audit;
  readonly arrivals: Pick<Arrivals, 'history' | 'members' | 'drop'>;
  /** Name of the platform, which begins the names of its queues. */
  readonly platform: string;
}

/** What is done, by whom, and with which messages; all of them where none is named. */
export interface DeadLetterRequest {
  readonly by: string;
  readonly ids?: readonly string[];
}

export type ShownDeadLetter = DeadLetterReason & Pick<DeadLetter, 'id' | 'sentAt' | 'body'>;

const most = 10_000;

/** What a person can do with messages that were given up. */
export class DeadLetters {
  readonly #surroundings: DeadLetterSurroundings;
  readonly #sqs: SQSClient;
  readonly #lambda: LambdaClient;

  constructor(surroundings: DeadLetterSurroundings) {
    this.#surroundings = surroundings;
    this.#sqs = new SQSClient(surroundings.client);
    this.#lambda = new LambdaClient(surroundings.client);
  }

  queues(): Promise<readonly DeadLetterQueue[]> {
    return deadLetterQueues(this.#sqs, this.#surroundings.platform);
  }

  /** Oldest first. They stay where they are. */
  async show(queue: DeadLetterQueue, limit: number): Promise<readonly ShownDeadLetter[]> {
    const taken = await takeDeadLetters(this.#sqs, queue.url, { limit });
    try {
      return await Promise.all(
        taken.map(async (letter) => ({
          id: letter.id,
          sentAt: letter.sentAt,
          ...(await deadLetterReason(this.#surroundings.runs, queue, letter)),
          body: withoutToken(letter.body),
        })),
      );
    } finally {
      for (const letter of taken) await giveBack(this.#sqs, queue.url, letter);
    }
  }

  /** Delivers messages once more. Returns their ids. Throws `InputMissingError` where one that is named is not there. */
  redrive(queue: DeadLetterQueue, request: DeadLetterRequest): Promise<readonly string[]> {
    const { events, sfn } = this.#surroundings;
    const clients = { sqs: this.#sqs, lambda: this.#lambda, events, sfn };
    return this.#act(queue, request, 'redrive-dead-letter', (letter) => redeliver(clients, queue, letter));
  }

  /** Deletes messages. Returns their ids. Throws as `redrive`. */
  drop(queue: DeadLetterQueue, request: DeadLetterRequest): Promise<readonly string[]> {
    return this.#act(queue, request, 'drop-dead-letter', async (letter) => {
      if (queue.name === 'trigger') await dropArrival(this.#surroundings, letter.body);
    });
  }

  async #act(
    queue: DeadLetterQueue,
    { by, ids }: DeadLetterRequest,
    action: AuditAction,
    work: (letter: DeadLetter) => Promise<void>,
  ): Promise<readonly string[]> {
    const taken = await takeDeadLetters(this.#sqs, queue.url, { limit: most, ids });
    const meant = taken.filter(({ id }) => ids?.includes(id) ?? true);
    const left = new Set(taken);
    try {
      const missing = ids?.find((id) => !taken.some((letter) => letter.id === id));
      if (missing !== undefined) throw noSuchMessage(missing, taken);
      for (const letter of meant) {
        await work(letter);
        await this.#surroundings.audit.add({
          at: Date.now(),
          by,
          action,
          pipeline: queue.name.split('/')[0]!,
          detail: { queue: queue.name, message: letter.id },
        });
        // Last: one that is delivered twice does no harm, one that is lost does.
        await dropDeadLetter(this.#sqs, queue.url, letter);
        left.delete(letter);
      }
      return meant.map(({ id }) => id);
    } finally {
      for (const letter of left) await giveBack(this.#sqs, queue.url, letter);
    }
  }
}

function noSuchMessage(id: string, taken: readonly DeadLetter[]): InputMissingError {
  return new InputMissingError({
    problem: 'the queue has no such message',
    received: id,
    allowed: taken.length > 0 ? taken.slice(0, 20).map((letter) => letter.id) : 'none: the queue is empty',
    change: 'nothing was changed; take an id from `npx penstock dead-letters show`',
  });
}

/** Whoever has a task's token can answer in a worker's name. */
function withoutToken(body: string): string {
  return body.replace(/("taskToken":")[^"]*"/, '$1(withheld)"');
}
