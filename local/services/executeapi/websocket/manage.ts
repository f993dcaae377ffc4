import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import type { ExecuteCore } from '../core.ts';
import { type Connection, maxMessageBytes, sendText } from './connection.ts';

/** The operations on single connections. Besides the SDK's members they take ApiId and Stage, which the SDK has in its endpoint. */
export function manageOperations({ connections }: ExecuteCore): Record<string, Operation> {
  const find = ({ ApiId, Stage, ConnectionId }: any): Connection => {
    const connection = connections.find(ConnectionId);
    const { apiId, stageName } = connection?.record ?? {};
    if (!connection || apiId !== ApiId || stageName !== Stage) throw gone();
    return connection;
  };
  return {
    async PostToConnection(input) {
      const data = Buffer.from(input.Data ?? '');
      if (data.length > maxMessageBytes) {
        throw new AwsError('PayloadTooLargeException', 'Payload exceeds 128 KB', 413);
      }
      const connection = find(input);
      connections.touch(connection);
      await sendText(connection, data).catch(() => {
        throw gone();
      });
      return {};
    },
    async GetConnection(input) {
      const { record, lastActiveAt } = find(input);
      return {
        ConnectedAt: new Date(record.connectedAt),
        Identity: { SourceIp: record.sourceIp, UserAgent: record.userAgent },
        LastActiveAt: new Date(lastActiveAt),
      };
    },
    async DeleteConnection(input) {
      connections.end(find(input), { code: 1000, reason: '' });
      return {};
    },
  };
}

const gone = () => new AwsError('GoneException', 'The connection is gone', 410);
