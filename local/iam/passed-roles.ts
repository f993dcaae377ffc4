import { AwsError } from '../aws-error.ts';

/** A role that a call hands to a service, which is to assume it later. */
export interface PassedRole {
  readonly roleArn: string;
  readonly service: string;
  /** What the service says where the role does not trust it; undefined where it does not look until it uses the role. */
  untrusted(): AwsError | undefined;
}

interface Passing {
  readonly operations: readonly string[];
  readonly service: string;
  roles(input: any): readonly unknown[];
  untrusted(roleArn: string): AwsError | undefined;
}

const passings: Readonly<Record<string, Passing>> = {
  lambda: {
    operations: ['CreateFunction', 'UpdateFunctionConfiguration'],
    service: 'lambda.amazonaws.com',
    roles: ({ Role }) => [Role],
    untrusted: () =>
      new AwsError('InvalidParameterValueException', 'The role defined for the function cannot be assumed by Lambda.'),
  },
  states: {
    operations: ['CreateStateMachine', 'UpdateStateMachine'],
    service: 'states.amazonaws.com',
    roles: ({ roleArn }) => [roleArn],
    untrusted: () =>
      new AwsError(
        'AccessDeniedException',
        'Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.',
      ),
  },
  apigateway: {
    operations: [
      'CreateApi',
      'UpdateApi',
      'CreateIntegration',
      'UpdateIntegration',
      'CreateAuthorizer',
      'UpdateAuthorizer',
    ],
    service: 'apigateway.amazonaws.com',
    roles: ({ CredentialsArn, AuthorizerCredentialsArn }) => [CredentialsArn, AuthorizerCredentialsArn],
    untrusted: () => undefined,
  },
  events: {
    operations: ['PutTargets', 'PutRule'],
    service: 'events.amazonaws.com',
    roles: ({ RoleArn, Targets = [] }) => [RoleArn, ...Targets.map((target: any) => target.RoleArn)],
    untrusted: (roleArn) =>
      new AwsError(
        'ValidationException',
        `Provided role '${roleArn}' cannot be assumed by principal 'events.amazonaws.com'.`,
      ),
  },
  scheduler: {
    operations: ['CreateSchedule', 'UpdateSchedule'],
    service: 'scheduler.amazonaws.com',
    roles: ({ Target }) => [Target?.RoleArn],
    untrusted: () =>
      new AwsError(
        'ValidationException',
        'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
      ),
  },
};

/** The roles that a call passes on; the caller needs `iam:PassRole` on each. */
export function passedRoles(service: string, operation: string, input: any): PassedRole[] {
  const passing = passings[service];
  if (!passing?.operations.includes(operation)) return [];
  const arns = passing.roles(input).filter((arn): arn is string => typeof arn === 'string');
  return arns.map((roleArn) => ({ roleArn, service: passing.service, untrusted: () => passing.untrusted(roleArn) }));
}
