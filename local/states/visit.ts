import type { Branch } from './branch.ts';
import type { BranchProgress, Checkpoint } from './environment.ts';
import { isoTime } from './iso-time.ts';
import type { Json, JsonObject } from './json.ts';
import type { StateNode } from './machine.ts';
import { type MapItem, mapContext } from './map/map-item.ts';
import { Payload } from './payload.ts';
import { StatesError } from './states-error.ts';

/** Types of states that may have a Retry. */
const retryable = new Set(['Task', 'Map', 'Parallel']);

/** One stay in one state: its input, its place in history, its context object. */
export class Visit {
  readonly branch: Branch;
  readonly node: StateNode;
  readonly input: Payload;
  readonly enteredEventId: number;
  readonly enteredTime: number;
  /** Retries so far, of all retriers. */
  retryCount = 0;
  /** Attempts used per retrier. */
  readonly retriesUsed: number[] = [];
  /** A mocked context object, handed out as it is. */
  fixedContext: JsonObject | undefined;
  /** Set where this stay began before a restart. */
  resumeFrom: Checkpoint | undefined;
  /** Tells how far the branches inside have come in this attempt. */
  progress: (() => readonly BranchProgress[]) | undefined;
  /** The Map Run of this attempt was started. */
  mapRunStarted = false;
  #token: string | undefined;

  constructor(branch: Branch, node: StateNode, input: Payload, entered: { eventId: number; time: number }) {
    this.branch = branch;
    this.node = node;
    this.input = input;
    this.enteredEventId = entered.eventId;
    this.enteredTime = entered.time;
  }

  get definition(): JsonObject {
    return this.node.definition;
  }

  /** The input after InputPath; the input itself in JSONata. */
  get effectiveInput(): Payload {
    const value = this.node.language.input(this);
    if (this.node.language.name === 'JSONPath') this.inspect('afterInputPath', value);
    return value === this.input.value ? this.input : new Payload(value);
  }

  /** The token that this attempt of the task hands out; made on first use. */
  get token(): string {
    this.#token ??= this.branch.run.environment.issueToken();
    return this.#token;
  }

  /** The token of this attempt, if it was handed out or adopted from a checkpoint. */
  get issuedToken(): string | undefined {
    return this.#token;
  }

  set issuedToken(token: string | undefined) {
    this.#token = token;
  }

  /** Tasks that only call and go on have no token. */
  private get handsOutToken(): boolean {
    const { resource } = this.node;
    return resource?.kind === 'activity' || (resource?.kind === 'service' && resource.pattern !== 'request');
  }

  /**
   * The context object (`$$`, `$states.context`), fresh for every use since its times and counts move. `selected`: the item
   * that an ItemSelector is evaluated for.
   */
  contextFor(selected?: MapItem): JsonObject {
    if (this.fixedContext) return this.fixedContext;
    const { run, mapItem } = this.branch;
    const context: JsonObject = { ...run.context };
    context.State = { Name: this.node.name, EnteredTime: isoTime(this.enteredTime) };
    if (retryable.has(this.node.type)) context.State.RetryCount = this.retryCount;
    if (this.handsOutToken) context.Task = { Token: this.token };
    const item = selected ?? mapItem;
    if (item) context.Map = mapContext(item);
    return context;
  }

  /** Tells a test of the state what its data became on the way. */
  inspect(field: string, value: Json): void {
    this.branch.run.environment.inspect?.(field, value);
  }

  /** An error that ends the execution, worded as AWS words what goes wrong inside a state. */
  runtimeError(what: string): StatesError {
    return new StatesError('States.Runtime', this.explain(what), { terminal: true });
  }

  explain(what: string): string {
    return `An error occurred while executing the state '${this.node.name}' (entered at the event id #${this.enteredEventId}). ${what}`;
  }
}
