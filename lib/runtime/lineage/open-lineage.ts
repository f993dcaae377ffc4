import * as z from 'zod';

/** Where the JSON Schemas of OpenLineage stand; a facet names the one that it keeps to. */
const spec = 'https://openlineage.io/spec';
export const runEventSchemaUrl = `${spec}/2-0-2/OpenLineage.json#/$defs/RunEvent`;

/** Says who made an event or a facet. */
export const producer = 'urn:penstock';

/** Version and name of the schema that each facet keeps to. */
const facetSchemas = {
  columnLineage: '1-2-0/ColumnLineageDatasetFacet',
  dataQualityAssertions: '1-0-1/DataQualityAssertionsDatasetFacet',
  dataQualityMetrics: '1-0-0/DataQualityMetricsDatasetFacet',
  dataSource: '1-0-1/DatasourceDatasetFacet',
  errorMessage: '1-0-0/ErrorMessageRunFacet',
  inputStatistics: '1-0-0/InputStatisticsInputDatasetFacet',
  jobType: '2-0-2/JobTypeJobFacet',
  nominalTime: '1-0-1/NominalTimeRunFacet',
  // Of our own, as the specification has it for facets that only one producer knows.
  penstock_ledger: '1/LedgerRunFacet',
  outputStatistics: '1-0-2/OutputStatisticsOutputDatasetFacet',
  schema: '1-1-1/SchemaDatasetFacet',
  version: '1-0-0/DatasetVersionDatasetFacet',
} as const;

type FacetName = keyof typeof facetSchemas;

function schemaUrl(name: FacetName): string {
  const [version, title] = facetSchemas[name].split('/') as [string, string];
  if (name === 'penstock_ledger') return `${producer}:${title}:${version}`;
  return `${spec}/facets/${version}/${title}.json#/$defs/${title}`;
}

function facetOf<Fields extends z.ZodRawShape>(name: FacetName, fields: Fields) {
  return z.strictObject({ _producer: z.url(), _schemaURL: z.literal(schemaUrl(name)), ...fields });
}

const count = z.int().min(0);
const column = z.strictObject({ namespace: z.string(), name: z.string(), field: z.string() });
const transformation = z.strictObject({
  type: z.enum(['DIRECT', 'INDIRECT']),
  subtype: z.enum(['IDENTITY', 'TRANSFORMATION', 'AGGREGATION', 'JOIN', 'GROUP_BY']),
  description: z.string().optional(),
  masking: z.boolean().optional(),
});
const inputField = column.extend({ transformations: z.array(transformation) });

const facets = {
  columnLineage: facetOf('columnLineage', {
    fields: z.record(z.string(), z.strictObject({ inputFields: z.array(inputField) })),
    /** Columns that decide which rows there are. */
    dataset: z.array(inputField),
  }),
  dataQualityAssertions: facetOf('dataQualityAssertions', {
    assertions: z.array(z.strictObject({ assertion: z.string(), success: z.boolean(), column: z.string().optional() })),
  }),
  dataQualityMetrics: facetOf('dataQualityMetrics', {
    rowCount: count,
    bytes: count,
    fileCount: count,
    columnMetrics: z.record(
      z.string(),
      z.strictObject({
        count: count.optional(),
        nullCount: count.optional(),
        distinctCount: count.optional(),
        min: z.number().optional(),
        max: z.number().optional(),
        quantiles: z.record(z.string(), z.number()).optional(),
      }),
    ),
  }),
  dataSource: facetOf('dataSource', { name: z.string(), uri: z.string() }),
  errorMessage: facetOf('errorMessage', { message: z.string(), programmingLanguage: z.string() }),
  inputStatistics: facetOf('inputStatistics', { rowCount: count, size: count.optional(), fileCount: count.optional() }),
  jobType: facetOf('jobType', { processingType: z.literal('BATCH'), integration: z.string(), jobType: z.string() }),
  nominalTime: facetOf('nominalTime', { nominalStartTime: z.iso.datetime({ offset: true }) }),
  penstock_ledger: facetOf('penstock_ledger', {
    /** rowsIn + multiplied = rowsOut + rejected + filtered + merged + routed, for each step of the plan in its order. */
    steps: z.array(
      z.strictObject({
        step: z.string(),
        rowsIn: count,
        multiplied: count,
        rowsOut: count,
        rejected: count,
        filtered: count,
        merged: count,
        routed: count,
      }),
    ),
  }),
  outputStatistics: facetOf('outputStatistics', { rowCount: count, size: count, fileCount: count }),
  schema: facetOf('schema', {
    fields: z.array(z.strictObject({ name: z.string(), type: z.string(), description: z.string().optional() })),
  }),
  version: facetOf('version', { datasetVersion: z.string() }),
};

type Facets = { readonly [Name in FacetName]: z.output<(typeof facets)[Name]> };

/** A facet with the names of its producer and its schema. */
export function facet<Name extends FacetName>(
  name: Name,
  fields: Omit<Facets[Name], '_producer' | '_schemaURL'>,
): Facets[Name] {
  return { _producer: producer, _schemaURL: schemaUrl(name), ...fields } as Facets[Name];
}

const some = <Names extends readonly FacetName[]>(...names: Names) =>
  z
    .strictObject(
      Object.fromEntries(names.map((name) => [name, facets[name]])) as {
        [Name in Names[number]]: (typeof facets)[Name];
      },
    )
    .partial();

const dataset = z.strictObject({
  namespace: z.string().min(1),
  name: z.string().min(1),
  facets: some('schema', 'dataSource', 'version', 'columnLineage', 'dataQualityAssertions', 'dataQualityMetrics'),
});

/** What of OpenLineage 2-0-2 a run of ours tells; strict, so that a test finds whatever strays from it. */
export const runEventSchema = z.strictObject({
  eventType: z.enum(['START', 'COMPLETE', 'FAIL']),
  eventTime: z.iso.datetime({ offset: true }),
  producer: z.url(),
  schemaURL: z.literal(runEventSchemaUrl),
  run: z.strictObject({ runId: z.uuid(), facets: some('nominalTime', 'errorMessage', 'penstock_ledger') }),
  job: z.strictObject({ namespace: z.string().min(1), name: z.string().min(1), facets: some('jobType') }),
  inputs: z.array(dataset.extend({ inputFacets: some('inputStatistics') })),
  outputs: z.array(dataset.extend({ outputFacets: some('outputStatistics') })),
});

export type RunEvent = z.output<typeof runEventSchema>;
