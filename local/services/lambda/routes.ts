import { decodedPath } from '../../protocols/decoded-path.ts';

/** One operation of the REST API: how its request line looks, and the status of its answer. */
export interface Route {
  readonly operation: string;
  readonly method: string;
  /** Names of the path's variables are members of the input. */
  readonly path: RegExp;
  readonly status: number;
  /** A query parameter that tells apart two operations on one path. */
  readonly find?: string;
}

const table: readonly (readonly [operation: string, method: string, template: string, status: number])[] = [
  ['CreateFunction', 'POST', '/2015-03-31/functions', 201],
  ['ListFunctions', 'GET', '/2015-03-31/functions', 200],
  ['GetFunction', 'GET', '/2015-03-31/functions/{FunctionName}', 200],
  ['DeleteFunction', 'DELETE', '/2015-03-31/functions/{FunctionName}', 200],
  ['UpdateFunctionCode', 'PUT', '/2015-03-31/functions/{FunctionName}/code', 200],
  ['GetFunctionConfiguration', 'GET', '/2015-03-31/functions/{FunctionName}/configuration', 200],
  ['UpdateFunctionConfiguration', 'PUT', '/2015-03-31/functions/{FunctionName}/configuration', 200],
  ['Invoke', 'POST', '/2015-03-31/functions/{FunctionName}/invocations', 200],
  ['InvokeWithResponseStream', 'POST', '/2021-11-15/functions/{FunctionName}/response-streaming-invocations', 200],
  ['PublishVersion', 'POST', '/2015-03-31/functions/{FunctionName}/versions', 201],
  ['ListVersionsByFunction', 'GET', '/2015-03-31/functions/{FunctionName}/versions', 200],
  ['CreateAlias', 'POST', '/2015-03-31/functions/{FunctionName}/aliases', 201],
  ['ListAliases', 'GET', '/2015-03-31/functions/{FunctionName}/aliases', 200],
  ['GetAlias', 'GET', '/2015-03-31/functions/{FunctionName}/aliases/{Name}', 200],
  ['UpdateAlias', 'PUT', '/2015-03-31/functions/{FunctionName}/aliases/{Name}', 200],
  ['DeleteAlias', 'DELETE', '/2015-03-31/functions/{FunctionName}/aliases/{Name}', 204],
  ['AddPermission', 'POST', '/2015-03-31/functions/{FunctionName}/policy', 201],
  ['GetPolicy', 'GET', '/2015-03-31/functions/{FunctionName}/policy', 200],
  ['RemovePermission', 'DELETE', '/2015-03-31/functions/{FunctionName}/policy/{StatementId}', 204],
  ['PutFunctionConcurrency', 'PUT', '/2017-10-31/functions/{FunctionName}/concurrency', 200],
  ['GetFunctionConcurrency', 'GET', '/2019-09-30/functions/{FunctionName}/concurrency', 200],
  ['DeleteFunctionConcurrency', 'DELETE', '/2017-10-31/functions/{FunctionName}/concurrency', 204],
  ['PutFunctionEventInvokeConfig', 'PUT', '/2019-09-25/functions/{FunctionName}/event-invoke-config', 200],
  ['GetFunctionEventInvokeConfig', 'GET', '/2019-09-25/functions/{FunctionName}/event-invoke-config', 200],
  ['UpdateFunctionEventInvokeConfig', 'POST', '/2019-09-25/functions/{FunctionName}/event-invoke-config', 200],
  ['DeleteFunctionEventInvokeConfig', 'DELETE', '/2019-09-25/functions/{FunctionName}/event-invoke-config', 204],
  ['ListFunctionEventInvokeConfigs', 'GET', '/2019-09-25/functions/{FunctionName}/event-invoke-config/list', 200],
  ['PublishLayerVersion', 'POST', '/2018-10-31/layers/{LayerName}/versions', 201],
  ['ListLayerVersions', 'GET', '/2018-10-31/layers/{LayerName}/versions', 200],
  ['GetLayerVersion', 'GET', '/2018-10-31/layers/{LayerName}/versions/{VersionNumber}', 200],
  ['DeleteLayerVersion', 'DELETE', '/2018-10-31/layers/{LayerName}/versions/{VersionNumber}', 204],
  ['GetLayerVersionByArn', 'GET', '/2018-10-31/layers?find=LayerVersion', 200],
  ['ListLayers', 'GET', '/2018-10-31/layers', 200],
  ['CreateEventSourceMapping', 'POST', '/2015-03-31/event-source-mappings', 202],
  ['ListEventSourceMappings', 'GET', '/2015-03-31/event-source-mappings', 200],
  ['GetEventSourceMapping', 'GET', '/2015-03-31/event-source-mappings/{UUID}', 200],
  ['UpdateEventSourceMapping', 'PUT', '/2015-03-31/event-source-mappings/{UUID}', 202],
  ['DeleteEventSourceMapping', 'DELETE', '/2015-03-31/event-source-mappings/{UUID}', 202],
  ['ListTags', 'GET', '/2017-03-31/tags/{Resource}', 200],
  ['TagResource', 'POST', '/2017-03-31/tags/{Resource}', 204],
  ['UntagResource', 'DELETE', '/2017-03-31/tags/{Resource}', 204],
];

const routes: readonly Route[] = table.map(([operation, method, template, status]) => {
  const [path, find] = template.split('?find=');
  const pattern = path!.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return { operation, method, path: new RegExp(`^${pattern}/?$`), status, ...(find && { find }) };
});

/** The operation behind a request line, with the members of the input that are in the path. */
export function route(method: string, url: URL): { route: Route; members: Record<string, string> } | undefined {
  for (const candidate of routes) {
    if (candidate.method !== method || (candidate.find && url.searchParams.get('find') !== candidate.find)) continue;
    const match = candidate.path.exec(url.pathname);
    if (!match) continue;
    const members = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodedPath(value)]);
    return { route: candidate, members: Object.fromEntries(members) };
  }
  return undefined;
}
