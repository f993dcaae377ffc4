/** The type of what a transform makes of a column. */
export function resultType(transform: string, type: string): string {
  if (transform === 'identity' || transform.startsWith('truncate')) return type;
  return transform === 'day' ? 'date' : 'int';
}
