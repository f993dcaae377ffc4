import { randomBytes } from 'node:crypto';
import type { Stage } from '../../apigateway/records.ts';
import type { Header } from '../api-request.ts';
import { filled, grouped, lastOf, requestTime } from '../http-api/event-parts.ts';
import type { ConnectionRecord } from './connection.ts';

export type EventType = 'CONNECT' | 'MESSAGE' | 'DISCONNECT';

/** What happened on a connection, as functions are told of it. */
export interface Happening {
  readonly connection: ConnectionRecord;
  readonly stage: Stage;
  readonly routeKey: string;
  readonly eventType: EventType;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Of the request that opened the connection. */
  readonly headers?: readonly Header[];
  readonly query?: string;
  /** Of a message. */
  readonly body?: string;
  /** Of a disconnection. */
  readonly close?: { readonly code: number; readonly reason: string };
}

export function webSocketEvent(happening: Happening): object {
  const { stage, headers, query, body } = happening;
  const ofQuery = query ? grouped([...new URLSearchParams(query)]) : {};
  return {
    ...(headers && headersOf(headers)),
    ...(filled(ofQuery) && {
      queryStringParameters: lastOf(ofQuery),
      multiValueQueryStringParameters: ofQuery,
    }),
    requestContext: requestContext(happening),
    ...(filled(stage.StageVariables) && { stageVariables: stage.StageVariables }),
    ...(body !== undefined && { body }),
    isBase64Encoded: false,
  };
}

function requestContext({ connection, stage, routeKey, eventType, requestId, at, close }: Happening): object {
  return {
    routeKey,
    ...(connection.authorizer && { authorizer: connection.authorizer }),
    ...(eventType === 'MESSAGE' && { messageId: newConnectionId() }),
    ...(close && { disconnectStatusCode: close.code, disconnectReason: close.reason }),
    eventType,
    extendedRequestId: requestId,
    requestTime: requestTime(at),
    messageDirection: 'IN',
    stage: stage.StageName,
    connectedAt: connection.connectedAt,
    requestTimeEpoch: at,
    identity: { userAgent: connection.userAgent, sourceIp: connection.sourceIp },
    requestId,
    domainName: connection.domainName,
    connectionId: connection.connectionId,
    apiId: connection.apiId,
  };
}

/** Connections and messages are named in the form `L0SM9cOFvHcCIhw=`. */
export const newConnectionId = () => `${randomBytes(11).toString('base64url')}=`;

function headersOf(headers: readonly Header[]): object {
  const shown = headers.filter(([name]) => !['connection', 'upgrade'].includes(name.toLowerCase()));
  const groups = grouped(shown);
  return { headers: lastOf(groups), multiValueHeaders: groups };
}
