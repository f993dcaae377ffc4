import { gunzipSync } from 'node:zlib';

/** The text of an object that may be compressed. */
export function text(body: Buffer): string {
  const plain = body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body;
  return plain.toString('utf8').replace(/^\uFEFF/, '');
}
