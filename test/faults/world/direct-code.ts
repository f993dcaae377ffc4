import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plan } from '../../../lib/component/plan.ts';
import { bundleHandlers, type HandlerBundle, type HandlerCode } from '../../../lib/infra/bundle/handlers.ts';
import { pipelineBundles } from '../../../lib/infra/stage-functions.ts';

/** Besides the clients, what is large, keeps nothing and waits for nothing: each start of a function would make it anew. */
const external = ['@aws-sdk/client-*', 'zod', 'avsc'];
const platform = { platform: ['trigger', 'announce'] };
const pipeline = { ...pipelineBundles, escalate: ['escalate'] };
const bundleOf: ReadonlyMap<string, string> = new Map(
  Object.entries({ ...platform, ...pipeline }).flatMap(([bundle, handlers]) =>
    handlers.map((handler) => [handler, bundle] as const),
  ),
);

/** Of all pipelines of histories: code that has them all is the same for those that differ in which they use. */
const components = ['aggregate', 'derive', 'enrich', 'filter', 'lake', 's3'];

/** As it stands in code. */
const literal = (plan: Plan) => JSON.stringify(JSON.stringify(plan));

const folderBeside = (assembly: string) => join(dirname(assembly), 'direct');

/**
 * Bundles the functions of an assembly once more, beside it, without the clients of the SDK: what they `require` is up to
 * who runs them.
 */
export function buildDirectCode(assembly: string, plan: Plan): void {
  const folder = folderBeside(assembly);
  mkdirSync(folder);
  const keep = (bundles: Readonly<Record<string, readonly string[]>>, built: HandlerBundle) => {
    for (const [bundle, [handler]] of Object.entries(bundles))
      renameSync(built.codeOf(handler!).folder, join(folder, bundle));
    built.remove();
  };
  keep(platform, bundleHandlers({ bundles: platform, external }));
  const further = components.map((component) => ({ kind: 'step', id: `any ${component}`, component, options: {} }));
  const whole = { ...plan, nodes: [...plan.nodes, ...further] } as Plan;
  keep(pipeline, bundleHandlers({ bundles: pipeline, external, pipeline: { plan: whole, file: '' } }));
  for (const bundle of Object.keys(pipeline)) {
    const file = join(folder, bundle, 'index.js');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replaceAll(literal(whole), () => literal(plan)),
    );
  }
}

/** The code that a function of an assembly has instead of its own; undefined where none was built. */
export function directCode(codeFolder: string, handler: string): HandlerCode | undefined {
  const bundle = bundleOf.get(handler);
  const beside = folderBeside(dirname(codeFolder));
  if (bundle === undefined || !existsSync(beside)) return undefined;
  return { folder: join(beside, bundle), handler: `index.${handler}` };
}
