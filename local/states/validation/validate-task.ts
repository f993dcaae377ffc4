import { isObject, type JsonObject } from '../json.ts';
import { longestSeconds } from '../longest-seconds.ts';
import { parseResource, type Resource, type ServiceResource } from '../resource.ts';
import type { LanguageName } from './machine-scope.ts';
import { validateNumber } from './validate-number.ts';
import type { StateUnderTest } from './validate-state.ts';

/** What a task calls, as whom, and how long it may take. */
export function validateTask(state: JsonObject, language: LanguageName, under: StateUnderTest): void {
  const resource = validateResource(state, under);
  validateCredentials(state, resource, under);
  validateTimes(state, language, under);
}

function validateResource(state: JsonObject, { place, scope }: StateUnderTest): Resource | undefined {
  const { Resource: arn } = state;
  const { diagnostics, express } = scope;
  const at = `${place}/Resource`;
  if (arn === undefined) return undefined;
  if (typeof arn !== 'string' || !arn.startsWith('arn:')) {
    diagnostics.schema('Value is not a valid resource ARN', at);
    return undefined;
  }
  const resource = parseResource(arn);
  if (!resource || (resource.kind === 'service' && !(hasPattern(resource) && scope.isRecognized(resource)))) {
    const message = `The resource provided ${arn} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.`;
    diagnostics.schema(message, at);
    return undefined;
  }
  if (!express) return resource;
  if (resource.kind === 'activity') diagnostics.schema('Express state machine does not support Activity ARN', at);
  if (resource.kind !== 'service' || resource.pattern === 'request') return resource;
  // AWS writes a second space after this one, and its words are what clients see.
  const space = resource.pattern === 'waitForTaskToken' ? ' ' : '';
  diagnostics.schema(`Express state machine does not support '.${resource.pattern}' service integration${space}`, at);
  return resource;
}

/** Services whose optimized integration never waits for a job. */
const withoutJobs = new Set(['lambda', 'sns', 'sqs', 'dynamodb', 'events', 'apigateway']);

function hasPattern({ resourceType, action, pattern }: ServiceResource): boolean {
  if (pattern === 'sync:2') return resourceType === 'states' && action === 'startExecution';
  if (pattern === 'sync') return !withoutJobs.has(resourceType) && !resourceType.startsWith('aws-sdk:');
  return pattern === 'request' || resourceType !== 'dynamodb';
}

function validateCredentials(
  state: JsonObject,
  resource: Resource | undefined,
  { place, scope }: StateUnderTest,
): void {
  const { Credentials: credentials } = state;
  if (credentials === undefined || typeof credentials === 'string') return;
  const { diagnostics } = scope;
  const at = `${place}/Credentials`;
  if (!isObject(credentials)) {
    diagnostics.notType('OBJECT', at);
    return;
  }
  if (resource?.kind === 'activity') diagnostics.schema("The field 'Credentials' is not supported for activities", at);
  if (credentials.RoleArn === undefined && credentials['RoleArn.$'] === undefined) {
    diagnostics.schema("The field 'RoleArn' is required but was missing", at);
  }
}

function validateTimes(state: JsonObject, language: LanguageName, { place, scope }: StateUnderTest): void {
  const { diagnostics } = scope;
  for (const field of ['TimeoutSeconds', 'HeartbeatSeconds']) {
    const both = [field, `${field}Path`];
    if (both.every((name) => state[name] !== undefined)) diagnostics.exactlyOne(both, 2, place);
    const limits = { least: 1, most: longestSeconds, computed: language === 'JSONata' };
    validateNumber(state[field], limits, `${place}/${field}`, diagnostics);
  }
  const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state;
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
    diagnostics.schema('HeartbeatSeconds must be smaller than TimeoutSeconds', `${place}/HeartbeatSeconds`);
  }
}
