import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The bytes in a folder's files, down to the last one. What disappears meanwhile counts nothing. */
export async function folderBytes(folder: string): Promise<number> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const sizes = await Promise.all(
      entries.map((entry) => {
        const path = join(folder, entry.name);
        return entry.isDirectory() ? folderBytes(path) : fileBytes(path);
      }),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch (error) {
    return ifGone(error);
  }
}

/** What a file takes on the disk: a sparse one less than its length. */
function fileBytes(path: string): Promise<number> {
  return stat(path).then(({ size, blocks }) => Math.min(size, blocks * 512), ifGone);
}

function ifGone(error: NodeJS.ErrnoException | unknown): number {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
  throw error;
}
