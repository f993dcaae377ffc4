import { type AddressRange, addressOf } from './cidr.ts';
import type { Leaf } from './flatten.ts';

export type Test = (value: Leaf) => boolean;

/** A text that is an IP address stands for the address, however it is written. */
export function exactly(wanted: Leaf): Test {
  const address = typeof wanted === 'string' ? addressOf(wanted) : undefined;
  if (!address) return (value) => value === wanted;
  return (value) => {
    const other = typeof value === 'string' ? addressOf(value) : undefined;
    return other !== undefined && other.bits === address.bits && other.value === address.value;
  };
}

const fold = (text: string) => text.toLowerCase();

export const startsWith =
  (prefix: string): Test =>
  (value) =>
    typeof value === 'string' && value.startsWith(prefix);

export const endsWith =
  (suffix: string): Test =>
  (value) =>
    typeof value === 'string' && value.endsWith(suffix);

export const equalsIgnoringCase =
  (text: string): Test =>
  (value) =>
    typeof value === 'string' && fold(value) === fold(text);

export const startsWithIgnoringCase =
  (prefix: string): Test =>
  (value) =>
    typeof value === 'string' && fold(value).startsWith(fold(prefix));

export const endsWithIgnoringCase =
  (suffix: string): Test =>
  (value) =>
    typeof value === 'string' && fold(value).endsWith(fold(suffix));

export const inAddressRange =
  (range: AddressRange): Test =>
  (value) => {
    const address = typeof value === 'string' ? addressOf(value) : undefined;
    return (
      address !== undefined &&
      address.bits === range.bits &&
      address.value >= range.first &&
      address.value <= range.last
    );
  };

/** Of a field that is there: none of the tests passes. */
export const noneOf =
  (tests: readonly Test[]): Test =>
  (value) =>
    !tests.some((test) => test(value));
