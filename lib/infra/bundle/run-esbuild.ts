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

export interface BuildSources {
  /** Source of what each bundle begins with, by bundle. */
  readonly entries: Readonly<Record<string, string>>;
  /** Source of modules, by the name they are imported by, e.g. `penstock:pipeline`. Default: none. */
  readonly modules?: Readonly<Record<string, string>>;
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
export function runEsbuild({ entries, modules = {} }: BuildSources, options: BuildOptions = {}): Built {
  const draft = mkdtempSync(join(tmpdir(), 'penstock-build-'));
  const written = (sources: Readonly<Record<string, string>>) =>
    Object.entries(sources).map(([name, text]) => {
      const file = join(draft, `${name.replaceAll(/[^\w-]/g, '-')}.ts`);
      writeFileSync(file, text);
      return [name, file] as const;
    });
  try {
    const { outputFiles, metafile } = buildSync<BuildOptions & { write: false; metafile: true }>({
      ...settings,
      ...options,
      absWorkingDir: packageRoot,
      alias: Object.fromEntries(written(modules)),
      entryPoints: written(entries).map(([, file]) => file),
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
