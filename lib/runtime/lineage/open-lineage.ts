import {
  type DatasetFacets,
  facetSchemaUrls,
  type InputDatasetFacets,
  type JobFacets,
  type OutputDatasetFacets,
  type RunFacets,
} from './event-types.ts';

/** Says who made an event or a facet. */
export const producer = 'urn:penstock';

type Facets = Required<RunFacets & JobFacets & DatasetFacets & InputDatasetFacets & OutputDatasetFacets>;

/** A facet with the names of its producer and its schema. */
export function facet<Name extends keyof Facets>(
  name: Name,
  fields: Omit<Facets[Name], '_producer' | '_schemaURL'>,
): Facets[Name] {
  return { _producer: producer, _schemaURL: facetSchemaUrls[name], ...fields } as Facets[Name];
}
