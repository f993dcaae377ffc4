export type SecretService = 'secretsmanager' | 'ssm';

/** The service that keeps a secret, and its name there, from `secretsmanager:<name>` or `ssm:<parameter>`. */
export function secretPlace(secret: string): { readonly service: SecretService; readonly name: string } {
  const colon = secret.indexOf(':');
  return { service: secret.slice(0, colon) as SecretService, name: secret.slice(colon + 1) };
}
