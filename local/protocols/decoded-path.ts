import { AwsError } from '../aws-error.ts';

/** A part of a path without its escapes. Throws where one stands for nothing. */
export function decodedPath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('SerializationException', `the path has an escape that cannot be read, in "${text}"`);
  }
}
