export type Leaf = string | number | boolean | null;

/** The element of an array in which something lies, and the one around that array. */
export interface Element {
  readonly array: number;
  readonly index: number;
  readonly outer: Element | undefined;
}

/** One primitive of an event, and the innermost array element around it, if any. */
export interface Field {
  readonly value: Leaf;
  readonly element: Element | undefined;
}

/**
 * An event as its primitives by path, steps joined with dots: `{ detail: { a: [1, 2] } }` has two fields under `detail.a`.
 * So a dot in a name means the same as a step, and what is empty (`[]`, `{}`) is not there at all, both as on AWS.
 */
export function flattenEvent(event: object): ReadonlyMap<string, readonly Field[]> {
  const fields = new Map<string, Field[]>();
  // A stack and not recursion: a deeply nested event must not end the process.
  const pending: { path: string; value: unknown; element: Element | undefined }[] = [
    { path: '', value: event, element: undefined },
  ];
  let arrays = 0;
  while (pending.length > 0) {
    const { path, value, element } = pending.pop()!;
    if (Array.isArray(value)) {
      const array = arrays++;
      for (let index = value.length - 1; index >= 0; index--) {
        pending.push({ path, value: value[index], element: { array, index, outer: element } });
      }
    } else if (value !== null && typeof value === 'object') {
      for (const [name, member] of Object.entries(value)) {
        pending.push({ path: path === '' ? name : `${path}.${name}`, value: member, element });
      }
    } else {
      const list = fields.get(path);
      const field = { value: value as Leaf, element };
      if (list) list.push(field);
      else fields.set(path, [field]);
    }
  }
  return fields;
}
