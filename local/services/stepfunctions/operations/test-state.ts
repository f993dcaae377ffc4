import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import { isObject, type JsonObject } from '../../../states/json.ts';
import { Payload } from '../../../states/payload.ts';
import { expressArn, machineArn } from '../arns.ts';
import type { StepFunctionsCore } from '../core.ts';
import type { ExecutionRecord } from '../records.ts';
import { runTest } from '../test-state/run-test.ts';
import { TestEnvironment } from '../test-state/test-environment.ts';
import { testedState } from '../test-state/tested-state.ts';
import { validContext } from '../test-state/valid-context.ts';
import { validTest } from '../test-state/valid-test.ts';
import { validInput } from '../valid-input.ts';
import { validMachineSettings } from '../valid-machine-settings.ts';

/** Data that INFO does not show: texts of documents, but for the few members that are structures. */
const structures = new Set(['maxConcurrency', 'toleratedFailureCount', 'toleratedFailurePercentage', 'errorDetails']);

/** Runs one state once, with the services as they are or with a mock in their place. */
export const testState =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    validMachineSettings({ roleArn: input.roleArn });
    const { node, names, inMap } = testedState(input.definition, input.stateName);
    const mock = await validTest(input, node, names);
    const context = input.context === undefined ? undefined : validContext(input.context);
    const record = testRecord(core, input);
    const configuration = input.stateConfiguration ?? {};
    const environment = new TestEnvironment(core, record, mock, configuration.mapItemReaderData);
    const shown = await runTest({
      node,
      inMap,
      input: Payload.parse(record.input),
      variables: variablesOf(input.variables),
      identity: { ...record, redriveCount: undefined, roleArn: input.roleArn ?? null },
      context,
      mock,
      configuration,
      environment,
    });
    if ((input.inspectionLevel ?? 'INFO') === 'INFO') return shown;
    const inspected = Object.entries(environment.inspection).map(([field, value]) => [
      field,
      structures.has(field) ? value : JSON.stringify(value),
    ]);
    return { ...shown, inspectionData: Object.fromEntries(inspected) };
  };

function variablesOf(text: string | undefined): JsonObject {
  if (text === undefined) return {};
  try {
    const variables = JSON.parse(text);
    if (isObject(variables)) return variables;
  } catch {
    // Told below, like any other text that is no object.
  }
  throw new AwsError('ValidationException', 'The variables must be a JSON object');
}

/** The execution that the state believes to be in; it is kept nowhere. */
function testRecord(core: StepFunctionsCore, input: JsonObject): ExecutionRecord {
  const [machineName, name] = [randomUUID(), randomUUID()];
  const roleArn: string = input.roleArn ?? '';
  const now = core.cloud.clock.now();
  const arn = machineArn(core.cloud, machineName);
  const type = 'EXPRESS';
  return {
    arn: expressArn(core.cloud, machineName, name, randomUUID()).replace(/:[^:]*$/, ''),
    name,
    machineArn: arn,
    machineName,
    type,
    roleArn,
    machine: {
      arn,
      name: machineName,
      type,
      roleArn,
      creationTime: now,
      updateTime: now,
      loggingConfiguration: { level: 'OFF', includeExecutionData: false },
      tracingConfiguration: { enabled: false },
      tags: {},
      lastVersion: 0,
    },
    definitionDigest: '',
    input: validInput(input.input),
    startTime: now,
    status: 'RUNNING',
    redriveCount: 0,
  };
}
