import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ArnFormat, type Stack } from 'aws-cdk-lib/core';
import { secretPlace } from '../../core/secret-place.ts';

/**
 * May read these secrets, and ask which versions of `described` are current; nothing where there are none. The parameter
 * store has one action for both.
 */
export function secretAccess(
  stack: Stack,
  names: readonly string[],
  described: readonly string[] = [],
): PolicyStatement[] {
  const arns = (of: readonly string[], service: string, resource: string, nameOf: (name: string) => string) =>
    of
      .map(secretPlace)
      .filter((place) => place.service === service)
      .map(({ name }) => {
        const arnFormat = service === 'ssm' ? ArnFormat.SLASH_RESOURCE_NAME : ArnFormat.COLON_RESOURCE_NAME;
        return stack.formatArn({ service, resource, arnFormat, resourceName: nameOf(name) });
      });
  // Secrets Manager puts six characters behind a name.
  const secrets = (of: readonly string[]) => arns(of, 'secretsmanager', 'secret', (name) => `${name}-??????`);
  const both = [...new Set([...names, ...described])].sort();
  const parameters = arns(both, 'ssm', 'parameter', (name) => name.replace(/^\//, ''));
  const statement = (action: string, resources: string[]) =>
    resources.length > 0 ? [new PolicyStatement({ actions: [action], resources })] : [];
  return [
    ...statement('secretsmanager:GetSecretValue', secrets(names)),
    ...statement('secretsmanager:DescribeSecret', secrets(described)),
    ...statement('ssm:GetParameter', parameters),
  ];
}
