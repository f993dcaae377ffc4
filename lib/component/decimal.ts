import * as z from 'zod';

/**
 * A decimal number of a contract, kept to its last digit where a DOUBLE would round: `DECIMAL(width, scale)`. Functions of
 * `map` get it as text. Where it has bounds, write `z.number().min(0).meta({ columnType: 'DECIMAL(12,2)' })`.
 * @param width digits in all, 1 to 38
 * @param scale digits behind the point, `width` at most
 * @example z.object({ price: decimal(12, 2) })
 */
export function decimal(width: number, scale: number): z.ZodString {
  return z.string().meta({ columnType: `DECIMAL(${width},${scale})` });
}
