import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ArnFormat, type Stack } from 'aws-cdk-lib/core';
import { secretPlace } from '../../core/secret-place.ts';

/** May read these secrets; nothing where there are none. */
export function secretAccess(stack: Stack, names: readonly string[]): PolicyStatement[] {
  const places = names.map(secretPlace);
  const arns = (service: string, resource: string, arnFormat: ArnFormat, nameOf: (name: string) => string) =>
    places
      .filter((place) => place.service === service)
      .map(({ name }) => stack.formatArn({ service, resource, arnFormat, resourceName: nameOf(name) }));
  // Secrets Manager puts six characters behind a name.
  const secrets = arns('secretsmanager', 'secret', ArnFormat.COLON_RESOURCE_NAME, (name) => `${name}-??????`);
  const parameters = arns('ssm', 'parameter', ArnFormat.SLASH_RESOURCE_NAME, (name) => name.replace(/^\//, ''));
  return [
    ...(secrets.length > 0
      ? [new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: secrets })]
      : []),
    ...(parameters.length > 0 ? [new PolicyStatement({ actions: ['ssm:GetParameter'], resources: parameters })] : []),
  ];
}
