import { SFNClient } from '@aws-sdk/client-sfn';
import { StepFunctionsTasks } from '../../lib/aws/step-functions-tasks.ts';
import { awsClient } from './aws-client.ts';
import { once } from './once.ts';

export const tasks = once(() => new StepFunctionsTasks(awsClient(SFNClient)));
