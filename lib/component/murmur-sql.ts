const mask = '4294967295';
const first = '3432918353';
const second = '461845907';

/** SQL of the 32 bits of Murmur3 (x86, seed 0) of a BIGINT, as UBIGINT: Iceberg's hash of whole numbers, dates and times. */
export function murmurOfLong(value: string): string {
  const low = `(${value} & ${mask})::UBIGINT`;
  const high = `((${value} >> 32) & ${mask})::UBIGINT`;
  return bound(mixed(mixed('0::UBIGINT', low), high), (hash) => ended(`xor(${hash}, 8)`));
}

/** The same of bytes, which are given as text of hexadecimal digits. */
export function murmurOfBytes(digits: string): string {
  const length = `(length(${digits}) // 2)`;
  const blocks = `list_transform(range(0, ${length} // 4), lambda i: ${block(`substr(${digits}, i::INTEGER * 8 + 1, 8)`)})`;
  const whole = `list_reduce(list_prepend(0::UBIGINT, ${blocks}), lambda h, k: ${mixed('h', 'k')})`;
  const rest = scrambled(block(`rpad(substr(${digits}, (${length} // 4)::INTEGER * 8 + 1), 8, '0')`));
  const all = `xor(xor(${whole}, CASE WHEN ${length} % 4 = 0 THEN 0::UBIGINT ELSE ${rest} END), ${length}::UBIGINT)`;
  return bound(all, ended);
}

/** A value that stands in an expression many times, worked out once. */
function bound(value: string, use: (name: string) => string): string {
  return `list_transform([${value}], lambda h: ${use('h')})[1]`;
}

const times = (value: string, factor: string) => `((${value} * ${factor}::UBIGINT) & ${mask})`;
const turned = (value: string, bits: number) => `(((${value} << ${bits}) | (${value} >> ${32 - bits})) & ${mask})`;
const scrambled = (value: string) => times(turned(times(value, first), 15), second);

function mixed(hash: string, value: string): string {
  return `((${turned(`xor(${hash}, ${scrambled(value)})`, 13)} * 5 + 3864292196) & ${mask})`;
}

function ended(hash: string): string {
  const one = times(`xor(${hash}, ${hash} >> 16)`, '2246822507');
  const two = times(`xor(${one}, ${one} >> 13)`, '3266489909');
  return `xor(${two}, ${two} >> 16)`;
}

/** Eight digits as a number whose lowest byte comes first. */
function block(digits: string): string {
  const swapped = '(((b & 255) << 24) | ((b & 65280) << 8) | ((b >> 8) & 65280) | (b >> 24))';
  return `list_transform([('0x' || ${digits})::UBIGINT], lambda b: ${swapped})[1]`;
}
