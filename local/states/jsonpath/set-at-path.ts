import { isObject, type Json, setMember } from '../json.ts';
import { jsonPath } from './json-path.ts';

/** The input of a ResultPath cannot take the result at that place. */
export class ResultPathMatchError extends Error {}

/** `document` with `value` at a reference path (`$.a.b`, `$.list[0]`), its own data untouched; members on the way are made. */
export function setAtPath(document: Json, path: string, value: Json): Json {
  return place(document, jsonPath(path).tokens.map(stepOf), 0, value);
}

type Step = string | number;

function stepOf(token: { kind: string; names?: readonly string[]; indexes?: readonly number[] }): Step {
  const step = token.kind === 'member' ? token.names?.[0] : token.kind === 'index' ? token.indexes?.[0] : undefined;
  if (step === undefined) throw new ResultPathMatchError('a result path names one place');
  return step;
}

function place(document: Json, steps: readonly Step[], at: number, value: Json): Json {
  const step = steps[at];
  if (step === undefined) return value;
  if (typeof step === 'number') {
    if (!Array.isArray(document) || step < 0 || step >= document.length) throw new ResultPathMatchError();
    return document.with(step, place(document[step], steps, at + 1, value));
  }
  if (document !== undefined && document !== null && !isObject(document)) throw new ResultPathMatchError();
  if (document === null && at === 0) throw new ResultPathMatchError();
  const copy = { ...document };
  setMember(
    copy,
    step,
    place(document && Object.hasOwn(document, step) ? document[step] : undefined, steps, at + 1, value),
  );
  return copy;
}
