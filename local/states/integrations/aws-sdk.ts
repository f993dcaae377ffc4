import { isoTime } from '../iso-time.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Integration } from './integration.ts';
import { capitalized, uncapitalized } from './names.ts';

export interface SdkService {
  /** The signing name, which services here go by. */
  readonly signingName: string;
  /** Error names and messages begin with it. */
  readonly name: string;
  /** Whether the API's own member names begin with a small letter; Step Functions shows them with a capital one. */
  readonly smallMembers?: boolean;
  /** Its operations are not among those that are known of the service by its signing name. */
  readonly apart?: boolean;
}

/** Services by the name in `arn:aws:states:::aws-sdk:<name>:<action>`, where it is not the signing name itself. */
const services: Readonly<Record<string, SdkService>> = {
  apigateway: { signingName: 'apigateway (REST APIs)', name: 'ApiGateway' },
  apigatewaymanagementapi: { signingName: 'execute-api', name: 'ApiGatewayManagementApi' },
  apigatewayv2: { signingName: 'apigateway', name: 'ApiGatewayV2' },
  cloudformation: { signingName: 'cloudformation', name: 'CloudFormation' },
  cloudwatch: { signingName: 'monitoring', name: 'CloudWatch' },
  cloudwatchlogs: { signingName: 'logs', name: 'CloudWatchLogs', smallMembers: true },
  dynamodb: { signingName: 'dynamodb', name: 'DynamoDb' },
  dynamodbstreams: { signingName: 'dynamodb', name: 'DynamoDbStreams', apart: true },
  eventbridge: { signingName: 'events', name: 'EventBridge' },
  glue: { signingName: 'glue', name: 'Glue' },
  iam: { signingName: 'iam', name: 'Iam' },
  lambda: { signingName: 'lambda', name: 'Lambda' },
  s3: { signingName: 's3', name: 'S3' },
  scheduler: { signingName: 'scheduler', name: 'Scheduler' },
  secretsmanager: { signingName: 'secretsmanager', name: 'SecretsManager' },
  ses: { signingName: 'ses (version 1)', name: 'Ses' },
  sesv2: { signingName: 'ses', name: 'SesV2' },
  sfn: { signingName: 'states', name: 'Sfn', smallMembers: true },
  sns: { signingName: 'sns', name: 'Sns' },
  sqs: { signingName: 'sqs', name: 'Sqs' },
  ssm: { signingName: 'ssm', name: 'Ssm' },
  sts: { signingName: 'sts', name: 'Sts' },
};

/** Signing names by which Step Functions does not know the services. */
const signingOnly = new Set(['events', 'execute-api', 'logs', 'monitoring', 'states']);

/** Whether a service may go by this name in a resource. */
export const isSdkName = (name: string): boolean => !signingOnly.has(name);

/** The service of `arn:aws:states:::aws-sdk:<name>:<action>`. */
export const sdkService = (name: string): SdkService =>
  services[name] ?? { signingName: name, name: capitalized(name) };

/** `arn:aws:states:::aws-sdk:<service>:<action>`, for any service of this cloud. */
export function awsSdk(serviceName: string): Integration {
  const service = sdkService(serviceName);
  return {
    errorPrefix: service.name,
    serviceName: service.name,
    async call(task, caller) {
      const action = capitalized(task.resource.kind === 'service' ? task.resource.action : '');
      const input = service.smallMembers ? renamed(task.parameters, uncapitalized) : task.parameters;
      const output = await caller.call(service.signingName, action, input);
      const plain = await jsonOf(output);
      return { output: service.smallMembers ? renamed(plain, capitalized) : plain };
    },
  };
}

function renamed(value: Json, rename: (name: string) => string): Json {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [rename(key), renamed(member, rename)]));
}

/** An SDK answer as JSON: blobs and streams as text, dates as ISO strings. */
async function jsonOf(value: Json): Promise<Json> {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Date) return isoTime(value.getTime());
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (Array.isArray(value)) return Promise.all(value.map(jsonOf));
  if (typeof value[Symbol.asyncIterator] === 'function') return streamText(value);
  const plain: JsonObject = {};
  for (const [key, member] of Object.entries(value)) if (member !== undefined) plain[key] = await jsonOf(member);
  return plain;
}

async function streamText(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
