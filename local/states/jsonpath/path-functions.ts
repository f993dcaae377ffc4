import type { Json } from '../json.ts';
import { PathNotFoundError } from './evaluate-path.ts';

/** The functions that may end a path: `$.items.length()`. */
export function pathFunctions(name: string, value: Json): Json {
  if (name === 'length') {
    if (Array.isArray(value) || typeof value === 'string') return value.length;
    return value && typeof value === 'object' ? Object.keys(value).length : null;
  }
  if (name === 'keys' && value && typeof value === 'object') return Object.keys(value);
  const numbers = Array.isArray(value) ? value.filter((item): item is number => typeof item === 'number') : [];
  const sum = numbers.reduce((total, number) => total + number, 0);
  if (name === 'sum') return sum;
  if (numbers.length === 0)
    throw new PathNotFoundError(`Aggregation function attempted to calculate value using empty array`);
  if (name === 'min') return Math.min(...numbers);
  if (name === 'max') return Math.max(...numbers);
  if (name === 'avg') return sum / numbers.length;
  if (name === 'stddev') {
    const mean = sum / numbers.length;
    return Math.sqrt(numbers.reduce((total, number) => total + (number - mean) ** 2, 0) / numbers.length);
  }
  throw new PathNotFoundError(`Function with name: ${name} does not exist.`);
}
