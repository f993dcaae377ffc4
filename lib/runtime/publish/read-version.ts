import type { Ports } from '../ports/ports.ts';
import { metadataGone } from './table-files.ts';
import type { TableVersion } from './table-version.ts';

/** Reads what a version of an export says. */
export async function readVersion(ports: Pick<Ports, 'objects'>, key: string): Promise<TableVersion> {
  const text = await ports.objects.readText(key);
  if (text !== undefined) return JSON.parse(text) as TableVersion;
  throw metadataGone(key);
}
