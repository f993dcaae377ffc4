import { NotSupportedError } from '../aws-error.ts';

const writeLogs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

const anywhere = (...Action: string[]) => [{ Effect: 'Allow', Action, Resource: '*' }];

/** What AWS's own managed policies allow, for those that CDK constructs attach. */
const statements: Readonly<Record<string, readonly object[]>> = {
  'service-role/AWSLambdaBasicExecutionRole': anywhere(...writeLogs),
  'service-role/AWSLambdaSQSQueueExecutionRole': anywhere(
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    ...writeLogs,
  ),
  'service-role/AWSLambdaDynamoDBExecutionRole': anywhere(
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
    ...writeLogs,
  ),
  'service-role/AWSLambdaVPCAccessExecutionRole': anywhere(
    ...writeLogs,
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ),
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs': anywhere(
    ...writeLogs,
    'logs:DescribeLogGroups',
    'logs:DescribeLogStreams',
    'logs:GetLogEvents',
    'logs:FilterLogEvents',
  ),
  'service-role/AWSLambdaRole': anywhere('lambda:InvokeFunction'),
  AdministratorAccess: anywhere('*'),
  AmazonS3FullAccess: anywhere('s3:*', 's3-object-lambda:*'),
  AmazonS3ReadOnlyAccess: anywhere(
    's3:Get*',
    's3:List*',
    's3:Describe*',
    's3-object-lambda:Get*',
    's3-object-lambda:List*',
  ),
  AmazonSQSFullAccess: anywhere('sqs:*'),
  AmazonSQSReadOnlyAccess: anywhere(
    'sqs:GetQueueAttributes',
    'sqs:GetQueueUrl',
    'sqs:ListDeadLetterSourceQueues',
    'sqs:ListQueues',
    'sqs:ListMessageMoveTasks',
    'sqs:ListQueueTags',
  ),
  AmazonSSMReadOnlyAccess: anywhere('ssm:Describe*', 'ssm:Get*', 'ssm:List*'),
  AWSStepFunctionsFullAccess: anywhere('states:*'),
  AWSLambdaExecute: [
    ...anywhere('logs:*'),
    { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::*' },
  ],
  AWSXRayDaemonWriteAccess: anywhere(
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:GetSamplingStatisticSummaries',
  ),
  CloudWatchLambdaInsightsExecutionRolePolicy: [
    { Effect: 'Allow', Action: 'logs:CreateLogGroup', Resource: '*' },
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: 'arn:aws:logs:*:*:log-group:/aws/lambda-insights:*',
    },
  ],
};

const documents = new Map(
  Object.entries(statements).map(([name, Statement]) => [
    `arn:aws:iam::aws:policy/${name}`,
    JSON.stringify({ Version: '2012-10-17', Statement }),
  ]),
);

/** The document of a managed policy of AWS. Throws NotSupportedError for one that is not known here. */
export function managedPolicyDocument(arn: string): string {
  const document = documents.get(arn);
  if (!document) throw new NotSupportedError(`the managed policy ${arn}`);
  return document;
}
