import { ServiceUnavailableError } from '../../core/errors/service-unavailable-error.ts';
import { Newest } from '../../core/newest.ts';
import type { TableFiles } from '../../iceberg/change-table.ts';
import type { ObjectStore } from '../ports/object-store.ts';

type Objects = Pick<ObjectStore, 'uri' | 'readBytes' | 'createBytes'>;

/** What was written last to each lake, a manifest and a list for each of a few tables: the next versions begin with it. */
const newest = new Newest<Buffer>(8);

/** The files of a table as objects of the lake. */
export function tableFiles(objects: Objects): TableFiles {
  return {
    async read(path) {
      const bytes = newest.get(objects, path) ?? (await objects.readBytes(keyOf(objects, path)));
      if (bytes) return bytes;
      throw metadataGone(path);
    },
    async create(path, bytes) {
      await objects.createBytes(keyOf(objects, path), bytes);
      newest.set(objects, path, bytes);
    },
  };
}

export function uriOf(objects: Pick<ObjectStore, 'uri'>, key: string): string {
  return `${objects.uri}/${key}`;
}

/** The key of an object of the lake. Throws `ServiceUnavailableError` where the URI leads elsewhere. */
export function keyOf(objects: Pick<ObjectStore, 'uri'>, uri: string): string {
  const lake = `${objects.uri}/`;
  if (uri.startsWith(lake)) return uri.slice(lake.length);
  throw new ServiceUnavailableError({
    problem: 'a file of a table lies outside of the lake',
    received: uri,
    allowed: `${lake}…`,
    change: 'let writers of the table keep its files at its location',
  });
}

export function metadataGone(path: string): ServiceUnavailableError {
  return new ServiceUnavailableError({
    problem: 'the metadata of a table version can not be read',
    received: path,
    change: 'check that nothing removes objects below curated/ and exports/',
  });
}
