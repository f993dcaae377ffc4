import { orderTypes } from './job.ts';

interface Product {
  readonly category: string;
  readonly supplier: string;
}

interface ColumnData {
  readonly name: string;
  readonly type: string;
  readonly data: ArrayLike<unknown>;
}

/** Texts as numbers: most occur often. */
class Words {
  readonly #ids = new Map<string, number>();
  readonly texts: string[] = [];

  id(text: string): number {
    const found = this.#ids.get(text);
    if (found !== undefined) return found;
    // A part of a line would keep the whole line alive.
    const own = Buffer.from(text, 'latin1').toString('latin1');
    this.#ids.set(own, this.texts.length);
    this.texts.push(own);
    return this.texts.length - 1;
  }
}

const orderNames = Object.keys(orderTypes);
const numbers = ['order_id', 'customer', 'quantity', 'unit_price', 'discount', 'placed', 'updated'] as const;
const texts = ['email', 'product', 'country', 'channel', 'status'] as const;

/** Good orders in columns, the latest of each number only. */
export class OrderColumns {
  #size = 1 << 16;
  #rows = 0;
  readonly #numbers = Object.fromEntries(numbers.map((name) => [name, new Float64Array(this.#size)]));
  readonly #texts = Object.fromEntries(texts.map((name) => [name, new Uint32Array(this.#size)]));
  readonly #words = Object.fromEntries(texts.map((name) => [name, new Words()]));
  readonly #places = new Map<number, number>();

  /** Takes an order, or says what is wrong with it. Fields in the order of the contract. */
  take(fields: readonly string[]): string | undefined {
    const [orderId, customer, email, product, quantity, price, discount, country, channel, status, placed, updated] =
      fields as string[];
    const id = integer(orderId!);
    if (Number.isNaN(id)) return orderId === '' ? 'order_id is missing' : 'order_id is not BIGINT';
    const customerId = integer(customer!);
    if (Number.isNaN(customerId)) return customer === '' ? 'customer is missing' : 'customer is not BIGINT';
    if (email === '') return 'email is missing';
    if (product === '') return 'product is missing';
    const pieces = integer(quantity!);
    if (Number.isNaN(pieces)) return quantity === '' ? 'quantity is missing' : 'quantity is not BIGINT';
    if (pieces < 1) return 'quantity is below 1';
    const cost = price === '' ? Number.NaN : Number(price);
    if (Number.isNaN(cost)) return price === '' ? 'unit_price is missing' : 'unit_price is not DOUBLE';
    if (cost < 0) return 'unit_price is below 0';
    const share = discount === '' ? Number.NaN : Number(discount);
    if (Number.isNaN(share)) return discount === '' ? 'discount is missing' : 'discount is not DOUBLE';
    if (share < 0 || share > 1) return 'discount is out of range';
    if (country!.length !== 2) return 'country is not a code';
    if (channel === '') return 'channel is missing';
    if (status === '') return 'status is missing';
    const at = time(placed!);
    if (Number.isNaN(at)) return placed === '' ? 'placed is missing' : 'placed is not TIMESTAMP';
    const last = time(updated!);
    if (Number.isNaN(last)) return updated === '' ? 'updated is missing' : 'updated is not TIMESTAMP';
    this.#keep([id, customerId, pieces, cost, share, at, last], [email!, product!, country!, channel!, status!]);
    return undefined;
  }

  /** The same for an order whose fields have their types. */
  takeTyped(fields: readonly (bigint | number | string | Date | null | undefined)[]): string | undefined {
    for (let index = 0; index < fields.length; index++)
      if (fields[index] == null) return `${orderNames[index]} is missing`;
    const [id, customer, email, product, pieces, cost, share, country, channel, status, placed, updated] = fields;
    if (Number(pieces) < 1) return 'quantity is below 1';
    if ((cost as number) < 0) return 'unit_price is below 0';
    if ((share as number) < 0 || (share as number) > 1) return 'discount is out of range';
    if ((country as string).length !== 2) return 'country is not a code';
    const given = [id, customer, pieces, cost, share, placed, updated];
    this.#keep(given.map(Number), [email, product, country, channel, status] as string[]);
    return undefined;
  }

  /** Values in the orders of `numbers` and of `texts`. */
  #keep(given: readonly number[], words: readonly string[]): void {
    const [id, last, status] = [given[0]!, given.at(-1)!, words.at(-1)!];
    if (status === 'cancelled') return;
    const earlier = this.#places.get(id);
    if (earlier !== undefined && this.#numbers.updated![earlier]! > last) return;
    const row = earlier ?? this.#append(id);
    for (let index = 0; index < given.length; index++) this.#numbers[numbers[index]!]![row] = given[index]!;
    for (let index = 0; index < words.length; index++)
      this.#texts[texts[index]!]![row] = this.#words[texts[index]!]!.id(words[index]!);
  }

  #append(id: number): number {
    if (this.#rows === this.#size) {
      this.#size *= 2;
      for (const name of numbers) this.#numbers[name] = grown(this.#numbers[name]!, new Float64Array(this.#size));
      for (const name of texts) this.#texts[name] = grown(this.#texts[name]!, new Uint32Array(this.#size));
    }
    this.#places.set(id, this.#rows);
    return this.#rows++;
  }

  /** The orders of each day as one table. */
  *days(products: ReadonlyMap<string, Product>): Generator<ColumnData[]> {
    const days = Map.groupBy(
      Array.from({ length: this.#rows }, (_, row) => row),
      (row) => this.#day(row),
    );
    for (const [day, rows] of days) {
      const number = (name: (typeof numbers)[number]) => rows.map((row) => this.#numbers[name]![row]!);
      const text = (name: (typeof texts)[number]) => rows.map((row) => this.#text(name, row));
      const big = (name: 'order_id' | 'customer' | 'quantity') => ({
        name,
        type: 'INT64',
        data: number(name).map(BigInt),
      });
      const instant = (name: 'placed' | 'updated') => ({
        name,
        type: 'TIMESTAMP',
        data: number(name).map((at) => new Date(at)),
      });
      const made = (name: keyof Product) => ({
        name,
        type: 'STRING',
        data: rows.map((row) => products.get(this.#text('product', row))?.[name]),
      });
      yield [
        big('order_id'),
        big('customer'),
        big('quantity'),
        ...texts.map((name) => ({ name, type: 'STRING', data: text(name) })),
        { name: 'unit_price', type: 'DOUBLE', data: number('unit_price') },
        { name: 'discount', type: 'DOUBLE', data: number('discount') },
        instant('placed'),
        instant('updated'),
        { name: 'day', type: 'STRING', data: rows.map(() => dayText(day)) },
        {
          name: 'revenue',
          type: 'DOUBLE',
          data: rows.map(
            (row) =>
              this.#numbers.quantity![row]! * this.#numbers.unit_price![row]! * (1 - this.#numbers.discount![row]!),
          ),
        },
        made('category'),
        made('supplier'),
      ];
    }
  }

  sales(): ColumnData[] {
    const groups = new Map<string, { day: number; country: string; orders: number; quantity: number }>();
    for (let row = 0; row < this.#rows; row++) {
      const [day, country] = [this.#day(row), this.#text('country', row)];
      const key = `${day} ${country}`;
      const group = groups.get(key) ?? { day, country, orders: 0, quantity: 0 };
      group.orders++;
      group.quantity += this.#numbers.quantity![row]!;
      groups.set(key, group);
    }
    const all = [...groups.values()];
    return [
      { name: 'day', type: 'STRING', data: all.map(({ day }) => dayText(day)) },
      { name: 'country', type: 'STRING', data: all.map(({ country }) => country) },
      { name: 'orders', type: 'INT64', data: all.map(({ orders }) => BigInt(orders)) },
      { name: 'quantity', type: 'INT64', data: all.map(({ quantity }) => BigInt(quantity)) },
    ];
  }

  quality(products: ReadonlyMap<string, Product>) {
    let [complete, within] = [0, 0];
    for (let row = 0; row < this.#rows; row++) {
      if (products.has(this.#text('product', row))) complete++;
      const share = this.#numbers.discount![row]!;
      if (share >= 0 && share <= 0.5) within++;
    }
    return { rows: this.#rows, complete, unique: this.#places.size, within };
  }

  #day(row: number): number {
    return Math.floor(this.#numbers.placed![row]! / 86_400_000);
  }

  #text(name: (typeof texts)[number], row: number): string {
    return this.#words[name]!.texts[this.#texts[name]![row]!]!;
  }
}

function grown<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

function integer(text: string): number {
  if (text === '') return Number.NaN;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

/** Milliseconds since the epoch of `2026-01-31 23:59:59`, NaN where the calendar has no such time. */
function time(text: string): number {
  if (text.length !== 19) return Number.NaN;
  const part = (from: number, to: number) => Number(text.slice(from, to));
  const [year, month, day] = [part(0, 4), part(5, 7), part(8, 10)];
  const at = Date.UTC(year, month - 1, day, part(11, 13), part(14, 16), part(17, 19));
  return new Date(at).getUTCDate() === day ? at : Number.NaN;
}
