/** An error in AWS's own shape: a code, an HTTP status and a message. Protocols turn it into the wire format. */
export class AwsError extends Error {
  readonly code: string;
  readonly statusCode: number;
  /** Further members of the modeled error, such as `CancellationReasons` or `Item`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, statusCode = 400, details: Record<string, unknown> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.statusCode = statusCode;
    this.details = details;
  }
}

/** What local AWS does not have answers 501 with its name: nothing is ever ignored in silence. */
export class NotSupportedError extends AwsError {
  constructor(what: string) {
    super('NotImplemented', `local AWS does not support ${what}`, 501);
  }
}
