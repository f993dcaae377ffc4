import type { Readable } from 'node:stream';

/** Reads the bootstrap's frames: four bytes of length, then one log message. */
export function readFrames(stream: Readable, take: (message: string) => void): void {
  let buffered: Buffer = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    buffered = buffered.length ? Buffer.concat([buffered, chunk]) : chunk;
    let offset = 0;
    while (buffered.length - offset >= 4) {
      const length = buffered.readUInt32BE(offset);
      if (buffered.length - offset - 4 < length) break;
      take(buffered.toString('utf8', offset + 4, offset + 4 + length));
      offset += 4 + length;
    }
    buffered = buffered.subarray(offset);
  });
}

/** Reads what code wrote to standard output or error past the console: each line is one log message. */
export function readLines(stream: Readable, take: (message: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    // A line without end must not grow for ever: it is cut where CloudWatch Logs would refuse it.
    if (rest.length > 256 * 1024) {
      lines.push(rest);
      rest = '';
    }
    for (const line of lines) if (line !== '') take(line);
  });
  stream.on('end', () => {
    if (rest !== '') take(rest);
  });
}
