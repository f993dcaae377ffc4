import { NotSupportedError } from '../aws-error.ts';

/** A CloudFormation template, as far as local AWS understands one. */
export interface Template {
  readonly Parameters: Readonly<Record<string, TemplateParameter>>;
  readonly Mappings: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Rules: Readonly<Record<string, TemplateRule>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs: Readonly<Record<string, TemplateOutput>>;
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: string | number;
  readonly AllowedValues?: readonly (string | number)[];
  readonly AllowedPattern?: string;
  readonly MinLength?: string | number;
  readonly MaxLength?: string | number;
  readonly MinValue?: string | number;
  readonly MaxValue?: string | number;
  readonly ConstraintDescription?: string;
}

export interface TemplateRule {
  readonly RuleCondition?: unknown;
  readonly Assertions: readonly { readonly Assert: unknown; readonly AssertDescription?: string }[];
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: DeletionPolicy;
  readonly UpdateReplacePolicy?: DeletionPolicy;
}

/** `Snapshot` exists for types that local AWS does not have; where it appears it is refused. */
export type DeletionPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate' | 'Snapshot';

export interface TemplateOutput {
  readonly Value: unknown;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

const sections = ['Parameters', 'Mappings', 'Conditions', 'Rules', 'Resources', 'Outputs'] as const;
const withoutEffect = new Set(['AWSTemplateFormatVersion', 'Description', 'Metadata']);
const resourceMembers = new Set([
  'Type',
  'Properties',
  'Condition',
  'DependsOn',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
]);

/** Reads a parsed template document. Throws NotSupportedError for sections and resource attributes that would be ignored. */
export function readTemplate(document: Record<string, any>, stackName: string): Template {
  for (const [section, value] of Object.entries(document)) {
    if (withoutEffect.has(section) || (sections as readonly string[]).includes(section)) continue;
    if (section === 'Transform' && [value].flat().every((name) => name === 'AWS::LanguageExtensions')) continue;
    throw new NotSupportedError(`the template section ${section} (stack ${stackName})`);
  }
  for (const [logicalId, resource] of Object.entries<Record<string, unknown>>(document.Resources ?? {})) {
    if (logicalId.startsWith('Fn::')) throw new NotSupportedError(`${logicalId} among the resources of ${stackName}`);
    const unknown = Object.keys(resource).find((member) => !resourceMembers.has(member));
    if (unknown) throw new NotSupportedError(`the resource attribute ${unknown} (${stackName}/${logicalId})`);
  }
  return Object.fromEntries(sections.map((section) => [section, document[section] ?? {}])) as unknown as Template;
}
