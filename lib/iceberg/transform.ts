/** Transforms of one column that files can be laid out by, and the types that they take. */
const takes: Readonly<Record<string, RegExp>> = {
  identity: /^/,
  year: /^(date|timestamp|timestamptz)$/,
  month: /^(date|timestamp|timestamptz)$/,
  day: /^(date|timestamp|timestamptz)$/,
  hour: /^(timestamp|timestamptz)$/,
  bucket: /^(int|long|decimal.*|date|time|timestamp|timestamptz|string|uuid|binary)$/,
  truncate: /^(int|long|decimal.*|string|binary)$/,
};

/** Whether a transform, as in `bucket[16]`, can take a column of a type. */
export function canTransform(transform: string, type: string): boolean {
  const match = /^(\w+)(?:\[([1-9]\d{0,8})\])?$/.exec(transform);
  if (!match || !Object.hasOwn(takes, match[1]!)) return false;
  const wantsNumber = match[1] === 'bucket' || match[1] === 'truncate';
  return wantsNumber === (match[2] !== undefined) && takes[match[1]!]!.test(type);
}

/** The type of what a transform makes of a column. */
export function resultType(transform: string, type: string): string {
  if (transform === 'identity' || transform.startsWith('truncate')) return type;
  return transform === 'day' ? 'date' : 'int';
}
