import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { UpgradeExchange } from '../../../service.ts';
import { apiAddress } from '../address.ts';
import type { ApiFailure } from '../api-failure.ts';
import type { ExecuteCore } from '../core.ts';
import { asFailure, headersOf } from '../http.ts';
import type { Accepted, ConnectRequest } from './connect.ts';
import { type Connection, maxFrameBytes, maxMessageBytes, sendText } from './connection.ts';
import { goingAway } from './connections.ts';
import type { Disconnection } from './disconnect.ts';
import { FrameSizes } from './frame-sizes.ts';
import type { ReceivedMessage } from './receive.ts';

/** Opens connections of WebSocket APIs and carries their messages. */
export function webSocketUpgrade(core: ExecuteCore) {
  const chosen = new WeakMap<IncomingMessage, string>();
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    handleProtocols: (_offered, request) => chosen.get(request) ?? false,
  });
  return async ({ request, socket, head, url, context }: UpgradeExchange): Promise<void> => {
    const { apiId = '', path = '/' } = apiAddress(request, url.pathname) ?? {};
    const asked: ConnectRequest = {
      apiId,
      stageName: path.split('/')[1] ?? '',
      headers: headersOf(request),
      query: url.search.slice(1),
      sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
      // Functions call back to what they find here: an address of AWS would take their messages off this machine.
      domainName: `${url.host}/_apis/${apiId}`,
    };
    let accepted: Accepted;
    try {
      accepted = await core.cloud.call('execute-api', 'Connect', asked, context);
    } catch (error) {
      const failure = asFailure(error);
      if (!failure) throw error;
      return refuse(socket, failure);
    }
    if (accepted.subprotocol !== undefined) chosen.set(request, accepted.subprotocol);
    const sizes = new FrameSizes(maxFrameBytes);
    let tooLarge = () => {};
    socket.on('data', (bytes: Buffer) => {
      if (sizes.exceedIn(bytes)) tooLarge();
    });
    server.handleUpgrade(request, socket, head, (client) => {
      tooLarge = () => client.close(1009, 'Frame is too large');
      carry(core, core.connections.add(accepted.record, client), client, context.signal);
    });
  };
}

/** Takes the messages of a connection for as long as it is open. */
function carry(core: ExecuteCore, connection: Connection, client: WebSocket, signal: AbortSignal): void {
  const { cloud, connections } = core;
  const { record } = connection;
  const context = () => ({ principal: caller, requestId: randomUUID(), signal });
  const sayFailed = (error: Error) => process.emitWarning(`WebSocket API ${record.apiId}: ${error.stack}`);
  // API Gateway does not know binary frames, nor what comes behind one that was too large.
  client.on('message', (data: Buffer, isBinary) => {
    if (client.readyState !== client.OPEN) return;
    if (isBinary) return client.close(1003, 'Binary frames are not supported');
    connections.touch(connection);
    const received: ReceivedMessage = { connection: record, message: data.toString('utf8') };
    cloud
      .call('execute-api', 'Receive', received, context())
      .then((answer: string | undefined) => {
        if (answer === undefined || client.readyState !== client.OPEN) return;
        connections.touch(connection);
        return sendText(connection, Buffer.from(answer));
      })
      .catch(sayFailed);
  });
  // The connection's end follows, which tells what there is to tell.
  client.on('error', () => {});
  // The signal is given when local AWS goes, and behind a connection that has closed, which is of no interest here.
  let leaving = false;
  signal.addEventListener('abort', () => {
    leaving = client.readyState === client.OPEN;
    if (leaving) connections.end(connection, goingAway);
  });
  client.on('close', (code, reason) => {
    connections.remove(record.connectionId);
    // The next local AWS tells of this end: now the functions that would hear it are going, too.
    if (leaving) return;
    connections.forget(record.connectionId);
    const ended: Disconnection = { connection: record, code, reason: reason.toString('utf8') };
    cloud.call('execute-api', 'Disconnect', ended, context()).catch(sayFailed);
  });
}

const caller = { kind: 'service', arn: 'apigateway.amazonaws.com' } as const;

function refuse(socket: Duplex, { status, response }: ApiFailure): void {
  const lines = response.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const length = `content-length: ${response.body.length}\r\nconnection: close\r\n`;
  socket.end(`HTTP/1.1 ${status} Refused\r\n${lines}${length}\r\n${response.body}`);
}
