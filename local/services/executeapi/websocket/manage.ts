import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import { apiAddress } from '../address.ts';
import type { ExecuteCore } from '../core.ts';
import { type Connection, maxMessageBytes, sendText } from './connection.ts';

/**
 * The connection that an input names. The SDK has the API and its stage in its endpoint; Step Functions gives both as
 * ApiEndpoint and Stage.
 */
export function connectionTarget({ ApiId, ApiEndpoint = '', Stage, ConnectionId }: any) {
  const { pathname = '/', host = '' } =
    URL.parse(/^https?:/.test(ApiEndpoint) ? ApiEndpoint : `https://${ApiEndpoint}`) ?? {};
  const address = apiAddress({ headers: { host } }, pathname);
  return {
    ApiId: ApiId ?? address?.apiId,
    Stage: Stage ?? address?.path.split('/')[1],
    ConnectionId,
  } as { readonly ApiId?: string; readonly Stage?: string; readonly ConnectionId: string };
}

/** The operations on single connections. */
export function manageOperations({ connections }: ExecuteCore): Record<string, Operation> {
  const find = (input: any): Connection => {
    const { ApiId, Stage, ConnectionId } = connectionTarget(input);
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
