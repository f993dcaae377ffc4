import { NotSupportedError } from '../aws-error.ts';
import { TemplateError } from './scope.ts';
import type { TemplateParameter } from './template.ts';

export type ParameterValue = string | readonly string[];

/** How parameters whose value is the name of a Systems Manager parameter find that value. */
export type ReadSystemParameter = (name: string) => Promise<string>;

const systemParameterType = /^AWS::SSM::Parameter::Value<(.+)>$/;

/**
 * The values of a stack's parameters: given ones, else defaults, checked against the parameter's constraints.
 * Throws TemplateError for missing, unknown or illegal values.
 */
export async function parameterValues(
  stackName: string,
  parameters: Readonly<Record<string, TemplateParameter>>,
  given: Readonly<Record<string, string>>,
  readSystemParameter: ReadSystemParameter,
): Promise<Map<string, ParameterValue>> {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(parameters, name));
  if (unknown) throw new TemplateError(stackName, `the template has no parameter ${unknown}`);
  const values = new Map<string, ParameterValue>();
  for (const [name, parameter] of Object.entries(parameters)) {
    const text = given[name] ?? parameter.Default;
    if (text === undefined) throw new TemplateError(stackName, `the parameter ${name} has no value and no default`);
    const problem = violation(parameter, String(text));
    if (problem)
      throw new TemplateError(stackName, `parameter ${name}: "${text}" ${parameter.ConstraintDescription ?? problem}`);
    const system = systemParameterType.exec(parameter.Type);
    const value = system ? await readSystemParameter(String(text)) : String(text);
    values.set(name, typed(system?.[1] ?? parameter.Type, value, `${stackName}/${name}`));
  }
  return values;
}

function typed(type: string, value: string, place: string): ParameterValue {
  if (type === 'CommaDelimitedList' || type.startsWith('List<')) return value.split(',').map((part) => part.trim());
  if (type === 'String' || type === 'Number' || type.startsWith('AWS::')) return value;
  throw new NotSupportedError(`the parameter type ${type} (${place})`);
}

function violation(parameter: TemplateParameter, text: string): string | undefined {
  const { AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue, Type } = parameter;
  if (AllowedValues && !AllowedValues.map(String).includes(text)) return `is not one of ${AllowedValues.join(', ')}`;
  if (AllowedPattern && !new RegExp(`^(?:${AllowedPattern})$`).test(text)) return `does not match ${AllowedPattern}`;
  if (MinLength !== undefined && text.length < Number(MinLength)) return `is shorter than ${MinLength}`;
  if (MaxLength !== undefined && text.length > Number(MaxLength)) return `is longer than ${MaxLength}`;
  if (Type === 'Number' && !(text !== '' && Number.isFinite(Number(text)))) return 'is not a number';
  if (MinValue !== undefined && Number(text) < Number(MinValue)) return `is below ${MinValue}`;
  if (MaxValue !== undefined && Number(text) > Number(MaxValue)) return `is above ${MaxValue}`;
  return undefined;
}
