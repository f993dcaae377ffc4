/** Reads the headers of the frames that pass by in a stream of bytes, and tells of the first whose payload is too large. */
export class FrameSizes {
  readonly #most: number;
  #header = Buffer.alloc(0);
  /** Bytes of a payload, and of its mask, that are still to come. */
  #left = 0;

  constructor(mostBytes: number) {
    this.#most = mostBytes;
  }

  /** Whether a frame that is too large begins in `bytes`. */
  exceedIn(bytes: Buffer): boolean {
    let at = 0;
    while (at < bytes.length) {
      const skipped = Math.min(this.#left, bytes.length - at);
      this.#left -= skipped;
      at += skipped;
      if (at >= bytes.length) return false;
      this.#header = Buffer.concat([this.#header, bytes.subarray(at, ++at)]);
      const payload = payloadBytes(this.#header);
      if (payload === undefined) continue;
      if (payload > this.#most) return true;
      this.#left = payload + (this.#header[1]! & 0x80 ? 4 : 0);
      this.#header = Buffer.alloc(0);
    }
    return false;
  }
}

/** The length that a frame's header tells; undefined where more of it must come first. */
function payloadBytes(header: Buffer): number | undefined {
  if (header.length < 2) return undefined;
  const length = header[1]! & 0x7f;
  if (length < 126) return length;
  if (length === 126) return header.length < 4 ? undefined : header.readUInt16BE(2);
  return header.length < 10 ? undefined : Number(header.readBigUInt64BE(2));
}
