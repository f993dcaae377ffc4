import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version as esbuildVersion, type Metafile } from 'esbuild';
import type { CallSource } from '../../component/operator.ts';
import type { Plan } from '../../component/plan.ts';
import { sha256 } from '../../core/sha256.ts';
import { packageRoot } from '../package-root.ts';
import { buildHandlers, settings } from './build-handlers.ts';
import { builtOnce } from './bundle-cache.ts';
import { pipelineModule } from './pipeline-module.ts';
import { withPlan } from './plan-place.ts';

export interface HandlerBundleProps {
  /**
   * Handlers by the bundle that holds them: file names in `folder`, without ending. Handlers that need the same share a
   * bundle, `{ queries: ['extract', 'worker'] }`: most of their code is the same, and it is built and stored once.
   */
  readonly bundles: Readonly<Record<string, readonly string[]>>;
  /** Folder of the handlers' source. Default: the package's `functions/`. */
  readonly folder?: string;
  /** What `penstock:pipeline` stands for in the handlers; without it they may not import it. */
  readonly pipeline?: PipelineSource;
  /** Packages, besides the engine, that are there where the handlers run and stay out of their bundles. Default: none. */
  readonly external?: readonly string[];
}

export interface PipelineSource {
  readonly plan: Plan;
  /** The user's file whose default export is the definition; read only where the plan has steps with user functions. */
  readonly file?: string;
  /** Modules of functions by node id; the ones that are not here are taken from `file`. */
  readonly functions?: Readonly<Record<string, CallSource>>;
}

/** Where a function's code lies. */
export interface HandlerCode {
  /** Folder with one `index.js`, for `Code.fromAsset`. */
  readonly folder: string;
  /** As Lambda takes it, e.g. `index.worker`. */
  readonly handler: string;
}

/** The handlers of one stack. */
export interface HandlerBundle {
  codeOf(handler: string): HandlerCode;
  /** What went into which bundle, as esbuild reports it. */
  readonly metafile: Metafile;
  /** Bytes of code, by bundle. */
  readonly bytes: Readonly<Record<string, number>>;
  /** Removes the folders; call it once the assets are in the cloud assembly. */
  remove(): void;
}

/** Bundles all handlers of a stack in one go. Throws esbuild's own error, which names file and line. */
export function bundleHandlers({ bundles, folder, pipeline, external }: HandlerBundleProps): HandlerBundle {
  const props = {
    bundles,
    folder: folder ?? join(packageRoot, 'functions'),
    pipelineModule: pipeline && pipelineModule(pipeline),
    external,
  };
  const name = sha256(JSON.stringify(props)).slice(0, 16);
  const built = builtOnce(name, { ...props, settings, esbuildVersion }, () => buildHandlers(props));
  const root = mkdtempSync(join(tmpdir(), 'penstock-bundle-'));
  const code = Object.entries(built.code).map(
    ([bundle, text]) => [bundle, pipeline ? withPlan(text, pipeline.plan) : text] as const,
  );
  for (const [bundle, text] of code) {
    mkdirSync(join(root, bundle));
    writeFileSync(join(root, bundle, 'index.js'), text);
  }
  const bundleOf = new Map(
    Object.entries(bundles).flatMap(([bundle, handlers]) => handlers.map((handler) => [handler, bundle])),
  );
  return {
    codeOf: (handler) => ({ folder: join(root, bundleOf.get(handler)!), handler: `index.${handler}` }),
    metafile: built.metafile,
    bytes: Object.fromEntries(code.map(([bundle, text]) => [bundle, Buffer.byteLength(text)])),
    remove: () => rmSync(root, { recursive: true }),
  };
}
