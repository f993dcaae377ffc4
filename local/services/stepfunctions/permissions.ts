import type { Permission } from '../../service.ts';

/** The member of an operation's input that holds the ARN which IAM judges. */
const resourceMember: Readonly<Record<string, string>> = {
  DeleteStateMachine: 'stateMachineArn',
  DescribeExecution: 'executionArn',
  DescribeMapRun: 'mapRunArn',
  DescribeStateMachine: 'stateMachineArn',
  GetExecutionHistory: 'executionArn',
  ListMapRuns: 'executionArn',
  StartExecution: 'stateMachineArn',
  StopExecution: 'executionArn',
  UpdateStateMachine: 'stateMachineArn',
};

/** The IAM action and resource of each operation. */
export function permissions(operation: string, input: any): readonly Permission[] {
  const action = `states:${operation}`;
  if (operation === 'ListExecutions') return [{ action, resource: input.mapRunArn ?? input.stateMachineArn ?? '*' }];
  const member = resourceMember[operation];
  return [{ action, resource: (member && input[member]) || '*' }];
}
