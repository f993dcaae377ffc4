import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version as esbuildVersion, type Metafile } from 'esbuild';
import type { Plan } from '../../component/plan.ts';
import { sha256 } from '../../core/sha256.ts';
import { packageRoot } from '../package-root.ts';
import { buildHandlers, settings } from './build-handlers.ts';
import { builtOnce } from './bundle-cache.ts';
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
  const props = {
    handlers,
    folder: folder ?? join(packageRoot, 'functions'),
    pipelineModule: pipeline && pipelineModule(pipeline),
  };
  const place = sha256(JSON.stringify([handlers, props.folder])).slice(0, 8);
  const name = `${pipeline?.plan.pipeline ?? 'platform'}-${place}`;
  const { code, metafile } = builtOnce(name, { ...props, settings, esbuildVersion }, () => buildHandlers(props));
  const root = mkdtempSync(join(tmpdir(), 'penstock-bundle-'));
  for (const [handler, text] of Object.entries(code)) {
    mkdirSync(join(root, handler));
    writeFileSync(join(root, handler, 'index.js'), text);
  }
  return {
    folderOf: (handler) => join(root, handler),
    metafile,
    bytes: Object.fromEntries(Object.entries(code).map(([handler, text]) => [handler, Buffer.byteLength(text)])),
    remove: () => rmSync(root, { recursive: true }),
  };
}
