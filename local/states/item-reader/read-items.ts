import { isObject, type Json, type JsonObject } from '../json.ts';
import { parseResource } from '../resource.ts';
import { StatesError } from '../states-error.ts';
import type { Visit } from '../visit.ts';
import { itemFormats } from './item-formats.ts';

/** The failure of a Map whose items cannot be had. */
export const itemReaderError = (cause: string) => new StatesError('States.ItemReaderFailed', cause);

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
  if (resource.action === 'listObjectsV2') return take(environment.objects.list(parameters), limit);
  const body = await environment.objects.read(resource, parameters);
  const format = itemFormats[config.InputType as string];
  if (!format) throw itemReaderError(`The input type '${config.InputType}' is not supported.`);
  const items = await format(body, { config, parameters, objects: environment.objects, resource });
  if (!Array.isArray(items)) throw itemReaderError('Attempting to map over non-iterable node.');
  return limit === undefined ? items : items.slice(0, limit);
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

/** Follows a JSON pointer (`/a/b`), as ReaderConfig's ItemsPointer gives it. */
export function atPointer(value: Json, pointer: string): Json {
  let found = value;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const next = Array.isArray(found)
      ? found[Number(key)]
      : isObject(found) && Object.hasOwn(found, key)
        ? found[key]
        : undefined;
    if (next === undefined) throw itemReaderError(`The ItemsPointer '${pointer}' does not lead to a value.`);
    found = next;
  }
  return found;
}
