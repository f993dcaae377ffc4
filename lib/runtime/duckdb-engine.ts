import {
  captureReference,
  executeChunk,
  holdRows,
  inspectFile,
  measureQuality,
  mergeFiles,
  sampleQuality,
} from '../engine/index.ts';
import type { Engine } from './ports/engine.ts';

/** The engine of this package, as runtime sees it. It brings DuckDB: only functions that query import it. */
export const duckdbEngine: Engine = {
  executeChunk,
  captureReference,
  inspectFile,
  measureQuality,
  holdRows,
  sampleQuality,
  mergeFiles,
};
