import type { Algorithm } from './digest.ts';

/** Reflected polynomials and widths of the CRCs that S3 knows. */
const polynomials: Partial<Record<Algorithm, { readonly bits: number; readonly polynomial: bigint }>> = {
  CRC32: { bits: 32, polynomial: 0xedb88320n },
  CRC32C: { bits: 32, polynomial: 0x82f63b78n },
  CRC64NVME: { bits: 64, polynomial: 0x9a6c9329ac4bc9b5n },
};

/** Whether the checksum of a whole can be had from those of its parts. */
export const isCombinable = (algorithm: Algorithm): boolean => polynomials[algorithm] !== undefined;

/**
 * The CRC of parts in a row, without their bytes: appending a part of n bytes multiplies the CRC so far by x^8n in the
 * field of the polynomial, then adds the part's own.
 */
export function combinedCrc(
  algorithm: Algorithm,
  parts: readonly { readonly crc: Buffer; readonly size: number }[],
): Buffer {
  const { bits, polynomial } = polynomials[algorithm]!;
  let crc = 0n;
  for (const part of parts) {
    crc =
      multiply(crc, power(BigInt(part.size) * 8n, bits, polynomial), bits, polynomial) ^
      BigInt(`0x${part.crc.toString('hex')}`);
  }
  return Buffer.from(crc.toString(16).padStart(bits / 4, '0'), 'hex');
}

/** x to the given power, by squaring; in reflected order the highest bit is the coefficient of 1. */
function power(exponent: bigint, bits: number, polynomial: bigint): bigint {
  let result = 1n << BigInt(bits - 1);
  let square = result >> 1n;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = multiply(result, square, bits, polynomial);
    square = multiply(square, square, bits, polynomial);
  }
  return result;
}

function multiply(a: bigint, b: bigint, bits: number, polynomial: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = 1n << BigInt(bits - 1); bit > 0n; bit >>= 1n) {
    if ((a & bit) !== 0n) product ^= shifted;
    shifted = (shifted & 1n) === 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
  }
  return product;
}
