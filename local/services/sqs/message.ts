/** A user attribute of a message. Binary values are kept as base64, so that the record survives JSON. */
export interface StoredAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

/** What was sent; never changes. */
export interface MessageContent {
  readonly id: string;
  /** Position in its queue; together with the queue's id the key of the message. */
  readonly sequence: number;
  readonly body: string;
  readonly bodyMd5: string;
  readonly attributes?: Readonly<Record<string, StoredAttribute>>;
  readonly traceHeader?: string;
  readonly sentAt: number;
  readonly senderId: string;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly sequenceNumber?: string;
  /** ARN of the queue that this message failed in. */
  readonly deadLetterSource?: string;
}

/** What became of it; small, because it is written at each receive. */
export interface Delivery {
  /** Not delivered to anyone before this time (milliseconds). */
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt?: number;
  lastReceivedAt?: number;
}

export interface Message {
  readonly content: MessageContent;
  delivery: Delivery;
  /** Gone from its queue; orders drop it when they meet it. */
  removed: boolean;
}

export type MessageState = 'visible' | 'delayed' | 'inFlight';

export function messageState({ delivery }: Message, now: number): MessageState {
  if (delivery.visibleAt <= now) return 'visible';
  return delivery.receiveCount === 0 ? 'delayed' : 'inFlight';
}
