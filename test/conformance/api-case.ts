import type { JsonObject } from '../../local/states/json.ts';
import { ApiCloud } from './api-cloud.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { Matcher } from './matches.ts';
import { answerDifference } from './recorded-answer.ts';

const operations: Readonly<Record<string, string>> = {
  create_error: 'create_state_machine',
  create_ok: 'create_state_machine',
  validate: 'validate_state_machine_definition',
  test_state: 'test_state',
};

/** Makes one call and compares the answer. True, or what is not as recorded. */
export async function apiCase(recorded: ConformanceCase): Promise<true | string> {
  const api = await ApiCloud.start(recorded);
  try {
    await createUpdated(recorded, api);
    const answer = await api.call('stepfunctions', recorded.op ?? operations[recorded.kind]!, requestOf(recorded));
    return answerDifference(recorded.expect.response, answer, new Matcher(recorded.wildcards)) ?? true;
  } finally {
    await api.close();
  }
}

/** What is updated was created before, with a definition that no case depends on. */
async function createUpdated({ op, request }: ConformanceCase, api: ApiCloud): Promise<void> {
  if (op !== 'update_state_machine' || typeof request?.stateMachineArn !== 'string') return;
  await api.call('stepfunctions', 'create_state_machine', {
    name: request.stateMachineArn.split(':').at(-1),
    definition: JSON.stringify({ StartAt: 'Pass', States: { Pass: { Type: 'Pass', End: true } } }),
    roleArn: 'arn:aws:iam::111111111111:role/test-sfn-role-0001abcd',
  });
}

function requestOf({ request = {}, definition, definitionText, kind, type }: ConformanceCase): JsonObject {
  const text = definitionText ?? (definition && JSON.stringify(definition));
  return {
    ...(text === undefined ? {} : { definition: text }),
    ...(type && kind !== 'test_state' ? { type } : {}),
    ...withArns(request),
  };
}

/** The recording's client made these ARNs up out of others just before it called. */
const withArns = (request: JsonObject): JsonObject =>
  JSON.parse(
    JSON.stringify(request).replace(
      /arn:aws:auto:[^:]*:\d*:stepfunctions_standard_execution_arn:(arn:aws:states:[^:]*:\d*:)stateMachine:/g,
      '$1execution:',
    ),
  );
