import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Engines that Penstock is held against. They weigh 550 MB, so they are fetched when a bench asks for them. */
const peers: Readonly<Record<string, string>> = {
  'nodejs-polars': '0.24.1',
  chdb: '3.4.0',
  'hyparquet-writer': '0.17.0',
};

/** Loads a peer, which is installed under `~/.cache/penstock-bench` first where it is not there yet. */
export async function peer(name: string): Promise<any> {
  const folder = join(homedir(), '.cache', 'penstock-bench', `${name}-${peers[name]}`);
  if (!existsSync(join(folder, 'node_modules', name))) {
    mkdirSync(folder, { recursive: true });
    const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder];
    execFileSync('npm', ['install', ...options, `${name}@${peers[name]}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const require = createRequire(join(folder, 'index.js'));
  const loaded = await import(pathToFileURL(require.resolve(name)).href);
  return loaded.default ?? loaded;
}
