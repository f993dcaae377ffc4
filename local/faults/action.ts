import type * as z from 'zod';
import type { InterceptedCall } from '../cloud.ts';

/** What a fault does to a call. One file of `actions/` each; its schema is what a plan may say of it. */
export interface FaultAction<Schema extends z.ZodObject = z.ZodObject> {
  readonly schema: Schema;
  /** Whether the events that services put on the default bus can suffer it, too. Default: only calls can. */
  readonly events?: boolean;
  /** Whether this call can suffer it; one that cannot is not counted. Default: every call can. */
  applies?(call: InterceptedCall): boolean;
  /** Makes the call, or does not. The caller gets what this returns or throws. */
  perform(settings: z.output<Schema>, fault: Fault): Promise<any>;
}

/** One call that a rule strikes. */
export interface Fault {
  readonly call: InterceptedCall;
  /** Makes the call. */
  readonly run: () => Promise<any>;
  /** From 0 to 1, the same in every run with this seed. */
  readonly chance: number;
  /** Resolves when the next call that the rule counts has ended. */
  readonly nextCall: () => Promise<void>;
}

/** Checks an action against its contract. */
export function defineAction<Schema extends z.ZodObject>(action: FaultAction<Schema>): FaultAction<Schema> {
  return action;
}
