/** `gone`: the machine waits for this task no longer; whatever was computed for it is to be thrown away. */
export type TaskAnswer = 'accepted' | 'gone';

/** How a worker speaks to the state that waits for it. */
export interface TaskReporter {
  heartbeat(taskToken: string): Promise<TaskAnswer>;
  succeed(taskToken: string, output: unknown): Promise<TaskAnswer>;
  /** `error` is a name that Retry and Catch match (256 characters at most), `cause` text (32,768 at most). */
  fail(taskToken: string, failure: { readonly error: string; readonly cause: string }): Promise<TaskAnswer>;
}
