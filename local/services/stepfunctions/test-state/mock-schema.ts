import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import { capitalized } from '../../../states/integrations/names.ts';
import { isObject, type Json } from '../../../states/json.ts';
import type { Resource } from '../../../states/resource.ts';
import { mockConstraints } from './mock-constraints.ts';

export type FieldValidationMode = 'STRICT' | 'PRESENT' | 'NONE';

interface Model {
  readonly client: string;
  /** The integration shows members with a capital first letter that the API writes small. */
  readonly smallMembers?: boolean;
}

/** Where the shapes of a service's answers are to be found. */
const models: Readonly<Record<string, Model>> = {
  cloudwatch: { client: 'cloudwatch' },
  cloudwatchlogs: { client: 'cloudwatch-logs', smallMembers: true },
  dynamodb: { client: 'dynamodb' },
  eventbridge: { client: 'eventbridge' },
  events: { client: 'eventbridge' },
  kms: { client: 'kms' },
  lambda: { client: 'lambda' },
  s3: { client: 's3' },
  scheduler: { client: 'scheduler' },
  secretsmanager: { client: 'secrets-manager' },
  sfn: { client: 'sfn', smallMembers: true },
  sns: { client: 'sns' },
  sqs: { client: 'sqs' },
  ssm: { client: 'ssm' },
  states: { client: 'sfn', smallMembers: true },
  sts: { client: 'sts' },
};

const invalid = (what: string) => new AwsError('ValidationException', `Mock result schema validation error: ${what}`);

/**
 * Checks a mocked result against the shape of the service's answer, which the SDK's own client knows. STRICT also asks
 * for required members.
 */
export async function checkMockResult(resource: Resource, result: Json, mode: FieldValidationMode): Promise<void> {
  if (mode === 'NONE' || resource.kind !== 'service' || resource.pattern === 'waitForTaskToken') return;
  const [kind, named] = resource.resourceType.split(':');
  const service = kind === 'aws-sdk' ? named! : kind!;
  const model = models[service];
  // API Gateway answers what the API behind it answers.
  if (service === 'apigateway') return;
  const schema = model && (await outputSchema(model.client, operationOf(service, resource.action, resource.pattern)));
  if (!schema)
    throw new NotSupportedError(
      `checking mocks of ${service}:${resource.action}; fieldValidationMode NONE leaves it out`,
    );
  const rename = model.smallMembers ? capitalized : (name: string) => name;
  checkStructure(schema, result, { strict: mode === 'STRICT', rename, service });
}

function operationOf(service: string, action: string, pattern: string): string {
  const waits = service === 'states' && action === 'startExecution' && pattern.startsWith('sync');
  return waits ? 'DescribeExecution' : capitalized(action);
}

async function outputSchema(client: string, operation: string): Promise<Json> {
  const module: Json = await import(`@aws-sdk/client-${client}`).catch(() => undefined);
  const schema = module?.[`${operation}$`];
  return schema && resolve(schema[5]);
}

/** Schemas refer to each other through functions, and carry traits as `[schema, traits]`. */
function resolve(schema: Json): Json {
  const found = typeof schema === 'function' ? schema() : schema;
  const hasTraits = Array.isArray(found) && (typeof found[0] !== 'number' || typeof found[1] !== 'string');
  return hasTraits ? resolve(found[0]) : found;
}

interface Check {
  readonly strict: boolean;
  readonly rename: (name: string) => string;
  readonly service: string;
}

const [simple, list, map, structure, union] = [0, 1, 2, 3, 4];

function checkStructure(schema: Json, value: Json, check: Check): void {
  if (!isObject(value)) throw invalid('Mocked result must be a JSON object');
  const [, , , , names = [], members = [], required = 0] = schema;
  for (const [index, name] of names.entries()) {
    const shown = check.rename(name);
    if (value[shown] !== undefined) checkMember(shown, resolve(members[index]), value[shown], check);
    else if (check.strict && index < required) throw invalid(`Required field '${shown}' is missing`);
  }
}

function checkMember(name: string, schema: Json, value: Json, check: Check): void {
  // Lambda's payload is whatever the function answers.
  if (value === null || (check.service === 'lambda' && name === 'Payload')) return;
  const expect = (holds: boolean, what: string) => {
    if (!holds) throw invalid(`Field '${name}' must be ${what}`);
  };
  if (Array.isArray(schema)) {
    const [kind] = schema;
    if (kind === list) {
      expect(Array.isArray(value), 'an array');
      for (const item of value) checkMember(name, resolve(schema[4]), item, check);
    } else if (kind === map) {
      expect(isObject(value), 'an object');
      for (const item of Object.values(value)) checkMember(name, resolve(schema[5]), item, check);
    } else if (kind === structure || kind === union) {
      expect(isObject(value), 'an object');
      checkStructure(schema, value, check);
    } else if (kind === simple) {
      checkMember(name, schema[4], value, check);
    }
    return;
  }
  checkScalar(schema, value, expect);
  const wrong = mockConstraints(check.service, name, value);
  if (wrong !== undefined) throw invalid(`Field '${name}' ${wrong}`);
}

/** The codes of simple types in the SDK's schemas; lists and maps of them have a bit of their own. */
const codes = { number: [1, 17, 19], boolean: [2], document: [15], listBit: 64, mapBit: 128 };

function checkScalar(code: number, value: Json, expect: (holds: boolean, what: string) => void): void {
  if (codes.document.includes(code)) return;
  if (code & codes.mapBit) expect(isObject(value), 'an object');
  else if (code & codes.listBit) expect(Array.isArray(value), 'an array');
  else if (codes.number.includes(code)) expect(typeof value === 'number', 'a number');
  else if (codes.boolean.includes(code)) expect(typeof value === 'boolean', 'a boolean');
  else expect(typeof value === 'string', 'a string');
}
