export type Leaf = string | number | boolean | null;

/** One primitive of an event, and for every array around it which element it lies in. */
export interface Field {
  readonly value: Leaf;
  readonly elements: ReadonlyMap<number, number>;
}

/**
 * An event as its primitives by path, steps joined with dots: `{ detail: { a: [1, 2] } }` has two fields under `detail.a`.
 * So a dot in a name means the same as a step, and what is empty (`[]`, `{}`) is not there at all, both as on AWS.
 */
export function flattenEvent(event: object): ReadonlyMap<string, readonly Field[]> {
  const fields = new Map<string, Field[]>();
  const noElements: ReadonlyMap<number, number> = new Map();
  // A stack and not recursion: a deeply nested event must not end the process.
  const pending: { path: string; value: unknown; elements: ReadonlyMap<number, number> }[] = [
    { path: '', value: event, elements: noElements },
  ];
  let arrays = 0;
  while (pending.length > 0) {
    const { path, value, elements } = pending.pop()!;
    if (Array.isArray(value)) {
      const array = arrays++;
      for (let index = value.length - 1; index >= 0; index--) {
        pending.push({ path, value: value[index], elements: new Map([...elements, [array, index]]) });
      }
    } else if (value !== null && typeof value === 'object') {
      for (const [name, member] of Object.entries(value)) {
        pending.push({ path: path === '' ? name : `${path}.${name}`, value: member, elements });
      }
    } else {
      const list = fields.get(path);
      const field = { value: value as Leaf, elements };
      if (list) list.push(field);
      else fields.set(path, [field]);
    }
  }
  return fields;
}
