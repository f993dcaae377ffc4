import { functionOf } from '../../apigateway/operations/integrations.ts';
import type { Configuration, Route } from '../../apigateway/records.ts';
import { ApiFailure } from '../api-failure.ts';
import type { ExecuteCore } from '../core.ts';
import { invokeFunction } from '../integrations/invoke-function.ts';
import { withinTime } from '../integrations/within-time.ts';
import { type Happening, webSocketEvent } from './event.ts';

/** What the integration of a route answered. */
export interface RouteAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const done: RouteAnswer = { status: 200, headers: {} };

/** Runs the integration of a route; a route without one just passes. Throws ApiFailure where the integration fails. */
export async function runRoute(
  { cloud }: ExecuteCore,
  { integrations }: Configuration,
  route: Route,
  happening: Happening,
): Promise<RouteAnswer> {
  const integration = integrations.find(({ IntegrationId }) => route.Target === `integrations/${IntegrationId}`);
  if (integration?.IntegrationType !== 'AWS_PROXY') return done;
  const { apiId, stageName } = happening.connection;
  const invoking = invokeFunction(cloud, {
    functionArn: functionOf(integration.IntegrationUri)!,
    event: webSocketEvent(happening),
    credentialsArn: integration.CredentialsArn,
    sourceArn: `arn:aws:execute-api:${cloud.region}:${cloud.accountId}:${apiId}/${stageName}/${route.RouteKey}`,
    failureStatus: 502,
  });
  return readAnswer(await withinTime(cloud.clock, integration.TimeoutInMillis, invoking), happening.eventType);
}

function readAnswer(payload: string, eventType: Happening['eventType']): RouteAnswer {
  let answer: any;
  try {
    answer = JSON.parse(payload);
  } catch {
    answer = undefined;
  }
  const status = Number(answer?.statusCode);
  if (!Number.isInteger(status)) {
    // Only who waits for an answer minds that there is none.
    if (eventType === 'DISCONNECT') return done;
    throw new ApiFailure(502, 'The response from the Lambda function is malformed: statusCode is missing');
  }
  const { body, headers = {}, isBase64Encoded } = answer;
  const text = body === undefined || body === null ? undefined : String(body);
  return { status, headers, body: isBase64Encoded && text ? Buffer.from(text, 'base64').toString('utf8') : text };
}
