import { gunzipSync, zstdDecompressSync } from 'node:zlib';

const gzipMagic = Buffer.from([0x1f, 0x8b]);
const zstdMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** The text of an object that may be compressed by gzip or Zstandard. */
export function text(body: Buffer): string {
  return plain(body)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}

function plain(body: Buffer): Buffer {
  if (body.subarray(0, gzipMagic.length).equals(gzipMagic)) return gunzipSync(body);
  return body.subarray(0, zstdMagic.length).equals(zstdMagic) ? zstdDecompressSync(body) : body;
}
