import { apiPart } from './apis/api-part.ts';

export default apiPart({
  type: 'AWS::ApiGatewayV2::Deployment',
  noun: 'Deployment',
  id: 'DeploymentId',
  properties: { ApiId: 'text', Description: 'text', StageName: 'text' },
  updates: false,
});
