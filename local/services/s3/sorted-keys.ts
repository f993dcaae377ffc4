import { compareKeys } from './key-order.ts';

const pageSize = 512;

/** A sorted set of keys in pages, so that an insertion moves few of them and a listing seeks by halving. */
export class SortedKeys {
  #pages: string[][] = [];
  #size = 0;

  constructor(keys: Iterable<string> = []) {
    const sorted = [...keys].sort(compareKeys);
    this.#size = sorted.length;
    for (let at = 0; at < sorted.length; at += pageSize) this.#pages.push(sorted.slice(at, at + pageSize));
  }

  get size(): number {
    return this.#size;
  }

  add(key: string): void {
    if (this.#pages.length === 0) this.#pages.push([]);
    const pageIndex = Math.min(
      this.#pageOf((each) => compareKeys(each, key) >= 0),
      this.#pages.length - 1,
    );
    const page = this.#pages[pageIndex]!;
    const at = first(page, (each) => compareKeys(each, key) >= 0);
    if (page[at] === key) return;
    page.splice(at, 0, key);
    this.#size += 1;
    if (page.length > 2 * pageSize) this.#pages.splice(pageIndex + 1, 0, page.splice(pageSize));
  }

  delete(key: string): void {
    const pageIndex = this.#pageOf((each) => compareKeys(each, key) >= 0);
    const page = this.#pages[pageIndex];
    if (!page) return;
    const at = first(page, (each) => compareKeys(each, key) >= 0);
    if (page[at] !== key) return;
    page.splice(at, 1);
    this.#size -= 1;
    if (page.length === 0) this.#pages.splice(pageIndex, 1);
  }

  /** A cursor that stands at the first key for which `reached` is true; `reached` must stay true for all later keys. */
  seek(reached: (key: string) => boolean): KeyCursor {
    const pageIndex = this.#pageOf(reached);
    const page = this.#pages[pageIndex];
    return new KeyCursor(this.#pages, pageIndex, page ? first(page, reached) : 0);
  }

  /** The first page whose last key is reached. */
  #pageOf(reached: (key: string) => boolean): number {
    return first(this.#pages, (page) => page.length > 0 && reached(page[page.length - 1]!));
  }
}

/** Walks keys upwards. Good until the next change of the set. */
export class KeyCursor {
  readonly #pages: readonly (readonly string[])[];
  #page: number;
  #at: number;

  constructor(pages: readonly (readonly string[])[], page: number, at: number) {
    this.#pages = pages;
    this.#page = page;
    this.#at = at;
  }

  next(): string | undefined {
    const page = this.#pages[this.#page];
    if (!page) return undefined;
    const key = page[this.#at];
    this.#at += 1;
    if (this.#at >= page.length) {
      this.#page += 1;
      this.#at = 0;
    }
    return key;
  }
}

function first<T>(items: readonly T[], reached: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (reached(items[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
