import type { Json } from './json.ts';

/** The most bytes of UTF-8 that a state's input, a task's result or a state's output may have. */
export const maxPayloadBytes = 262_144;

/** State data together with its JSON text, which is made once and shared by every event that shows it. */
export class Payload {
  readonly value: Json;
  #text: string | undefined;

  constructor(value: Json, text?: string) {
    this.value = value;
    this.#text = text;
  }

  static parse(text: string): Payload {
    return new Payload(JSON.parse(text), text);
  }

  get text(): string {
    this.#text ??= JSON.stringify(this.value);
    return this.#text;
  }

  get tooLarge(): boolean {
    return textTooLarge(this.text);
  }
}

/** A character is at most three bytes of UTF-8, so that short texts need no count. */
export function textTooLarge(text: string): boolean {
  if (text.length * 3 <= maxPayloadBytes) return false;
  return text.length > maxPayloadBytes || Buffer.byteLength(text) > maxPayloadBytes;
}
