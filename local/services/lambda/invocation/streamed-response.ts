import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import type { ResponseSink } from '../environment/runtime-api.ts';

/** What a streamed response may hold, in bytes. */
export const maxStreamedBytes = 200 * 1024 * 1024;

/** A response on its way from the process to the caller: no more of it is held than the caller is behind. */
export class StreamedResponse implements ResponseSink {
  /** Resolves with the first bytes, or when the response has ended without any. */
  readonly begun: Promise<void>;
  readonly #bytes = new PassThrough();
  #begin!: () => void;
  #written = 0;

  constructor() {
    this.begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
  }

  /** Whether the function wrote more than may be passed on. */
  get tooLarge(): boolean {
    return this.#written > maxStreamedBytes;
  }

  get written(): number {
    return this.#written;
  }

  async write(chunk: Buffer): Promise<void> {
    this.#written += chunk.length;
    this.#begin();
    // Where the caller has gone, the function runs on, to nobody.
    if (this.tooLarge || this.#bytes.destroyed || this.#bytes.write(chunk)) return;
    await Promise.race([once(this.#bytes, 'drain'), once(this.#bytes, 'close')]);
  }

  end(): void {
    this.#begin();
    this.#bytes.end();
  }

  /** The events of the response: its pieces, then what `complete` resolves to. Destroyed, it lets the function run on. */
  events(complete: () => Promise<object>): Readable {
    const bytes = this.#bytes;
    const events = Readable.from(
      (async function* () {
        for await (const Payload of bytes) yield { PayloadChunk: { Payload } };
        yield { InvokeComplete: await complete() };
      })(),
    );
    // A generator that waits for bytes is closed only when some come: whoever writes them must not wait for it.
    const destroy = events.destroy.bind(events);
    return Object.assign(events, {
      destroy(error?: Error) {
        bytes.destroy();
        return destroy(error);
      },
    });
  }
}
