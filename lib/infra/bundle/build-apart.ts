import { basename } from 'node:path';
import type { Metafile } from 'esbuild';
import type { Plan } from '../../component/plan.ts';
import { packageRoot } from '../package-root.ts';
import { type BuildProps, buildHandlers } from './build-handlers.ts';
import { buildPackages, packagesPrologue } from './build-packages.ts';
import { builtOnce } from './bundle-cache.ts';
import { moduleWithoutComponents } from './pipeline-module.ts';
import type { Built } from './run-esbuild.ts';
import { type Taken, takenNames } from './taken-names.ts';

/** Handlers, and apart from them what each bundle takes from packages. */
export interface BuiltApart extends Built {
  /** Code by bundle. */
  readonly packages: Built['code'];
}

/**
 * Builds the handlers of a pipeline so that what they take from packages, three quarters of the work, is built once for
 * all pipelines that need the same. Undefined where a package is also taken by what is not Penstock's own: of which names,
 * or which version, is not known then.
 */
export function buildApart(props: BuildProps, plan: Plan): BuiltApart | undefined {
  const { bundles, folder } = props;
  const without = { bundles, folder, pipelineModule: moduleWithoutComponents(plan) };
  const { names, metafile } = builtOnce('names', without, () => takenNames(without));
  const packages = builtOnce('packages', { packageRoot, names }, () => buildPackages(names));
  const apart = { ...props, external: [...new Set(Object.values(names).flatMap((taken) => Object.keys(taken)))] };
  const built = builtOnce('bundle', apart, () => buildHandlers(apart, { banner: { js: packagesPrologue } }));
  if (takesOthers(built.metafile, metafile, names)) return undefined;
  return { ...built, packages: packages.code };
}

/** Whether a package is imported where nobody has looked what is taken from it. */
function takesOthers({ inputs, outputs }: Metafile, known: Metafile, names: Taken['names']): boolean {
  const external = new Set(Object.values(names).flatMap((taken) => Object.keys(taken)));
  const isApart = ({ path, external: left }: { path: string; external?: boolean }) => left && external.has(path);
  return (
    Object.entries(inputs).some(([path, { imports }]) => !known.inputs[path] && imports.some(isApart)) ||
    Object.entries(outputs).some(([path, { imports }]) =>
      imports.filter(isApart).some((one) => !Object.hasOwn(names[basename(path, '.js')]!, one.path)),
    )
  );
}
