import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import type { CallSource } from '../../component/operator.ts';
import type { Plan } from '../../component/plan.ts';
import { packageRoot } from '../package-root.ts';
import { buildApart } from './build-apart.ts';
import { buildHandlers } from './build-handlers.ts';
import { packagesFile } from './build-packages.ts';
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
  /** Folder with `index.js`, and with what that takes from packages where these are apart, for `Code.fromAsset`. */
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

const ownFolder = join(packageRoot, 'functions');

/** Bundles all handlers of a stack. Throws esbuild's own error, which names file and line. */
export function bundleHandlers({ bundles, folder, pipeline, external }: HandlerBundleProps): HandlerBundle {
  const props = {
    bundles,
    folder: folder ?? ownFolder,
    pipelineModule: pipeline && pipelineModule(pipeline),
    external,
  };
  // Handlers of others may bring other versions of packages; those of the platform are built once anyway.
  const apart = pipeline && !folder && !external ? buildApart(props, pipeline.plan) : undefined;
  const { code, metafile } = apart ?? builtOnce('bundle', props, () => buildHandlers(props));
  const root = mkdtempSync(join(tmpdir(), 'penstock-bundle-'));
  const bytes: Record<string, number> = {};
  for (const [bundle, text] of Object.entries(code)) {
    const files = {
      'index.js': pipeline ? withPlan(text, pipeline.plan) : text,
      ...(apart && { [packagesFile]: apart.packages[bundle]! }),
    };
    mkdirSync(join(root, bundle));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(root, bundle, name), content);
    bytes[bundle] = Buffer.byteLength(Object.values(files).join(''));
  }
  const bundleOf = new Map(
    Object.entries(bundles).flatMap(([bundle, handlers]) => handlers.map((handler) => [handler, bundle])),
  );
  return {
    codeOf: (handler) => ({ folder: join(root, bundleOf.get(handler)!), handler: `index.${handler}` }),
    metafile,
    bytes,
    remove: () => rmSync(root, { recursive: true }),
  };
}
