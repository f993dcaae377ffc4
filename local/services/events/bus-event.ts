import { randomUUID } from 'node:crypto';
import type { Cloud } from '../../service.ts';

/** An event as it is on a bus, members in AWS's order. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601 in seconds, UTC. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
  /** On events that come out of an archive. */
  readonly 'replay-name'?: string;
}

export interface EventContent {
  /** Default: a new one. */
  readonly id?: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly resources?: readonly string[];
  /** Milliseconds since the epoch. Default: now. */
  readonly time?: number;
}

export function newEvent(cloud: Pick<Cloud, 'accountId' | 'region' | 'clock'>, content: EventContent): BusEvent {
  return {
    version: '0',
    id: content.id ?? randomUUID(),
    'detail-type': content.detailType,
    source: content.source,
    account: cloud.accountId,
    time: eventTime(content.time ?? cloud.clock.now()),
    region: cloud.region,
    resources: content.resources ?? [],
    detail: content.detail,
  };
}

export const eventTime = (milliseconds: number) => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
