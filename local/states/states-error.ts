interface StatesErrorOptions {
  /** The error ends the execution; no Retry or Catch sees it. */
  readonly terminal?: boolean;
  /** A task failed with it, so that `States.TaskFailed` stands for it too. */
  readonly fromTask?: boolean;
  /** A second name by which Retry and Catch know it. */
  readonly alias?: string;
}

/** What a state fails with: the pair that Retry and Catch see, and that the execution ends with. */
export class StatesError extends Error {
  /** Undefined only where a Fail state names no error. */
  readonly error: string | undefined;
  readonly reason: string | undefined;
  readonly terminal: boolean;
  readonly fromTask: boolean;
  readonly alias: string | undefined;

  constructor(error: string | undefined, reason?: string, options: StatesErrorOptions = {}) {
    super(`${error}: ${reason ?? ''}`);
    this.error = error;
    this.reason = reason;
    this.terminal = options.terminal ?? false;
    this.fromTask = options.fromTask ?? false;
    this.alias = options.alias;
  }

  /** The object that a Catch hands on; what is missing is null. */
  get output(): { Error: string | null; Cause: string | null } {
    return { Error: this.error ?? null, Cause: this.reason ?? null };
  }
}

/** A task ran out of its time. History calls both kinds States.Timeout; a Retry or Catch may name the heartbeat's. */
export class TaskTimeoutError extends StatesError {
  constructor(kind: 'timeout' | 'heartbeat') {
    super('States.Timeout', undefined, kind === 'heartbeat' ? { alias: 'States.HeartbeatTimeout' } : {});
  }
}

/** Thrown at what waits inside a branch that was given up; it never reaches a Retry or a Catch. */
export class AbortedError extends Error {
  constructor() {
    super('the branch was aborted');
  }
}
