import { storedCases } from './cases.ts';
import { generatedHistory } from './generate.ts';
import { growing } from './growth.ts';
import { type PipelineName, pipelines } from './pipelines.ts';

/** What one process plays in one go: it is about one pipeline, because to make a world takes as long as several histories. */
export type Task = { readonly pipeline: PipelineName } & (
  | { readonly part: 'cases' | 'systematic' }
  /** Histories of this pipeline among so many seeds. */
  | { readonly part: 'random'; readonly from: number; readonly count: number }
);

export interface TasksOptions {
  /** Seeds to be played. */
  readonly histories: number;
  /** The first one. Default 0. */
  readonly from?: number;
  readonly systematic?: boolean;
  readonly cases?: boolean;
}

/** So that a suite that is out of time has played each pipeline. */
const seedsAtOnce = 500;

/**
 * The tasks of a suite: the systematic set, then histories of seeds, of each part what takes longest first, so that no process
 * is left with much at the end. Stored cases come last: what the others take is told without them.
 */
export function tasksOf({ histories, from = 0, systematic, cases }: TasksOptions): readonly Task[] {
  const stored = [...storedCases().values()].map(({ history }) => history.pipeline);
  const all = Object.keys(pipelines) as PipelineName[];
  const blocks = Array.from({ length: Math.ceil(histories / seedsAtOnce) }, (_, block) => {
    const first = from + block * seedsAtOnce;
    return randomTasks(first, Math.min(seedsAtOnce, from + histories - first));
  });
  return [
    ...(systematic ? all.map((pipeline): Task => ({ part: 'systematic', pipeline })) : []),
    ...blocks.flat(),
    ...(cases ? [...new Set(stored)].map((pipeline): Task => ({ part: 'cases', pipeline })) : []),
  ];
}

/** As many others are played in the time of one whose file grows: it has several runs, each over rows of its own. */
const othersInTimeOfOneThatGrows = 4;

const lengthOf = (pipeline: PipelineName, { length }: readonly unknown[]) =>
  growing.has(pipeline) ? length * othersInTimeOfOneThatGrows : length;

function randomTasks(from: number, count: number): readonly Task[] {
  const histories = Array.from({ length: count }, (_, index) => generatedHistory(from + index).pipeline);
  return [...Map.groupBy(histories, (pipeline) => pipeline)]
    .toSorted((a, b) => lengthOf(...b) - lengthOf(...a))
    .map(([pipeline]): Task => ({ part: 'random', pipeline, from, count }));
}

/** Takes the next task for a process; one about a pipeline that it has played before, where no other one comes first. */
export function takeTask(tasks: Task[], played: ReadonlySet<PipelineName>): Task | undefined {
  const [first] = tasks;
  if (!first) return undefined;
  const index = tasks.findIndex(({ part, pipeline }) => part === first.part && played.has(pipeline));
  return tasks.splice(Math.max(0, index), 1)[0];
}
