import { NotSupportedError } from '../../../aws-error.ts';
import type { ApiCore } from '../deploy.ts';
import { badRequest, conflict } from '../errors.ts';
import type { Kind } from '../kinds.ts';
import { isLoopback } from '../loopback.ts';
import { newId } from '../new-id.ts';
import type { Api, Integration } from '../records.ts';
import { checkParameters } from '../valid-parameters.ts';

/** Of the API, but nothing here acts on them. */
const unsupported = ['ConnectionId', 'ContentHandlingStrategy', 'TemplateSelectionExpression', 'TlsConfig'];

export const integrationKind = ({ state }: ApiCore): Kind<Integration> => ({
  noun: 'Integration',
  id: 'IntegrationId',
  members: [
    'ConnectionType',
    'CredentialsArn',
    'Description',
    'IntegrationMethod',
    'IntegrationSubtype',
    'IntegrationType',
    'IntegrationUri',
    'PassthroughBehavior',
    'PayloadFormatVersion',
    'RequestParameters',
    'ResponseParameters',
    'TimeoutInMillis',
    ...unsupported,
  ],
  parts: state.integrations,
  make(wanted, { api, previous }) {
    for (const name of unsupported) {
      if (wanted[name] !== undefined) throw new NotSupportedError(`${name} of API Gateway integrations`);
    }
    const integration = {
      ConnectionType: 'INTERNET',
      TimeoutInMillis: longest(api),
      ...wanted,
      PayloadFormatVersion: payloadFormat(wanted, api),
    };
    checkIntegration(integration, api);
    return { ...integration, IntegrationId: previous?.IntegrationId ?? newId() };
  },
  release({ IntegrationId }, { ApiId }) {
    const used = state.routes.of(ApiId).find(({ Target }) => Target === `integrations/${IntegrationId}`);
    if (used) throw conflict(`Integration ${IntegrationId} is in use by route ${used.RouteKey}`);
  },
});

const longest = ({ ProtocolType }: Api) => (ProtocolType === 'HTTP' ? 30_000 : 29_000);

function payloadFormat({ IntegrationType, IntegrationSubtype, PayloadFormatVersion: given }: any, api: Api): string {
  const ofFunction = api.ProtocolType === 'HTTP' && IntegrationType === 'AWS_PROXY' && IntegrationSubtype === undefined;
  if (ofFunction && given === undefined) {
    throw badRequest('PayloadFormatVersion is a required parameter for integration type AWS_PROXY');
  }
  if (!(ofFunction ? ['1.0', '2.0'] : ['1.0']).includes(given ?? '1.0')) {
    throw badRequest(`PayloadFormatVersion ${given} is not supported for this integration`);
  }
  return given ?? '1.0';
}

function checkIntegration(integration: Integration, api: Api): void {
  const { IntegrationType: type, TimeoutInMillis } = integration;
  const http = api.ProtocolType === 'HTTP';
  if ((integration.ConnectionType as string) === 'VPC_LINK') throw new NotSupportedError('VPC links of API Gateway');
  if (!(Number.isInteger(TimeoutInMillis) && TimeoutInMillis >= 50 && TimeoutInMillis <= longest(api))) {
    throw badRequest(`Timeout should be between 50 ms and ${longest(api)} ms, got ${TimeoutInMillis}`);
  }
  const check = (http ? httpChecks : webSocketChecks)[type];
  if (!check) throw badRequest(`Integration type ${type} is not supported for ${api.ProtocolType} APIs`);
  check(integration);
  if (http) checkParameters(integration);
  if (
    integration.CredentialsArn !== undefined &&
    !/^arn:aws[\w-]*:iam::\d{12}:role\/./.test(integration.CredentialsArn)
  )
    throw badRequest(
      `Invalid credentials: CredentialsArn must be the ARN of a role, got ${integration.CredentialsArn}`,
    );
  for (const name of http ? [] : (['RequestParameters', 'ResponseParameters'] as const)) {
    if (integration[name]) throw new NotSupportedError(`${name} of integrations of WebSocket APIs`);
  }
}

type Check = (integration: Integration) => void;

const httpChecks: Readonly<Record<string, Check>> = {
  AWS_PROXY: (integration) =>
    integration.IntegrationSubtype ? checkCredentials(integration) : checkFunction(integration),
  HTTP_PROXY({ IntegrationMethod, IntegrationUri: uri }) {
    if (!IntegrationMethod) throw badRequest('IntegrationMethod is required for integration type HTTP_PROXY');
    if (uri === undefined || !URL.canParse(uri)) throw badRequest(`Invalid HTTP endpoint specified for URI: ${uri}`);
    if (!isLoopback(uri)) throw new NotSupportedError(`HTTP integrations with addresses off this machine: ${uri}`);
  },
};

const notHere: Check = ({ IntegrationType }) => {
  throw new NotSupportedError(`integrations of type ${IntegrationType} of WebSocket APIs`);
};

const webSocketChecks: Readonly<Record<string, Check>> = {
  AWS_PROXY: checkFunction,
  MOCK() {},
  AWS: notHere,
  HTTP: notHere,
  HTTP_PROXY: notHere,
};

function checkFunction({ IntegrationUri, IntegrationSubtype }: Integration): void {
  if (IntegrationSubtype) throw badRequest('IntegrationSubtype is only supported for HTTP APIs');
  if (!functionOf(IntegrationUri))
    throw badRequest(`IntegrationUri must name a Lambda function, got ${IntegrationUri}`);
}

function checkCredentials({ IntegrationSubtype, CredentialsArn }: Integration): void {
  if (!CredentialsArn) throw badRequest(`CredentialsArn is required for integration subtype ${IntegrationSubtype}`);
}

/** The ARN of the function that an integration or authorizer invokes: given as it is, or within the address of the invoke operation. */
export function functionOf(uri: string | undefined): string | undefined {
  return /(?:^|\/functions\/)(arn:aws[\w-]*:lambda:[^/]+)(?:\/invocations)?$/.exec(uri ?? '')?.[1];
}
