import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { isSkippable, isZstdFrame } from '../../core/packing.ts';

/**
 * Unpacks a zstd file of any number of frames. Node's decompressor stops behind the first one without a word, and files
 * that were put together, or packed in parallel, have many.
 */
export async function* zstdUnpacked(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const bytes = new Bytes(source);
  for (;;) {
    const start = await bytes.take(4);
    if (start.length === 0) return;
    const magic = start.length === 4 ? start.readUInt32LE() : 0;
    if (isZstdFrame(magic)) yield* plainBytes(frameFrom(start, bytes));
    else if (isSkippable(magic)) await skipFrame(bytes);
    else throw noFrame('something follows the last frame');
  }
}

async function skipFrame(bytes: Bytes): Promise<void> {
  const length = await bytes.take(4);
  if (length.length < 4) throw noFrame('the last frame is cut short');
  // What was cut short in here may have had more frames.
  if (!(await bytes.skip(length.readUInt32LE()))) throw noFrame('the last frame is cut short');
}

function noFrame(problem: string): Error {
  return Object.assign(new Error(problem), { code: 'ZSTD_NO_FRAME' });
}

async function* plainBytes(frame: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const decompress = createZstdDecompress();
  const fed = pipeline(frame, decompress);
  // Reading the decompressor throws the same; nobody waits for this one then.
  fed.catch(() => {});
  yield* decompress as AsyncIterable<Buffer>;
  await fed;
}

/** The bytes of one frame, by the lengths that it tells: a header, blocks, and a checksum where it has one. */
async function* frameFrom(magic: Buffer, bytes: Bytes): AsyncGenerator<Buffer> {
  const descriptor = await bytes.take(1);
  yield magic;
  yield descriptor;
  const flags = descriptor[0] ?? 0;
  yield bytes.take(headerLength(flags) - 1);
  for (let last = false; !last; ) {
    const block = await bytes.take(3);
    yield block;
    // What was cut short is told by the decompressor.
    if (block.length < 3) return;
    const header = block.readUIntLE(0, 3);
    last = (header & 1) === 1;
    const repeated = ((header >> 1) & 3) === 1;
    yield bytes.take(repeated ? 1 : header >> 3);
  }
  if (flags & 4) yield bytes.take(4);
}

/** Of a frame's header: the descriptor, the window, the dictionary's id, and the size of the content. */
function headerLength(flags: number): number {
  const single = (flags & 32) !== 0;
  const dictionary = [0, 1, 2, 4][flags & 3]!;
  const content = [single ? 1 : 0, 2, 4, 8][flags >> 6]!;
  return 1 + (single ? 0 : 1) + dictionary + content;
}

/** Bytes as they are asked for, of pieces as they come. */
class Bytes {
  readonly #pieces: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#pieces = source[Symbol.asyncIterator]();
  }

  /** So many bytes; fewer where there are no more. Blocks have 128 KB at the most. */
  async take(length: number): Promise<Buffer> {
    while (this.#rest.length < length && (await this.#more()));
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  /** False where there are not so many. */
  async skip(length: number): Promise<boolean> {
    for (let left = length; left > 0; ) {
      if (this.#rest.length === 0 && !(await this.#more())) return false;
      const skipped = Math.min(left, this.#rest.length);
      this.#rest = this.#rest.subarray(skipped);
      left -= skipped;
    }
    return true;
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#pieces.next();
    if (done) return false;
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
    return true;
  }
}
