import type { Json } from '../json.ts';
import type { Diagnostics } from './diagnostic.ts';

export interface NumberLimits {
  readonly least?: number;
  readonly most?: number;
  /** Default: whole numbers only. */
  readonly fraction?: boolean;
  /** The field may hold a JSONata expression instead. */
  readonly computed?: boolean;
}

/** A field that is a number within limits. */
export function validateNumber(value: Json, limits: NumberLimits, place: string, diagnostics: Diagnostics): void {
  if (value === undefined || (limits.computed && typeof value === 'string' && value.startsWith('{%'))) return;
  const { least, most, fraction } = limits;
  if (typeof value !== 'number' || !(fraction || Number.isInteger(value))) {
    diagnostics.schema(`Expected value of type ${fraction ? 'Number' : 'Integer'}`, place);
    return;
  }
  if (least !== undefined && value < least) diagnostics.schema(`Minimum value is ${least}`, place);
  if (most !== undefined && value > most) diagnostics.schema(`Maximum value is ${most}`, place);
}

/** AWS reads no more items than this, whatever is asked for. */
export const mostItems = 100_000_000;
