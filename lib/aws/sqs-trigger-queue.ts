import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { TriggerQueue } from '../runtime/ports/trigger-queue.ts';
import { translateFailure } from './translate-failure.ts';

/** The platform's queue of messages that start runs. */
export class SqsTriggerQueue implements TriggerQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  async sendLater(MessageBody: string, DelaySeconds: number): Promise<void> {
    const command = new SendMessageCommand({ QueueUrl: this.#url, MessageBody, DelaySeconds });
    await translateFailure('sqs:SendMessage', () => this.#client.send(command));
  }
}
