import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { EventBridgeBroadcast } from '../../lib/aws/eventbridge-broadcast.ts';
import { environment } from '../environment.ts';
import { awsClient } from './aws-client.ts';
import { once } from './once.ts';

export const broadcast = once(() => new EventBridgeBroadcast(awsClient(EventBridgeClient), environment.bus));
