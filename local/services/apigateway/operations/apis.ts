import type { Operation } from '../../../service.ts';
import { type ApiCore, autoDeploy, nowIso } from '../deploy.ts';
import { badRequest, refuseUnknown } from '../errors.ts';
import { given, kindOperations, merged, shown } from '../kinds.ts';
import { newId } from '../new-id.ts';
import { paginate } from '../paginate.ts';
import type { Api } from '../records.ts';
import { validCors } from '../valid-cors.ts';
import { integrationKind } from './integrations.ts';
import { routeKind } from './routes.ts';
import { stageKind } from './stages.ts';

const settable = [
  'Name',
  'RouteSelectionExpression',
  'ApiKeySelectionExpression',
  'CorsConfiguration',
  'Description',
  'DisableExecuteApiEndpoint',
  'DisableSchemaValidation',
  'IpAddressType',
  'Version',
];

/** With these, creating an API makes a route, an integration and a stage as well. */
const quickCreate = ['Target', 'RouteKey', 'CredentialsArn'];

export function apiOperations(core: ApiCore): Record<string, Operation> {
  const { state, cloud } = core;
  const keep = (api: Api) => {
    cloud.store.transaction(() => {
      state.apis.set(api.ApiId, api);
      autoDeploy(core, api.ApiId);
    });
    return shownApi(core, api);
  };
  return {
    async CreateApi(input) {
      refuseUnknown('CreateApi', input, ['ProtocolType', 'Tags', ...settable, ...quickCreate]);
      const { ProtocolType, Tags = {}, Target } = input;
      if (!['HTTP', 'WEBSOCKET'].includes(ProtocolType))
        throw badRequest('Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]');
      const fixed = { ApiId: newId(10), ProtocolType, Tags, CreatedDate: nowIso(core) };
      const answer = keep(made(given(input, settable), fixed));
      try {
        if (Target !== undefined) await createTarget(core, fixed.ApiId, input);
      } catch (error) {
        state.deleteApi(fixed.ApiId);
        throw error;
      }
      return answer;
    },
    async UpdateApi(input) {
      refuseUnknown('UpdateApi', input, ['ApiId', ...settable]);
      const previous = state.api(input.ApiId);
      return keep(made(merged(previous, input, settable), previous));
    },
    async GetApi(input) {
      refuseUnknown('GetApi', input, ['ApiId']);
      return shownApi(core, state.api(input.ApiId));
    },
    async GetApis(input) {
      refuseUnknown('GetApis', input, ['MaxResults', 'NextToken']);
      const { Items, NextToken } = paginate([...state.apis.values()], input);
      return { Items: Items.map((api) => shownApi(core, api)), NextToken };
    },
    async DeleteApi(input) {
      refuseUnknown('DeleteApi', input, ['ApiId']);
      const { ApiId } = state.api(input.ApiId);
      cloud.store.transaction(() => state.deleteApi(ApiId));
      return {};
    },
    async DeleteCorsConfiguration(input) {
      refuseUnknown('DeleteCorsConfiguration', input, ['ApiId']);
      const { CorsConfiguration: _, ...api } = state.api(input.ApiId);
      keep(api);
      return {};
    },
  };
}

type Fixed = Pick<Api, 'ApiId' | 'ProtocolType' | 'Tags' | 'CreatedDate'>;

function made(wanted: any, { ApiId, ProtocolType, Tags, CreatedDate }: Fixed): Api {
  const http = ProtocolType === 'HTTP';
  if (typeof wanted.Name !== 'string' || wanted.Name === '') throw badRequest('Name is required');
  for (const [member, most] of Object.entries(longest)) {
    if ((wanted[member]?.length ?? 0) > most) throw badRequest(`${member} has at most ${most} characters`);
  }
  if (http && !httpSelections.includes(wanted.RouteSelectionExpression ?? httpSelection)) {
    throw badRequest('Invalid route selection expression: HTTP APIs select by $request.method $request.path');
  }
  if (!http && !wanted.RouteSelectionExpression)
    throw badRequest('RouteSelectionExpression is required for WEBSOCKET Apis');
  if (!http && wanted.CorsConfiguration) throw badRequest('CORS configuration is only supported for HTTP Apis');
  return {
    RouteSelectionExpression: httpSelection,
    ApiKeySelectionExpression: '$request.header.x-api-key',
    DisableExecuteApiEndpoint: false,
    IpAddressType: 'ipv4',
    ...wanted,
    ...(wanted.CorsConfiguration && { CorsConfiguration: validCors(wanted.CorsConfiguration) }),
    ApiId,
    ProtocolType,
    Tags,
    CreatedDate,
  };
}

/** In characters. */
const longest = { Name: 128, Description: 1024, Version: 64 };

const httpSelection = '$request.method $request.path';
const httpSelections = [httpSelection, httpSelection.replace(/\$([\w.]+)/g, '${$1}')];

/** The address of an API on this machine. A stage's own name is the next part of the path. */
function shownApi({ cloud }: ApiCore, api: Api) {
  const base = `${cloud.endpoint}/_apis/${api.ApiId}`;
  return { ...shown(api), ApiEndpoint: api.ProtocolType === 'HTTP' ? base : base.replace(/^http/, 'ws') };
}

/** One integration that a stage of its own serves: of the function, or the address, that the API was created with. */
async function createTarget(core: ApiCore, ApiId: string, { Target, RouteKey, CredentialsArn }: any): Promise<void> {
  const api = core.state.api(ApiId);
  const place = { api };
  const lambda = String(Target).startsWith('arn:');
  const integration = await integrationKind(core).make(
    {
      IntegrationType: lambda ? 'AWS_PROXY' : 'HTTP_PROXY',
      IntegrationUri: Target,
      CredentialsArn,
      ...(lambda ? { PayloadFormatVersion: '2.0' } : { IntegrationMethod: 'ANY' }),
    },
    place,
  );
  const { IntegrationId } = integration;
  core.state.integrations.set(ApiId, IntegrationId, { ...integration, ApiGatewayManaged: true });
  const route = await routeKind(core).make(
    { RouteKey: RouteKey ?? '$default', Target: `integrations/${IntegrationId}` },
    place,
  );
  core.state.routes.set(ApiId, route.RouteId, { ...route, ApiGatewayManaged: true });
  await kindOperations(core, stageKind(core)).CreateStage!(
    { ApiId, StageName: '$default', AutoDeploy: true },
    {} as never,
  );
}
