import { mapOf, tags } from '../provisioning/shape.ts';
import { apiPart } from './apis/api-part.ts';

const settings = {
  DataTraceEnabled: 'flag',
  DetailedMetricsEnabled: 'flag',
  LoggingLevel: 'text',
  ThrottlingBurstLimit: 'number',
  ThrottlingRateLimit: 'number',
} as const;

export default apiPart({
  type: 'AWS::ApiGatewayV2::Stage',
  noun: 'Stage',
  id: 'StageName',
  properties: {
    ApiId: 'text',
    StageName: 'text',
    AccessLogSettings: { DestinationArn: 'text', Format: 'text' },
    AutoDeploy: 'flag',
    DefaultRouteSettings: settings,
    DeploymentId: 'text',
    Description: 'text',
    RouteSettings: mapOf(settings),
    StageVariables: mapOf('text'),
    Tags: tags,
  },
  replacedBy: ['StageName'],
});
