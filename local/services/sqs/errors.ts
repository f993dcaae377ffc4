import * as sdk from '@aws-sdk/client-sqs';
import { AwsError } from '../../aws-error.ts';

/** Error name of the JSON protocol → the code that the older query protocol used; the SDK's own model knows them. */
const queryCodes = new Map<string, string>(
  Object.values(sdk)
    .filter((schema: any) => Array.isArray(schema) && schema[0] === -3 && schema[3]?.awsQueryError)
    .map((schema: any) => [schema[2], schema[3].awsQueryError[0]]),
);

/** The header that carries the query protocol's code, which the SDK shows to programs written for it. */
export function queryErrorHeader(error: AwsError): Record<string, string> {
  const fault = error.statusCode < 500 ? 'Sender' : 'Receiver';
  return { 'x-amzn-query-error': `${queryCodes.get(error.code) ?? error.code};${fault}` };
}

export const invalidParameter = (message: string) => new AwsError('InvalidParameterValue', message);

export const invalidValue = (value: unknown, parameter: string, reason: string) =>
  invalidParameter(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);

export const missingParameter = (name: string) =>
  new AwsError('MissingParameter', `The request must contain the parameter ${name}.`);

export const queueDoesNotExist = () => new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');

/** The code as a batch answer spells it for one failed entry. */
export const batchErrorCode = (error: AwsError) => queryCodes.get(error.code) ?? error.code;
