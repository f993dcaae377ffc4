import { isObject, type Json, type JsonObject } from '../json.ts';
import { longestSeconds } from '../longest-seconds.ts';
import type { Diagnostics } from './diagnostic.ts';
import { type NumberLimits, validateNumber } from './validate-number.ts';
import type { StateUnderTest } from './validate-state.ts';

const retryNumbers: Record<string, NumberLimits> = {
  IntervalSeconds: { least: 0, most: longestSeconds },
  MaxAttempts: { least: 0, most: longestSeconds },
  BackoffRate: { least: 1, fraction: true },
  MaxDelaySeconds: { least: 1, most: 31_622_400 },
};
const retryFields = new Set(['ErrorEquals', 'Comment', 'JitterStrategy', ...Object.keys(retryNumbers)]);
const catchFields = new Set(['ErrorEquals', 'Comment', 'Next', 'ResultPath', 'Assign', 'Output']);
const jitterStrategies = ['NONE', 'FULL'];

/** Retry and Catch: which errors, how often, where to. */
export function validateFailureHandling(state: JsonObject, { place, scope }: StateUnderTest): void {
  const { diagnostics } = scope;
  for (const [index, retrier] of entries(state.Retry, `${place}/Retry`, diagnostics)) {
    const at = `${place}/Retry[${index}]`;
    if (!validateEntry(retrier, at, retryFields, diagnostics)) continue;
    validateErrors(retrier, at, index === state.Retry.length - 1, diagnostics);
    validateRetrier(retrier, at, diagnostics);
  }
  for (const [index, catcher] of entries(state.Catch, `${place}/Catch`, diagnostics)) {
    const at = `${place}/Catch[${index}]`;
    if (!validateEntry(catcher, at, catchFields, diagnostics)) continue;
    validateErrors(catcher, at, index === state.Catch.length - 1, diagnostics);
    if (catcher.Next === undefined) diagnostics.required(['Next'], at);
    else if (typeof catcher.Next !== 'string') diagnostics.notType('STRING', `${at}/Next`);
  }
}

function entries(list: Json, place: string, diagnostics: Diagnostics): [number, Json][] {
  if (list === undefined) return [];
  if (Array.isArray(list)) return [...list.entries()];
  diagnostics.notType('ARRAY', place);
  return [];
}

function validateEntry(
  entry: Json,
  at: string,
  fields: ReadonlySet<string>,
  diagnostics: Diagnostics,
): entry is JsonObject {
  if (!isObject(entry)) {
    diagnostics.notType('OBJECT', at);
    return false;
  }
  for (const field of Object.keys(entry)) if (!fields.has(field)) diagnostics.unsupported(field, at);
  return true;
}

/** The wildcard stands alone, in the last entry. */
function validateErrors(entry: JsonObject, at: string, last: boolean, diagnostics: Diagnostics): void {
  const { ErrorEquals: names } = entry;
  const place = `${at}/ErrorEquals`;
  if (names === undefined) diagnostics.required(['ErrorEquals'], at);
  else if (!Array.isArray(names)) diagnostics.notType('ARRAY', place);
  else if (names.length === 0) diagnostics.schema('Value cannot be empty', place);
  else if (names.some((name) => typeof name !== 'string')) diagnostics.notType('STRING', place);
  else if (names.includes('States.ALL') && (names.length > 1 || !last)) {
    diagnostics.schema('States.ALL must appear alone and at end of list', place);
  }
}

function validateRetrier(retrier: JsonObject, at: string, diagnostics: Diagnostics): void {
  for (const [field, limits] of Object.entries(retryNumbers)) {
    validateNumber(retrier[field], limits, `${at}/${field}`, diagnostics);
  }
  const { IntervalSeconds = 1, MaxDelaySeconds, JitterStrategy } = retrier;
  if (MaxDelaySeconds !== undefined && MaxDelaySeconds <= IntervalSeconds) {
    diagnostics.schema('MaxDelaySeconds must be greater than IntervalSeconds', `${at}/MaxDelaySeconds`);
  }
  if (JitterStrategy !== undefined && !jitterStrategies.includes(JitterStrategy)) {
    diagnostics.notOneOf(jitterStrategies, `${at}/JitterStrategy`);
  }
}
