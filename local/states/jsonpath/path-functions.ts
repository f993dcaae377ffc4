import type { Json } from '../json.ts';
import { PathNotFoundError } from './evaluate-path.ts';

const aggregations = new Set(['sum', 'min', 'max', 'avg', 'stddev']);

/** The functions that may end a path: `$.items.length()`. */
export function pathFunctions(name: string, value: Json): Json {
  if (name === 'length') {
    if (Array.isArray(value) || typeof value === 'string') return value.length;
    return value && typeof value === 'object' ? Object.keys(value).length : null;
  }
  if (name === 'keys' && value && typeof value === 'object') return Object.keys(value);
  // The library behind AWS sees no numbers in the kind of document that AWS gives it.
  if (aggregations.has(name)) {
    throw new PathNotFoundError('Aggregation function attempted to calculate value using empty array');
  }
  throw new PathNotFoundError(`Function with name: ${name} does not exist.`);
}
