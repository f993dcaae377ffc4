import { complete } from '../complete.ts';
import type { TaskAnswer } from '../environment.ts';
import { Payload } from '../payload.ts';
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
    const kind = kinds[visit.node.resource!.kind];
    if (from?.waiting) {
      visit.issuedToken = from.waiting.token;
      return finish(visit, await kind.resume(visit, from.waiting));
    }
    visit.issuedToken = undefined;
    const settings = await settingsOf(visit);
    return finish(visit, await kind.run(visit, settings));
  },
};

const finish = (visit: Visit, answer: TaskAnswer) => complete(visit, new Payload(answer.output, answer.text));

async function settingsOf(visit: Visit): Promise<TaskSettings> {
  const { language, definition } = visit.node;
  const timeoutSeconds = await language.number(visit, definition, 'TimeoutSeconds', 'TimeoutSeconds');
  const heartbeatSeconds = await language.number(visit, definition, 'HeartbeatSeconds', 'HeartbeatSeconds');
  const credentials = definition.Credentials
    ? await language.template(visit, definition.Credentials, 'Credentials')
    : undefined;
  const argument = await language.argument(visit);
  return {
    argument: argument === visit.input.value ? visit.input : new Payload(argument),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(heartbeatSeconds === undefined ? {} : { heartbeatSeconds }),
    ...(credentials ? { roleArn: credentials.RoleArn } : {}),
  };
}
