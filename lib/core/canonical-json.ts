/**
 * JSON with the keys of every object in code unit order and without spaces: equal values give equal text, so that it can be hashed.
 * Members that are undefined are left out, as JSON does; what JSON cannot hold (a bigint, NaN, a function) throws a TypeError.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`JSON has no ${value}`);
  if (typeof value === 'function' || typeof value === 'symbol' || value === undefined) {
    throw new TypeError(`JSON has no ${typeof value}`);
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
