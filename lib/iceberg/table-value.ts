/**
 * A value of a column as Iceberg thinks of it: `number` for int, float, double and days of a date; `bigint` for long,
 * microseconds of times and timestamps, and the unscaled value of a decimal; text for string and uuid.
 */
export type TableValue = boolean | number | bigint | string | Uint8Array;
