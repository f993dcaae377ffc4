import type { Stage } from '../../apigateway/records.ts';
import type { ApiFailure } from '../api-failure.ts';
import type { ApiRequest, ApiResponse } from '../api-request.ts';
import type { ExecuteCore } from '../core.ts';
import type { Variables } from './variables.ts';

/** Follows one request to its end: a line in the stage's log group, and the API's metrics. */
export class AccessLog {
  readonly #core: ExecuteCore;
  readonly #request: ApiRequest;
  readonly #stage: Stage;
  readonly #variables: Variables;
  readonly #since: number;
  #integratingSince: number | undefined;

  constructor(core: ExecuteCore, request: ApiRequest, stage: Stage, variables: Variables) {
    this.#core = core;
    this.#request = request;
    this.#stage = stage;
    this.#variables = variables;
    this.#since = core.cloud.clock.now();
  }

  integrating(): void {
    this.#integratingSince = this.#core.cloud.clock.now();
  }

  integrated({ status }: ApiResponse): void {
    this.#set({ integrationStatus: status, 'integration.integrationStatus': status, 'integration.status': 200 });
    this.#tookToIntegrate();
  }

  failed({ message, status }: ApiFailure): void {
    if (this.#integratingSince !== undefined) {
      this.#set({ integrationErrorMessage: message, 'integration.error': message });
      this.#tookToIntegrate();
    } else if (status === 401 || status === 403) {
      this.#set({ 'authorizer.error': message });
    }
  }

  answered({ status, body }: ApiResponse): void {
    const latency = this.#core.cloud.clock.now() - this.#since;
    this.#set({ status, responseLength: body.length, responseLatency: latency });
    if (status >= 400) {
      const text = body.toString('utf8');
      this.#set({ 'error.message': text, 'error.messageString': JSON.stringify(text) });
    }
    this.#measure(status, latency, body.length);
    writeAccessLog(this.#core, this.#stage, this.#variables);
  }

  #set(values: Readonly<Record<string, string | number>>): void {
    for (const [name, value] of Object.entries(values)) this.#variables.set(name, String(value));
  }

  #tookToIntegrate(): void {
    const latency = this.#core.cloud.clock.now() - this.#integratingSince!;
    this.#set({ integrationLatency: latency, 'integration.latency': latency });
  }

  #measure(status: number, latency: number, bytes: number): void {
    const values: [string, number, string][] = [
      ['Count', 1, 'Count'],
      ['4xx', status >= 400 && status < 500 ? 1 : 0, 'Count'],
      ['5xx', status >= 500 ? 1 : 0, 'Count'],
      ['Latency', latency, 'Milliseconds'],
      ['DataProcessed', this.#request.body.length + bytes, 'Bytes'],
    ];
    const integrationLatency = this.#variables.get('integrationLatency');
    if (integrationLatency !== undefined) {
      values.push(['IntegrationLatency', Number(integrationLatency), 'Milliseconds']);
    }
    const api = { ApiId: this.#request.apiId };
    for (const dimensions of [api, { ...api, Stage: this.#stage.StageName }]) {
      for (const [name, value, unit] of values) {
        this.#core.cloud.measure({ namespace: 'AWS/ApiGateway', name, dimensions, value, unit });
      }
    }
  }
}

/** Writes the line that a stage wants of a request, where it wants one. */
export function writeAccessLog(core: ExecuteCore, { AccessLogSettings }: Stage, variables: Variables): void {
  const { DestinationArn, Format } = AccessLogSettings ?? {};
  if (!DestinationArn || !Format) return;
  const message = Format.replace(/\$context\.([A-Za-z]\w*(?:\.\w+)*)/g, (_, name) => variables.get(name) ?? '-');
  void core.logs.write(DestinationArn, message);
}
