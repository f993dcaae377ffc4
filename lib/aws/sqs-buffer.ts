import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { translateFailure } from './translate-failure.ts';

/** A queue whose messages are handed to a function. */
export class SqsBuffer {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  /**
   * Lets a message be delivered again at once, instead of when a worker would have had its time. One that fails at each
   * delivery is among the dead letters seconds later, and not hours.
   */
  async deliverAgain(ReceiptHandle: string): Promise<void> {
    const command = new ChangeMessageVisibilityCommand({ QueueUrl: this.#url, ReceiptHandle, VisibilityTimeout: 0 });
    await translateFailure('sqs:ChangeMessageVisibility', () => this.#client.send(command));
  }
}
