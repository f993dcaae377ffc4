import { isIP } from 'node:net';
import { PatternSyntaxError } from './syntax-error.ts';

export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

export interface AddressRange {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly last: bigint;
}

const looksLikeAddress = /^(?:[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+|[0-9a-fA-F:]*:[0-9a-fA-F:]*)$/;

/** The address that a text writes, or undefined where it is none. */
export function addressOf(text: string): Address | undefined {
  if (!looksLikeAddress.test(text)) return undefined;
  if (text.includes('.')) {
    const parts = text.split('.').map(Number);
    if (parts.some((part) => part > 255)) return undefined;
    return { bits: 32, value: parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n) };
  }
  return isIP(text) === 6 ? { bits: 128, value: groups(text) } : undefined;
}

/** The addresses of a block such as `10.0.0.0/24`. */
export function addressRange(cidr: string): AddressRange {
  const parts = cidr.replace(/\/+$/, '').split('/');
  if (parts.length !== 2) throw new PatternSyntaxError("Malformed CIDR, one '/' required");
  const [text, mask] = parts as [string, string];
  if (!/^[+-]?[0-9]+$/.test(mask)) throw new PatternSyntaxError('Malformed CIDR, mask bits must be an integer');
  const maskBits = Number(mask);
  if (maskBits < 0) throw new PatternSyntaxError('Malformed CIDR, mask bits must not be negative');
  const address = addressOf(text);
  if (!address) {
    throw new PatternSyntaxError(`${looksLikeAddress.test(text) ? 'Invalid' : 'Nonstandard'} IP address: ${text}`);
  }
  if (maskBits >= address.bits)
    throw new PatternSyntaxError(`IPv${address.bits === 32 ? 4 : 6} mask bits must be < ${address.bits}`);
  const inside = (1n << BigInt(address.bits - maskBits)) - 1n;
  return { bits: address.bits, first: address.value & ~inside, last: address.value | inside };
}

function groups(text: string): bigint {
  const [head, tail] = text.split('::') as [string, string | undefined];
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}
