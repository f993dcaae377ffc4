import { AwsError } from '../../aws-error.ts';
import type { CallContext, Cloud, Principal } from '../../service.ts';
import { StatesError } from '../../states/states-error.ts';

/**
 * The principal of a task with Credentials: its role is assumed by the role of the execution, which needs to be allowed
 * to, by its own policies and by the trust of the other role. Throws the task's failure where it is not.
 */
export async function assumeForTask(cloud: Cloud, roleArn: string, own: CallContext): Promise<Principal> {
  try {
    await cloud.call('sts', 'AssumeRole', { RoleArn: roleArn, RoleSessionName: own.requestId }, own);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'AccessDenied') throw error;
    const cause = `The role ${own.principal.roleArn} is not authorized to assume the task state's role, ${roleArn}.`;
    throw new StatesError('States.TaskFailed', cause, { fromTask: true });
  }
  return cloud.assume(roleArn, own.requestId);
}
