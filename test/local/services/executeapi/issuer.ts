import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An OpenID issuer on this machine. */
export async function startIssuer() {
  const keys = new Map<string, ReturnType<typeof pair>>([['first', pair()]]);
  let asked = 0;
  const server = createServer((request, response) => {
    asked++;
    const jwks = [...keys].map(([kid, { publicKey }]) => ({ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' }));
    const answers: Record<string, object> = {
      '/.well-known/openid-configuration': { issuer: url, jwks_uri: `${url}/keys` },
      '/keys': { keys: jwks },
    };
    const answer = answers[request.url!];
    response.statusCode = answer ? 200 : 404;
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    get asked() {
      return asked;
    },
    /** Gives the issuer one more key. */
    addKey: (kid: string) => void keys.set(kid, pair()),
    /** A token with these claims; `exp` and `iss` are good ones unless they say otherwise. */
    token(claims: object, { kid = 'first', alg = 'RS256', key }: { kid?: string; alg?: string; key?: KeyObject } = {}) {
      const all = { iss: url, aud: 'orders', exp: Date.UTC(2026, 0, 1, 1) / 1000, sub: 'alice', ...claims };
      const text = `${encoded({ alg, kid, typ: 'JWT' })}.${encoded(all)}`;
      const signature = sign('RSA-SHA256', Buffer.from(text), key ?? keys.get(kid)!.privateKey);
      return `${text}.${signature.toString('base64url')}`;
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

export type Issuer = Awaited<ReturnType<typeof startIssuer>>;
