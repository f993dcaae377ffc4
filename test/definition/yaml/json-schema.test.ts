import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { pipelineJsonSchema } from '../../../lib/definition/yaml/json-schema.ts';
import { components } from '../../../lib/registry/components.ts';

const committed = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../docs/penstock.schema.json'), 'utf8'));
// What an editor does with it.
const schema = z.fromJSONSchema(committed);
const good = readFileSync(join(import.meta.dirname, 'pipelines', 'movies.yaml'), 'utf8');

it('is committed as the components make it', () => {
  const made = JSON.parse(JSON.stringify(pipelineJsonSchema(components)));
  expect(committed, 'stale: run npm run generate').toEqual(made);
});

it.each(['flights', 'movies', 'birdstrikes'])('takes %s.yaml', (name) => {
  const text = readFileSync(join(import.meta.dirname, 'pipelines', `${name}.yaml`), 'utf8');
  expect(schema.safeParse(parse(text)).error).toBeUndefined();
});

describe('refuses', () => {
  it.each([
    ['a section that there is not', 'pipeline: movies', 'pipelin: movies'],
    ['a component that there is not', '- sanitize', '- sanitise'],
    ['a quality rule for a step', '- sanitize', '- complete: genre'],
    ['an option that there is not', 'condition: gross > 0', 'conditon: gross > 0'],
    ['a value that is not allowed', 'format: json', 'format: jsn'],
    ['a column of an unknown type', 'Title: string', 'Title: strng'],
    ['an option of another type', 'minimum: 0, maximum', 'minimum: low, maximum'],
    ['a trigger that there is not', 'fileArrives:', 'fileArives:'],
    ['a share beyond 1', 'pass: 0.95', 'pass: 95'],
    ['a function without its module', 'module: ./movies-functions.ts', 'modul: ./movies-functions.ts'],
    ['an output without a dataset', '- from: genres', '- form: genres'],
  ])('%s', (_, right, wrong) => {
    expect(good).toContain(right);
    expect(schema.safeParse(parse(good.replace(right, wrong))).success).toBe(false);
  });
});

it('describes every option, for whoever writes', () => {
  const text = JSON.stringify(committed);
  for (const said of [
    'DuckDB expression; rows for which it is true go on',
    'scores from here up pass',
    'name of the other dataset',
  ])
    expect(text).toContain(said);
});
