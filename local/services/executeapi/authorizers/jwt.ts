import { constants, type KeyObject, verify } from 'node:crypto';
import type { Authorizer } from '../../apigateway/records.ts';
import type { ApiCall, Identity } from '../api-call.ts';
import { ApiFailure } from '../api-failure.ts';
import type { ExecuteCore } from '../core.ts';
import { select } from '../http-api/select.ts';

/** API Gateway knows RSA keys only. */
const algorithms: Readonly<Record<string, { readonly digest: string; readonly pss?: boolean }>> = {
  RS256: { digest: 'RSA-SHA256' },
  RS384: { digest: 'RSA-SHA384' },
  RS512: { digest: 'RSA-SHA512' },
  PS256: { digest: 'RSA-SHA256', pss: true },
  PS384: { digest: 'RSA-SHA384', pss: true },
  PS512: { digest: 'RSA-SHA512', pss: true },
};

/** Checks the token of a call: its signature, who issued it for whom, when it is good, and what it is good for. */
export async function authorizeJwt(core: ExecuteCore, call: ApiCall, authorizer: Authorizer): Promise<Identity> {
  const sent = select(authorizer.IdentitySource[0]!, call);
  if (!sent) throw new ApiFailure(401, 'No token in the identity source', [['www-authenticate', 'Bearer']]);
  const { Issuer = '', Audience = [] } = authorizer.JwtConfiguration ?? {};
  const { header, claims, signed, signature } = readToken(sent.replace(/^Bearer\s+/i, ''));
  const algorithm = algorithms[header.alg];
  if (!algorithm) throw invalid(`signing method ${header.alg} is invalid`);
  if (typeof header.kid !== 'string') throw invalid('the token has no key id');
  if (claims.iss !== Issuer) throw invalid('issuer claim is invalid');
  const key = await keyOf(core, Issuer, header.kid);
  if (!isSignedBy(key, algorithm, signed, signature)) throw invalid('signature is invalid');
  checkClaims(claims, Audience, core.cloud.clock.now() / 1000);
  return { jwt: { claims: printed(claims), scopes: scopesOf(claims, call.route.AuthorizationScopes) } };
}

async function keyOf({ issuers }: ExecuteCore, issuer: string, kid: string): Promise<KeyObject> {
  let key: KeyObject | undefined;
  try {
    key = await issuers.keyOf(issuer, kid);
  } catch (error) {
    throw new ApiFailure(500, `the keys of ${issuer} could not be read: ${(error as Error).message}`);
  }
  if (!key) throw invalid(`the issuer has no key ${kid}`);
  return key;
}

function isSignedBy(
  key: KeyObject,
  { digest, pss }: { digest: string; pss?: boolean },
  signed: Buffer,
  signature: Buffer,
) {
  return verify(digest, signed, pss ? { key, padding: constants.RSA_PKCS1_PSS_PADDING } : key, signature);
}

function readToken(token: string) {
  const [header = '', payload = '', signature = '', ...rest] = token.split('.');
  const object = (part: string): Record<string, any> => {
    let value: unknown;
    try {
      value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    } catch {
      throw invalid('unable to decode the token');
    }
    if (typeof value !== 'object' || value === null) throw invalid('unable to decode the token');
    return value;
  };
  if (rest.length > 0 || signature === '') throw invalid('unable to decode the token');
  return {
    header: object(header),
    claims: object(payload),
    signed: Buffer.from(`${header}.${payload}`),
    signature: Buffer.from(signature, 'base64url'),
  };
}

/** `now` is in seconds since the epoch, as claims are. */
function checkClaims(claims: Record<string, any>, audience: readonly string[], now: number): void {
  const given: string[] = [claims.aud ?? claims.client_id ?? []].flat();
  if (!given.some((one) => audience.includes(one))) throw invalid('the audience is invalid');
  if (!(typeof claims.exp === 'number' && claims.exp > now)) throw invalid('the token has expired');
  if (claims.nbf !== undefined && !(claims.nbf <= now)) throw invalid('the token is not valid yet');
  if (claims.iat !== undefined && !(claims.iat <= now)) throw invalid('the token was issued in the future');
}

/** The scopes of the route that the token has; null for a route without scopes. One is enough. */
function scopesOf(claims: Record<string, any>, wanted: readonly string[] | undefined): string[] | null {
  if (!wanted?.length) return null;
  const given = claims.scope ?? claims.scp ?? [];
  const scopes = new Set<string>(typeof given === 'string' ? given.split(' ') : given);
  const granted = wanted.filter((scope) => scopes.has(scope));
  if (granted.length > 0) return granted;
  const reason = 'the request requires higher privileges than provided by the access token';
  const challenge = `Bearer scope="${wanted.join(' ')}" error="insufficient_scope" error_description="${reason}"`;
  throw new ApiFailure(403, reason, [['www-authenticate', challenge]]);
}

/** Functions get every claim as text: lists as `[a b]`. */
function printed(claims: Record<string, unknown>): Record<string, string> {
  const text = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(text).join(' ')}]`;
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, text(value)]));
}

function invalid(reason: string): ApiFailure {
  const challenge = `Bearer scope="" error="invalid_token" error_description="${reason}"`;
  return new ApiFailure(401, reason, [['www-authenticate', challenge]]);
}
