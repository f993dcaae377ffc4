import { fractionDigits } from './fraction-digits.ts';
import { literal } from './shape.ts';

/** Digits that a decimal may have so that its division by a power of ten gives the binary fraction nearest to it. */
const exactDigits = 15;

/**
 * SQL of a number that values of a DuckDB type are held against. DuckDB takes digits with a point for a decimal, and makes
 * of one with 16 or 17 digits a binary fraction that may lie beside the one that was meant.
 */
export function numberLiteral(value: number, type: string): string {
  const digits = String(value).replace(/^-?[0.]*|e.*$|\./g, '').length;
  const isNear = type === 'DOUBLE' && fractionDigits(value) > 0 && digits > exactDigits;
  return isNear ? `${literal(String(value))}::DOUBLE` : String(value);
}
