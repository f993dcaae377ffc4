import { isObject, type Json, type JsonObject } from '../../local/states/json.ts';
import type { Matcher } from './matches.ts';

/** What a call answered: a response, or an error's name and words. */
export type Answer =
  | { readonly response: Json }
  | { readonly code: string; readonly message: string; readonly refused: boolean };

/** The first difference between an answer and its recording, or undefined. */
export function answerDifference(recorded: JsonObject, answer: Answer, matcher: Matcher): string | undefined {
  const error = recordedError(recorded);
  if (!error) {
    if ('response' in answer) return matcher.difference(withoutMetadata(recorded), answer.response, 'response');
    return `recorded a response, got ${answer.code}: ${answer.message}`;
  }
  if ('response' in answer) return `recorded ${error.code}, got a response`;
  // The recording's own client refused the call before it was sent.
  if (error.code === 'ParamValidationError')
    return answer.refused ? undefined : `recorded a refusal, got ${answer.code}`;
  if (error.code !== answer.code)
    return `recorded ${error.code}: ${error.message}, got ${answer.code}: ${answer.message}`;
  if (isForeign(error.message)) return undefined;
  return matcher.difference(error.message, answer.message, 'message');
}

/** Three shapes: the service's error, the exception of Python around it, and that one's text spread letter by letter. */
function recordedError(recorded: JsonObject): { code: string; message: string } | undefined {
  if (isObject(recorded.Error)) return { code: recorded.Error.Code, message: recorded.Error.Message };
  const text = recorded.exception_value ?? spreadText(recorded);
  if (text === undefined) return undefined;
  const [, code, message] = /^An error occurred \((\w+)\) when calling the \w+ operation: (.*)$/s.exec(text) ?? [];
  if (code !== undefined) return { code, message: message! };
  return { code: 'ParamValidationError', message: text };
}

function spreadText(recorded: JsonObject): string | undefined {
  const letters = Object.keys(recorded);
  return letters.length > 0 && letters.every((key, index) => key === String(index))
    ? Object.values(recorded).join('')
    : undefined;
}

/** Some recordings were refreshed against an emulator, which words its errors in its own way. */
const isForeign = (message: string) => /Error=\w+ Args=\[/.test(message);

function withoutMetadata({ ResponseMetadata: _metadata, ...rest }: JsonObject): JsonObject {
  return rest;
}
