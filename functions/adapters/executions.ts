import { SFNClient } from '@aws-sdk/client-sfn';
import { StepFunctionsExecutions } from '../../lib/aws/step-functions-executions.ts';
import { awsClient } from './aws-client.ts';
import { once } from './once.ts';

export const executions = once(() => new StepFunctionsExecutions(awsClient(SFNClient)));
