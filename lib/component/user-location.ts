import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Path } from './shape.ts';

/**
 * Finds a part of what the user wrote, where that is a file of data: `file:line:column` of the value at a path, or of
 * what is nearest around it. `key` asks for the name of the value.
 */
export type Locate = (path: Path, part?: 'key') => string;

/**
 * `file:line:column` of the nearest caller outside `lib`, relative to the current folder, so that an error can point at
 * the user's own text. Undefined where there is none (YAML, and bundles, where all code is one file).
 */
export function userLocation(): string | undefined {
  const [own, ...callers] = (new Error().stack ?? '').split('\n').slice(1).map(placeOf);
  if (!own) return undefined;
  // The first frame is this file, so the library is the folder above its own. A bundle has no `import.meta` to ask.
  const library = dirname(dirname(own.file));
  const user = callers.find((place) => place !== undefined && !place.file.startsWith(`${library}/`));
  return user && `${relative(process.cwd(), user.file)}:${user.line}`;
}

function placeOf(frame: string): { readonly file: string; readonly line: string } | undefined {
  const place = /\(?((?:file:\/\/)?(?:\/|[A-Za-z]:)[^()]*?)(?:\?[^:]*)?:(\d+:\d+)\)?$/.exec(
    frame.trim().replace(/^at (async )?/, ''),
  );
  if (!place) return undefined;
  const file = place[1]!;
  return {
    file: file.startsWith('file://') ? fileURLToPath(file) : file.slice(Math.max(0, file.lastIndexOf(' ') + 1)),
    line: place[2]!,
  };
}
