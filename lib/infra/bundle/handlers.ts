import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';
import type { Plan } from '../../component/plan.ts';
import { packageRoot } from '../package-root.ts';
import { pipelineModule } from './pipeline-module.ts';

export interface HandlerBundleProps {
  /** File names in `folder`, without ending, e.g. `worker`. */
  readonly handlers: readonly string[];
  /** Folder of the handlers' source. Default: the package's `functions/`. */
  readonly folder?: string;
  /** What `penstock:pipeline` stands for in the handlers; without it they may not import it. */
  readonly pipeline?: PipelineSource;
}

export interface PipelineSource {
  readonly plan: Plan;
  /** The user's file whose default export is the definition; read only where the plan has steps with user functions. */
  readonly file?: string;
}

/** The handlers of one stack, each in a folder of its own with one `index.js`. */
export interface HandlerBundle {
  /** Folder of a handler, for `Code.fromAsset`. */
  folderOf(handler: string): string;
  /** What went into which output, as esbuild reports it. */
  readonly metafile: Metafile;
  /** Bytes of each handler's code. */
  readonly bytes: Readonly<Record<string, number>>;
  /** Removes the folders; call it once the assets are in the cloud assembly. */
  remove(): void;
}

/** Bundles all handlers of a stack in one go. Throws esbuild's own error, which names file and line. */
export function bundleHandlers({ handlers, folder, pipeline }: HandlerBundleProps): HandlerBundle {
  const root = mkdtempSync(join(tmpdir(), 'penstock-bundle-'));
  const source = folder ?? join(packageRoot, 'functions');
  const alias: Record<string, string> = {};
  if (pipeline) {
    alias['penstock:pipeline'] = join(root, 'pipeline.ts');
    writeFileSync(alias['penstock:pipeline'], pipelineModule(pipeline));
  }
  const { metafile } = buildSync({
    absWorkingDir: packageRoot,
    entryPoints: handlers.map((handler) => ({ in: join(source, `${handler}.ts`), out: join(handler, 'index') })),
    outdir: root,
    alias,
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
    metafile: true,
    logLevel: 'silent',
  });
  const bytes = Object.values(metafile.outputs).map(({ bytes }, index) => [handlers[index]!, bytes] as const);
  return {
    folderOf: (handler) => join(root, handler),
    metafile,
    bytes: Object.fromEntries(bytes),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
