import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';

export const sendTaskSuccess =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    try {
      JSON.parse(input.output);
    } catch {
      throw new AwsError('InvalidOutput', "Invalid Output: 'SyntaxError'");
    }
    core.tokens.send(input.taskToken, { output: input.output });
    return {};
  };

export const sendTaskFailure =
  (core: StepFunctionsCore): Operation =>
  async ({ taskToken, error, cause }) => {
    core.tokens.send(taskToken, {
      ...(error === undefined ? {} : { error }),
      ...(cause === undefined ? {} : { cause }),
    });
    return {};
  };

export const sendTaskHeartbeat =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    core.tokens.beat(input.taskToken);
    return {};
  };
