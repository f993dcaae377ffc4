import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { eventsOfCircuit } from '../runtime/events/events-of-circuit.ts';
import { eventsOfPipeline } from '../runtime/events/events-of-pipeline.ts';
import { eventsOfRun } from '../runtime/events/events-of-run.ts';
import type { AuditEntry } from '../runtime/ports/audit.ts';
import type { PenstockEvent } from '../runtime/ports/bus.ts';
import type { Circuit } from '../runtime/ports/circuits.ts';
import type { PipelineRecord } from '../runtime/ports/pipeline-store.ts';
import type { RunRecord } from '../runtime/ports/run-store.ts';
import { auditPrefix, circuitPartition, eventPrefix, keptPrefix } from './dynamodb-keys.ts';
import type { Attributes } from './dynamodb-table.ts';

/** What a Lambda function is told of one change of the run table. */
export interface StreamRecord {
  readonly eventName?: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly dynamodb?: {
    readonly Keys?: Record<string, unknown>;
    readonly NewImage?: Record<string, unknown>;
    /** Seconds since the epoch. */
    readonly ApproximateCreationDateTime?: number;
  };
}

/** The events that changes of the run table mean, in their order. Changes of other items mean none. */
export function changesTold(records: readonly StreamRecord[]): readonly PenstockEvent[] {
  return records.flatMap(({ eventName, dynamodb = {} }) => {
    if (eventName === 'REMOVE') return expired(dynamodb);
    const image = dynamodb.NewImage;
    return image ? eventsOf(unmarshall(image as Record<string, AttributeValue>)) : [];
  });
}

function eventsOf({ pk, sk, gsiPk, gsiSk, expiresAt, ...attributes }: Attributes): readonly PenstockEvent[] {
  if (sk === 'RUN') return eventsOfRun(attributes as RunRecord);
  if (sk === 'STATE') return eventsOfPipeline(attributes as PipelineRecord);
  if (pk === circuitPartition) return eventsOfCircuit(attributes as Circuit);
  if (String(pk).startsWith(auditPrefix)) return [acted(attributes as AuditEntry)];
  if (String(sk).startsWith(eventPrefix)) return [attributes.event as PenstockEvent];
  return [];
}

function acted({ pipeline, run, at, by, action, detail }: AuditEntry): PenstockEvent {
  return { type: 'OperatorActed', pipeline, run, at, detail: { action, by, at, ...(detail && { detail }) } };
}

/** That an item is gone says only which it was. */
function expired({ Keys = {}, ApproximateCreationDateTime: time = 0 }: StreamRecord['dynamodb'] & {}): PenstockEvent[] {
  const { pk, sk } = unmarshall(Keys as Record<string, AttributeValue>);
  if (!String(pk).startsWith(keptPrefix)) return [];
  const at = time * 1000;
  return [{ type: 'RedriveExpired', pipeline: pk.slice(keptPrefix.length), run: sk, at, detail: { at } }];
}
