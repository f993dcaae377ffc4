import { isObject, type Json } from '../json.ts';
import { itemReaderError } from './item-reader-error.ts';

/** Follows a JSON pointer (`/a/b`), as ReaderConfig's ItemsPointer gives it. */
export function atPointer(value: Json, pointer: string): Json {
  let found = value;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const next = Array.isArray(found)
      ? found[Number(key)]
      : isObject(found) && Object.hasOwn(found, key)
        ? found[key]
        : undefined;
    if (next === undefined) throw itemReaderError(`The ItemsPointer '${pointer}' does not lead to a value.`);
    found = next;
  }
  return found;
}
