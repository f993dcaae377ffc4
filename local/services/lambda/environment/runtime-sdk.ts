import { existsSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Cloud } from '../../../service.ts';

/** Where functions find the AWS SDK that Lambda's Node brings along. */
export interface RuntimeSdk {
  /** A folder for NODE_PATH, with nothing in it but the SDK. */
  readonly folder: string;
  /** The real folder of the SDK's packages and of all that they need. */
  readonly packages: string;
}

const made = new WeakMap<object, RuntimeSdk | undefined>();

/** The clients that are installed beside this package, as the runtime's own; undefined where there are none. */
export function runtimeSdk({ store }: Pick<Cloud, 'store'>): RuntimeSdk | undefined {
  if (!made.has(store)) made.set(store, make(store.folder(join('lambda-runtime', 'node_modules'))));
  return made.get(store);
}

function make(folder: string): RuntimeSdk | undefined {
  const paths = createRequire(import.meta.url).resolve.paths('@aws-sdk/client-s3') ?? [];
  const found = paths.find((path) => existsSync(join(path, '@aws-sdk')));
  if (!found) return undefined;
  const packages = realpathSync(found);
  mkdirSync(folder, { recursive: true });
  for (const scope of ['@aws-sdk', '@smithy']) {
    const link = join(folder, scope);
    if (!existsSync(link) && existsSync(join(packages, scope))) symlinkSync(join(packages, scope), link, 'dir');
  }
  return { folder, packages };
}
