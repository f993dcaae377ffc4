import type { Json, JsonObject } from '../json.ts';
import { readCsv } from './csv.ts';
import type { ItemSource } from './item-formats.ts';
import { itemReaderError } from './item-reader-error.ts';
import { text } from './object-text.ts';
import { readParquet } from './parquet.ts';

/** The items of an S3 Inventory manifest: the rows of every file that it lists. */
export async function readInventory(body: Buffer, { objects, resource, clock }: ItemSource): Promise<Json[]> {
  const manifest = parse(body);
  const bucket = String(manifest.destinationBucket).replace(/^arn:aws:s3:::/, '');
  const headers = String(manifest.fileSchema)
    .split(',')
    .map((name) => name.trim());
  const items: Json[] = [];
  for (const { key } of manifest.files ?? []) {
    const content = await objects.read(resource, { Bucket: bucket, Key: key });
    if (manifest.fileFormat === 'Parquet') items.push(...(await readParquet(content, clock)));
    else if (manifest.fileFormat === 'CSV') {
      items.push(...readCsv(text(content), { CSVHeaderLocation: 'GIVEN', CSVHeaders: headers }));
    } else throw itemReaderError(`Inventory files in the format '${manifest.fileFormat}' are not supported.`);
  }
  return items;
}

function parse(body: Buffer): JsonObject {
  try {
    return JSON.parse(text(body));
  } catch {
    throw itemReaderError('The manifest is not valid JSON.');
  }
}
