import { apiPart } from './apis/api-part.ts';

export default apiPart({
  type: 'AWS::ApiGatewayV2::RouteResponse',
  noun: 'RouteResponse',
  id: 'RouteResponseId',
  properties: { ApiId: 'text', RouteId: 'text', RouteResponseKey: 'text' },
  updates: false,
});
