/** Starts and stops executions of state machines. */
export interface Executions {
  /** `exists`: an execution of this name has been started before. */
  start(request: {
    readonly stateMachineArn: string;
    readonly name: string;
    readonly input: unknown;
  }): Promise<'started' | 'exists'>;
  /** Digest of the plan that a machine was deployed with last. Undefined where it tells of none. */
  planOf(stateMachineArn: string): Promise<string | undefined>;
  /** How often it has been begun: once, and once more for each redrive. 0: it is not known. */
  attempts(request: { readonly stateMachineArn: string; readonly name: string }): Promise<number>;
  /** Lets an execution go on where it failed. `refused`: Step Functions does not, and says why. */
  redrive(request: {
    readonly stateMachineArn: string;
    readonly name: string;
  }): Promise<'redriven' | 'running' | { readonly refused: string }>;
  /** `ended`: it had come to its end before, or never was. */
  stop(request: {
    readonly stateMachineArn: string;
    readonly name: string;
    /** At most 256 characters. */
    readonly error: string;
    readonly cause: string;
  }): Promise<'stopped' | 'ended'>;
}
