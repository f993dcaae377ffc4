import type { Clock } from '../../lib/core/clock.ts';
import type { Json, JsonObject } from '../../local/states/json.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { pythonJson } from './python-json.ts';

const kinds = new Set(['constant', 'echo', 'raise', 'repeat', 'returnBytes', 'sleep']);

/** Whether a behaviour is one that can be played; else only what was recorded tells what the function answers. */
export const isPlayable = (behaviour: JsonObject | undefined): behaviour is JsonObject =>
  behaviour !== undefined && kinds.has(behaviour.kind);

/** What a function answers that a case describes by its behaviour. */
export async function declaredFunction(
  behaviour: JsonObject,
  event: Json,
  surroundings: { clock: Clock; recorded: Pick<ConformanceCase, 'expect'> },
): Promise<{ FunctionError?: string; Payload: Buffer }> {
  switch (behaviour.kind) {
    case 'echo':
      return { Payload: Buffer.from(pythonJson(event)) };
    case 'constant':
      return { Payload: Buffer.from(pythonJson(behaviour.value)) };
    case 'returnBytes':
      return { Payload: Buffer.from(behaviour.utf8) };
    case 'repeat':
      return { Payload: Buffer.from(JSON.stringify(behaviour.text.repeat(behaviour.times))) };
    case 'sleep':
      await surroundings.clock.sleep(behaviour.seconds * 1000);
      return declaredFunction(behaviour.then, event, surroundings);
    case 'raise': {
      const { errorMessage, errorType } = behaviour;
      const failure = {
        errorMessage,
        errorType,
        requestId: '<request-id>',
        stackTrace: recordedTrace(surroundings.recorded),
      };
      return { FunctionError: 'Unhandled', Payload: Buffer.from(pythonJson(failure)) };
    }
    default:
      throw new Error(`no such behaviour of a function: ${behaviour.kind}`);
  }
}

/** The trace is made of the function's own source, which a case does not hold: it is taken from what was recorded. */
function recordedTrace({ expect }: Pick<ConformanceCase, 'expect'>): string[] {
  const cause = findCause(expect);
  const trace = /"stackTrace": ?(\[.*\])/s.exec(cause ?? '')?.[1];
  return trace === undefined ? [] : JSON.parse(trace);
}

function findCause(value: Json): string | undefined {
  if (typeof value === 'string') return value.includes('"stackTrace"') && value.startsWith('{') ? value : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const member of Object.values(value)) {
    const found = findCause(member);
    if (found !== undefined) return found;
  }
  return Array.isArray(value.stackTrace) ? JSON.stringify(value) : undefined;
}
