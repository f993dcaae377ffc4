import type { Permission } from '../../service.ts';
import type { Tokens } from './tokens.ts';

/** The member of an operation's input that holds the ARN which IAM judges. */
const resourceMember: Readonly<Record<string, string>> = {
  DeleteActivity: 'activityArn',
  DeleteStateMachine: 'stateMachineArn',
  DeleteStateMachineAlias: 'stateMachineAliasArn',
  DeleteStateMachineVersion: 'stateMachineVersionArn',
  DescribeActivity: 'activityArn',
  DescribeExecution: 'executionArn',
  DescribeMapRun: 'mapRunArn',
  DescribeStateMachine: 'stateMachineArn',
  DescribeStateMachineAlias: 'stateMachineAliasArn',
  DescribeStateMachineForExecution: 'executionArn',
  GetActivityTask: 'activityArn',
  GetExecutionHistory: 'executionArn',
  ListMapRuns: 'executionArn',
  ListStateMachineAliases: 'stateMachineArn',
  ListStateMachineVersions: 'stateMachineArn',
  ListTagsForResource: 'resourceArn',
  PublishStateMachineVersion: 'stateMachineArn',
  RedriveExecution: 'executionArn',
  StartExecution: 'stateMachineArn',
  StartSyncExecution: 'stateMachineArn',
  StopExecution: 'executionArn',
  TagResource: 'resourceArn',
  UntagResource: 'resourceArn',
  UpdateMapRun: 'mapRunArn',
  UpdateStateMachine: 'stateMachineArn',
  UpdateStateMachineAlias: 'stateMachineAliasArn',
};

/** Answers are judged by the machine whose task waits for them; `machine/Label` for the children of a distributed Map. */
function machineOfToken(token: unknown, tokens: Pick<Tokens, 'executionOf'>): string | undefined {
  const [head, machine] = tokens.executionOf(token)?.split(/:(?:execution|express):/) ?? [];
  return machine ? `${head}:stateMachine:${machine.split(':')[0]}` : undefined;
}

/** The IAM action and resource of each operation. */
export function permissions(operation: string, input: any, tokens: Pick<Tokens, 'executionOf'>): readonly Permission[] {
  const action = `states:${operation}`;
  if (operation.startsWith('SendTask')) {
    const resource = machineOfToken(input.taskToken, tokens);
    // A token that nothing waits for belongs to nobody: the operation says so itself.
    return resource === undefined ? [] : [{ action, resource }];
  }
  if (operation === 'ListExecutions') return [{ action, resource: input.mapRunArn ?? input.stateMachineArn ?? '*' }];
  const member = resourceMember[operation];
  return [{ action, resource: (member && input[member]) || '*' }];
}
