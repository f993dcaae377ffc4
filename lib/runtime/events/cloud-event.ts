import { canonicalJson } from '../../core/canonical-json.ts';
import { sha256 } from '../../core/sha256.ts';
import type { PenstockEvent } from '../ports/bus.ts';
import type { EventType } from './catalogue.ts';

/** An event in the JSON format of CloudEvents 1.0, as it stands on the bus and in the archive. */
export interface CloudEvent {
  readonly specversion: '1.0';
  /** The same for the same event, however often it is told. */
  readonly id: string;
  /** Names the pipeline, e.g. `/penstock/flights`. */
  readonly source: string;
  readonly type: EventType;
  /** The run; of an event that concerns no run, the pipeline. */
  readonly subject: string;
  /** ISO 8601. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  /** Names the form of `data`; the number goes up when a reader of the old form could be misled. */
  readonly dataschema: string;
  /** Extension attributes, so that rules can choose by them. */
  readonly pipeline: string;
  readonly run?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export function cloudEvent({ type, pipeline, run, at, detail }: PenstockEvent): CloudEvent {
  const subject = run ?? pipeline;
  return {
    specversion: '1.0',
    id: `${subject}.${detail.sequence ?? digestOf(detail)}.${type}`,
    source: `/penstock/${pipeline}`,
    type,
    subject,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    dataschema: `urn:penstock:event:${type}:1`,
    pipeline,
    ...(run !== undefined && { run }),
    data: detail,
  };
}

/** What is no change of state has no number among the changes: it is the same where it says the same. */
function digestOf(detail: PenstockEvent['detail']): string {
  return sha256(canonicalJson(JSON.parse(JSON.stringify(detail)))).slice(0, 16);
}
