import type { JsonObject } from '../json.ts';
import { longestSeconds } from '../longest-seconds.ts';
import { parseTimestamp } from '../timestamp.ts';
import type { LanguageName } from './machine-scope.ts';
import { validateNumber } from './validate-number.ts';
import type { StateUnderTest } from './validate-state.ts';

const times = {
  JSONPath: ['SecondsPath', 'Seconds', 'TimestampPath', 'Timestamp'],
  JSONata: ['Seconds', 'Timestamp'],
};

/** A Wait state says in one way how long it waits. */
export function validateWait(state: JsonObject, language: LanguageName, { place, scope }: StateUnderTest): void {
  const { diagnostics } = scope;
  const given = times[language].filter((field) => state[field] !== undefined);
  diagnostics.exactlyOne(times[language], given.length, place);
  const { Timestamp: timestamp, Seconds: seconds } = state;
  const computed = (value: unknown) => language === 'JSONata' && typeof value === 'string' && value.startsWith('{%');
  if (timestamp !== undefined && !computed(timestamp)) {
    if (typeof timestamp !== 'string' || parseTimestamp(timestamp) === undefined) {
      diagnostics.schema('String does not match RFC3339 timestamp', `${place}/Timestamp`);
    }
  }
  const limits = { least: 0, most: longestSeconds, computed: language === 'JSONata' };
  validateNumber(seconds, limits, `${place}/Seconds`, diagnostics);
}
