/** Starts executions of state machines. */
export interface Executions {
  /** `exists`: an execution of this name has been started before. */
  start(request: {
    readonly stateMachineArn: string;
    readonly name: string;
    readonly input: unknown;
  }): Promise<'started' | 'exists'>;
}
