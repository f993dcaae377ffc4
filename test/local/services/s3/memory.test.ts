import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cloudToKill } from './killed-cloud.ts';

const bodyBytes = 256 * 1024 ** 2;
const mostGrowthBytes = 160 * 1024 ** 2;

describe.skipIf(process.platform !== 'linux')('memory', () => {
  let folder: string;
  let running: Awaited<ReturnType<typeof cloudToKill>>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'penstock-memory-'));
    running = await cloudToKill(folder);
  });
  afterEach(async () => {
    await running.kill();
    rmSync(folder, { recursive: true });
  });

  const residentBytes = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${running.pid}/status`, 'utf8'))![1]) * 1024;

  /** Sends `bytes` of zeros and resolves to the number of bytes of the answer. */
  function send(method: string, path: string, bytes: number): Promise<number> {
    const headers = {
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00',
      'x-amz-date': '20260101T000000Z',
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
      'content-length': bytes,
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(running.endpoint + path, { method, headers }, (response) => {
        let received = 0;
        response.on('data', (chunk: Buffer) => {
          received += chunk.length;
        });
        response.on('end', () => (response.statusCode === 200 ? resolve(received) : reject(response.statusMessage)));
      });
      outgoing.on('error', reject);
      const chunk = Buffer.alloc(1024 ** 2);
      let left = bytes;
      const more = () => {
        while (left > 0) {
          left -= chunk.length;
          if (!outgoing.write(chunk)) return void outgoing.once('drain', more);
        }
        outgoing.end();
      };
      more();
    });
  }

  it('does not grow with the size of an object that is written and read', async () => {
    await send('PUT', '/lake', 0);
    const before = residentBytes();
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, residentBytes());
    }, 20);
    await send('PUT', '/lake/large', bodyBytes);
    expect(await send('GET', '/lake/large', 0)).toBe(bodyBytes);
    clearInterval(watch);
    expect(peak - before).toBeLessThan(mostGrowthBytes);
  }, 60_000);
});
