import type { JsonObject } from '../json.ts';
import { parseTimestamp } from '../timestamp.ts';
import type { LanguageName } from './machine-scope.ts';
import type { StateUnderTest } from './validate-state.ts';

const times = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'];
const longestSeconds = 99_999_999;

/** A Wait state says in one way how long it waits. */
export function validateWait(state: JsonObject, language: LanguageName, { place, scope }: StateUnderTest): void {
  const { diagnostics } = scope;
  const given = times.filter((field) => state[field] !== undefined);
  if (given.length !== 1) diagnostics.schema(`Exactly one of these fields is required: [${times.join(', ')}]`, place);
  const { Timestamp: timestamp, Seconds: seconds } = state;
  const computed = (value: unknown) => language === 'JSONata' && typeof value === 'string' && value.startsWith('{%');
  if (timestamp !== undefined && !computed(timestamp)) {
    if (typeof timestamp !== 'string' || parseTimestamp(timestamp) === undefined) {
      diagnostics.schema('String does not match RFC3339 timestamp', `${place}/Timestamp`);
    }
  }
  if (seconds !== undefined && !computed(seconds)) {
    if (!Number.isInteger(seconds) || seconds < 0 || seconds > longestSeconds) {
      diagnostics.schema(`Value is not an integer from 0 to ${longestSeconds}`, `${place}/Seconds`);
    }
  }
}
