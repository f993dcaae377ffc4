import type { FaultAction } from './action.ts';
import { delay } from './actions/delay.ts';
import { duplicate } from './actions/duplicate.ts';
import { fail } from './actions/fail.ts';
import { kill } from './actions/kill.ts';
import { lose } from './actions/lose.ts';
import { reorder } from './actions/reorder.ts';
import { throttle } from './actions/throttle.ts';

/** By the type that a plan gives. */
export const actions = { delay, duplicate, fail, kill, lose, reorder, throttle };

/** An action by its type, without what its settings are. */
export const actionOf = (type: keyof typeof actions): FaultAction => actions[type] as unknown as FaultAction;
