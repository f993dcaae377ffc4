import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Engines that Penstock is held against. They weigh 550 MB, so they are fetched when a bench asks for them. */
const versions = {
  'nodejs-polars': '0.24.1',
  chdb: '3.4.0',
  hyparquet: '1.31.5',
  'hyparquet-writer': '0.17.0',
} as const;

export type Peer = keyof typeof versions;

/** Installs a peer under `~/.cache/penstock-bench` where it is not there yet. Gives the reason where that fails. */
export function installPeer(name: Peer): string | undefined {
  const folder = folderOf(name);
  if (existsSync(join(folder, 'node_modules', name))) return undefined;
  mkdirSync(folder, { recursive: true });
  const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder];
  try {
    execFileSync('npm', ['install', ...options, `${name}@${versions[name]}`], { stdio: ['ignore', 'ignore', 'pipe'] });
    return undefined;
  } catch (error) {
    const said = String((error as { readonly stderr?: Buffer }).stderr ?? error).trim();
    return `npm could not install ${name}@${versions[name]}: ${said.split('\n')[0]}`;
  }
}

/** Loads a peer that is installed. */
export async function peer(name: Peer): Promise<any> {
  const require = createRequire(join(folderOf(name), 'index.js'));
  const loaded = await import(pathToFileURL(require.resolve(name)).href);
  return loaded.default ?? loaded;
}

function folderOf(name: Peer): string {
  return join(homedir(), '.cache', 'penstock-bench', `${name}-${versions[name]}`);
}
