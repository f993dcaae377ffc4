import { AwsError } from '../../aws-error.ts';

export interface FunctionReference {
  readonly name: string;
  readonly qualifier?: string;
}

/**
 * Reads what the API takes for `FunctionName`: a name, `name:qualifier`, a partial ARN `account:function:name` or a full
 * ARN, each with or without a qualifier. A qualifier given apart must agree with the one in the name.
 * Throws `InvalidParameterValueException` for anything else.
 */
export function functionReference(functionName: unknown, qualifier?: string): FunctionReference {
  const match =
    /^(?:arn:aws[a-z-]*:lambda:)?(?:[a-z]{2}(?:-[a-z]+)+-\d:)?(?:\d{12}:)?(?:function:)?([a-zA-Z0-9-_]{1,64})(?::(\$LATEST|[a-zA-Z0-9-_]{1,128}))?$/.exec(
      String(functionName ?? ''),
    );
  if (!match) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${functionName}' at 'functionName' failed to satisfy constraint: Member must be a function name or ARN`,
    );
  }
  const inName = match[2];
  if (inName && qualifier && inName !== qualifier) {
    throw new AwsError(
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  }
  return { name: match[1]!, qualifier: qualifier ?? inName };
}
