import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { mapOf, tags, type Value, withoutEffect } from '../provisioning/shape.ts';
import { readAssetText } from './assets/read-asset-text.ts';

const properties = {
  StateMachineName: 'text',
  StateMachineType: 'text',
  DefinitionString: 'text',
  Definition: 'json',
  DefinitionS3Location: { Bucket: 'text', Key: 'text' },
  DefinitionSubstitutions: mapOf('text'),
  RoleArn: 'text',
  LoggingConfiguration: {
    Level: 'text',
    IncludeExecutionData: 'flag',
    Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: 'text' } }],
  },
  TracingConfiguration: { Enabled: 'flag' },
  EncryptionConfiguration: withoutEffect('state machines are not encrypted at rest on this machine'),
  Tags: tags,
} as const;

type Machine = Value<typeof properties>;

function definition(machine: Machine, context: ResourceContext): string {
  const { Bucket = '', Key = '' } = machine.DefinitionS3Location ?? {};
  const text =
    machine.DefinitionString ??
    (machine.Definition ? JSON.stringify(machine.Definition) : readAssetText(context, Bucket, Key));
  const substitutions = machine.DefinitionSubstitutions ?? {};
  // Names without a substitution stay: `${…}` may be the definition's own text.
  return text.replace(/\$\{([^}]+)\}/g, (whole, name: string) => substitutions[name] ?? whole);
}

function settings(machine: Machine, context: ResourceContext) {
  const logging = machine.LoggingConfiguration;
  const destinations = logging?.Destinations?.map(({ CloudWatchLogsLogGroup }) => ({
    cloudWatchLogsLogGroup: { logGroupArn: CloudWatchLogsLogGroup?.LogGroupArn },
  }));
  return {
    definition: definition(machine, context),
    roleArn: machine.RoleArn,
    ...(logging && {
      loggingConfiguration: { level: logging.Level, includeExecutionData: logging.IncludeExecutionData, destinations },
    }),
    ...(machine.TracingConfiguration && { tracingConfiguration: { enabled: machine.TracingConfiguration.Enabled } }),
  };
}

const arn = (name: string, { region, accountId }: ResourceContext) =>
  `arn:aws:states:${region}:${accountId}:stateMachine:${name}`;

const provisioned = (name: string, revision: string | undefined, context: ResourceContext) => ({
  physicalId: name,
  ref: arn(name, context),
  attributes: { Arn: arn(name, context), Name: name, StateMachineRevisionId: revision ?? 'INITIAL' },
});

export default defineResource({
  type: 'AWS::StepFunctions::StateMachine',
  properties,
  replacedBy: ['StateMachineName', 'StateMachineType'],
  async create(machine, context) {
    const name = context.name(machine.StateMachineName, { maxLength: 80 });
    const type = machine.StateMachineType ?? 'STANDARD';
    await context.call('states', 'CreateStateMachine', { name, type, ...settings(machine, context) });
    return provisioned(name, undefined, context);
  },
  async update(machine, context, { physicalId }) {
    const input = { stateMachineArn: arn(physicalId, context), ...settings(machine, context) };
    const { revisionId } = await context.call('states', 'UpdateStateMachine', input);
    return provisioned(physicalId, revisionId, context);
  },
  async delete(name, context) {
    await context.call('states', 'DeleteStateMachine', { stateMachineArn: arn(name, context) });
  },
});
