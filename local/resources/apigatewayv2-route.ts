import { apiPart } from './apis/api-part.ts';

export default apiPart({
  type: 'AWS::ApiGatewayV2::Route',
  noun: 'Route',
  id: 'RouteId',
  properties: {
    ApiId: 'text',
    ApiKeyRequired: 'flag',
    AuthorizationScopes: ['text'],
    AuthorizationType: 'text',
    AuthorizerId: 'text',
    OperationName: 'text',
    RouteKey: 'text',
    RouteResponseSelectionExpression: 'text',
    Target: 'text',
  },
});
