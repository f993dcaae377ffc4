/** The reflected polynomial of CRC-64/NVME in two halves. */
const polynomialHigh = 0x9a6c9329;
const polynomialLow = 0xac4bc9b5;

/** Eight tables of 256 entries, each 64 bits in two halves, so that eight bytes are taken at a time. */
const high = Array.from({ length: 8 }, () => new Int32Array(256));
const low = Array.from({ length: 8 }, () => new Int32Array(256));
for (let byte = 0; byte < 256; byte += 1) {
  let h = 0;
  let l = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    const carry = l & 1;
    l = (l >>> 1) | (h << 31);
    h >>>= 1;
    if (carry === 1) {
      h ^= polynomialHigh;
      l ^= polynomialLow;
    }
  }
  high[0]![byte] = h;
  low[0]![byte] = l;
}
for (let slice = 1; slice < 8; slice += 1) {
  for (let byte = 0; byte < 256; byte += 1) {
    const h = high[slice - 1]![byte]!;
    const l = low[slice - 1]![byte]!;
    high[slice]![byte] = (h >>> 8) ^ high[0]![l & 0xff]!;
    low[slice]![byte] = ((l >>> 8) | (h << 24)) ^ low[0]![l & 0xff]!;
  }
}

type Tables = [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];
const [h0, h1, h2, h3, h4, h5, h6, h7] = high as Tables;
const [l0, l1, l2, l3, l4, l5, l6, l7] = low as Tables;

const none = new Int32Array(0);

/** CRC-64/NVME over a stream of chunks. */
export class Crc64Nvme {
  #high = -1;
  #low = -1;

  update(data: Uint8Array): void {
    const end = data.length;
    let at = 0;
    for (; at < end && ((data.byteOffset + at) & 3) !== 0; at += 1) this.#byte(data[at]!);
    const words = end - at < 8 ? none : new Int32Array(data.buffer, data.byteOffset + at, (end - at) >> 2);
    const pairs = words.length & ~1;
    let h = this.#high;
    let l = this.#low;
    for (let index = 0; index < pairs; index += 2) {
      const a = l ^ words[index]!;
      const b = h ^ words[index + 1]!;
      const a0 = a & 0xff,
        a1 = (a >>> 8) & 0xff,
        a2 = (a >>> 16) & 0xff,
        a3 = a >>> 24;
      const b0 = b & 0xff,
        b1 = (b >>> 8) & 0xff,
        b2 = (b >>> 16) & 0xff,
        b3 = b >>> 24;
      h = h7[a0]! ^ h6[a1]! ^ h5[a2]! ^ h4[a3]! ^ h3[b0]! ^ h2[b1]! ^ h1[b2]! ^ h0[b3]!;
      l = l7[a0]! ^ l6[a1]! ^ l5[a2]! ^ l4[a3]! ^ l3[b0]! ^ l2[b1]! ^ l1[b2]! ^ l0[b3]!;
    }
    this.#high = h;
    this.#low = l;
    for (at += pairs * 4; at < end; at += 1) this.#byte(data[at]!);
  }

  digest(): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeInt32BE(~this.#high, 0);
    bytes.writeInt32BE(~this.#low, 4);
    return bytes;
  }

  #byte(value: number): void {
    const index = (this.#low ^ value) & 0xff;
    this.#low = ((this.#low >>> 8) | (this.#high << 24)) ^ l0[index]!;
    this.#high = (this.#high >>> 8) ^ h0[index]!;
  }
}
