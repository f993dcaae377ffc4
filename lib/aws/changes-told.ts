import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { eventsOfRun } from '../runtime/events/events-of-run.ts';
import type { PenstockEvent } from '../runtime/ports/bus.ts';
import type { RunRecord } from '../runtime/ports/run-store.ts';
import { eventPrefix } from './dynamodb-keys.ts';
import type { Attributes } from './dynamodb-table.ts';

/** What a Lambda function is told of one change of the run table. */
export interface StreamRecord {
  readonly eventName?: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly dynamodb?: { readonly NewImage?: Record<string, unknown> };
}

/** The events that changes of the run table mean, in their order. Changes of other items mean none. */
export function changesTold(records: readonly StreamRecord[]): readonly PenstockEvent[] {
  return records.flatMap(({ dynamodb }) => {
    const image = dynamodb?.NewImage;
    return image ? eventsOf(unmarshall(image as Record<string, AttributeValue>)) : [];
  });
}

function eventsOf({ pk, sk, gsiPk, gsiSk, expiresAt, ...attributes }: Attributes): readonly PenstockEvent[] {
  if (sk === 'RUN') return eventsOfRun(attributes as RunRecord);
  if (String(sk).startsWith(eventPrefix)) return [attributes.event as PenstockEvent];
  return [];
}
