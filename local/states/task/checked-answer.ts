import type { TaskAnswer } from '../environment.ts';
import { textTooLarge } from '../payload.ts';
import { StatesError } from '../states-error.ts';

/** An answer that is too large to be state data fails its task. `name` is what AWS calls the task in the message. */
export function checkedAnswer(answer: TaskAnswer, name: string): Required<TaskAnswer> {
  const text = answer.text ?? JSON.stringify(answer.output);
  if (textTooLarge(text)) {
    const cause = `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`;
    throw new StatesError('States.DataLimitExceeded', cause);
  }
  return { output: answer.output, text };
}
