import type { Json, JsonObject } from '../json.ts';
import { parseResource } from '../resource.ts';
import type { Visit } from '../visit.ts';
import { readAthenaManifest } from './athena-manifest.ts';
import { type ItemSource, readFormat } from './item-formats.ts';
import { itemReaderError } from './item-reader-error.ts';

/** Reads the items of a distributed Map: the contents of an S3 object, or the list of objects of a bucket. */
export async function readItems(visit: Visit, reader: JsonObject): Promise<Json[]> {
  const { environment } = visit.branch.run;
  const resource = parseResource(reader.Resource);
  if (resource?.kind !== 'service') throw visit.runtimeError(`The resource '${reader.Resource}' is no item reader.`);
  const template = reader.Arguments ?? reader.Parameters ?? {};
  const parameters = await visit.node.language.template(
    visit,
    template,
    reader.Arguments ? 'ItemReader/Arguments' : 'ItemReader/Parameters',
  );
  const config = reader.ReaderConfig ?? {};
  const limit = await maxItems(visit, config);
  const { objects, clock } = environment;
  const source: ItemSource = { config, parameters, objects, resource, clock };
  if (resource.action === 'listObjectsV2') {
    const listed = objects.list(parameters);
    return take(config.Transformation === 'LOAD_AND_FLATTEN' ? contentsOf(listed, source) : listed, limit);
  }
  const body = await objects.read(resource, parameters);
  const items = await (config.ManifestType === 'ATHENA_DATA' ? readAthenaManifest : readFormat)(body, source);
  return limit === undefined ? items : items.slice(0, limit);
}

/** The items of all objects in a listing, instead of the objects themselves. */
async function* contentsOf(listed: AsyncIterable<Json>, source: ItemSource): AsyncGenerator<Json> {
  const { objects, resource, parameters } = source;
  for await (const { Key } of listed) {
    yield* await readFormat(await objects.read(resource, { Bucket: parameters.Bucket, Key }), source);
  }
}

async function maxItems(visit: Visit, config: JsonObject): Promise<number | undefined> {
  const limit = await visit.node.language.number(visit, config, 'MaxItems', 'ItemReader/ReaderConfig/MaxItems');
  if (limit !== undefined && limit < 0) throw itemReaderError('field MaxItems must be positive');
  return limit || undefined;
}

async function take(items: AsyncIterable<Json>, limit: number | undefined): Promise<Json[]> {
  const taken: Json[] = [];
  for await (const item of items) {
    if (limit !== undefined && taken.length >= limit) break;
    taken.push(item);
  }
  return taken;
}
