import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import { readPolicy } from '../../../iam/policy.ts';
import type { Operation } from '../../../service.ts';
import { type EventsState, notFound } from '../state.ts';

/** PutPermission with a whole policy, or with a statement for one account. */
export function putPermission(state: EventsState): Operation {
  return async (input) => {
    const bus = state.bus(input.EventBusName);
    if (input.Policy !== undefined) {
      checkPolicy(input.Policy);
      state.buses.set(bus.name, { ...bus, policy: input.Policy });
      return {};
    }
    for (const name of ['StatementId', 'Action', 'Principal']) {
      if (!input[name]) throw new AwsError('ValidationException', `Parameter ${name} must be specified.`);
    }
    if (input.Condition) throw new NotSupportedError('events:PutPermission with Condition');
    const policy = bus.policy ? JSON.parse(bus.policy) : { Version: '2012-10-17', Statement: [] };
    const principal = input.Principal === '*' ? '*' : { AWS: `arn:aws:iam::${input.Principal}:root` };
    const others = [policy.Statement].flat().filter((statement: any) => statement.Sid !== input.StatementId);
    const statement = {
      Sid: input.StatementId,
      Effect: 'Allow',
      Principal: principal,
      Action: input.Action,
      Resource: state.busArn(bus.name),
    };
    state.buses.set(bus.name, { ...bus, policy: JSON.stringify({ ...policy, Statement: [...others, statement] }) });
    return {};
  };
}

export function removePermission(state: EventsState): Operation {
  return async (input) => {
    const bus = state.bus(input.EventBusName);
    const policy = bus.policy ? JSON.parse(bus.policy) : undefined;
    const statements = [policy?.Statement ?? []].flat();
    const kept = statements.filter((statement: any) => statement.Sid !== input.StatementId);
    if (!input.RemoveAllPermissions && kept.length === statements.length) {
      throw notFound('Statement with the provided id does not exist.');
    }
    const left =
      input.RemoveAllPermissions || kept.length === 0 ? undefined : JSON.stringify({ ...policy, Statement: kept });
    state.buses.set(bus.name, { ...bus, policy: left });
    return {};
  };
}

/** A policy that nobody could be held to later is refused now. */
function checkPolicy(policy: string): void {
  try {
    readPolicy(policy, 'resource');
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError('ValidationException', `Parameter Policy is not valid. Reason: ${error.message}`);
  }
}
