import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  type ILayerVersion,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { HandlerCode } from './bundle/handlers.ts';
import { rolePolicies } from './permissions/role-policies.ts';

export interface PipelineFunctionProps {
  /** Name in AWS, e.g. `penstock-flights-worker`. */
  readonly functionName: string;
  readonly description: string;
  readonly code: HandlerCode;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /** Disk at `/tmp`. Default 512. */
  readonly diskMegabytes?: number;
  readonly environment: Readonly<Record<string, string>>;
  /** All that the function may do besides writing its own log. */
  readonly permissions: readonly PolicyStatement[];
  readonly layers?: readonly ILayerVersion[];
}

/** A function with its own role and its own log, and no permission that is not listed. */
export class PipelineFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: PipelineFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${props.functionName}`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const writeLog = new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    });
    const { inline, managed } = rolePolicies(Stack.of(this), props.functionName, [writeLog, ...props.permissions]);
    // Permissions stand in the role itself, or in what it names, so that nothing starts before its role is complete.
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { Permissions: inline },
      managedPolicies: managed.map(
        (document, index) => new ManagedPolicy(this, `Permissions${index + 2}`, { document }),
      ),
    });
    this.function = new LambdaFunction(this, 'Function', {
      functionName: props.functionName,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.X86_64,
      code: Code.fromAsset(props.code.folder),
      handler: props.code.handler,
      role: this.role.withoutPolicyUpdates(),
      memorySize: props.memoryMegabytes,
      timeout: Duration.seconds(props.timeoutSeconds),
      ...(props.diskMegabytes && { ephemeralStorageSize: Size.mebibytes(props.diskMegabytes) }),
      environment: {
        POWERTOOLS_SERVICE_NAME: props.functionName,
        POWERTOOLS_METRICS_NAMESPACE: 'Penstock',
        POWERTOOLS_LOG_LEVEL: 'INFO',
        ...props.environment,
      },
      layers: [...(props.layers ?? [])],
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
    });
  }
}
