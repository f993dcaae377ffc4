import { Agent, request as httpRequest } from 'node:http';
import type { PreparedRequest } from './signed-request.ts';

const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/** Sends one request; resolves to the body of the answer, or rejects where it is not a good one. */
export function send(prepared: PreparedRequest, keep = true): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const { url, method, headers, body } = prepared;
    const request = httpRequest(url, { method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => {
        if (keep || response.statusCode !== 200) chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks);
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${method} ${url}: ${response.statusCode} ${text.toString('utf8').slice(0, 500)}`));
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Sends all of them, so many at once; resolves to the seconds that it took. */
export async function sendAll(requests: readonly PreparedRequest[], atOnce: number): Promise<number> {
  const start = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < requests.length) await send(requests[next++]!, false);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return (performance.now() - start) / 1000;
}

/** Closes the connections that are kept. */
export function hangUp(): void {
  agent.destroy();
}
