import { dirname, join } from 'node:path';
import type { Cloud, Principal } from '../../../service.ts';
import type { LambdaSettings } from '../lambda-options.ts';
import type { FunctionVersion } from '../state.ts';
import { runtimeSdk } from './runtime-sdk.ts';

export interface ProcessSurroundings {
  readonly cloud: Cloud;
  /** Whom the process calls as. */
  readonly principal: Principal;
  readonly settings: LambdaSettings;
  readonly runtimeApi: string;
  readonly temporaryFolder: string;
  readonly logStream: string;
}

/** The whole environment of a function's process. Nothing of the developer's own environment is in it. */
export function processVariables(version: FunctionVersion, surroundings: ProcessSurroundings): Record<string, string> {
  const { cloud, principal, settings, runtimeApi, temporaryFolder, logStream } = surroundings;
  const { configuration, codeFolder, layerFolders: layers } = version;
  const credentials = cloud.issueCredentials(principal);
  const major = /\d+/.exec(configuration.Runtime)![0];
  const modules = layers.flatMap((layer) => [
    join(layer, 'nodejs', `node${major}`, 'node_modules'),
    join(layer, 'nodejs', 'node_modules'),
  ]);
  if (settings.nativeModules && !runsNatively(configuration.Architectures)) modules.push(settings.nativeModules);
  const sdk = runtimeSdk(cloud);
  const { LogGroup, LogFormat, ApplicationLogLevel } = configuration.LoggingConfig;
  return {
    AWS_ENDPOINT_URL: cloud.endpoint,
    NODE_COMPILE_CACHE: settings.compileCacheFolder,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...configuration.Environment?.Variables,
    PATH: [
      dirname(process.execPath),
      '/usr/local/bin',
      '/usr/bin',
      '/bin',
      ...layers.map((layer) => join(layer, 'bin')),
    ].join(':'),
    NODE_PATH: [configuration.Environment?.Variables?.NODE_PATH, ...modules, codeFolder, sdk?.folder]
      .filter(Boolean)
      .join(':'),
    TMPDIR: temporaryFolder,
    LAMBDA_TASK_ROOT: codeFolder,
    _HANDLER: configuration.Handler,
    _LAMBDA_TELEMETRY_LOG_FD: '3',
    ...(sdk && { _LAMBDA_RUNTIME_PACKAGES: sdk.packages }),
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_LAMBDA_FUNCTION_NAME: configuration.FunctionName,
    AWS_LAMBDA_FUNCTION_VERSION: configuration.Version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.MemorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: LogGroup!,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_LAMBDA_LOG_FORMAT: LogFormat!,
    ...(ApplicationLogLevel && { AWS_LAMBDA_LOG_LEVEL: ApplicationLogLevel }),
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.Runtime}`,
    AWS_REGION: cloud.region,
    AWS_DEFAULT_REGION: cloud.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  };
}

function runsNatively(architectures: readonly string[]): boolean {
  const native = process.arch === 'arm64' ? 'arm64' : 'x86_64';
  return process.platform === 'linux' && architectures[0] === native;
}
