import { dirname } from 'node:path';
import type { Plan } from '../../../lib/component/plan.ts';
import { bundleHandlers, type HandlerBundle, type HandlerCode } from '../../../lib/infra/bundle/handlers.ts';
import { pipelineBundles } from '../../../lib/infra/stage-functions.ts';

/** Besides the clients, what is large, keeps nothing and waits for nothing: each start of a function would make it anew. */
const external = ['@aws-sdk/client-*', 'zod'];
const platform = ['trigger', 'announce'];

interface DirectBundles {
  readonly platform: HandlerBundle;
  readonly pipeline: HandlerBundle;
}

const made = new Map<string, DirectBundles>();

/** Bundles the functions of an assembly once more, without the clients of the SDK: what they `require` is up to who runs them. */
export function buildDirectCode(assembly: string, plan: Plan): void {
  made.set(assembly, {
    platform: bundleHandlers({ bundles: { platform }, external }),
    pipeline: bundleHandlers({
      bundles: { ...pipelineBundles, escalate: ['escalate'] },
      external,
      pipeline: { plan, file: '' },
    }),
  });
}

/** The code that a function of an assembly has instead of its own; undefined where none was built. */
export function directCode(codeFolder: string, handler: string): HandlerCode | undefined {
  const bundles = made.get(dirname(codeFolder));
  return bundles?.[platform.includes(handler) ? 'platform' : 'pipeline'].codeOf(handler);
}

export function removeDirectCode(): void {
  for (const { platform, pipeline } of made.values()) {
    platform.remove();
    pipeline.remove();
  }
  made.clear();
}
