import type { Plan } from '../component/plan.ts';

/** Chunked stages with equal needs: they share a buffer, a dead-letter queue and a worker function. */
export interface StageGroup {
  /** `worker`, `worker-2`…: the worker function's name. */
  readonly id: string;
  readonly stages: readonly string[];
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /** Most chunks at work at the same time; an event source mapping knows no limit below 2. */
  readonly concurrency: number;
}

type Needs = Omit<StageGroup, 'id' | 'stages'>;

/** Groups in the order in which their first stage runs. */
export function groupStages(plan: Plan): readonly StageGroup[] {
  const byNeeds = Map.groupBy(plan.stages, (stage) => JSON.stringify(needsOf(plan, stage.id)));
  return [...byNeeds.entries()].map(([needs, stages], index) => ({
    id: index === 0 ? 'worker' : `worker-${index + 1}`,
    stages: stages.map(({ id }) => id),
    ...(JSON.parse(needs) as Needs),
  }));
}

/** A plan gives its resources to all stages alike. */
function needsOf({ resources }: Plan, _stage: string): Needs {
  return {
    memoryMegabytes: resources.workerMemoryMegabytes,
    timeoutSeconds: resources.workerTimeoutSeconds,
    concurrency: Math.max(2, resources.concurrency),
  };
}
