import type { TaskAnswer } from '../environment.ts';
import { checkpointOf } from '../progress.ts';
import { AbortedError, StatesError, TaskTimeoutError } from '../states-error.ts';
import type { Visit } from '../visit.ts';
import { checkedAnswer } from './checked-answer.ts';
import { type Limited, withDeadline } from './deadline.ts';
import { failureDetails } from './lambda-task.ts';
import { abandonToken, leaveToken, scheduledSettings, type TaskKind, type Waiting } from './task-settings.ts';

/** A task that waits for one of an activity's workers to take and finish it. */
export const activityTask: TaskKind = {
  async run(visit, settings) {
    const { branch, node } = visit;
    const { environment } = branch.run;
    const { arn } = node.resource!;
    const token = visit.token;
    const scheduled = { resource: arn, input: settings.argument.text, ...scheduledSettings(settings) };
    if (!environment.activityExists(arn)) throw visit.runtimeError(`The activity ${arn} does not exist.`);
    branch.record('ActivityScheduled', scheduled);
    const { timeoutSeconds, heartbeatSeconds } = settings;
    const waiting: Waiting = {
      token,
      input: settings.argument.text,
      ...(timeoutSeconds === undefined ? {} : { timeoutAt: environment.clock.now() + timeoutSeconds * 1000 }),
      ...(heartbeatSeconds === undefined ? {} : { heartbeatSeconds }),
    };
    keep(visit, waiting);
    return settle(visit, { timeoutSeconds, heartbeatSeconds }, ({ signal, beat }) =>
      offer(visit, waiting, signal, beat),
    );
  },

  resume(visit, waiting) {
    const { environment } = visit.branch.run;
    const left = waiting.timeoutAt === undefined ? undefined : (waiting.timeoutAt - environment.clock.now()) / 1000;
    const limits = { timeoutSeconds: left, heartbeatSeconds: waiting.heartbeatSeconds };
    return settle(visit, limits, ({ signal, beat }) =>
      waiting.started ? environment.awaitToken(waiting.token, signal, beat) : offer(visit, waiting, signal, beat),
    );
  },
};

function keep(visit: Visit, waiting: Waiting): void {
  if (visit.branch.outermost) visit.branch.run.environment.checkpoint?.({ ...checkpointOf(visit), waiting });
}

/** Puts the task before the workers and waits for the one that takes it. */
function offer(visit: Visit, waiting: Waiting, signal: AbortSignal, beat: () => void): Promise<TaskAnswer> {
  const { branch, node } = visit;
  const { environment } = branch.run;
  environment.scheduleActivity(node.resource!.arn, waiting.input!, waiting.token, (workerName) => {
    branch.record('ActivityStarted', workerName === undefined ? {} : { workerName });
    keep(visit, { ...waiting, started: true });
    beat();
  });
  return environment.awaitToken(waiting.token, signal, beat);
}

async function settle(
  visit: Visit,
  limits: { timeoutSeconds?: number | undefined; heartbeatSeconds?: number | undefined },
  start: (limited: Limited) => Promise<TaskAnswer>,
): Promise<TaskAnswer> {
  const { branch } = visit;
  const { environment } = branch.run;
  try {
    const deadline = { clock: environment.clock, signal: branch.signal, ...limits };
    const answer = checkedAnswer(await withDeadline(deadline, start), visit.node.resource!.arn);
    branch.record('ActivitySucceeded', { output: answer.text });
    leaveToken(visit);
    return answer;
  } catch (error) {
    if (error instanceof AbortedError) abandonToken(visit);
    if (error instanceof StatesError) {
      leaveToken(visit);
      const type = error instanceof TaskTimeoutError ? 'ActivityTimedOut' : 'ActivityFailed';
      if (!error.terminal) branch.record(type, failureDetails(error));
    }
    throw error;
  }
}
