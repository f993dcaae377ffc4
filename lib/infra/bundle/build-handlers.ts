import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { type Built, runEsbuild, settings } from './run-esbuild.ts';

export interface BuildProps {
  /** Handlers by the bundle that holds them. */
  readonly bundles: Readonly<Record<string, readonly string[]>>;
  readonly folder: string;
  /** Source of the module `penstock:pipeline`. */
  readonly pipelineModule?: string;
  /** Packages, besides the engine, that are there where the handlers run, e.g. `@aws-sdk/*`. Default: none. */
  readonly external?: readonly string[];
}

/** Builds handlers, each exported by the name of its file. */
export function buildHandlers(props: BuildProps, options: BuildOptions = {}): Built {
  const { bundles, folder, pipelineModule, external = [] } = props;
  const entryOf = (handlers: readonly string[]) =>
    handlers
      .map((handler) => `export { handler as ${handler} } from ${JSON.stringify(join(folder, `${handler}.ts`))};\n`)
      .join('');
  return runEsbuild(
    {
      entries: Object.fromEntries(Object.entries(bundles).map(([name, handlers]) => [name, entryOf(handlers)])),
      ...(pipelineModule !== undefined && { modules: { 'penstock:pipeline': pipelineModule } }),
    },
    { ...options, external: [...settings.external, ...external] },
  );
}
