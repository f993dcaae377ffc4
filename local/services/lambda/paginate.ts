import { invalid } from './known-members.ts';

/** One page of a list: `MaxItems` of it (default `most`), from where `Marker` points to. */
export function paginate<T>(
  items: readonly T[],
  { Marker, MaxItems }: { Marker?: string; MaxItems?: number | string },
  most = 50,
): { page: readonly T[]; NextMarker?: string } {
  const start = Marker === undefined ? 0 : Number(Buffer.from(Marker, 'base64url').toString('utf8'));
  if (!Number.isInteger(start)) throw invalid(`the marker is not one that this operation gave, got "${Marker}"`);
  const end = start + Math.min(Number(MaxItems ?? most), most);
  const NextMarker = end < items.length ? Buffer.from(String(end)).toString('base64url') : undefined;
  return { page: items.slice(start, end), ...(NextMarker && { NextMarker }) };
}
