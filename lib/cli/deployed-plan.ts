import type { Plan } from '../component/plan.ts';
import { nearest } from '../core/nearest.ts';
import { CommandInputError } from './errors.ts';
import type { Platform } from './platform.ts';
import { compiledPipeline, loadPipelines } from './project.ts';

/** A pipeline that is deployed, by its name. Throws `CommandInputError`. */
export async function deployedPipeline(platform: Platform, name: string) {
  const pipelines = await platform.deployedPipelines();
  const found = pipelines.find((one) => one.pipeline === name);
  if (found) return found;
  const names = pipelines.map((one) => one.pipeline);
  const guess = nearest(name, names);
  throw new CommandInputError({
    problem: `there is no deployed pipeline "${name}"`,
    received: name,
    allowed: names.length > 0 ? names : 'none: nothing is deployed',
    change: guess ? `did you mean "${guess}"?` : 'take a name from `npx penstock pipeline list`',
  });
}

/** The plan of this digest, where it can be had without a word: from the lake, or from the files of the project. */
export async function knownPlan(platform: Platform, name: string, planDigest: string): Promise<Plan | undefined> {
  const stored = await platform.storedPlan(name, planDigest);
  if (stored) return stored;
  try {
    return (await loadPipelines()).find(({ plan }) => plan?.digest === planDigest)?.plan;
  } catch (error) {
    // Whoever only looks may be in any folder.
    if (error instanceof CommandInputError) return undefined;
    throw error;
  }
}

/**
 * The plan of a pipeline as it is deployed: from the lake, where a run has left it, or from the files of the project.
 * Throws `CommandInputError`.
 */
export async function deployedPlan(platform: Platform, name: string): Promise<Plan> {
  const { planDigest } = await deployedPipeline(platform, name);
  const stored = await platform.storedPlan(name, planDigest);
  if (stored) return stored;
  const { plan, file } = await compiledPipeline(name);
  if (plan.digest === planDigest) return plan;
  throw new CommandInputError({
    problem: `the pipeline "${name}" was deployed with another plan than ${file} has now`,
    received: plan.digest,
    allowed: planDigest,
    change: 'deploy the file, or go back to what was deployed',
  });
}
