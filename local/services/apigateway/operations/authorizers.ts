import { NotSupportedError } from '../../../aws-error.ts';
import type { ApiCore } from '../deploy.ts';
import { badRequest, conflict } from '../errors.ts';
import type { Kind } from '../kinds.ts';
import { isLoopback } from '../loopback.ts';
import { newId } from '../new-id.ts';
import type { Api, Authorizer } from '../records.ts';
import { functionOf } from './integrations.ts';

const defaultTtlSeconds = 300;
const longestTtlSeconds = 3600;

export const authorizerKind = ({ state }: ApiCore): Kind<Authorizer> => ({
  noun: 'Authorizer',
  id: 'AuthorizerId',
  members: [
    'AuthorizerCredentialsArn',
    'AuthorizerPayloadFormatVersion',
    'AuthorizerResultTtlInSeconds',
    'AuthorizerType',
    'AuthorizerUri',
    'EnableSimpleResponses',
    'IdentitySource',
    'JwtConfiguration',
    'Name',
  ],
  parts: state.authorizers,
  async make(wanted, { api, previous }) {
    const AuthorizerId = previous?.AuthorizerId ?? newId(6);
    if (!wanted.Name) throw badRequest('Name is required');
    if (wanted.AuthorizerType === 'JWT') return { ...(await validJwt(wanted, api, previous)), AuthorizerId };
    if (wanted.AuthorizerType === 'REQUEST') return { ...validRequest(wanted, api), AuthorizerId };
    throw badRequest(`Invalid authorizer type ${wanted.AuthorizerType}: it must be JWT or REQUEST`);
  },
  release({ AuthorizerId }, { ApiId }) {
    const used = state.routes.of(ApiId).find((route) => route.AuthorizerId === AuthorizerId);
    if (used) throw conflict(`Authorizer ${AuthorizerId} is in use by route ${used.RouteKey}`);
  },
});

const identitySource = /^\$(request\.(header|querystring)\.[\w-]+|context\.[\w.]+|stageVariables\.\w+)$/;

async function validJwt(wanted: any, api: Api, previous: Authorizer | undefined): Promise<any> {
  if (api.ProtocolType !== 'HTTP') throw badRequest('Authorizers of type JWT are only supported for HTTP Apis');
  const { IdentitySource = [], JwtConfiguration: { Audience = [], Issuer } = {} as any } = wanted;
  if (IdentitySource.length !== 1 || !/^\$request\.(header|querystring)\./.test(IdentitySource[0])) {
    throw badRequest('Invalid identity source: a JWT authorizer has one, a header or a query string parameter');
  }
  if (Audience.length === 0) throw badRequest('Audience is required for authorizers of type JWT');
  if (!URL.canParse(Issuer ?? '')) throw badRequest(`Invalid issuer: ${Issuer}. Issuer must be a valid URL`);
  if (!isLoopback(Issuer)) throw new NotSupportedError(`JWT issuers off this machine: ${Issuer}`);
  if (Issuer !== previous?.JwtConfiguration?.Issuer) await checkDiscovery(Issuer);
  return wanted;
}

/** API Gateway asks an issuer for its keys once before it takes it, and so finds misspelt ones. */
async function checkDiscovery(issuer: string): Promise<void> {
  const problem = `Caught exception when connecting to ${issuer}/.well-known/openid-configuration for issuer ${issuer}`;
  let discovered: unknown;
  try {
    const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      redirect: 'error',
    });
    discovered = await response.json();
  } catch (error) {
    throw badRequest(`${problem}: ${(error as Error).message}. Please try again later.`);
  }
  if (typeof (discovered as any)?.jwks_uri !== 'string') {
    throw badRequest(
      `Invalid issuer: ${issuer}. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration'`,
    );
  }
}

function validRequest(wanted: any, api: Api): any {
  const http = api.ProtocolType === 'HTTP';
  const { AuthorizerUri, AuthorizerPayloadFormatVersion: format, IdentitySource = [] } = wanted;
  if (!functionOf(AuthorizerUri)) throw badRequest(`AuthorizerUri must name a Lambda function, got ${AuthorizerUri}`);
  const source = IdentitySource.find((one: string) => !identitySource.test(one.replace(/^route\./, '$')));
  if (source !== undefined) throw badRequest(`Invalid identity source ${source}`);
  if (http && !['1.0', '2.0'].includes(format)) {
    throw badRequest('AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizers: 1.0 or 2.0');
  }
  if (wanted.EnableSimpleResponses && format !== '2.0') {
    throw badRequest('Simple responses are only supported with AuthorizerPayloadFormatVersion 2.0');
  }
  const ttl = wanted.AuthorizerResultTtlInSeconds ?? (http && IdentitySource.length > 0 ? defaultTtlSeconds : 0);
  if (!(Number.isInteger(ttl) && ttl >= 0 && ttl <= longestTtlSeconds)) {
    throw badRequest(`AuthorizerResultTtlInSeconds must be from 0 to ${longestTtlSeconds}, got ${ttl}`);
  }
  if (ttl > 0 && IdentitySource.length === 0) throw badRequest('Caching needs at least one identity source');
  return { ...wanted, IdentitySource, ...(http && { AuthorizerResultTtlInSeconds: ttl }) };
}
