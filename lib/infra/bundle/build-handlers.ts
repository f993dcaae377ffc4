import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import { packageRoot } from '../package-root.ts';

/** What esbuild made of a stack's handlers. */
export interface Built {
  /** Code by handler. */
  readonly code: Readonly<Record<string, string>>;
  /** What went into which output. */
  readonly metafile: Metafile;
}

export interface BuildProps {
  readonly handlers: readonly string[];
  readonly folder: string;
  /** Source of the module `penstock:pipeline`. */
  readonly pipelineModule?: string;
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

/** Builds all handlers in one go. Throws esbuild's own error, which names file and line. */
export function buildHandlers({ handlers, folder, pipelineModule }: BuildProps): Built {
  const draft = mkdtempSync(join(tmpdir(), 'penstock-build-'));
  try {
    const module = join(draft, 'pipeline.ts');
    if (pipelineModule !== undefined) writeFileSync(module, pipelineModule);
    const { outputFiles, metafile } = buildSync<BuildOptions & { write: false; metafile: true }>({
      ...settings,
      absWorkingDir: packageRoot,
      alias: pipelineModule === undefined ? {} : { 'penstock:pipeline': module },
      entryPoints: handlers.map((handler) => ({ in: join(folder, `${handler}.ts`), out: join(handler, 'index') })),
      outdir: draft,
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    const code = outputFiles.map(({ path, text }) => [basename(dirname(path)), text] as const);
    return { code: Object.fromEntries(code), metafile };
  } finally {
    rmSync(draft, { recursive: true });
  }
}
