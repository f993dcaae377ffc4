import type { Cloud } from '../../service.ts';
import type { Queue } from './queue.ts';

const windowMilliseconds = 5 * 60_000;

/** What the first send of a deduplication id was answered. */
export interface SentMessage {
  readonly id: string;
  readonly sequenceNumber: string;
  readonly sentAt: number;
}

/** Remembers deduplication ids of FIFO queues for five minutes. */
export class Deduplication {
  readonly #cloud: Cloud;
  readonly #sent;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#sent = cloud.store.collection<SentMessage>('sqs.deduplication');
  }

  earlier(queue: Queue, groupId: string, deduplicationId: string): SentMessage | undefined {
    const found = this.#sent.get(this.#key(queue, groupId, deduplicationId));
    return found && !this.#over(found) ? found : undefined;
  }

  remember(queue: Queue, groupId: string, deduplicationId: string, sent: SentMessage): void {
    const key = this.#key(queue, groupId, deduplicationId);
    // Deleted first, so that entries stay in the order of time and the oldest are found in front.
    this.#sent.delete(key);
    this.#sent.set(key, sent);
    for (const [oldKey, old] of this.#sent.entries()) {
      if (!this.#over(old)) break;
      this.#sent.delete(oldKey);
    }
  }

  #over(sent: SentMessage): boolean {
    return sent.sentAt + windowMilliseconds <= this.#cloud.clock.now();
  }

  #key(queue: Queue, groupId: string, deduplicationId: string): string {
    const scope = queue.record.attributes.DeduplicationScope === 'messageGroup' ? groupId : '';
    return JSON.stringify([queue.record.id, scope, deduplicationId]);
  }
}
