import { PathNotFoundError } from '../jsonpath/evaluate-path.ts';
import { jsonPath, type PathRoots } from '../jsonpath/json-path.ts';
import { parseTimestamp } from '../timestamp.ts';
import type { Visit } from '../visit.ts';

/** When a JSONPath Wait state ends, in milliseconds since the epoch. */
export function waitUntilByPath(visit: Visit, roots: PathRoots): number {
  const { definition, enteredTime } = visit;
  if (definition.Timestamp !== undefined) return parseTimestamp(definition.Timestamp)!;
  if (definition.TimestampPath !== undefined) return momentAt(visit, definition.TimestampPath, roots);
  if (definition.SecondsPath === undefined) return enteredTime + definition.Seconds * 1000;
  return enteredTime + secondsAt(visit, definition.SecondsPath, roots) * 1000;
}

function momentAt(visit: Visit, path: string, roots: PathRoots): number {
  const value = valueAt(visit, 'TimestampPath', path, roots);
  const time = typeof value === 'string' ? parseTimestamp(value) : undefined;
  if (time !== undefined) return time;
  throw visit.runtimeError(
    `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${path} == ${shown(value)}`,
  );
}

function secondsAt(visit: Visit, path: string, roots: PathRoots): number {
  const value = valueAt(visit, 'SecondsPath', path, roots);
  const seconds = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (!Number.isInteger(seconds)) {
    throw visit.runtimeError(`The SecondsPath parameter cannot be parsed as a long value: ${path} == ${shown(value)}`);
  }
  if ((seconds as number) < 0) {
    throw visit.runtimeError(`The SecondsPath parameter references a negative value: ${path} == ${shown(value)}`);
  }
  return seconds as number;
}

function valueAt(visit: Visit, field: string, path: string, roots: PathRoots): unknown {
  try {
    return jsonPath(path).evaluate(roots);
  } catch (error) {
    if (!(error instanceof PathNotFoundError)) throw error;
    throw visit.runtimeError(`The ${field} parameter does not reference an input value: ${path}`);
  }
}

const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
