import type { Principal } from '../../service.ts';
import type { Configuration, Route, Stage } from '../apigateway/records.ts';
import type { ApiRequest } from './api-request.ts';
import type { Variables } from './http-api/variables.ts';

/** One request to an HTTP API, once its route is known. */
export interface ApiCall {
  readonly request: ApiRequest;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly principal: Principal;
  readonly configuration: Configuration;
  readonly stage: Stage;
  readonly variables: Variables;
  readonly route: Route;
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
  /** What the authorizer of the route found out. */
  readonly identity?: Identity;
}

/** `requestContext.authorizer` of format 2.0, which format 1.0 flattens. */
export type Identity =
  | { readonly jwt: { readonly claims: Readonly<Record<string, string>>; readonly scopes: readonly string[] | null } }
  | { readonly lambda: Readonly<Record<string, unknown>> | null; readonly principalId?: string }
  | { readonly iam: Readonly<Record<string, unknown>> };
