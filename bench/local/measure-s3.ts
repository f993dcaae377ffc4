import { randomBytes } from 'node:crypto';
import type { Row } from './row.ts';
import { compare } from './row.ts';
import { sendAll } from './send.ts';
import { objectRequest, type PreparedRequest } from './signed-request.ts';
import { startEndpoint } from './start-endpoint.ts';

const largeBytes = 64 * 1024 * 1024;
const largeObjects = 4;
const smallObjects = 2_000;
const atOnce = 8;

type Go = Readonly<Record<'putLarge' | 'getLarge' | 'putSmall' | 'getSmall', number>>;

/** Objects of 64 MB one after the other and of 1 KB eight at once, on local S3 and on a bare file sink. */
export async function measureS3(repeat: number): Promise<Row[]> {
  const cloud = await startEndpoint('cloud');
  const sink = await startEndpoint('sink');
  const goes: { penstock: Go[]; peer: Go[] } = { penstock: [], peer: [] };
  try {
    await sendAll([await objectRequest(cloud.url, '', Buffer.alloc(0))], 1);
    for (let round = 0; round <= repeat; round++) {
      for (const [contender, { url }] of [
        ['penstock', cloud],
        ['peer', sink],
      ] as const) {
        const go = await goOf(url, round);
        // The first round warms up.
        if (round > 0) goes[contender].push(go);
      }
    }
  } finally {
    await Promise.all([cloud.close(), sink.close()]);
  }
  const peer = { peer: 'bare file sink', target: 0.9 };
  return [
    compare('S3 put of 64 MB', 'MB/s', goes, (go) => go.putLarge, peer),
    compare('S3 get of 64 MB', 'MB/s', goes, (go) => go.getLarge, peer),
    compare('S3 put of 1 KB, 8 at once', 'ops/s', goes, (go) => go.putSmall, peer),
    compare('S3 get of 1 KB, 8 at once', 'ops/s', goes, (go) => go.getSmall, peer),
  ];
}

async function goOf(url: string, round: number): Promise<Go> {
  const large = randomBytes(largeBytes);
  const small = randomBytes(1024);
  const all = (count: number, name: string, body?: Buffer): Promise<PreparedRequest[]> =>
    Promise.all(Array.from({ length: count }, (_, n) => objectRequest(url, `${name}/${round}/${n}`, body)));
  const megabytes = (largeObjects * largeBytes) / 1e6;
  return {
    putLarge: megabytes / (await sendAll(await all(largeObjects, 'large', large), 1)),
    getLarge: megabytes / (await sendAll(await all(largeObjects, 'large'), 1)),
    putSmall: smallObjects / (await sendAll(await all(smallObjects, 'small', small), atOnce)),
    getSmall: smallObjects / (await sendAll(await all(smallObjects, 'small'), atOnce)),
  };
}
