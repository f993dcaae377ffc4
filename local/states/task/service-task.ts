import type { TaskAnswer, TaskCall } from '../environment.ts';
import type { JsonObject } from '../json.ts';
import { checkpointOf } from '../progress.ts';
import type { ServiceResource } from '../resource.ts';
import { AbortedError, StatesError, TaskTimeoutError } from '../states-error.ts';
import type { Visit } from '../visit.ts';
import { checkedAnswer } from './checked-answer.ts';
import { type Limited, withDeadline } from './deadline.ts';
import { failureDetails } from './lambda-task.ts';
import {
  abandonToken,
  leaveToken,
  scheduledSettings,
  type TaskKind,
  type TaskSettings,
  type Waiting,
} from './task-settings.ts';

/** A task that calls a service, and may wait for a job or for its token. */
export const serviceTask: TaskKind = {
  async run(visit, settings) {
    const { branch, node } = visit;
    const { environment } = branch.run;
    const resource = serviceOf(visit);
    const wrong = environment.checkParameters(resource, settings.argument.value);
    if (wrong.length > 0) {
      const what = `The Parameters '${settings.argument.text}' could not be used to start the Task: [${wrong.join(', ')}]`;
      throw visit.runtimeError(what);
    }
    const named = { resourceType: resource.resourceType, resource: resource.resource };
    const scheduledEventId = branch.record('TaskScheduled', {
      ...named,
      region: environment.region,
      parameters: settings.argument.text,
      ...scheduledSettings(settings),
    });
    // Other branches schedule theirs before any is started.
    await Promise.resolve();
    const unstarted = environment.startFailure?.();
    if (unstarted) {
      branch.record('TaskStartFailed', { ...named, ...failureDetails(unstarted) });
      throw unstarted;
    }
    branch.record('TaskStarted', named);
    const call = {
      resource,
      parameters: settings.argument.value,
      stateName: node.name,
      scheduledEventId,
      ...(visit.issuedToken ? { token: visit.issuedToken } : {}),
      ...(settings.roleArn ? { roleArn: settings.roleArn } : {}),
    };
    let submitted = resource.pattern === 'request';
    const submit = () => {
      submitted = true;
    };
    return settle(
      visit,
      resource,
      settings,
      ({ signal, beat, pause }) => work(visit, { ...call, signal, pause }, settings, { submit, beat }),
      () => (submitted ? 'TaskFailed' : 'TaskSubmitFailed'),
    );
  },

  resume(visit, waiting) {
    const { environment } = visit.branch.run;
    const left = waiting.timeoutAt === undefined ? undefined : (waiting.timeoutAt - environment.clock.now()) / 1000;
    const limits = { timeoutSeconds: left, heartbeatSeconds: waiting.heartbeatSeconds };
    return settle(visit, serviceOf(visit), limits, ({ signal, beat }) =>
      environment.awaitToken(waiting.token, signal, beat),
    );
  },
};

function serviceOf(visit: Visit): ServiceResource {
  const resource = visit.node.resource!;
  if (resource.kind !== 'service') throw new Error(`${resource.arn} is no service`);
  return resource;
}

async function work(
  visit: Visit,
  call: TaskCall,
  settings: TaskSettings,
  { submit, beat }: { submit: () => void; beat: () => void },
): Promise<TaskAnswer> {
  const { branch } = visit;
  const { environment } = branch.run;
  const resource = serviceOf(visit);
  const answer = await environment.call(call);
  submit();
  if (resource.pattern === 'request') return answer;
  branch.record('TaskSubmitted', {
    resourceType: resource.resourceType,
    resource: resource.resource,
    output: answer.text ?? JSON.stringify(answer.output),
  });
  if (resource.pattern !== 'waitForTaskToken') return environment.awaitJob(call, answer);
  const token = visit.token;
  if (branch.outermost) environment.checkpoint?.({ ...checkpointOf(visit), waiting: waitingFor(visit, settings) });
  return environment.awaitToken(token, call.signal, beat);
}

function waitingFor(visit: Visit, settings: TaskSettings): Waiting {
  const { clock } = visit.branch.run.environment;
  return {
    token: visit.token,
    ...(settings.timeoutSeconds === undefined ? {} : { timeoutAt: clock.now() + settings.timeoutSeconds * 1000 }),
    ...(settings.heartbeatSeconds === undefined ? {} : { heartbeatSeconds: settings.heartbeatSeconds }),
  };
}

/** Waits for the task within its limits and records how it ended. */
async function settle(
  visit: Visit,
  resource: ServiceResource,
  limits: { timeoutSeconds?: number | undefined; heartbeatSeconds?: number | undefined },
  start: (limited: Limited) => Promise<TaskAnswer>,
  failedType = () => 'TaskFailed',
): Promise<TaskAnswer> {
  const { branch } = visit;
  const { environment } = branch.run;
  const named: JsonObject = { resourceType: resource.resourceType, resource: resource.resource };
  // Only a token's holder can send heartbeats.
  const heartbeatSeconds = resource.pattern === 'waitForTaskToken' ? limits.heartbeatSeconds : undefined;
  const deadline = {
    clock: environment.clock,
    signal: branch.signal,
    timeoutSeconds: limits.timeoutSeconds,
    heartbeatSeconds,
  };
  try {
    const answer = checkedAnswer(await withDeadline(deadline, start), resource.resourceType);
    branch.record('TaskSucceeded', { ...named, output: answer.text });
    leaveToken(visit);
    return answer;
  } catch (error) {
    if (error instanceof AbortedError) abandonToken(visit);
    if (error instanceof StatesError) {
      leaveToken(visit);
      const type = error instanceof TaskTimeoutError ? 'TaskTimedOut' : failedType();
      if (!error.terminal) branch.record(type, { ...named, ...failureDetails(error) });
    }
    throw error;
  }
}
