import type { IncomingMessage } from 'node:http';

const inPath = /^\/_apis\/([a-z0-9]+)(\/.*)?$/;
const inHost = /^([a-z0-9]+)\.execute-api\./i;

/** The API that a request is for, and the path within it: by the path `/_apis/<ApiId>/…`, or by the host as on AWS. */
export function apiAddress(
  { headers }: Pick<IncomingMessage, 'headers'>,
  path: string,
): { apiId: string; path: string } | undefined {
  const [, named, rest = '/'] = inPath.exec(path) ?? [];
  if (named) return { apiId: named, path: rest };
  const [, host] = inHost.exec(headers.host ?? '') ?? [];
  return host ? { apiId: host.toLowerCase(), path } : undefined;
}
