import type { AwsError } from '../../aws-error.ts';
import type { Integration } from './integration.ts';

/** Codes that every service may answer and that hardly any has in its model. */
const common = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'ExpiredToken',
  'ExpiredTokenException',
  'InternalFailure',
  'InvalidClientTokenId',
  'InvalidParameter',
  'InvalidParameterValue',
  'MissingParameter',
  'RequestExpired',
  'ServiceUnavailable',
  'SignatureDoesNotMatch',
  'Throttling',
  'ThrottlingException',
  'UnrecognizedClientException',
  'ValidationError',
  'ValidationException',
]);

/** Those of them that a service does have in its model, by the prefix of its errors. */
const modeled: Readonly<Record<string, readonly string[]>> = {
  ApiGatewayV2: ['AccessDeniedException'],
  CloudWatch: ['ValidationException'],
  CloudWatchLogs: ['AccessDeniedException', 'ThrottlingException', 'ValidationException'],
  DynamoDB: ['ThrottlingException'],
  DynamoDb: ['ThrottlingException'],
  EventBridge: ['AccessDeniedException', 'ThrottlingException'],
  Scheduler: ['ThrottlingException', 'ValidationException'],
  Sfn: ['ValidationException'],
  SNS: ['InvalidParameter', 'InvalidParameterValue', 'ValidationException'],
  Sns: ['InvalidParameter', 'InvalidParameterValue', 'ValidationException'],
  Ssm: ['AccessDeniedException', 'ThrottlingException', 'ValidationException'],
  StepFunctions: ['ValidationException'],
};

/** S3 answers a hundred codes and has few of them in its model. */
const modeledByS3 = new Set([
  'BucketAlreadyExists',
  'BucketAlreadyOwnedByYou',
  'InvalidObjectState',
  'InvalidRequest',
  'InvalidWriteOffset',
  'NoSuchBucket',
  'NoSuchKey',
  'NoSuchUpload',
  'ObjectAlreadyInActiveTierError',
  'ObjectNotInActiveTierError',
  'TooManyParts',
]);

/** The class of exception that the SDK for Java throws for an error, by which Step Functions names it. */
export function exceptionName({ code }: AwsError, { errorPrefix, serviceName }: Integration): string {
  const known =
    errorPrefix === 'S3' ? modeledByS3.has(code) : !common.has(code) || modeled[errorPrefix]?.includes(code);
  // What is not in the model is told by the class that all errors of the service descend from.
  if (!known) return `${serviceName.replace(/v2$/, '')}Exception`;
  return code.endsWith('Exception') ? code : `${code}Exception`;
}
