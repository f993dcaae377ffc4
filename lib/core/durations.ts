/** Milliseconds of the units that code speaks of. */
export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Seconds since the epoch, as DynamoDB's TTL counts, of a moment in milliseconds. */
export function epochSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / second);
}
