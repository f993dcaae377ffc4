import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NotSupportedError } from '../../aws-error.ts';
import type { ResourceContext } from '../../provisioning/resource-type.ts';

export const codeShape = { S3Bucket: 'text', S3Key: 'text', ZipFile: 'text', SourceKMSKeyArn: 'text' } as const;

/** Code as the local Lambda service takes it: a folder on this machine, or an archive. */
export type FunctionCode = { readonly LocalPath: string } | { readonly ZipFile: Buffer };

/**
 * Finds the code that a template names. Folders of the cloud assembly are run where they lie. Throws where the assembly
 * has no such asset.
 */
export function assetCode(bucket: string | undefined, key: string | undefined, context: ResourceContext): FunctionCode {
  const asset = context.asset(bucket ?? '', key ?? '');
  if (!asset) throw new Error(`the cloud assembly has no asset for s3://${bucket}/${key}`);
  return statSync(asset.path).isDirectory() ? { LocalPath: asset.path } : { ZipFile: readFileSync(asset.path) };
}

/** Inline code becomes the file `index` of a folder of its own, so that running environments keep what they started with. */
export function inlineCode(text: string, runtime: string | undefined, context: ResourceContext): FunctionCode {
  if (!runtime?.startsWith('nodejs')) throw new NotSupportedError(`inline code of the runtime ${runtime}`);
  const folder = join(context.folder(), createHash('sha256').update(text).digest('hex').slice(0, 16));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.js'), text);
  if (text.includes('cfn-response')) {
    const module = join(folder, 'node_modules', 'cfn-response');
    mkdirSync(module, { recursive: true });
    copyFileSync(join(import.meta.dirname, 'cfn-response.cjs'), join(module, 'index.js'));
  }
  return { LocalPath: folder };
}
