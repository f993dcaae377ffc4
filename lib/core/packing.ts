/** How the bytes of a text file are packed. */
export type Packing = 'gzip' | 'zstd';

/** What the first four bytes of a file tell; fewer are no packed file. Undefined: it is not packed. */
export function packingOf(start: Buffer): Packing | undefined {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  return start.length >= 4 && isFrame(start) ? 'zstd' : undefined;
}

const frame = 0xfd2fb528;
/** Frames of programs for themselves: some of those that pack in parallel write one first. */
const skippable = 0x184d2a50;

function isFrame(start: Buffer): boolean {
  const magic = start.readUInt32LE();
  return magic === frame || isSkippable(magic);
}

/** True for the magic number of a zstd frame that holds nothing of the file. */
export function isSkippable(magic: number): boolean {
  return (magic & 0xfffffff0) >>> 0 === skippable;
}

/** True for the magic number of a zstd frame. */
export function isZstdFrame(magic: number): boolean {
  return magic === frame;
}
