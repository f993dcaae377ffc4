import type { Stage } from '../../apigateway/records.ts';
import type { ApiCall, Identity } from '../api-call.ts';
import type { ApiFailure } from '../api-failure.ts';
import { type ApiRequest, type ApiResponse, headerOf } from '../api-request.ts';
import type { ExecuteCore } from '../core.ts';
import { requestTime } from './event-parts.ts';

interface Logged {
  readonly request: ApiRequest;
  readonly stage: Stage;
  readonly requestId: string;
  readonly at: number;
}

/** Gathers what happens to one request: its line in the stage's log group, and its metrics. */
export class AccessLog {
  readonly #core: ExecuteCore;
  readonly #logged: Logged;
  readonly #values = new Map<string, string>();
  #integratingSince: number | undefined;

  constructor(core: ExecuteCore, logged: Logged) {
    this.#core = core;
    this.#logged = logged;
    const { request, stage, requestId, at } = logged;
    const values = {
      accountId: core.cloud.accountId,
      apiId: request.apiId,
      domainName: request.domainName,
      domainPrefix: request.domainName.split('.')[0]!,
      extendedRequestId: requestId,
      httpMethod: request.method,
      'identity.sourceIp': request.sourceIp,
      'identity.userAgent': headerOf(request.headers, 'user-agent') ?? '-',
      path: request.path,
      protocol: 'HTTP/1.1',
      requestId,
      requestTime: requestTime(at),
      requestTimeEpoch: String(at),
      stage: stage.StageName,
    };
    for (const [name, value] of Object.entries(values)) this.#values.set(name, value);
  }

  routed({ route }: ApiCall): void {
    this.#values.set('routeKey', route.RouteKey);
  }

  authorized(identity: Identity | undefined): void {
    if (!identity) return;
    const [members, prefix] =
      'jwt' in identity
        ? [identity.jwt.claims, 'authorizer.claims.']
        : 'lambda' in identity
          ? [identity.lambda ?? {}, 'authorizer.']
          : [identity.iam, 'identity.'];
    for (const [name, value] of Object.entries(members)) this.#values.set(prefix + name, String(value));
  }

  integrating(): void {
    this.#integratingSince = this.#core.cloud.clock.now();
  }

  integrated({ status }: ApiResponse): void {
    this.#values.set('integrationStatus', String(status));
    this.#values.set('integration.integrationStatus', String(status));
    this.#values.set('integration.status', '200');
    this.#tookToIntegrate();
  }

  failed({ message, status }: ApiFailure): void {
    const integrating = this.#integratingSince !== undefined;
    if (integrating) {
      this.#values.set('integrationErrorMessage', message);
      this.#values.set('integration.error', message);
      this.#tookToIntegrate();
    } else if (status === 401 || status === 403) {
      this.#values.set('authorizer.error', message);
    }
  }

  answered({ status, body }: ApiResponse): void {
    const latency = this.#core.cloud.clock.now() - this.#logged.at;
    this.#values.set('status', String(status));
    this.#values.set('responseLength', String(body.length));
    this.#values.set('responseLatency', String(latency));
    if (status >= 400) this.#values.set('error.message', body.toString('utf8'));
    if (status >= 400) this.#values.set('error.messageString', JSON.stringify(body.toString('utf8')));
    this.#measure(status, latency, body.length);
    void this.#write();
  }

  #tookToIntegrate(): void {
    const latency = this.#core.cloud.clock.now() - this.#integratingSince!;
    for (const name of ['integrationLatency', 'integration.latency']) this.#values.set(name, String(latency));
  }

  #measure(status: number, latency: number, bytes: number): void {
    const { request, stage } = this.#logged;
    const values: [string, number, string][] = [
      ['Count', 1, 'Count'],
      ['4xx', status >= 400 && status < 500 ? 1 : 0, 'Count'],
      ['5xx', status >= 500 ? 1 : 0, 'Count'],
      ['Latency', latency, 'Milliseconds'],
      ['DataProcessed', request.body.length + bytes, 'Bytes'],
    ];
    const integrationLatency = this.#values.get('integrationLatency');
    if (integrationLatency !== undefined)
      values.push(['IntegrationLatency', Number(integrationLatency), 'Milliseconds']);
    const api = { ApiId: request.apiId };
    for (const dimensions of [api, { ...api, Stage: stage.StageName }]) {
      for (const [name, value, unit] of values) {
        this.#core.cloud.measure({ namespace: 'AWS/ApiGateway', name, dimensions, value, unit });
      }
    }
  }

  async #write(): Promise<void> {
    const { DestinationArn, Format } = this.#logged.stage.AccessLogSettings ?? {};
    if (!DestinationArn || !Format) return;
    const message = Format.replace(
      /\$context\.([A-Za-z][\w-]*(?:\.[\w-]+)*)/g,
      (_, name) => this.#values.get(name) ?? '-',
    );
    await this.#core.logs.write(DestinationArn, message);
  }
}
