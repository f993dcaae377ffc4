import { apiPart } from './apis/api-part.ts';

export default apiPart({
  type: 'AWS::ApiGatewayV2::Authorizer',
  noun: 'Authorizer',
  id: 'AuthorizerId',
  properties: {
    ApiId: 'text',
    AuthorizerCredentialsArn: 'text',
    AuthorizerPayloadFormatVersion: 'text',
    AuthorizerResultTtlInSeconds: 'number',
    AuthorizerType: 'text',
    AuthorizerUri: 'text',
    EnableSimpleResponses: 'flag',
    IdentitySource: ['text'],
    JwtConfiguration: { Audience: ['text'], Issuer: 'text' },
    Name: 'text',
  },
});
