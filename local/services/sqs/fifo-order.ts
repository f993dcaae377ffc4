import type { Message } from './message.ts';
import type { MessageOrder } from './message-order.ts';
import { MinHeap } from './min-heap.ts';

interface Group {
  readonly id: string;
  /** By sequence, oldest first. */
  readonly messages: Map<number, Message>;
  /** Received and not deleted; while one of them is invisible the group is locked. */
  readonly received: Set<Message>;
  readyAt: number;
}

/** Order within each message group; a group with a message in flight gives nothing. */
export class FifoOrder implements MessageOrder {
  readonly #groups = new Map<string, Group>();
  readonly #heap = new MinHeap<{ at: number; sequence: number; group: Group }>();

  add(message: Message): void {
    const id = message.content.groupId ?? '';
    let group = this.#groups.get(id);
    if (!group) {
      group = { id, messages: new Map(), received: new Set(), readyAt: Number.NaN };
      this.#groups.set(id, group);
    }
    group.messages.set(message.content.sequence, message);
    if (message.delivery.receiveCount > 0) group.received.add(message);
    this.#schedule(group);
  }

  changed(message: Message): void {
    this.#schedule(this.#groups.get(message.content.groupId ?? '')!);
  }

  removed(message: Message): void {
    const group = this.#groups.get(message.content.groupId ?? '');
    if (!group) return;
    group.messages.delete(message.content.sequence);
    group.received.delete(message);
    if (group.messages.size === 0) this.#groups.delete(group.id);
    else this.#schedule(group);
  }

  offer(now: number, limit: number, take: (message: Message) => boolean): void {
    let taken = 0;
    const met: Group[] = [];
    while (taken < limit) {
      const readyAt = this.nextReadyAt();
      if (readyAt === undefined || readyAt > now) break;
      const { group } = this.#heap.pop()!;
      group.readyAt = Number.NaN;
      for (const message of group.messages.values()) {
        if (taken === limit || message.delivery.visibleAt > now) break;
        if (!take(message)) continue;
        group.received.add(message);
        taken += 1;
      }
      met.push(group);
    }
    // Only now, or a group received with a visibility timeout of 0 would be met again.
    for (const group of met) if (group.messages.size > 0) this.#schedule(group);
  }

  nextReadyAt(): number | undefined {
    for (;;) {
      const top = this.#heap.peek();
      if (!top) return undefined;
      if (this.#groups.get(top.group.id) === top.group && top.at === top.group.readyAt) return top.at;
      this.#heap.pop();
    }
  }

  #schedule(group: Group): void {
    const head: Message = group.messages.values().next().value!;
    let at = head.delivery.visibleAt;
    for (const message of group.received) at = Math.max(at, message.delivery.visibleAt);
    if (at === group.readyAt) return;
    group.readyAt = at;
    this.#heap.push({ at, sequence: head.content.sequence, group });
  }
}
