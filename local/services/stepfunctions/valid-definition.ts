import { AwsError } from '../../aws-error.ts';

/** Throws InvalidDefinition unless the text is a definition. */
export function validDefinition(text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new AwsError(
      'InvalidDefinition',
      `Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: ${(error as Error).message}'`,
    );
  }
}
