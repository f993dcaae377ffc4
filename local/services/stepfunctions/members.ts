interface Members {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const page = ['maxResults', 'nextToken'];

const of = (required: readonly string[], optional: readonly string[] = []): Members => ({ required, optional });

/** The members of every operation's input. */
export const members: Readonly<Record<string, Members>> = {
  CreateActivity: of(['name'], ['tags', 'encryptionConfiguration']),
  CreateStateMachine: of(
    ['name', 'definition', 'roleArn'],
    [
      'type',
      'loggingConfiguration',
      'tags',
      'tracingConfiguration',
      'publish',
      'versionDescription',
      'encryptionConfiguration',
    ],
  ),
  CreateStateMachineAlias: of(['name', 'routingConfiguration'], ['description']),
  DeleteActivity: of(['activityArn']),
  DeleteStateMachine: of(['stateMachineArn']),
  DeleteStateMachineAlias: of(['stateMachineAliasArn']),
  DeleteStateMachineVersion: of(['stateMachineVersionArn']),
  DescribeActivity: of(['activityArn']),
  DescribeExecution: of(['executionArn'], ['includedData']),
  DescribeMapRun: of(['mapRunArn']),
  DescribeStateMachine: of(['stateMachineArn'], ['includedData']),
  DescribeStateMachineAlias: of(['stateMachineAliasArn']),
  DescribeStateMachineForExecution: of(['executionArn'], ['includedData']),
  GetActivityTask: of(['activityArn'], ['workerName']),
  GetExecutionHistory: of(['executionArn'], [...page, 'reverseOrder', 'includeExecutionData']),
  ListActivities: of([], page),
  ListExecutions: of([], ['stateMachineArn', 'statusFilter', 'mapRunArn', 'redriveFilter', ...page]),
  ListMapRuns: of(['executionArn'], page),
  ListStateMachineAliases: of(['stateMachineArn'], page),
  ListStateMachines: of([], page),
  ListStateMachineVersions: of(['stateMachineArn'], page),
  ListTagsForResource: of(['resourceArn']),
  PublishStateMachineVersion: of(['stateMachineArn'], ['revisionId', 'description']),
  RedriveExecution: of(['executionArn'], ['clientToken']),
  SendTaskFailure: of(['taskToken'], ['error', 'cause']),
  SendTaskHeartbeat: of(['taskToken']),
  SendTaskSuccess: of(['taskToken', 'output']),
  StartExecution: of(['stateMachineArn'], ['name', 'input', 'traceHeader']),
  StartSyncExecution: of(['stateMachineArn'], ['name', 'input', 'traceHeader', 'includedData']),
  StopExecution: of(['executionArn'], ['error', 'cause']),
  TagResource: of(['resourceArn', 'tags']),
  TestState: of(
    ['definition'],
    [
      'roleArn',
      'input',
      'inspectionLevel',
      'revealSecrets',
      'variables',
      'stateName',
      'mock',
      'context',
      'stateConfiguration',
    ],
  ),
  UntagResource: of(['resourceArn', 'tagKeys']),
  UpdateMapRun: of(['mapRunArn'], ['maxConcurrency', 'toleratedFailureCount', 'toleratedFailurePercentage']),
  UpdateStateMachine: of(
    ['stateMachineArn'],
    [
      'definition',
      'roleArn',
      'loggingConfiguration',
      'tracingConfiguration',
      'publish',
      'versionDescription',
      'encryptionConfiguration',
    ],
  ),
  UpdateStateMachineAlias: of(['stateMachineAliasArn'], ['description', 'routingConfiguration']),
  ValidateStateMachineDefinition: of(['definition'], ['type', 'severity', 'maxResults']),
};
