import { SFNClient } from '@aws-sdk/client-sfn';
import { StepFunctionsTasks } from '../../lib/aws/step-functions-tasks.ts';
import { clientOptions } from './client-options.ts';
import { once } from './once.ts';

export const tasks = once(() => new StepFunctionsTasks(new SFNClient(clientOptions)));
