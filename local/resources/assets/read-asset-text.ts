import { readFileSync } from 'node:fs';
import type { ResourceContext } from '../../provisioning/resource-type.ts';

/** The text of a file asset. Throws where the assembly has no such asset: there is no other bucket to read at deployment. */
export function readAssetText(context: ResourceContext, bucket: string, key: string): string {
  const asset = context.asset(bucket, key);
  if (!asset) throw new Error(`the cloud assembly has no asset for s3://${bucket}/${key}`);
  return readFileSync(asset.path, 'utf8');
}
