import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import { packageRoot } from '../package-root.ts';

/** What esbuild made of a stack's handlers. */
export interface Built {
  /** Code by bundle. */
  readonly code: Readonly<Record<string, string>>;
  /** What went into which output. */
  readonly metafile: Metafile;
}

export interface BuildProps {
  /** Handlers by the bundle that holds them. */
  readonly bundles: Readonly<Record<string, readonly string[]>>;
  readonly folder: string;
  /** Source of the module `penstock:pipeline`. */
  readonly pipelineModule?: string;
  /** Packages, besides the engine, that are there where the handlers run, e.g. `@aws-sdk/*`. Default: none. */
  readonly external?: readonly string[];
}

/** How handlers become code for Lambda. Part of the cache's key. */
export const settings = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  mainFields: ['module', 'main'],
  minify: true,
  // Retry and Catch match the names of error classes.
  keepNames: true,
  // An import() left as it is would not look into the layer, which only `require` finds.
  supported: { 'dynamic-import': false },
  external: ['@duckdb/*'],
} satisfies BuildOptions;

/** Builds all bundles in one go. Throws esbuild's own error, which names file and line. */
export function buildHandlers({ bundles, folder, pipelineModule, external = [] }: BuildProps): Built {
  const draft = mkdtempSync(join(tmpdir(), 'penstock-build-'));
  const write = (name: string, text: string) => {
    const file = join(draft, `${name}.ts`);
    writeFileSync(file, text);
    return file;
  };
  try {
    const entries = Object.entries(bundles).map(([name, handlers]) => write(name, entryOf(handlers, folder)));
    const { outputFiles, metafile } = buildSync<BuildOptions & { write: false; metafile: true }>({
      ...settings,
      external: [...settings.external, ...external],
      absWorkingDir: packageRoot,
      alias: pipelineModule === undefined ? {} : { 'penstock:pipeline': write('penstock-pipeline', pipelineModule) },
      entryPoints: entries,
      outdir: draft,
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    const code = outputFiles.map(({ path, text }) => [basename(path, '.js'), text] as const);
    return { code: Object.fromEntries(code), metafile };
  } finally {
    rmSync(draft, { recursive: true });
  }
}

function entryOf(handlers: readonly string[], folder: string): string {
  return handlers
    .map((handler) => `export { handler as ${handler} } from ${JSON.stringify(join(folder, `${handler}.ts`))};\n`)
    .join('');
}
