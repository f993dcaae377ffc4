import type { Json } from '../json.ts';
import { readCsv } from './csv.ts';
import type { ItemSource } from './item-formats.ts';
import { text } from './item-formats.ts';
import { itemReaderError } from './read-items.ts';

/** The items of an S3 Inventory manifest: the rows of every file that it lists. */
export async function readManifest(body: Buffer, { config, objects, resource }: ItemSource): Promise<Json[]> {
  const manifest = JSON.parse(text(body));
  if (config.ManifestType === 'ATHENA_DATA') throw itemReaderError('Athena manifests are not supported.');
  if (manifest.fileFormat !== 'CSV') {
    throw itemReaderError(`Inventory files in the format '${manifest.fileFormat}' are not supported.`);
  }
  const headers = String(manifest.fileSchema)
    .split(',')
    .map((name) => name.trim());
  const bucket = String(manifest.destinationBucket).replace(/^arn:aws:s3:::/, '');
  const items: Json[] = [];
  for (const file of manifest.files) {
    const content = await objects.read(resource, { Bucket: bucket, Key: file.key });
    items.push(...readCsv(text(content), { CSVHeaderLocation: 'GIVEN', CSVHeaders: headers }));
  }
  return items;
}
