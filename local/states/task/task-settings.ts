import type { Checkpoint, TaskAnswer } from '../environment.ts';
import type { Payload } from '../payload.ts';
import { Suspension } from '../run-machine.ts';
import type { Visit } from '../visit.ts';

/** A task's evaluated fields. */
export interface TaskSettings {
  readonly argument: Payload;
  readonly timeoutSeconds?: number;
  readonly heartbeatSeconds?: number;
  /** The role of `Credentials`. */
  readonly roleArn?: string;
}

export type Waiting = NonNullable<Checkpoint['waiting']>;

/** One kind of task: how it is scheduled, how it answers, which events tell of it. */
export interface TaskKind {
  run(visit: Visit, settings: TaskSettings): Promise<TaskAnswer>;
  /** Goes on waiting for a token that was handed out before a restart. */
  resume(visit: Visit, waiting: Waiting): Promise<TaskAnswer>;
}

/** The settings that a scheduling event shows. */
export function scheduledSettings(settings: TaskSettings) {
  return {
    ...(settings.timeoutSeconds === undefined ? {} : { timeoutInSeconds: settings.timeoutSeconds }),
    ...(settings.heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: settings.heartbeatSeconds }),
    ...(settings.roleArn === undefined ? {} : { taskCredentials: { roleArn: settings.roleArn } }),
  };
}

/** The task's branch was given up, its token with it; an execution that is merely suspended keeps it. */
export function abandonToken(visit: Visit): void {
  if (!(visit.branch.signal.reason instanceof Suspension)) leaveToken(visit);
}

/** The task was settled: what is sent for its token from now on comes too late. */
export function leaveToken(visit: Visit): void {
  if (visit.issuedToken) visit.branch.run.environment.dropToken(visit.issuedToken);
}
