/** Eight tables of 256 entries, so that eight bytes are taken at a time. */
const tables = makeTables();

function makeTables(): Int32Array[] {
  const all = Array.from({ length: 8 }, () => new Int32Array(256));
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
    all[0]![byte] = value;
  }
  for (let slice = 1; slice < 8; slice += 1) {
    for (let byte = 0; byte < 256; byte += 1) {
      const before = all[slice - 1]![byte]!;
      all[slice]![byte] = (before >>> 8) ^ all[0]![before & 0xff]!;
    }
  }
  return all;
}

const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];

const none = new Int32Array(0);

/** CRC-32C (Castagnoli) of `data`, continued from `previous`. Unsigned 32 bits. */
export function crc32c(data: Uint8Array, previous = 0): number {
  let crc = ~previous;
  const end = data.length;
  let at = 0;
  for (; at < end && ((data.byteOffset + at) & 3) !== 0; at += 1) crc = (crc >>> 8) ^ t0[(crc ^ data[at]!) & 0xff]!;
  const words = end - at < 8 ? none : new Int32Array(data.buffer, data.byteOffset + at, (end - at) >> 2);
  const pairs = words.length & ~1;
  for (let index = 0; index < pairs; index += 2) {
    const low = crc ^ words[index]!;
    const high = words[index + 1]!;
    crc =
      t7[low & 0xff]! ^
      t6[(low >>> 8) & 0xff]! ^
      t5[(low >>> 16) & 0xff]! ^
      t4[low >>> 24]! ^
      t3[high & 0xff]! ^
      t2[(high >>> 8) & 0xff]! ^
      t1[(high >>> 16) & 0xff]! ^
      t0[high >>> 24]!;
  }
  for (at += pairs * 4; at < end; at += 1) crc = (crc >>> 8) ^ t0[(crc ^ data[at]!) & 0xff]!;
  return ~crc >>> 0;
}
