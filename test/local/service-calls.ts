import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchClient, ListDashboardsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { GetDatabasesCommand, GlueClient } from '@aws-sdk/client-glue';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetAccountCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

/** A call that a service answers without anything being there. */
export interface ServiceCall {
  readonly client: new (options: any) => any;
  readonly command: object;
  /** The operation as the cloud knows it. */
  readonly operation: string;
  /** What the SDK calls a throttled call of this service. */
  readonly throttled: string;
}

const usual = 'ThrottlingException';
const tooMany = 'TooManyRequestsException';
/** A call of every service, by its signing name. */
export const serviceCalls: Readonly<Record<string, ServiceCall>> = {
  apigateway: {
    client: ApiGatewayV2Client,
    command: new GetApisCommand({}),
    operation: 'GetApis',
    throttled: tooMany,
  },
  dynamodb: {
    client: DynamoDBClient,
    command: new ListTablesCommand({}),
    operation: 'ListTables',
    throttled: 'ProvisionedThroughputExceededException',
  },
  events: { client: EventBridgeClient, command: new ListRulesCommand({}), operation: 'ListRules', throttled: usual },
  glue: { client: GlueClient, command: new GetDatabasesCommand({}), operation: 'GetDatabases', throttled: usual },
  kms: { client: KMSClient, command: new ListKeysCommand({}), operation: 'ListKeys', throttled: usual },
  lambda: {
    client: LambdaClient,
    command: new ListFunctionsCommand({}),
    operation: 'ListFunctions',
    throttled: tooMany,
  },
  logs: {
    client: CloudWatchLogsClient,
    command: new DescribeLogGroupsCommand({}),
    operation: 'DescribeLogGroups',
    throttled: usual,
  },
  monitoring: {
    client: CloudWatchClient,
    command: new ListDashboardsCommand({}),
    operation: 'ListDashboards',
    throttled: 'Throttling',
  },
  s3: { client: S3Client, command: new ListBucketsCommand({}), operation: 'ListBuckets', throttled: 'SlowDown' },
  scheduler: {
    client: SchedulerClient,
    command: new ListSchedulesCommand({}),
    operation: 'ListSchedules',
    throttled: usual,
  },
  secretsmanager: {
    client: SecretsManagerClient,
    command: new ListSecretsCommand({}),
    operation: 'ListSecrets',
    throttled: usual,
  },
  ses: { client: SESv2Client, command: new GetAccountCommand({}), operation: 'GetAccount', throttled: tooMany },
  sns: {
    client: SNSClient,
    command: new ListTopicsCommand({}),
    operation: 'ListTopics',
    throttled: 'ThrottledException',
  },
  sqs: {
    client: SQSClient,
    command: new ListQueuesCommand({}),
    operation: 'ListQueues',
    throttled: 'RequestThrottled',
  },
  ssm: {
    client: SSMClient,
    command: new DescribeParametersCommand({}),
    operation: 'DescribeParameters',
    throttled: usual,
  },
  states: {
    client: SFNClient,
    command: new ListStateMachinesCommand({}),
    operation: 'ListStateMachines',
    throttled: usual,
  },
  sts: {
    client: STSClient,
    command: new GetCallerIdentityCommand({}),
    operation: 'GetCallerIdentity',
    throttled: 'Throttling',
  },
};
