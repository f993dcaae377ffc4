/** A pattern that is not one; the message is AWS's reason. */
export class PatternSyntaxError extends Error {}
