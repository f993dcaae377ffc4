import { mapOf } from '../provisioning/shape.ts';
import { apiPart } from './apis/api-part.ts';

const byStatus = mapOf({ ResponseParameters: [{ Destination: 'text', Source: 'text' }] });

type Written = Readonly<Record<string, { ResponseParameters?: { Destination: string; Source: string }[] }>>;

/** Templates list the parameters where API Gateway takes them by destination. */
function responseParameters(written: Written): Record<string, Record<string, string>> {
  return Object.fromEntries(
    Object.entries(written).map(([status, { ResponseParameters = [] }]) => [
      status,
      Object.fromEntries(ResponseParameters.map(({ Destination, Source }) => [Destination, Source])),
    ]),
  );
}

export default apiPart({
  type: 'AWS::ApiGatewayV2::Integration',
  noun: 'Integration',
  id: 'IntegrationId',
  properties: {
    ApiId: 'text',
    ConnectionType: 'text',
    CredentialsArn: 'text',
    Description: 'text',
    IntegrationMethod: 'text',
    IntegrationSubtype: 'text',
    IntegrationType: 'text',
    IntegrationUri: 'text',
    PassthroughBehavior: 'text',
    PayloadFormatVersion: 'text',
    RequestParameters: mapOf('text'),
    ResponseParameters: byStatus,
    TimeoutInMillis: 'number',
  },
  input: ({ ResponseParameters: written, ...rest }) => ({
    ...rest,
    ...(written && { ResponseParameters: responseParameters(written) }),
  }),
});
