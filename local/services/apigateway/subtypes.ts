/** One operation of a service that an HTTP API can call by itself, without a function between. */
export interface Subtype {
  readonly service: string;
  readonly operation: string;
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

export const subtypes: Readonly<Record<string, Subtype>> = {
  'EventBridge-PutEvents': {
    service: 'events',
    operation: 'PutEvents',
    required: ['Detail', 'DetailType', 'Source'],
    optional: ['Time', 'EventBusName', 'Resources', 'TraceHeader'],
  },
  'SQS-SendMessage': {
    service: 'sqs',
    operation: 'SendMessage',
    required: ['QueueUrl', 'MessageBody'],
    optional: ['DelaySeconds', 'MessageAttributes', 'MessageDeduplicationId', 'MessageGroupId'],
  },
  'SQS-DeleteMessage': {
    service: 'sqs',
    operation: 'DeleteMessage',
    required: ['QueueUrl', 'ReceiptHandle'],
    optional: [],
  },
  'SQS-PurgeQueue': { service: 'sqs', operation: 'PurgeQueue', required: ['QueueUrl'], optional: [] },
  'StepFunctions-StartExecution': {
    service: 'states',
    operation: 'StartExecution',
    required: ['StateMachineArn'],
    optional: ['Name', 'Input'],
  },
  'StepFunctions-StartSyncExecution': {
    service: 'states',
    operation: 'StartSyncExecution',
    required: ['StateMachineArn'],
    optional: ['Name', 'Input', 'TraceHeader'],
  },
  'StepFunctions-StopExecution': {
    service: 'states',
    operation: 'StopExecution',
    required: ['ExecutionArn'],
    optional: ['Cause', 'Error'],
  },
};
