import { isObject, type Json } from '../../local/states/json.ts';

/** JSON as Python writes it: the recorded functions were Python, and the length of their answers is in history. */
export function pythonJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, member]) => `${JSON.stringify(key)}: ${pythonJson(member)}`)
    .join(', ')}}`;
}
