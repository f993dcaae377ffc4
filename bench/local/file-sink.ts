import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';

/** The least that a store of objects can do: stream a body to a file, check its CRC-32, stream it back. */
export function fileSink(folder: string): Server {
  const fileOf = (request: IncomingMessage) => join(folder, createHash('sha1').update(request.url!).digest('hex'));
  return createServer((request, response) => {
    const serve = request.method === 'PUT' ? take : give;
    serve(fileOf(request), request, response).catch((error) => response.destroy(error));
  });
}

async function take(file: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let sum = 0;
  const summing = new Transform({
    transform(chunk, _encoding, done) {
      sum = crc32(chunk, sum);
      done(null, chunk);
    },
  });
  await pipeline(request, summing, createWriteStream(file));
  const wanted = Buffer.from(String(request.headers['x-amz-checksum-crc32']), 'base64').readUInt32BE();
  response.writeHead(sum === wanted ? 200 : 400, { 'content-length': 0 }).end();
}

async function give(file: string, _request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { size } = await stat(file);
  response.writeHead(200, { 'content-length': size });
  await pipeline(createReadStream(file, { highWaterMark: 512 * 1024 }), response);
}
