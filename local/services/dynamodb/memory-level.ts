import { Readable } from 'node:stream';
import type { Change, Level } from './dynalite.ts';

interface Range {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly limit?: number;
  readonly reverse?: boolean;
}

/**
 * The key-value database of a cloud that keeps nothing: a map, and its keys in order. Values are kept as JSON, so that
 * nobody changes what is stored by what was read. The database that keeps things on disk would do in memory, too, but takes
 * several times as long for each item: it goes through buffers, streams and a turn of the event loop for each.
 */
export class MemoryLevel implements Level {
  readonly #texts = new Map<string, string>();
  readonly #keys: string[] = [];

  async get(key: string): Promise<any> {
    return parsed(this.#texts.get(key));
  }

  async batch(changes: readonly Change[]): Promise<void> {
    for (const change of changes) {
      if (change.type === 'del') this.#delete(change.key);
      else this.#put(change.key, JSON.stringify(change.value));
    }
  }

  async clear(range: Range): Promise<void> {
    const [from, to] = this.#places(range);
    for (const key of this.#keys.splice(from, to - from)) this.#texts.delete(key);
  }

  /** As of the moment at which the first is asked for, whatever is written before its end. */
  async *iterator(range: Range): AsyncGenerator<[string, any]> {
    for (const [key, text] of this.#entries(range)) yield [key, parsed(text)];
  }

  createValueStream(range: Range): Readable {
    const entries = this.#entries(range).values();
    return new Readable({
      objectMode: true,
      read() {
        for (;;) {
          const { done, value } = entries.next();
          if (!this.push(done ? null : parsed(value[1])) || done) return;
        }
      },
    });
  }

  async close(): Promise<void> {}

  #put(key: string, text: string): void {
    if (!this.#texts.has(key)) this.#keys.splice(this.#placeOf(key), 0, key);
    this.#texts.set(key, text);
  }

  #delete(key: string): void {
    if (this.#texts.delete(key)) this.#keys.splice(this.#placeOf(key), 1);
  }

  #entries(range: Range): readonly (readonly [key: string, text: string])[] {
    const [from, to] = this.#places(range);
    const keys = this.#keys.slice(from, to);
    if (range.reverse) keys.reverse();
    // The database on disk takes a negative number for no limit.
    const limited = range.limit !== undefined && range.limit >= 0 ? keys.slice(0, range.limit) : keys;
    return limited.map((key) => [key, this.#texts.get(key)!]);
  }

  /** Of the first key in a range, and of the first one behind it. */
  #places({ gt, gte, lt, lte }: Range): readonly [number, number] {
    const from = gt !== undefined ? this.#placeAfter(gt) : gte !== undefined ? this.#placeOf(gte) : 0;
    const to = lte !== undefined ? this.#placeAfter(lte) : lt !== undefined ? this.#placeOf(lt) : this.#keys.length;
    return [from, Math.max(from, to)];
  }

  #placeAfter(key: string): number {
    return this.#placeOf(key) + (this.#texts.has(key) ? 1 : 0);
  }

  /** Where a key is, or would be: before the first one that is not less. */
  #placeOf(key: string): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const parsed = (text: string | undefined): any => (text === undefined ? undefined : JSON.parse(text));
