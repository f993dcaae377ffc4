import { availableParallelism } from 'node:os';
import type { Plan } from '../component/plan.ts';

/** What the engine may take of this machine. */
export function machineShare(plan: Plan): { readonly memoryMegabytes: number; readonly threads: number } {
  return { memoryMegabytes: plan.resources.workerMemoryMegabytes, threads: availableParallelism() };
}
