import { NotSupportedError } from '../../aws-error.ts';
import type { Resource } from '../resource.ts';
import { apigateway } from './apigateway.ts';
import { awsSdk } from './aws-sdk.ts';
import { dynamodb } from './dynamodb.ts';
import { events } from './events.ts';
import type { Integration } from './integration.ts';
import { lambda } from './lambda.ts';
import { lambdaFunction } from './lambda-function.ts';
import { capitalized } from './names.ts';
import { sns } from './sns.ts';
import { sqs } from './sqs.ts';
import { states } from './states.ts';

const optimized: Readonly<Record<string, Integration>> = { apigateway, dynamodb, events, lambda, sns, sqs, states };

/** The integration that runs tasks of this resource. */
export function integrationFor(resource: Exclude<Resource, { kind: 'activity' }>): Integration {
  if (resource.kind === 'lambda') return lambdaFunction;
  const [kind, service] = resource.resourceType.split(':');
  if (kind === 'aws-sdk') return awsSdk(service!);
  return optimized[kind!] ?? missing(kind!);
}

/** AWS has it, local AWS has not: its tasks fail by name. */
function missing(kind: string): Integration {
  return {
    errorPrefix: capitalized(kind),
    serviceName: capitalized(kind),
    async call() {
      throw new NotSupportedError(`the Step Functions integration with ${kind}`);
    },
  };
}
