import { NotSupportedError } from '../../aws-error.ts';
import type { Integration } from './integration.ts';

/** `arn:aws:states:::apigateway:invoke` */
export const apigateway: Integration = {
  errorPrefix: 'ApiGateway',
  serviceName: 'AmazonApiGateway',
  async call(task, caller) {
    const answer = await caller.call('execute-api', 'Invoke', task.parameters).catch((error) => {
      throw error instanceof NotSupportedError ? new NotSupportedError('API Gateway') : error;
    });
    return { output: answer };
  },
};
