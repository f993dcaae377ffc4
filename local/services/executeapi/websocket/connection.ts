import type { WebSocket } from 'ws';

/** One client's connection as it is kept, so that even a killed process still tells of its end. */
export interface ConnectionRecord {
  readonly connectionId: string;
  readonly apiId: string;
  readonly stageName: string;
  /** Milliseconds since the epoch. */
  readonly connectedAt: number;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly domainName: string;
  /** What the authorizer of `$connect` said of the client. */
  readonly authorizer?: Readonly<Record<string, unknown>>;
}

/** A connection that is open in this process. */
export interface Connection {
  readonly record: ConnectionRecord;
  readonly socket: WebSocket;
  /** Milliseconds since the epoch. */
  lastActiveAt: number;
}

export const maxFrameBytes = 32 * 1024;
export const maxMessageBytes = 128 * 1024;

/** Sends text in frames no larger than API Gateway's. Rejects where the connection has closed. */
export async function sendText({ socket }: Connection, data: Buffer): Promise<void> {
  for (let at = 0; at === 0 || at < data.length; at += maxFrameBytes) {
    const fin = at + maxFrameBytes >= data.length;
    await new Promise<void>((resolve, reject) => {
      socket.send(data.subarray(at, at + maxFrameBytes), { binary: false, fin }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }
}
