import type { Message } from './message.ts';

/** Decides which message is next. One implementation per kind of queue. */
export interface MessageOrder {
  add(message: Message): void;
  /** The message's `visibleAt` has changed. */
  changed(message: Message): void;
  removed(message: Message): void;
  /** Offers ready messages until `limit` of them were taken; `take` returning false says that the message is gone. */
  offer(now: number, limit: number, take: (message: Message) => boolean): void;
  /** When `offer` may next find something; undefined when nothing waits. */
  nextReadyAt(): number | undefined;
}
