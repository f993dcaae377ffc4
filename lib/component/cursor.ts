/** Types of columns that can say how far a source has been taken: their texts, as the engine prints them, can be compared. */
export const cursorTypes = [
  'DATE',
  'TIMESTAMP',
  'TIMESTAMP WITH TIME ZONE',
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
  'UBIGINT',
] as const;

/** Whether a lag, which is a time, can be taken from values of the type. */
export function takesLag(type: string): boolean {
  return type === 'DATE' || type.startsWith('TIMESTAMP');
}

/**
 * How far a source has been taken: below 0 where `a` lies before `b`. Undefined stands for nothing yet.
 * @param a text of a value, as the engine prints it
 */
export function comparePositions(type: string, a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (/INT(EGER)?$/.test(type)) return Number(BigInt(a) - BigInt(b) > 0n) - Number(BigInt(a) - BigInt(b) < 0n);
  // Times of the same length but for their fractions, whose digits and signs sort as they should.
  return Number(a > b) - Number(a < b);
}
