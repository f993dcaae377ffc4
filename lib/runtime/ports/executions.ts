/** Starts and stops executions of state machines. */
export interface Executions {
  /** `exists`: an execution of this name has been started before. */
  start(request: {
    readonly stateMachineArn: string;
    readonly name: string;
    readonly input: unknown;
  }): Promise<'started' | 'exists'>;
  /** `ended`: it had come to its end before, or never was. */
  stop(request: {
    readonly stateMachineArn: string;
    readonly name: string;
    /** At most 256 characters. */
    readonly error: string;
    readonly cause: string;
  }): Promise<'stopped' | 'ended'>;
}
