import type { Json, JsonObject } from '../json.ts';
import { Dataset } from '../map/dataset.ts';
import { parseResource } from '../resource.ts';
import type { Visit } from '../visit.ts';
import { readAthenaManifest } from './athena-manifest.ts';
import { type ItemSource, readFormat } from './item-formats.ts';
import { itemReaderError } from './item-reader-error.ts';
import { objectAddress } from './object-address.ts';

type Part = { items: Json[]; source: string };

/** Reads the items of a distributed Map: the contents of an S3 object, or the list of objects of a bucket. */
export async function readItems(visit: Visit, reader: JsonObject): Promise<Dataset> {
  const { environment } = visit.branch.run;
  const resource = parseResource(reader.Resource);
  if (resource?.kind !== 'service') throw visit.runtimeError(`The resource '${reader.Resource}' is no item reader.`);
  const template = reader.Arguments ?? reader.Parameters ?? {};
  const parameters = await visit.node.language.template(
    visit,
    template,
    reader.Arguments ? 'ItemReader/Arguments' : 'ItemReader/Parameters',
  );
  const config = withInputType(reader.ReaderConfig ?? {});
  const limit = await maxItems(visit, config);
  const { objects, clock } = environment;
  const source: ItemSource = { config, parameters, objects, resource, clock };
  return Dataset.read(partsOf(source), limit);
}

/** An inventory says by its manifest's type what it is. */
const withInputType = (config: JsonObject) =>
  config.ManifestType === 'S3_INVENTORY' ? { ...config, InputType: 'MANIFEST' } : config;

async function* partsOf(source: ItemSource): AsyncGenerator<Part> {
  const { config, parameters, objects, resource } = source;
  const { Bucket, Key } = parameters;
  if (resource.action === 'listObjectsV2') {
    const listed = objects.list(parameters);
    if (config.Transformation === 'LOAD_AND_FLATTEN') yield* contentsOf(listed, source);
    else for await (const item of listed) yield { items: [item], source: objectAddress(Bucket) };
    return;
  }
  const body = await objects.read(resource, parameters);
  if (config.ManifestType === 'ATHENA_DATA') yield* readAthenaManifest(body, source);
  else yield { items: await readFormat(body, source), source: objectAddress(Bucket, Key) };
}

/** The items of all objects in a listing, instead of the objects themselves. */
async function* contentsOf(listed: AsyncIterable<Json>, source: ItemSource): AsyncGenerator<Part> {
  const { objects, resource, parameters } = source;
  const { Bucket } = parameters;
  for await (const { Key } of listed) {
    const body = await objects.read(resource, { Bucket, Key });
    yield { items: await readFormat(body, source), source: objectAddress(Bucket, Key) };
  }
}

async function maxItems(visit: Visit, config: JsonObject): Promise<number | undefined> {
  const limit = await visit.node.language.number(visit, config, 'MaxItems', 'ItemReader/ReaderConfig/MaxItems');
  if (limit !== undefined && limit < 0) throw itemReaderError('field MaxItems must be positive');
  return limit || undefined;
}
