import { parseIntrinsic } from '../intrinsics/parse-intrinsic.ts';
import type { Json } from '../json.ts';
import { jsonPath } from '../jsonpath/json-path.ts';

/** Whether a text can be evaluated as a path. */
export function isJsonPath(text: Json): boolean {
  if (typeof text !== 'string' || !text.startsWith('$')) return false;
  try {
    jsonPath(text);
    return true;
  } catch {
    return false;
  }
}

export function isIntrinsic(text: Json): boolean {
  if (typeof text !== 'string') return false;
  try {
    parseIntrinsic(text);
    return true;
  } catch {
    return false;
  }
}

/** What is wrong with a path that must name one value; undefined where nothing is. */
export function referencePathMistake(path: Json): string | undefined {
  if (typeof path !== 'string') return 'Expected value of type [STRING]';
  if (!path.startsWith('$')) return "Value is not a Reference Path: Reference path didn't start with '$'";
  return isJsonPath(path) ? undefined : 'Value is not a Reference Path';
}

/** Whether a path, if it names anything, names one value: no wildcards, filters or slices. */
export const isDefinite = (path: string) => isJsonPath(path) && jsonPath(path).definite;
