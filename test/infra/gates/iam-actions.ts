import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as events from '@aws-sdk/client-eventbridge';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as states from '@aws-sdk/client-sfn';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssm from '@aws-sdk/client-ssm';

/** Actions are named as the API's operations are, which each SDK client exports as a command. */
const clients: Readonly<Record<string, object>> = {
  dynamodb,
  events,
  lambda,
  logs,
  s3,
  secretsmanager,
  sqs,
  ssm,
  states,
};

/** Where IAM has a name of its own for a permission, or we have no client; from the service authorization reference. */
const others: readonly string[] = [
  'dynamodb:ConditionCheckItem',
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
  'glue:CreateTable',
  'glue:GetTable',
  'glue:UpdateTable',
  'lambda:InvokeFunction',
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:ListLogDeliveries',
  'logs:DeleteLogDelivery',
  's3:GetObjectVersion',
  's3:ListBucket',
  's3:ListBucketVersions',
  's3:ListMultipartUploadParts',
  'sns:Publish',
  'sts:AssumeRole',
];

/** Operations that another permission covers: naming one of these in a policy allows nothing. */
const withoutOwnPermission: readonly string[] = [
  'dynamodb:TransactWriteItems',
  'dynamodb:TransactGetItems',
  'lambda:Invoke',
  's3:HeadObject',
  's3:ListObjectsV2',
  's3:CreateMultipartUpload',
  's3:UploadPart',
  's3:CompleteMultipartUpload',
  's3:CopyObject',
  's3:DeleteObjects',
  'sqs:SendMessageBatch',
  'sqs:DeleteMessageBatch',
];

/** Whether IAM knows the action. It accepts any text, and allows nothing for a word that it does not know. */
export function knownAction(action: string): boolean {
  if (others.includes(action)) return true;
  const [service, operation] = action.split(':') as [string, string];
  return !withoutOwnPermission.includes(action) && `${operation}Command` in (clients[service] ?? {});
}
