import { fileURLToPath } from 'node:url';

/** Folder of the package: the parent of `lib/`, wherever it is installed. */
export const packageRoot = fileURLToPath(new URL('../../', import.meta.url));
