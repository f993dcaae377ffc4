import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { EventBridgeBus } from '../../lib/aws/eventbridge-bus.ts';
import { environment } from '../environment.ts';
import { clientOptions } from './client-options.ts';
import { once } from './once.ts';

export const bus = once(() => new EventBridgeBus(new EventBridgeClient(clientOptions), environment.bus));
