import { createHash } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Platform } from './platform.ts';
import { stateFolder } from './state-folder.ts';

const atOnce = 16;

/** Brings objects of the lake here and returns their paths. Objects never change, so what is here already stays. */
export async function fetchFiles(platform: Platform, keys: readonly string[]): Promise<string[]> {
  const folder = stateFolder('cache');
  const paths: string[] = [];
  for (let start = 0; start < keys.length; start += atOnce) {
    paths.push(
      ...(await Promise.all(keys.slice(start, start + atOnce).map((key) => fetchFile(platform, key, folder)))),
    );
  }
  return paths;
}

async function fetchFile(platform: Platform, key: string, folder: string): Promise<string> {
  const name = createHash('sha256').update(`${platform.address.lake}/${key}`).digest('hex');
  const path = join(folder, `${name}.parquet`);
  if (existsSync(path)) return path;
  const draft = `${path}.${process.pid}`;
  await platform.objects.download({ key }, draft);
  renameSync(draft, path);
  return path;
}
