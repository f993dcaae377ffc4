import { complete } from '../complete.ts';
import type { Checkpoint, TaskAnswer } from '../environment.ts';
import type { Json } from '../json.ts';
import { Payload } from '../payload.ts';
import type { MaybePromise } from '../query/query-language.ts';
import { activityTask } from '../task/activity-task.ts';
import { lambdaTask } from '../task/lambda-task.ts';
import { serviceTask } from '../task/service-task.ts';
import type { TaskSettings } from '../task/task-settings.ts';
import type { Visit } from '../visit.ts';
import type { StateTypeRunner } from './state-types.ts';

const kinds = { lambda: lambdaTask, activity: activityTask, service: serviceTask };

/** Has something else do the work: a function, a service, an activity's worker. */
export const task: StateTypeRunner = {
  async run(visit, from) {
    const answer = await answerOf(visit, from);
    visit.inspect('result', answer.output);
    return complete(visit, new Payload(answer.output, answer.text));
  },
};

async function answerOf(visit: Visit, from?: Checkpoint): Promise<TaskAnswer> {
  const kind = kinds[visit.node.resource!.kind];
  if (from?.waiting) {
    visit.issuedToken = from.waiting.token;
    return kind.resume(visit, from.waiting);
  }
  visit.issuedToken = undefined;
  const settings = settingsOf(visit);
  return kind.run(visit, settings instanceof Promise ? await settings : settings);
}

function settingsOf(visit: Visit): MaybePromise<TaskSettings> {
  const { language, definition } = visit.node;
  const fields = [
    language.number(visit, definition, 'TimeoutSeconds', 'TimeoutSeconds'),
    language.number(visit, definition, 'HeartbeatSeconds', 'HeartbeatSeconds'),
    definition.Credentials && language.template(visit, definition.Credentials, 'Credentials'),
    language.argument(visit),
  ];
  const build = ([timeoutSeconds, heartbeatSeconds, credentials, argument]: Json[]): TaskSettings => ({
    argument: argument === visit.input.value ? visit.input : new Payload(argument),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(heartbeatSeconds === undefined ? {} : { heartbeatSeconds }),
    ...(credentials ? { roleArn: credentials.RoleArn } : {}),
  });
  return fields.some((field) => field instanceof Promise) ? Promise.all(fields).then(build) : build(fields);
}
