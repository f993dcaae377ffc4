import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';
import { invalid } from '../known-members.ts';

/** What a function and its layers may hold unpacked, in bytes. */
export const maxUnzippedBytes = 262_144_000;

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;

/**
 * Unpacks a zip archive into `folder`. Returns the bytes unpacked. Throws `InvalidParameterValueException` for what is no
 * zip archive, is broken, leads outside of the folder, or holds more than Lambda takes.
 */
export function unzip(archive: Buffer, folder: string): number {
  let total = 0;
  let files = 0;
  for (const entry of entries(archive)) {
    const path = normalize(entry.name);
    if (path.startsWith('..') || path.startsWith(sep))
      throw invalid(`Zip entry leads outside of the package: ${entry.name}`);
    const target = join(folder, path);
    if (entry.name.endsWith('/')) {
      mkdirSync(target, { recursive: true });
      continue;
    }
    files++;
    total += entry.size;
    if (total > maxUnzippedBytes) throw invalid(`Unzipped size must be smaller than ${maxUnzippedBytes} bytes`);
    const content = contentOf(archive, entry);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content, { mode: entry.executable ? 0o755 : 0o644 });
  }
  if (files === 0) throw invalid('Uploaded file must be a non-empty zip');
  return total;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  readonly offset: number;
  readonly executable: boolean;
}

function* entries(archive: Buffer): Generator<Entry> {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || archive.readUInt32LE(end) !== endSignature || archive.length < end + 22) throw broken();
  const count = archive.readUInt16LE(end + 10);
  let position = archive.readUInt32LE(end + 16);
  if (count === 0xffff || position === 0xffffffff) throw invalid('zip64 archives are not supported: use LocalPath');
  for (let index = 0; index < count; index++) {
    if (position + 46 > end || archive.readUInt32LE(position) !== entrySignature) throw broken();
    const nameLength = archive.readUInt16LE(position + 28);
    yield {
      name: archive.toString('utf8', position + 46, position + 46 + nameLength),
      method: archive.readUInt16LE(position + 10),
      crc: archive.readUInt32LE(position + 16),
      packedSize: archive.readUInt32LE(position + 20),
      size: archive.readUInt32LE(position + 24),
      // The upper half of the attributes is the Unix mode.
      executable: ((archive.readUInt32LE(position + 38) >>> 16) & 0o111) !== 0,
      offset: archive.readUInt32LE(position + 42),
    };
    position += 46 + nameLength + archive.readUInt16LE(position + 30) + archive.readUInt16LE(position + 32);
  }
}

function contentOf(archive: Buffer, entry: Entry): Buffer {
  if (entry.offset + 30 > archive.length) throw broken();
  const start = entry.offset + 30 + archive.readUInt16LE(entry.offset + 26) + archive.readUInt16LE(entry.offset + 28);
  const packed = archive.subarray(start, start + entry.packedSize);
  const content = unpacked(packed, entry);
  if (content.length !== entry.size || crc32(content) !== entry.crc) throw broken();
  return content;
}

function unpacked(packed: Buffer, { method, size }: Entry): Buffer {
  if (method === 0) return packed;
  if (method !== 8) throw broken();
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch {
    throw broken();
  }
}

function broken() {
  return invalid('Could not unzip uploaded file. Please check your file, then try to upload again.');
}
