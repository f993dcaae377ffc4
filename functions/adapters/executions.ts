import { SFNClient } from '@aws-sdk/client-sfn';
import { StepFunctionsExecutions } from '../../lib/aws/step-functions-executions.ts';
import { clientOptions } from './client-options.ts';
import { once } from './once.ts';

export const executions = once(() => new StepFunctionsExecutions(new SFNClient(clientOptions)));
