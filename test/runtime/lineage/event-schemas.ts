import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';
import { type BaseFacet, facetSchemaUrls, type RunEvent } from '../../../lib/runtime/lineage/event-types.ts';

const folder = join(import.meta.dirname, '../../../lib/runtime/lineage/schemas');
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats.default(ajv);
for (const file of files) ajv.addSchema(closed(file, JSON.parse(readFileSync(join(folder, file), 'utf8'))));

/** A facet may hold what nobody has named; one of ours that does has a typing error. */
function closed(file: string, schema: any): object {
  if (file !== 'open-lineage.json')
    for (const [name, definition] of Object.entries<any>(schema.$defs))
      schema.$defs[name] = { ...definition, unevaluatedProperties: false };
  return schema;
}

/** Holds an event against the schema that it names, and each of its facets against that facet's own. */
export function expectValid(event: RunEvent): void {
  expect(problemsOf(event.schemaURL, event)).toEqual([]);
  const { run, job, inputs = [], outputs = [] } = event;
  const sets: readonly (object | undefined)[] = [
    run.facets,
    job.facets,
    ...[...inputs, ...outputs].map(({ facets }) => facets),
    ...inputs.map(({ inputFacets }) => inputFacets),
    ...outputs.map(({ outputFacets }) => outputFacets),
  ];
  for (const [name, facet] of sets.flatMap((set) => Object.entries<BaseFacet>({ ...set }))) {
    expect(facet._schemaURL, name).toBe(facetSchemaUrls[name as keyof typeof facetSchemaUrls]);
    expect(problemsOf(facet._schemaURL, facet), name).toEqual([]);
  }
}

/** What of a value is not as the schema has it. */
export function problemsOf(url: string, value: unknown): string[] {
  const validate = ajv.getSchema(url) as ValidateFunction | undefined;
  if (!validate) return [`no schema has the URL ${url}`];
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    return `${instancePath} ${message} ${JSON.stringify(params)}`;
  });
}
