import type { StagePlan } from '../../component/plan.ts';

/** Step Functions allows 80 characters for the name of a state. */
const longestName = 80;

/** The Choice in front of a reduce stage: is there anything to do? */
export function questionName({ title }: StagePlan): string {
  return named(title, '?');
}

/** The task of one chunk of a stage. Names are unique in the whole machine, children included. */
export function chunkName({ title }: StagePlan): string {
  return named(title, ': one');
}

/** The state in which another waits until it may try again. */
export function waitName(state: string): string {
  return named(state, ', later');
}

function named(title: string, ending: string): string {
  return title.slice(0, longestName - ending.length) + ending;
}
