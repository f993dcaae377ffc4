import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Diagnostics } from './diagnostic.ts';
import type { StateUnderTest } from './validate-state.ts';

const retryNumbers: Record<string, (value: number) => boolean> = {
  IntervalSeconds: (value) => Number.isInteger(value) && value > 0,
  MaxAttempts: (value) => Number.isInteger(value) && value >= 0 && value <= 99_999_999,
  BackoffRate: (value) => value >= 1,
  MaxDelaySeconds: (value) => Number.isInteger(value) && value > 0 && value < 31_622_400,
};
const retryFields = new Set(['ErrorEquals', 'Comment', 'JitterStrategy', ...Object.keys(retryNumbers)]);
const catchFields = new Set(['ErrorEquals', 'Comment', 'Next', 'ResultPath', 'Assign', 'Output']);

/** Retry and Catch: which errors, how often, where to. */
export function validateFailureHandling(state: JsonObject, { place, scope }: StateUnderTest): void {
  const { diagnostics } = scope;
  for (const [index, retrier] of entries(state.Retry, `${place}/Retry`, diagnostics)) {
    const at = `${place}/Retry[${index}]`;
    if (!validateEntry(retrier, at, retryFields, diagnostics)) continue;
    validateErrors(retrier, at, index === state.Retry.length - 1, diagnostics);
    validateNumbers(retrier, at, diagnostics);
  }
  for (const [index, catcher] of entries(state.Catch, `${place}/Catch`, diagnostics)) {
    const at = `${place}/Catch[${index}]`;
    if (!validateEntry(catcher, at, catchFields, diagnostics)) continue;
    validateErrors(catcher, at, index === state.Catch.length - 1, diagnostics);
    if (typeof catcher.Next !== 'string') diagnostics.schema('These fields are required: [Next]', at);
  }
}

function entries(list: Json, place: string, diagnostics: Diagnostics): [number, Json][] {
  if (list === undefined) return [];
  if (Array.isArray(list)) return [...list.entries()];
  diagnostics.schema('Value is not an Array', place);
  return [];
}

function validateEntry(
  entry: Json,
  at: string,
  fields: ReadonlySet<string>,
  diagnostics: Diagnostics,
): entry is JsonObject {
  if (!isObject(entry)) {
    diagnostics.schema('Value is not a JSON object', at);
    return false;
  }
  for (const field of Object.keys(entry)) {
    if (!fields.has(field)) diagnostics.schema('Field is not supported', `${at}/${field}`);
  }
  return true;
}

/** The wildcard stands alone, in the last entry. */
function validateErrors(entry: JsonObject, at: string, last: boolean, diagnostics: Diagnostics): void {
  const { ErrorEquals: names } = entry;
  if (!Array.isArray(names) || names.length === 0 || names.some((name) => typeof name !== 'string')) {
    diagnostics.schema('Value is not a non-empty array of strings', `${at}/ErrorEquals`);
    return;
  }
  const wildcard = 'States.ALL';
  if (!names.includes(wildcard)) return;
  if (names.length > 1) diagnostics.schema(`${wildcard} must appear alone`, `${at}/ErrorEquals`);
  if (!last) diagnostics.schema(`${wildcard} must appear in the last element of the array`, `${at}/ErrorEquals`);
}

function validateNumbers(retrier: JsonObject, at: string, diagnostics: Diagnostics): void {
  for (const [field, valid] of Object.entries(retryNumbers)) {
    const value = retrier[field];
    if (value === undefined) continue;
    if (typeof value !== 'number' || !valid(value)) diagnostics.schema('Value is out of range', `${at}/${field}`);
  }
  const { IntervalSeconds = 1, MaxDelaySeconds, JitterStrategy } = retrier;
  if (MaxDelaySeconds !== undefined && MaxDelaySeconds <= IntervalSeconds) {
    diagnostics.schema('MaxDelaySeconds must be greater than IntervalSeconds', `${at}/MaxDelaySeconds`);
  }
  if (JitterStrategy !== undefined && JitterStrategy !== 'FULL' && JitterStrategy !== 'NONE') {
    diagnostics.schema('Value is not one of [FULL, NONE]', `${at}/JitterStrategy`);
  }
}
