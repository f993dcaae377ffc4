import { s3Error } from './errors.ts';

/** Bytes `start` to `end`, the end not included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a Range header over an object of `size` bytes. Undefined where the whole object is the answer: without a
 * header, and, as HTTP says and S3 does, where it names several ranges or none. Throws InvalidRange (416).
 */
export function byteRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [, from, to] = match as unknown as [string, string, string];
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size : Math.min(size, Number(to) + 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  if (start >= end) throw s3Error('InvalidRange', { RangeRequested: header, ActualObjectSize: size });
  return { start, end };
}
