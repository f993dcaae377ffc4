import type { WebSocket } from 'ws';
import type { Timer } from '../../../../lib/core/clock.ts';
import type { Cloud } from '../../../service.ts';
import type { Collection } from '../../../store.ts';
import type { Connection, ConnectionRecord } from './connection.ts';

const longestIdleMilliseconds = 10 * 60_000;
const longestMilliseconds = 2 * 3_600_000;
export const goingAway = { code: 1001, reason: 'Going away' };

/** The connections of all WebSocket APIs: closed when nothing has passed for ten minutes, and after two hours in any case. */
export class Connections {
  readonly #cloud: Cloud;
  readonly #records: Collection<ConnectionRecord>;
  readonly #open = new Map<string, Connection>();
  readonly #timers = new Map<string, Timer[]>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#records = cloud.store.collection('execute-api.connections');
  }

  /** Records whose connections ended with an earlier process. */
  get lost(): ConnectionRecord[] {
    return [...this.#records.values()].filter(({ connectionId }) => !this.#open.has(connectionId));
  }

  add(record: ConnectionRecord, socket: WebSocket): Connection {
    const { connectionId } = record;
    const connection = { record, socket, lastActiveAt: this.#cloud.clock.now() };
    this.#records.set(connectionId, record);
    this.#open.set(connectionId, connection);
    const oldest = this.#cloud.clock.after(longestMilliseconds, () => this.end(connection, goingAway));
    this.#timers.set(connectionId, [oldest]);
    this.#watchIdle(connection);
    return connection;
  }

  find(connectionId: string): Connection | undefined {
    return this.#open.get(connectionId);
  }

  /** To be told of every message in either direction. */
  touch(connection: Connection): void {
    connection.lastActiveAt = this.#cloud.clock.now();
  }

  end({ socket }: Connection, { code, reason }: { code: number; reason: string }): void {
    socket.close(code, reason);
  }

  /** To be told that a connection has closed. */
  remove(connectionId: string): void {
    for (const timer of this.#timers.get(connectionId) ?? []) timer.cancel();
    this.#timers.delete(connectionId);
    this.#open.delete(connectionId);
  }

  /** To be told that nobody needs to hear of a connection's end any more. */
  forget(connectionId: string): void {
    this.#records.delete(connectionId);
  }

  #watchIdle(connection: Connection): void {
    const { connectionId } = connection.record;
    const left = connection.lastActiveAt + longestIdleMilliseconds - this.#cloud.clock.now();
    const [oldest] = this.#timers.get(connectionId) ?? [];
    if (left <= 0) this.end(connection, goingAway);
    else if (oldest)
      this.#timers.set(connectionId, [oldest, this.#cloud.clock.after(left, () => this.#watchIdle(connection))]);
  }
}
