/** A value as messages carry it; `BinaryValue` is base64 text. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

/** A message as it was published. */
export interface Message {
  readonly id: string;
  readonly topicArn: string;
  readonly subject?: string;
  /** The text for everybody, or by protocol with `default`. */
  readonly texts: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export function textFor(message: Message, protocol: string): string {
  return message.texts[protocol] ?? message.texts.default!;
}
