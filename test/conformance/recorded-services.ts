import type { Clock } from '../../lib/core/clock.ts';
import { NotSupportedError } from '../../local/aws-error.ts';
import type { Json, JsonObject } from '../../local/states/json.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { declaredFunction } from './declared-function.ts';
import { pythonJson } from './python-json.ts';

type ServiceCall = (service: string, operation: string, input: Json) => Promise<Json>;

/** Services as far as a case describes them: functions by their behaviour. */
export function recordedServices(recorded: ConformanceCase, clock: Clock, stateName: string): ServiceCall {
  return async (service, operation, input) => {
    if (service === 'lambda' && operation === 'Invoke') {
      const name = input.FunctionName.replace(/^arn:aws:lambda:[^:]*:\d*:function:/, '').replace(/:.*$/, '');
      const mocked = mockedResponse(recorded, stateName);
      if (mocked) return { ...mocked, ExecutedVersion: '$LATEST', Payload: Buffer.from(pythonJson(mocked.Payload)) };
      const behaviour = recorded.lambdas?.[name];
      if (behaviour) {
        const event = input.Payload === undefined ? {} : JSON.parse(Buffer.from(input.Payload).toString());
        return {
          StatusCode: 200,
          ExecutedVersion: '$LATEST',
          ...(await declaredFunction(behaviour, event, { clock, recorded })),
        };
      }
    }
    throw new NotSupportedError(`${service}:${operation} in a recording`);
  };
}

/** What the case's configuration has a state's task answer, in the service's own shape. */
function mockedResponse({ mockConfig }: ConformanceCase, stateName: string): JsonObject | undefined {
  const machines = Object.values<JsonObject>(mockConfig?.StateMachines ?? {});
  const name = machines
    .flatMap((machine) => Object.values<JsonObject>(machine.TestCases))
    .find((test) => test[stateName])?.[stateName];
  return mockConfig?.MockedResponses?.[name]?.['0']?.Return;
}
