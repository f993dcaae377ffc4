import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { CommandInputError } from './errors.ts';

/** Real data of the npm package `vega-datasets`, by the pipeline that takes it; reference data first. */
export const sampleFiles: readonly { readonly pipeline: string; readonly file: string }[] = [
  { pipeline: 'flights', file: 'airports.csv' },
  { pipeline: 'flights', file: 'flights-3m.parquet' },
  { pipeline: 'birdstrikes', file: 'birdstrikes.csv' },
  { pipeline: 'movies', file: 'movies.json' },
];

/** Path of a sample file on this machine. */
export function samplePath(file: string): string {
  // The package exports its code and not its data, so it is found by its folder.
  const folders = createRequire(resolve('package.json')).resolve.paths('vega-datasets') ?? [];
  const path = folders.map((folder) => join(folder, 'vega-datasets', 'data', file)).find(existsSync);
  if (path) return path;
  throw new CommandInputError({
    problem: 'the sample data is not installed',
    received: file,
    allowed: 'the npm package vega-datasets, a development dependency',
    change: 'run `npm install`',
  });
}
