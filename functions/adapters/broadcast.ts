import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { EventBridgeBroadcast } from '../../lib/aws/eventbridge-broadcast.ts';
import { environment } from '../environment.ts';
import { clientOptions } from './client-options.ts';
import { once } from './once.ts';

export const broadcast = once(() => new EventBridgeBroadcast(new EventBridgeClient(clientOptions), environment.bus));
