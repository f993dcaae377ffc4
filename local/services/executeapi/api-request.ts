/** A request to an API, whoever brought it: the gateway or a service of this cloud. */
export interface ApiRequest {
  readonly apiId: string;
  readonly method: string;
  /** As it was sent, with its escapes; begins with a slash. The stage's name is still in it. */
  readonly path: string;
  /** As it was sent, without the question mark. */
  readonly query: string;
  /** In the order and the case that they were sent in. */
  readonly headers: readonly Header[];
  readonly body: Buffer;
  readonly sourceIp: string;
  /** The host that was called, as the event names it. */
  readonly domainName: string;
  /** Whoever calls does not say who it is, though this cloud knows. Default false. */
  readonly unsigned?: boolean;
}

export type Header = readonly [name: string, value: string];

export interface ApiResponse {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Buffer;
}

/** The value of a header; several of one name are joined as HTTP joins them. */
export function headerOf(headers: readonly Header[], name: string): string | undefined {
  const values = headers.filter(([given]) => given.toLowerCase() === name).map(([, value]) => value);
  return values.length > 0 ? values.join(',') : undefined;
}
