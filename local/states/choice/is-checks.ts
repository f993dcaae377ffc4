import type { Json } from '../json.ts';
import { parseTimestamp } from '../timestamp.ts';

/** The operators that ask what a value is. */
export const isChecks: Readonly<Record<string, (value: Json) => boolean>> = {
  IsNull: (value) => value === null,
  IsBoolean: (value) => typeof value === 'boolean',
  IsNumeric: (value) => typeof value === 'number',
  IsString: (value) => typeof value === 'string',
  IsTimestamp: (value) => typeof value === 'string' && parseTimestamp(value) !== undefined,
};
