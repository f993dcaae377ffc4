import type { Message } from './message.ts';
import type { MessageOrder } from './message-order.ts';
import { MinHeap } from './min-heap.ts';

/** Earliest visible first. A heap entry whose time is no longer the message's own is skipped when it comes up. */
export class StandardOrder implements MessageOrder {
  readonly #heap = new MinHeap<{ at: number; sequence: number; message: Message }>();

  add(message: Message): void {
    this.#heap.push({ at: message.delivery.visibleAt, sequence: message.content.sequence, message });
  }

  changed(message: Message): void {
    this.add(message);
  }

  removed(): void {}

  offer(now: number, limit: number, take: (message: Message) => boolean): void {
    const taken: Message[] = [];
    while (taken.length < limit) {
      const readyAt = this.nextReadyAt();
      if (readyAt === undefined || readyAt > now) break;
      const { message } = this.#heap.pop()!;
      if (take(message)) taken.push(message);
    }
    // Only now, or a message received with a visibility timeout of 0 would be met again.
    for (const message of taken) this.add(message);
  }

  nextReadyAt(): number | undefined {
    for (;;) {
      const top = this.#heap.peek();
      if (!top) return undefined;
      if (!top.message.removed && top.at === top.message.delivery.visibleAt) return top.at;
      this.#heap.pop();
    }
  }
}
