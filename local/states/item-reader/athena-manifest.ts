import type { Json } from '../json.ts';
import { type ItemSource, readFormat } from './item-formats.ts';
import { itemReaderError } from './item-reader-error.ts';
import { objectAddress } from './object-address.ts';
import { text } from './object-text.ts';

/** The items of a manifest of Athena's UNLOAD: those of every file whose address stands in it, one to a line. */
export async function* readAthenaManifest(
  body: Buffer,
  source: ItemSource,
): AsyncGenerator<{ items: Json[]; source: string }> {
  for (const line of text(body).split('\n')) {
    const address = line.trim().replace(/^"(.*)"$/, '$1');
    if (address === '') continue;
    const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(address) ?? [];
    if (!Bucket || !Key) throw itemReaderError(`The manifest names '${address}', which is no address in S3.`);
    const content = await source.objects.read(source.resource, { Bucket, Key });
    yield { items: await readFormat(content, source), source: objectAddress(Bucket, Key) };
  }
}
