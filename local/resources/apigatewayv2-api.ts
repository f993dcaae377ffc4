import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { tags, type Value } from '../provisioning/shape.ts';
import { dropped } from './apis/api-part.ts';

const properties = {
  Name: 'text',
  ProtocolType: 'text',
  RouteSelectionExpression: 'text',
  ApiKeySelectionExpression: 'text',
  CorsConfiguration: {
    AllowCredentials: 'flag',
    AllowHeaders: ['text'],
    AllowMethods: ['text'],
    AllowOrigins: ['text'],
    ExposeHeaders: ['text'],
    MaxAge: 'number',
  },
  Description: 'text',
  DisableExecuteApiEndpoint: 'flag',
  DisableSchemaValidation: 'flag',
  IpAddressType: 'text',
  Version: 'text',
  Target: 'text',
  RouteKey: 'text',
  CredentialsArn: 'text',
  Tags: tags,
} as const;

const provisioned = ({ ApiId, ApiEndpoint }: { ApiId: string; ApiEndpoint: string }) => ({
  physicalId: ApiId,
  attributes: { ApiId, ApiEndpoint },
});

async function update(api: Value<typeof properties>, { call }: ResourceContext, ApiId: string, before: object) {
  const { ProtocolType: _, ...settings } = api;
  return provisioned(await call('apigateway', 'UpdateApi', { ...dropped(before, api), ...settings, ApiId }));
}

export default defineResource({
  type: 'AWS::ApiGatewayV2::Api',
  properties,
  // The parts that an API was created with cannot be told from others later.
  replacedBy: ['ProtocolType', 'Target', 'RouteKey', 'CredentialsArn'],
  create: async (api, { call }) => provisioned(await call('apigateway', 'CreateApi', api)),
  async update({ Target: _t, RouteKey: _r, CredentialsArn: _c, ...api }, context, { physicalId, properties: before }) {
    const { Target: _, RouteKey: __, CredentialsArn: ___, ...earlier } = before;
    return update(api, context, physicalId, earlier);
  },
  async delete(ApiId, { attempt }) {
    await attempt(['NotFoundException'], 'apigateway', 'DeleteApi', { ApiId });
  },
});
