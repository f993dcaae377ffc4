import * as z from 'zod';

/** Where a secret is kept: `secretsmanager:<name>`, or `ssm:<parameter>`. A definition and a plan hold names only. */
export const secretNameSchema = z
  .string()
  .regex(
    /^(secretsmanager:[A-Za-z0-9/_+=.@-]{1,512}|ssm:[A-Za-z0-9/_.-]{1,1011})$/,
    'is not the name of a secret: secretsmanager:<name> or ssm:<parameter>, e.g. secretsmanager:shop/hash-key',
  )
  .describe('name of the secret with the key: secretsmanager:<name> or ssm:<parameter>');
