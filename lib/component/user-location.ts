import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds `lib`, ending without a slash; empty where the code has been bundled and has no files. */
const libraryFolder = import.meta.url ? resolve(dirname(fileURLToPath(import.meta.url)), '..') : '';

/**
 * `file:line:column` of the nearest caller outside `lib`, relative to the current folder, so that an error can point at
 * the user's own text. Undefined where there is none (YAML, bundles).
 */
export function userLocation(): string | undefined {
  if (libraryFolder === '') return undefined;
  for (const line of (new Error().stack ?? '').split('\n').slice(2)) {
    const place = /\(?((?:file:\/\/)?\/[^()]+|[A-Za-z]:[^()]+):(\d+):(\d+)\)?$/.exec(line.trim());
    if (!place) continue;
    const file = place[1]!.replace(/^at /, '').replace(/\?.*$/, '');
    const path = file.startsWith('file://') ? fileURLToPath(file) : file;
    if (!path.startsWith(libraryFolder)) return `${relative(process.cwd(), path)}:${place[2]}:${place[3]}`;
  }
  return undefined;
}
