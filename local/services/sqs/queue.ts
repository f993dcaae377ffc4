import type { Clock, Timer } from '../../../lib/core/clock.ts';
import type { Collection, Store } from '../../store.ts';
import { FifoOrder } from './fifo-order.ts';
import { type Delivery, type Message, type MessageContent, type MessageState, messageState } from './message.ts';
import type { MessageOrder } from './message-order.ts';
import { type RedrivePolicy, redrivePolicy } from './queue-attributes.ts';
import { StandardOrder } from './standard-order.ts';

/** A queue as it is stored. */
export interface QueueRecord {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly purgedAt?: number;
}

export interface ReceiveOptions {
  readonly limit: number;
  readonly visibilityTimeoutMilliseconds: number;
  readonly waitMilliseconds: number;
  readonly signal: AbortSignal;
}

interface Waiter {
  readonly options: ReceiveOptions;
  readonly answer: (messages: Message[]) => void;
}

/** What a queue needs of its surroundings. */
export interface QueueSurroundings {
  readonly clock: Clock;
  readonly store: Store;
  readonly contents: Collection<MessageContent>;
  readonly deliveries: Collection<Delivery>;
  arn(name: string): string;
  byArn(arn: string): Queue | undefined;
}

/** The messages of one queue: stored, in order, handed to whoever waits. */
export class Queue {
  record: QueueRecord;
  readonly fifo: boolean;
  readonly messages = new Map<number, Message>();
  readonly #around: QueueSurroundings;
  readonly #order: MessageOrder;
  readonly #waiters = new Set<Waiter>();
  #timer: Timer | undefined;
  #lastSequence = 0;

  constructor(record: QueueRecord, around: QueueSurroundings) {
    this.record = record;
    this.fifo = record.attributes.FifoQueue === 'true';
    this.#around = around;
    this.#order = this.fifo ? new FifoOrder() : new StandardOrder();
  }

  get arn(): string {
    return this.#around.arn(this.record.name);
  }

  get redrive(): RedrivePolicy | undefined {
    return redrivePolicy(this.record.attributes);
  }

  seconds(attribute: string): number {
    return Number(this.record.attributes[attribute]);
  }

  /** Takes a message that was read from the store. */
  restore(content: MessageContent, delivery: Delivery): void {
    this.#lastSequence = Math.max(this.#lastSequence, content.sequence);
    this.#hold({ content, delivery, removed: false });
  }

  /** Stores a message; it is on disk when this returns. */
  add(content: Omit<MessageContent, 'sequence'>, delivery: Delivery): Message {
    // Grows with time, so that it never repeats after a restart, when the highest number may be gone with its message.
    this.#lastSequence = Math.max(this.#lastSequence + 1, Math.floor(this.#around.clock.now()) * 1000);
    const message: Message = { content: { ...content, sequence: this.#lastSequence }, delivery, removed: false };
    const key = this.#key(message);
    this.#around.contents.set(key, message.content);
    this.#around.deliveries.set(key, delivery);
    this.#hold(message);
    this.#serveWaiters();
    return message;
  }

  remove(message: Message): void {
    this.#drop(message);
    // In a FIFO queue the end of one message opens its group.
    if (this.fifo) this.#serveWaiters();
  }

  #drop(message: Message): void {
    if (message.removed) return;
    message.removed = true;
    this.#around.store.transaction(() => {
      this.#around.contents.delete(this.#key(message));
      this.#around.deliveries.delete(this.#key(message));
    });
    this.messages.delete(message.content.sequence);
    this.#order.removed(message);
  }

  setVisibleAt(message: Message, visibleAt: number): void {
    this.#deliver(message, { ...message.delivery, visibleAt });
    this.#order.changed(message);
    this.#serveWaiters();
  }

  /** Up to `limit` messages; waits for the first one where the options say so. Empty when the caller has gone. */
  receive(options: ReceiveOptions): Promise<Message[]> {
    const found = this.#take(options);
    if (found.length > 0 || options.waitMilliseconds === 0 || options.signal.aborted) return Promise.resolve(found);
    return new Promise((resolve) => {
      const answer = (messages: Message[]) => {
        this.#waiters.delete(waiter);
        deadline.cancel();
        options.signal.removeEventListener('abort', nobody);
        resolve(messages);
      };
      const nobody = () => answer([]);
      const waiter: Waiter = { options, answer };
      const deadline = this.#around.clock.after(options.waitMilliseconds, nobody);
      options.signal.addEventListener('abort', nobody, { once: true });
      this.#waiters.add(waiter);
      this.#armTimer();
    });
  }

  /** Up to `limit` messages that could be received now, oldest first, without receiving them. */
  visible(limit: number): Message[] {
    const now = this.#around.clock.now();
    const found: Message[] = [];
    for (const message of this.messages.values()) {
      if (found.length >= limit) break;
      if (messageState(message, now) === 'visible' && !this.#expired(message, now)) found.push(message);
    }
    return found;
  }

  /** How many messages are in each state now; expired ones are dropped on the way. */
  count(): Record<MessageState, number> {
    const now = this.#around.clock.now();
    const counts = { visible: 0, delayed: 0, inFlight: 0 };
    for (const message of this.messages.values()) {
      if (this.#expired(message, now)) this.#drop(message);
      else counts[messageState(message, now)] += 1;
    }
    return counts;
  }

  /** A new redrive policy or retention may decide otherwise about messages that wait. */
  attributesChanged(): void {
    this.#serveWaiters();
  }

  purge(): void {
    this.#around.store.transaction(() => {
      for (const message of [...this.messages.values()]) this.#drop(message);
    });
  }

  /** Lets all waiting receivers go with nothing. */
  close(): void {
    for (const waiter of [...this.#waiters]) waiter.answer([]);
    this.#timer?.cancel();
  }

  #hold(message: Message): void {
    this.messages.set(message.content.sequence, message);
    this.#order.add(message);
  }

  #take({ limit, visibilityTimeoutMilliseconds }: ReceiveOptions): Message[] {
    const now = this.#around.clock.now();
    const taken: Message[] = [];
    this.#around.store.transaction(() => {
      this.#order.offer(now, limit, (message) => {
        if (this.#expired(message, now)) {
          this.#drop(message);
          return false;
        }
        if (this.#toDeadLetterQueue(message, now)) return false;
        this.#deliver(message, {
          visibleAt: now + visibilityTimeoutMilliseconds,
          receiveCount: message.delivery.receiveCount + 1,
          firstReceivedAt: message.delivery.firstReceivedAt ?? now,
          lastReceivedAt: now,
        });
        taken.push(message);
        return true;
      });
    });
    return taken;
  }

  #toDeadLetterQueue(message: Message, now: number): boolean {
    const policy = this.redrive;
    if (!policy || message.delivery.receiveCount < policy.maxReceiveCount) return false;
    const target = this.#around.byArn(policy.deadLetterTargetArn);
    // A dead-letter queue that was deleted takes nothing: AWS goes on delivering.
    if (!target) return false;
    const { sequence: _, ...content } = message.content;
    // A FIFO dead-letter queue starts the retention period anew, a standard one does not.
    const sentAt = target.fifo ? now : content.sentAt;
    this.#around.store.transaction(() => {
      target.add({ ...content, sentAt, deadLetterSource: this.arn }, { ...message.delivery, visibleAt: now });
      this.#drop(message);
    });
    return true;
  }

  #deliver(message: Message, delivery: Delivery): void {
    message.delivery = delivery;
    this.#around.deliveries.set(this.#key(message), delivery);
  }

  #expired(message: Message, now: number): boolean {
    return message.content.sentAt + this.seconds('MessageRetentionPeriod') * 1000 <= now;
  }

  #serveWaiters(): void {
    for (const waiter of this.#waiters) {
      const messages = this.#take(waiter.options);
      if (messages.length === 0) break;
      waiter.answer(messages);
    }
    this.#armTimer();
  }

  /** Wakes the waiters when the next hidden message comes into sight. */
  #armTimer(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const at = this.#waiters.size > 0 ? this.#order.nextReadyAt() : undefined;
    if (at === undefined) return;
    this.#timer = this.#around.clock.after(Math.max(0, at - this.#around.clock.now()), () => this.#serveWaiters());
  }

  #key(message: Message): string {
    return `${this.record.id}/${message.content.sequence}`;
  }
}
