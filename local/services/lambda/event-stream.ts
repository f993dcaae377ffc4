import { crc32 } from 'node:zlib';

/** One message of an AWS event stream: headers of text, a payload, and checksums over both. */
export function eventMessage(headers: Readonly<Record<string, string>>, payload: Uint8Array): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => textHeader(name, value)));
  const prelude = Buffer.alloc(12);
  // The prelude with its checksum, and the checksum of the whole, count too.
  prelude.writeUInt32BE(prelude.length + head.length + payload.length + 4, 0);
  prelude.writeUInt32BE(head.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const checked = Buffer.concat([prelude, head, payload]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(checked));
  return Buffer.concat([checked, checksum]);
}

/** The number by which the format knows values that are text. */
const textType = 7;

function textHeader(name: string, value: string): Buffer {
  const [nameBytes, valueBytes] = [Buffer.from(name), Buffer.from(value)];
  const valueLength = Buffer.alloc(2);
  valueLength.writeUInt16BE(valueBytes.length);
  return Buffer.concat([Buffer.of(nameBytes.length), nameBytes, Buffer.of(textType), valueLength, valueBytes]);
}
