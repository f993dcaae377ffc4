import { open } from 'node:fs/promises';
import type { Engine, RowGroup } from './ports/engine.ts';
import type { ObjectAddress, ObjectStore } from './ports/object-store.ts';

const magic = 'PAR1';
/** Length of the footer and the magic, at the very end of the file. */
const tailBytes = 8;
/** Holds the whole footer of most files, so that one request is enough. */
const firstReadBytes = 64 * 1024;

/**
 * Makes a file of the object's size at `path` that has the footer in its place and a hole everywhere else, and returns
 * the row groups in it; undefined (and no file) where the object is no Parquet.
 */
export async function readParquetFooter(
  ports: { readonly objects: ObjectStore; readonly engine: Pick<Engine, 'inspectFile'> },
  object: ObjectAddress & { readonly size: number },
  path: string,
): Promise<readonly RowGroup[] | undefined> {
  const footer = await footerOf(ports.objects, object);
  if (!footer) return undefined;
  const file = await open(path, 'wx');
  try {
    await file.truncate(object.size);
    await file.write(magic, 0, 'latin1');
    await file.write(footer, 0, footer.length, object.size - footer.length);
  } finally {
    await file.close();
  }
  return ports.engine.inspectFile({ path, key: object.key });
}

async function footerOf(
  objects: ObjectStore,
  object: ObjectAddress & { readonly size: number },
): Promise<Buffer | undefined> {
  const { size } = object;
  if (size < magic.length + tailBytes) return undefined;
  const end = await objects.readRange(object, Math.max(0, size - firstReadBytes), size);
  if (end.toString('latin1', end.length - magic.length) !== magic) return undefined;
  const footerBytes = end.readUInt32LE(end.length - tailBytes) + tailBytes;
  if (footerBytes > size - magic.length) return undefined;
  if (footerBytes <= end.length) return end.subarray(end.length - footerBytes);
  return objects.readRange(object, size - footerBytes, size);
}
