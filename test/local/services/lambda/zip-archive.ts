import { crc32, deflateRawSync } from 'node:zlib';

/** A zip archive of the files given, each deflated. `tamper` changes an entry's central header before it is written. */
export function zipArchive(
  files: Readonly<Record<string, string | Buffer>>,
  tamper: (header: Buffer, name: string) => void = () => {},
): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const path = Buffer.from(name);
    const header = Buffer.alloc(46);
    header.writeUInt32LE(0x02014b50, 0);
    header.writeUInt16LE(8, 10);
    header.writeUInt32LE(crc32(bytes), 16);
    header.writeUInt32LE(packed.length, 20);
    header.writeUInt32LE(bytes.length, 24);
    header.writeUInt16LE(path.length, 28);
    header.writeUInt32LE(offset, 42);
    tamper(header, name);
    const start = Buffer.alloc(30);
    start.writeUInt32LE(0x04034b50, 0);
    header.copy(start, 6, 8, 30);
    start.writeUInt16LE(path.length, 26);
    local.push(start, path, packed);
    central.push(header, path);
    offset += start.length + path.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(central.length / 2, 8);
  end.writeUInt16LE(central.length / 2, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}
