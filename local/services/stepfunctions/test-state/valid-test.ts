import { AwsError } from '../../../aws-error.ts';
import { isObject, type Json, type JsonObject } from '../../../states/json.ts';
import type { StateNode } from '../../../states/machine.ts';
import type { Resource } from '../../../states/resource.ts';
import { checkMockResult } from './mock-schema.ts';

const invalid = (what: string) => new AwsError('ValidationException', what);

/** The types of states that a mock can stand in for. */
const mockable = new Set(['Task', 'Map', 'Parallel']);
const alone = '[Task, Wait, Pass, Succeed, Fail, Choice]';

export interface Mock {
  readonly result?: Json;
  readonly errorOutput?: { readonly error?: string; readonly cause?: string };
}

/** The mock of a test, its result parsed; throws where state, mock and configuration do not go together. */
export async function validTest(
  input: JsonObject,
  node: StateNode,
  names: ReadonlySet<string>,
): Promise<Mock | undefined> {
  const { mock, stateConfiguration: configuration = {}, roleArn } = input;
  const { type } = node;
  if (!mock) {
    if (configuration.mapIterationFailureCount !== undefined) {
      throw invalid('TestState does not support MapIterationFailureCount when a mock is not specified.');
    }
    if (type === 'Map' || type === 'Parallel') {
      throw new AwsError(
        'InvalidDefinition',
        `TestState API does not support Map or Parallel states. Supported state types include: ${alone}`,
      );
    }
    if (type === 'Task') checkAlone(node.resource!);
    if (type === 'Task' && roleArn === undefined) throw invalid('RoleArn must be specified when testing a Task state');
    return undefined;
  }
  if (!mockable.has(type)) throw invalid(`State type '${type}' is not supported when a mock is specified`);
  if ((mock.result === undefined) === (mock.errorOutput === undefined)) {
    throw invalid('A test mock should have only one of the following fields: [result, errorOutput].');
  }
  const { errorCausedByState: culprit } = configuration;
  if (culprit !== undefined && !names.has(culprit)) throw invalid('errorCausedByState not found in definition');
  if (mock.errorOutput) return { errorOutput: mock.errorOutput };
  const result = parse(mock.result);
  if (type === 'Map') checkMapMock(node, result, configuration);
  if (type === 'Parallel') checkParallelMock(node, result);
  if (type === 'Task') await checkMockResult(node.resource!, result, mock.fieldValidationMode ?? 'STRICT');
  return { result };
}

/** Nobody would ever answer what waits for a job, a token or a worker. */
function checkAlone(resource: Resource): void {
  const waiting = resource.kind === 'service' && resource.pattern !== 'request' ? `.${resource.pattern}` : undefined;
  if (resource.kind !== 'activity' && waiting === undefined) return;
  const what = waiting === undefined ? 'Activity resources' : `the '${waiting}' service integration pattern`;
  throw new AwsError('InvalidDefinition', `TestState API does not support ${what} when a mock is not specified`);
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('Mocked result must be valid JSON');
  }
}

function checkMapMock(node: StateNode, result: Json, configuration: JsonObject): void {
  if (node.definition.ResultWriter && !isObject(result)) throw invalid('Mocked result must be a JSON object.');
  if (!node.definition.ResultWriter && !Array.isArray(result)) throw invalid('Mocked result must be an array.');
  const { mapIterationFailureCount: failures } = configuration;
  if (failures !== undefined && Array.isArray(result) && failures > result.length) {
    throw invalid('Map iteration failure count must be less than or equal to the number of Map iterations');
  }
}

function checkParallelMock(node: StateNode, result: Json): void {
  if (!Array.isArray(result)) throw invalid('Mocked result must be an array.');
  if (result.length !== node.branches!.length) {
    throw invalid('Mocked result must contain the same number of items as number of Parallel branches.');
  }
}
