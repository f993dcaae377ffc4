/** What API Gateway keeps, in the shapes of its API. Times are ISO 8601. */

export interface Api {
  readonly ApiId: string;
  readonly Name: string;
  readonly ProtocolType: 'HTTP' | 'WEBSOCKET';
  readonly RouteSelectionExpression: string;
  readonly ApiKeySelectionExpression: string;
  readonly CorsConfiguration?: Cors;
  readonly Description?: string;
  readonly DisableExecuteApiEndpoint: boolean;
  readonly DisableSchemaValidation?: boolean;
  readonly IpAddressType: string;
  readonly Version?: string;
  readonly Tags: Readonly<Record<string, string>>;
  readonly CreatedDate: string;
}

export interface Cors {
  readonly AllowCredentials?: boolean;
  readonly AllowHeaders?: readonly string[];
  readonly AllowMethods?: readonly string[];
  readonly AllowOrigins?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  /** Seconds. */
  readonly MaxAge?: number;
}

export interface Route {
  readonly RouteId: string;
  /** e.g. `GET /orders/{id}`, `ANY /{proxy+}`, `$default`, `$connect`. */
  readonly RouteKey: string;
  readonly AuthorizationType: 'NONE' | 'JWT' | 'AWS_IAM' | 'CUSTOM';
  readonly AuthorizationScopes?: readonly string[];
  readonly AuthorizerId?: string;
  readonly ApiKeyRequired: boolean;
  readonly OperationName?: string;
  /** `integrations/<id>` */
  readonly Target?: string;
  readonly RouteResponseSelectionExpression?: string;
  readonly ApiGatewayManaged?: boolean;
}

export interface Integration {
  readonly IntegrationId: string;
  readonly IntegrationType: 'AWS_PROXY' | 'HTTP_PROXY' | 'MOCK';
  readonly ConnectionType: 'INTERNET';
  readonly CredentialsArn?: string;
  readonly Description?: string;
  readonly IntegrationMethod?: string;
  /** e.g. `SQS-SendMessage` */
  readonly IntegrationSubtype?: string;
  readonly IntegrationUri?: string;
  readonly PassthroughBehavior?: string;
  readonly PayloadFormatVersion: '1.0' | '2.0';
  readonly RequestParameters?: Readonly<Record<string, string>>;
  /** By status code. */
  readonly ResponseParameters?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly TimeoutInMillis: number;
  readonly ApiGatewayManaged?: boolean;
}

export interface Authorizer {
  readonly AuthorizerId: string;
  readonly Name: string;
  readonly AuthorizerType: 'JWT' | 'REQUEST';
  readonly IdentitySource: readonly string[];
  readonly JwtConfiguration?: { readonly Audience?: readonly string[]; readonly Issuer?: string };
  readonly AuthorizerUri?: string;
  readonly AuthorizerCredentialsArn?: string;
  readonly AuthorizerPayloadFormatVersion?: '1.0' | '2.0';
  readonly AuthorizerResultTtlInSeconds?: number;
  readonly EnableSimpleResponses?: boolean;
}

export interface RouteSettings {
  readonly DetailedMetricsEnabled?: boolean;
  readonly ThrottlingBurstLimit?: number;
  /** Requests per second. */
  readonly ThrottlingRateLimit?: number;
}

export interface Stage {
  readonly StageName: string;
  readonly AutoDeploy: boolean;
  readonly AccessLogSettings?: { readonly DestinationArn?: string; readonly Format?: string };
  readonly DefaultRouteSettings: RouteSettings;
  /** By route key. */
  readonly RouteSettings: Readonly<Record<string, RouteSettings>>;
  readonly StageVariables: Readonly<Record<string, string>>;
  readonly DeploymentId?: string;
  readonly Description?: string;
  readonly Tags: Readonly<Record<string, string>>;
  readonly CreatedDate: string;
  readonly LastUpdatedDate: string;
  readonly ApiGatewayManaged?: boolean;
}

export interface Deployment {
  readonly DeploymentId: string;
  readonly AutoDeployed: boolean;
  readonly DeploymentStatus: 'DEPLOYED';
  readonly Description?: string;
  readonly CreatedDate: string;
  /** What was deployed. A deployment that a stage made by itself has none: its stage serves the API as it is. */
  readonly snapshot?: Configuration;
}

export interface RouteResponse {
  readonly RouteResponseId: string;
  readonly RouteResponseKey: string;
}

/** Everything of an API that a stage serves. */
export interface Configuration {
  readonly api: Api;
  readonly routes: readonly Route[];
  readonly integrations: readonly Integration[];
  readonly authorizers: readonly Authorizer[];
  /** Ids of the routes that have a response. */
  readonly answeringRoutes: readonly string[];
}
