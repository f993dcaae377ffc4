import { StatesError } from '../states-error.ts';

/** What a function's invocation answered, as text; a function error becomes the task's failure. */
export function lambdaPayload(output: { FunctionError?: string; Payload?: Uint8Array }): string {
  const text = output.Payload ? Buffer.from(output.Payload).toString('utf8') : 'null';
  if (!output.FunctionError) return text === '' ? 'null' : text;
  throw new StatesError(errorType(text), text, { fromTask: true });
}

/** The name of a function's error: what the runtime says it is, or `Lambda.Unknown` where it says nothing. */
function errorType(text: string): string {
  try {
    const { errorType: type } = JSON.parse(text);
    return typeof type === 'string' && type !== '' ? type : 'Lambda.Unknown';
  } catch {
    return 'Lambda.Unknown';
  }
}
