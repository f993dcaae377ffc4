import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { crc32c } from './crc32c.ts';
import { Crc64Nvme } from './crc64nvme.ts';

/** Checksum algorithms by the names that S3 gives them. */
export const algorithms = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256', 'SHA512', 'MD5'] as const;
export type Algorithm = (typeof algorithms)[number];

export interface Digest {
  update(data: Uint8Array): void;
  digest(): Buffer;
}

export function createDigest(algorithm: Algorithm): Digest {
  if (algorithm === 'CRC32') return crcDigest(crc32);
  if (algorithm === 'CRC32C') return crcDigest(crc32c);
  if (algorithm === 'CRC64NVME') return new Crc64Nvme();
  return createHash(algorithm.toLowerCase());
}

function crcDigest(step: (data: Uint8Array, previous?: number) => number): Digest {
  let value = 0;
  return {
    update(data) {
      value = step(data, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value >>> 0);
      return bytes;
    },
  };
}
