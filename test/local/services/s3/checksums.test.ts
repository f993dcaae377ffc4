import { array, assert, asyncProperty, constantFrom, integer, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeChunks } from '../../../../local/services/s3/chunked-decoder.ts';
import { combinedCrc } from '../../../../local/services/s3/crc-combine.ts';
import { type Algorithm, createDigest } from '../../../../local/services/s3/digest.ts';

const digestOf = (algorithm: Algorithm, ...chunks: Uint8Array[]) => {
  const digest = createDigest(algorithm);
  for (const chunk of chunks) digest.update(chunk);
  return digest.digest();
};
const crcs = ['CRC32', 'CRC32C', 'CRC64NVME'] as const;

describe('checksums', () => {
  it.each([
    ['CRC32', 'cbf43926'],
    ['CRC32C', 'e3069283'],
    ['CRC64NVME', 'ae8b14860a799888'],
  ] as const)('gives the published check value of %s', (algorithm, expected) => {
    expect(digestOf(algorithm, Buffer.from('123456789')).toString('hex')).toBe(expected);
  });

  it('does not depend on where a stream is cut', () => {
    const chunks = array(uint8Array({ maxLength: 40 }), { maxLength: 8 });
    assert(
      property(chunks, constantFrom(...crcs), integer({ min: 0, max: 7 }), (parts, algorithm, shift) => {
        // A view that begins anywhere in its memory, as those of a socket do.
        const whole = Buffer.concat([Buffer.alloc(shift), ...parts]).subarray(shift);
        expect(digestOf(algorithm, ...parts)).toEqual(digestOf(algorithm, whole));
      }),
    );
  });

  it('combines those of parts into that of the whole', () => {
    const chunks = array(uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 6 });
    assert(
      property(chunks, constantFrom(...crcs), (parts, algorithm) => {
        const known = parts.map((part) => ({ crc: digestOf(algorithm, part), size: part.length }));
        expect(combinedCrc(algorithm, known)).toEqual(digestOf(algorithm, ...parts));
      }),
    );
  });
});

describe('aws-chunked framing', () => {
  it('is taken off wherever the network cuts it', async () => {
    const payloads = array(uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 5 });
    await assert(
      asyncProperty(
        payloads,
        array(integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 10 }),
        async (parts, cuts) => {
          const framed = Buffer.concat([
            ...parts.flatMap((part) => [Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]),
            Buffer.from('0\r\nx-amz-checksum-crc32: abc=\r\n\r\n'),
          ]);
          async function* network() {
            for (let at = 0, turn = 0; at < framed.length; turn += 1) {
              const length = cuts[turn % cuts.length]!;
              yield framed.subarray(at, at + length);
              at += length;
            }
          }
          const trailers: Record<string, string> = {};
          const found: Uint8Array[] = [];
          for await (const chunk of decodeChunks(network(), trailers)) found.push(chunk);
          expect(Buffer.concat(found)).toEqual(Buffer.concat(parts));
          expect(trailers).toEqual({ 'x-amz-checksum-crc32': 'abc=' });
        },
      ),
    );
  });
});
