import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../aws-error.ts';
import { wireValue } from '../../../protocols/json.ts';
import type { Integration } from '../../apigateway/records.ts';
import { type Subtype, subtypes } from '../../apigateway/subtypes.ts';
import type { ApiCall } from '../api-call.ts';
import { ApiFailure } from '../api-failure.ts';
import type { ApiResponse } from '../api-request.ts';
import type { ExecuteCore } from '../core.ts';
import { select } from '../http-api/select.ts';
import { sourceArn } from '../http-api/source-arn.ts';
import { integrationPrincipal } from './invoke-function.ts';

type Parameters = Readonly<Record<string, string>>;

/** Has a service do its part as the integration's role: its answer, or its error, is the answer. */
export async function callService(
  { cloud }: ExecuteCore,
  call: ApiCall,
  integration: Integration,
): Promise<ApiResponse> {
  const subtype = subtypes[integration.IntegrationSubtype!]!;
  const { request, stage, route } = call;
  const given = Object.entries(integration.RequestParameters ?? {}).map(([name, expression]) => [
    name,
    select(expression, call),
  ]);
  const parameters: Parameters = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  try {
    const principal = integrationPrincipal(cloud, {
      credentialsArn: integration.CredentialsArn,
      sourceArn: sourceArn(cloud, request.apiId, stage, route, request.method),
    });
    const output = await cloud.call(subtype.service, subtype.operation, inputOf(subtype, parameters), principal);
    return subtype.service === 'sqs' ? xml(200, subtype, output) : json(200, output);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.statusCode >= 500) throw new ApiFailure(500, error.message);
    return json(error.statusCode, { __type: error.code, message: error.message });
  }
}

function inputOf({ service }: Subtype, parameters: Parameters): object {
  if (service === 'events') {
    const { Time, Resources, ...entry } = parameters;
    return {
      Entries: [
        {
          ...entry,
          ...(Time !== undefined && { Time: new Date(Time) }),
          ...(Resources !== undefined && { Resources: parsed('Resources', Resources) }),
        },
      ],
    };
  }
  if (service === 'sqs') {
    const { DelaySeconds, MessageAttributes, ...rest } = parameters;
    return {
      ...rest,
      ...(DelaySeconds !== undefined && { DelaySeconds: Number(DelaySeconds) }),
      ...(MessageAttributes !== undefined && { MessageAttributes: parsed('MessageAttributes', MessageAttributes) }),
    };
  }
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]),
  );
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AwsError('BadRequestException', `${name} is not JSON: ${text}`);
  }
}

function json(status: number, body: unknown): ApiResponse {
  const text = JSON.stringify(body ?? {}, wireValue);
  return { status, headers: [['content-type', 'application/x-amz-json-1.0']], body: Buffer.from(text) };
}

/** SQS answers API Gateway in the XML of its query protocol. */
function xml(status: number, { operation }: Subtype, output: object | undefined): ApiResponse {
  const members = Object.entries(output ?? {}).map(([name, value]) => `<${name}>${value}</${name}>`);
  const result = members.length > 0 ? `<${operation}Result>${members.join('')}</${operation}Result>` : '';
  const metadata = `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
  const namespace = 'http://queue.amazonaws.com/doc/2012-11-05/';
  const text = `<?xml version="1.0"?><${operation}Response xmlns="${namespace}">${result}${metadata}</${operation}Response>`;
  return { status, headers: [['content-type', 'text/xml']], body: Buffer.from(text) };
}
