import { MessageMalformedError } from '../core/errors/message-malformed-error.ts';

/** Reads a message member by member; what is missing, of another type or unknown is an error that names the member. */
export class ShapeCheck {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(value: unknown, path: string) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      throw malformed(path, typeOf(value), 'an object');
    }
    this.#value = value as Record<string, unknown>;
    this.#path = path;
  }

  text(name: string): string {
    const value = this.#value[name];
    if (typeof value !== 'string' || value === '')
      throw malformed(this.#at(name), typeOf(value), 'text that is not empty');
    return value;
  }

  /** A whole number from 0 up. */
  count(name: string): number {
    const value = this.#value[name];
    if (!Number.isSafeInteger(value) || (value as number) < 0) {
      throw malformed(
        this.#at(name),
        typeof value === 'number' ? String(value) : typeOf(value),
        'a whole number from 0 up',
      );
    }
    return value as number;
  }

  flag(name: string): boolean {
    const value = this.#value[name];
    if (typeof value !== 'boolean') throw malformed(this.#at(name), typeOf(value), 'true or false');
    return value;
  }

  oneOf<Value extends string>(name: string, allowed: readonly Value[]): Value {
    const value = this.text(name);
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) throw malformed(this.#at(name), value, allowed.join(', '));
    return found;
  }

  object(name: string): ShapeCheck {
    return new ShapeCheck(this.#value[name], this.#at(name));
  }

  list(name: string): readonly ShapeCheck[] {
    const value = this.#value[name];
    if (!Array.isArray(value)) throw malformed(this.#at(name), typeOf(value), 'a list');
    return value.map((item, index) => new ShapeCheck(item, `${this.#at(name)}[${index}]`));
  }

  texts(name: string): readonly string[] {
    const value = this.#value[name];
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    throw malformed(this.#at(name), typeOf(value), 'a list of texts');
  }

  /** Texts by names of any kind. */
  textsByName(name: string): Readonly<Record<string, string>> {
    const inner = this.object(name);
    return Object.fromEntries(Object.keys(inner.#value).map((key) => [key, inner.text(key)]));
  }

  /** Values by names of any kind: texts, which may be empty, and null for none. */
  valuesByName(name: string): Readonly<Record<string, string | null>> {
    const inner = this.object(name);
    return Object.fromEntries(
      Object.entries(inner.#value).map(([key, value]) => [
        key,
        value === null || value === '' ? value : inner.text(key),
      ]),
    );
  }

  /** What `read` makes of each member, whatever its name is. */
  members<Value>(read: (member: ShapeCheck) => Value): Readonly<Record<string, Value>> {
    return Object.fromEntries(Object.keys(this.#value).map((key) => [key, read(this.object(key))]));
  }

  has(name: string): boolean {
    return this.#value[name] !== undefined;
  }

  /** Refuses members that are not among `names`. */
  only(...names: readonly string[]): void {
    const unknown = Object.keys(this.#value).find((name) => !names.includes(name));
    if (unknown !== undefined) throw malformed(this.#path, `the member "${unknown}"`, names.join(', '));
  }

  #at(name: string): string {
    return `${this.#path}.${name}`;
  }
}

function malformed(path: string, received: string, allowed: string): MessageMalformedError {
  return new MessageMalformedError({
    problem: `${path} does not have the agreed form`,
    received,
    allowed,
    change: 'send it as lib/runtime/messages.ts declares it',
  });
}

function typeOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (value === '') return 'empty text';
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}
