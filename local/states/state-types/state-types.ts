import type { Checkpoint } from '../environment.ts';
import type { StateType } from '../machine.ts';
import type { StateResult } from '../run-state.ts';
import type { Visit } from '../visit.ts';
import { choice } from './choice.ts';
import { fail } from './fail.ts';
import { map } from './map.ts';
import { parallel } from './parallel.ts';
import { pass } from './pass.ts';
import { succeed } from './succeed.ts';
import { task } from './task.ts';
import { wait } from './wait.ts';

/** What a type of state does. */
export interface StateTypeRunner {
  /** One attempt at the state's work. `from` is where a restart found it. */
  run(visit: Visit, from?: Checkpoint): Promise<StateResult>;
  /** Records that the state failed for good, where history has an event for it. */
  failed?(visit: Visit): void;
}

export const stateTypes: Readonly<Record<StateType, StateTypeRunner>> = {
  Pass: pass,
  Task: task,
  Choice: choice,
  Wait: wait,
  Succeed: succeed,
  Fail: fail,
  Parallel: parallel,
  Map: map,
};
