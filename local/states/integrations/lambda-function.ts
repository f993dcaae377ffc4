import type { Integration } from './integration.ts';
import { lambdaPayload } from './lambda-answer.ts';

/** A function's own ARN as the task's Resource: argument in, payload out. */
export const lambdaFunction: Integration = {
  errorPrefix: 'Lambda',
  serviceName: 'AWSLambda',
  async call(task, caller) {
    const Payload = Buffer.from(JSON.stringify(task.parameters));
    const output = await caller.call('lambda', 'Invoke', { FunctionName: task.resource.arn, Payload });
    const text = lambdaPayload(output);
    const value = JSON.parse(text);
    // A lone number is shown as the function wrote it: 0.0 stays 0.0.
    return typeof value === 'number' ? { output: value, text } : { output: value };
  },
};
