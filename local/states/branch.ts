import type { Environment } from './environment.ts';
import type { History } from './history.ts';
import type { JsonObject } from './json.ts';
import type { Machine } from './machine.ts';
import type { MapItem } from './map/map-item.ts';
import type { Payload } from './payload.ts';
import type { Scope } from './scope.ts';
import { AbortedError } from './states-error.ts';
import type { Visit } from './visit.ts';

/** What all branches of one execution share. */
export interface Run {
  readonly environment: Environment;
  readonly history: History;
  /** `Execution` and `StateMachine` of the context object. */
  readonly context: JsonObject;
}

export interface BranchOptions {
  readonly run: Run;
  readonly machine: Machine;
  readonly scope: Scope;
  readonly signal: AbortSignal;
  /** The event that the branch's first event follows. */
  readonly lastEventId: number;
  readonly mapItem?: MapItem | undefined;
  readonly outermost?: boolean;
}

/** One line of states being worked through: the execution itself, a Parallel branch, or a Map iteration. */
export class Branch {
  readonly run: Run;
  readonly machine: Machine;
  readonly scope: Scope;
  readonly signal: AbortSignal;
  readonly mapItem: MapItem | undefined;
  readonly outermost: boolean;
  lastEventId: number;
  /** The state that was entered and not left yet. */
  current: Visit | undefined;
  /** What the state that was left last gave on, and to which state: none where the branch has ended. */
  left: { readonly output: Payload; readonly next: string | undefined } | undefined;
  /** Branches that the current state runs. */
  inner: Iterable<Branch> = [];

  constructor(options: BranchOptions) {
    this.run = options.run;
    this.machine = options.machine;
    this.scope = options.scope;
    this.signal = options.signal;
    this.lastEventId = options.lastEventId;
    this.mapItem = options.mapItem;
    this.outermost = options.outermost ?? false;
  }

  /** Records the branch's next event. Nothing happens any more in a branch that was given up. */
  record(type: string, details?: JsonObject): number {
    if (this.signal.aborted) throw new AbortedError();
    this.lastEventId = this.run.history.record(type, this.lastEventId, details);
    return this.lastEventId;
  }
}
