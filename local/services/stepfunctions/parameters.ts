import { AwsError } from '../../aws-error.ts';
import { isObject, type Json, type JsonObject } from '../../states/json.ts';
import { members } from './members.ts';

interface Limits {
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array';
  readonly least?: number;
  readonly most?: number;
  readonly values?: readonly string[];
}

const oneOf = (...values: string[]): Limits => ({ type: 'string', values });

const text = (least: number, most: number): Limits => ({ type: 'string', least, most });
const arn = text(1, 256);

/** What a member of an operation's input may be; for strings the limits are on the length. */
const limits: Readonly<Record<string, Limits>> = {
  activityArn: arn,
  cause: text(0, 32_768),
  clientToken: text(1, 64),
  context: text(0, 262_144),
  definition: text(1, 1_048_576),
  description: text(0, 256),
  encryptionConfiguration: { type: 'object' },
  error: text(0, 256),
  executionArn: arn,
  includedData: oneOf('ALL_DATA', 'METADATA_ONLY'),
  includeExecutionData: { type: 'boolean' },
  input: text(0, 262_144),
  inspectionLevel: oneOf('INFO', 'DEBUG', 'TRACE'),
  loggingConfiguration: { type: 'object' },
  mapRunArn: text(1, 2_000),
  maxConcurrency: { type: 'integer', least: 0 },
  maxResults: { type: 'integer', least: 0, most: 1_000 },
  mock: { type: 'object' },
  name: { type: 'string', least: 1, most: 80 },
  nextToken: text(1, 1_024),
  output: text(0, 262_144),
  publish: { type: 'boolean' },
  redriveFilter: oneOf('REDRIVEN', 'NOT_REDRIVEN'),
  resourceArn: arn,
  revealSecrets: { type: 'boolean' },
  reverseOrder: { type: 'boolean' },
  revisionId: text(1, 256),
  roleArn: arn,
  routingConfiguration: { type: 'array', least: 1, most: 2 },
  severity: oneOf('ERROR', 'WARNING'),
  stateConfiguration: { type: 'object' },
  stateMachineAliasArn: arn,
  stateMachineArn: arn,
  stateMachineVersionArn: text(1, 2_000),
  stateName: text(1, 80),
  statusFilter: oneOf('RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'),
  tagKeys: { type: 'array' },
  tags: { type: 'array' },
  taskToken: text(1, 2_048),
  toleratedFailureCount: { type: 'integer', least: 0 },
  toleratedFailurePercentage: { type: 'number', least: 0, most: 100 },
  traceHeader: text(0, 256),
  tracingConfiguration: { type: 'object' },
  type: oneOf('STANDARD', 'EXPRESS'),
  variables: text(0, 262_144),
  versionDescription: text(0, 256),
  workerName: { type: 'string', least: 1, most: 80 },
};

/** Throws ValidationException where an operation's input is not what its model says. */
export function checkParameters(operation: string, input: JsonObject): void {
  const { required, optional } = members[operation]!;
  const problems: string[] = [];
  for (const member of required)
    if (input[member] === undefined || input[member] === null) problems.push(missing(member));
  for (const [member, value] of Object.entries(input)) {
    if (!required.includes(member) && !optional.includes(member)) {
      throw new AwsError('ValidationException', `Unknown parameter in input: "${member}"`);
    }
    if (value === undefined || (value === null && required.includes(member))) continue;
    problems.push(...violations(member, value, limitsOf(operation, member)));
  }
  problems.push(...tagProblems(input), ...routingProblems(input));
  if (problems.length === 0) return;
  const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`;
  throw new AwsError('ValidationException', `${count} detected: ${problems.join('; ')}`);
}

/** A few members have other limits in one operation than in all others. */
function limitsOf(operation: string, member: string): Limits {
  if (operation === 'ListExecutions' && member === 'nextToken') return text(1, 3_096);
  if (operation === 'ValidateStateMachineDefinition' && member === 'maxResults')
    return { ...limits.maxResults!, most: 100 };
  return limits[member]!;
}

const missing = (member: string) => `Value null at '${member}' failed to satisfy constraint: Member must not be null`;

function violations(member: string, value: Json, { type, least, most, values }: Limits): string[] {
  const failed = (constraint: string) => [
    `Value '${shown(value)}' at '${member}' failed to satisfy constraint: ${constraint}`,
  ];
  if (!isOfType(value, type)) return failed(`Member must be of type ${type}`);
  if (values && !values.includes(value)) return failed(`Member must satisfy enum value set: [${values.join(', ')}]`);
  const sized = type === 'string' || type === 'array';
  const size = sized ? value.length : value;
  const what = sized ? 'length' : 'value';
  if (least !== undefined && size < least) return failed(`Member must have ${what} greater than or equal to ${least}`);
  if (most !== undefined && size > most) return failed(`Member must have ${what} less than or equal to ${most}`);
  return [];
}

function isOfType(value: Json, type: Limits['type']): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function tagProblems({ tags, tagKeys }: JsonObject): string[] {
  const problems: string[] = [];
  for (const [index, tag] of (Array.isArray(tags) ? tags : []).entries()) {
    problems.push(...violations(`tags.${index + 1}.member.key`, tag?.key, text(1, 128)));
    problems.push(...violations(`tags.${index + 1}.member.value`, tag?.value, text(0, 256)));
  }
  for (const [index, key] of (Array.isArray(tagKeys) ? tagKeys : []).entries()) {
    problems.push(...violations(`tagKeys.${index + 1}.member`, key, text(1, 128)));
  }
  return problems;
}

function routingProblems({ routingConfiguration }: JsonObject): string[] {
  const routes: Json[] = Array.isArray(routingConfiguration) ? routingConfiguration : [];
  return routes.flatMap((route, index) => {
    const place = `routingConfiguration.${index + 1}.member`;
    return [
      ...violations(`${place}.stateMachineVersionArn`, route?.stateMachineVersionArn, text(1, 256)),
      ...violations(`${place}.weight`, route?.weight, { type: 'integer', least: 0, most: 100 }),
    ];
  });
}

/** Lists are told as Java prints the items that only routings have. */
function shown(value: Json): string {
  if (!Array.isArray(value)) return typeof value === 'object' ? JSON.stringify(value) : String(value);
  const items = value.map((item) => {
    const fields = isObject(item) ? Object.entries(item).map(([name, field]) => `${name}=${field}`) : undefined;
    return fields && 'weight' in item ? `RoutingConfigurationListItem(${fields.join(', ')})` : JSON.stringify(item);
  });
  return `[${items.join(', ')}]`;
}
