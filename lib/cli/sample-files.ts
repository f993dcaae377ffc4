import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
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
  try {
    const require = createRequire(resolve('package.json'));
    return join(dirname(require.resolve('vega-datasets/package.json')), 'data', file);
  } catch (cause) {
    throw new CommandInputError({
      problem: 'the sample data is not installed',
      received: file,
      allowed: 'the npm package vega-datasets, a development dependency',
      change: 'run `npm install`',
      cause,
    });
  }
}
