import { isObject, type JsonObject } from '../json.ts';
import { parseResource } from '../resource.ts';
import type { LanguageName } from './machine-scope.ts';
import type { StateUnderTest } from './validate-state.ts';

const longestSeconds = 99_999_999;

/** What a task calls, as whom, and how long it may take. */
export function validateTask(state: JsonObject, _language: LanguageName, under: StateUnderTest): void {
  validateResource(state, under);
  validateCredentials(state, under);
  validateTimes(state, under);
}

function validateResource(state: JsonObject, { place, scope }: StateUnderTest): void {
  const { Resource: arn } = state;
  const at = `${place}/Resource`;
  if (arn === undefined) return;
  if (typeof arn !== 'string') {
    scope.diagnostics.schema('Value is not a String', at);
    return;
  }
  if (!/^arn:/.test(arn)) {
    scope.diagnostics.schema('Value is not a valid resource ARN', at);
    return;
  }
  const resource = parseResource(arn);
  if (!resource) {
    const message = `The resource provided ${arn} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.`;
    scope.diagnostics.schema(message, at);
    return;
  }
  if (!scope.express) return;
  if (resource.kind === 'activity') scope.diagnostics.schema('Express state machine does not support Activity ARN', at);
  if (resource.kind !== 'service' || resource.pattern === 'request') return;
  // AWS writes a second space after this one, and its words are what clients see.
  const space = resource.pattern === 'waitForTaskToken' ? ' ' : '';
  scope.diagnostics.schema(
    `Express state machine does not support '.${resource.pattern}' service integration${space}`,
    at,
  );
}

function validateCredentials(state: JsonObject, { place, scope }: StateUnderTest): void {
  const { Credentials: credentials } = state;
  if (credentials === undefined || typeof credentials === 'string') return;
  const at = `${place}/Credentials`;
  if (!isObject(credentials)) {
    scope.diagnostics.schema('Value is not a JSON object', at);
    return;
  }
  if (credentials.RoleArn === undefined && credentials['RoleArn.$'] === undefined) {
    scope.diagnostics.schema("The field 'RoleArn' is required but was missing", at);
  }
}

function validateTimes(state: JsonObject, { place, scope }: StateUnderTest): void {
  for (const field of ['TimeoutSeconds', 'HeartbeatSeconds']) {
    const value = state[field];
    if (value !== undefined && state[`${field}Path`] !== undefined) {
      scope.diagnostics.schema(`Only one of these fields is allowed: [${field}, ${field}Path]`, place);
    }
    if (value === undefined || typeof value === 'string') continue;
    if (!Number.isInteger(value) || value < 1 || value > longestSeconds) {
      scope.diagnostics.schema(`Value is not an integer from 1 to ${longestSeconds}`, `${place}/${field}`);
    }
  }
  const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state;
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
    scope.diagnostics.schema('HeartbeatSeconds must be smaller than TimeoutSeconds', `${place}/HeartbeatSeconds`);
  }
}
