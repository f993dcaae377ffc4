import { s3Error } from './errors.ts';

/** The longest line of framing; a chunk's size or one trailer. */
const longestLineBytes = 8 * 1024;

/**
 * Takes the payload out of aws-chunked framing: `<hex size>[;extension]\r\n<bytes>\r\n`, a chunk of size 0, then
 * trailers, which are put into `trailers`. Payload bytes are passed on without a copy.
 */
export async function* decodeChunks(
  source: AsyncIterable<Uint8Array>,
  trailers: Record<string, string>,
): AsyncGenerator<Uint8Array> {
  let state: 'size' | 'data' | 'dataEnd' | 'trailer' | 'end' = 'size';
  let left = 0;
  let line = '';
  for await (const chunk of source) {
    let at = 0;
    while (at < chunk.length) {
      if (state === 'data') {
        const taken = Math.min(left, chunk.length - at);
        yield chunk.subarray(at, at + taken);
        at += taken;
        left -= taken;
        if (left === 0) state = 'dataEnd';
        continue;
      }
      if (state === 'end') throw s3Error('IncompleteBody', {}, 'The request body goes on after its last chunk');
      const newline = chunk.indexOf(10, at);
      line += Buffer.from(chunk.buffer, chunk.byteOffset + at, (newline < 0 ? chunk.length : newline) - at).toString(
        'latin1',
      );
      if (line.length > longestLineBytes) throw malformed(line.slice(0, 40));
      if (newline < 0) break;
      at = newline + 1;
      const text = line.replace(/\r$/, '');
      line = '';
      if (state === 'dataEnd') {
        if (text !== '') throw malformed(text);
        state = 'size';
      } else if (state === 'size') {
        left = chunkSize(text);
        state = left === 0 ? 'trailer' : 'data';
      } else if (text === '') state = 'end';
      else {
        const colon = text.indexOf(':');
        if (colon < 1) throw malformed(text);
        trailers[text.slice(0, colon).trim().toLowerCase()] = text.slice(colon + 1).trim();
      }
    }
  }
  if (state === 'trailer' && line === '') return;
  if (state !== 'end') throw s3Error('IncompleteBody');
}

function chunkSize(text: string): number {
  const size = text.split(';', 1)[0]!.trim();
  if (!/^[0-9a-fA-F]{1,13}$/.test(size)) throw malformed(text);
  return Number.parseInt(size, 16);
}

const malformed = (text: string) => s3Error('InvalidRequest', {}, `The aws-chunked body is malformed at "${text}"`);
