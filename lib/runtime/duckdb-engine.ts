import { captureReference, executeChunk, measureQuality, rowGroups } from '../engine/index.ts';
import type { Engine } from './ports/engine.ts';

/** The engine of this package, as runtime sees it. Import it late or only where chunks run: it brings DuckDB. */
export const duckdbEngine: Engine = {
  executeChunk,
  captureReference,
  measureQuality,
  inspectFile: async ({ path, key }) => (await rowGroups(path, key)).map((rows) => ({ rows })),
};
