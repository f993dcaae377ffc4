import { AwsError, NotSupportedError } from '../../aws-error.ts';
import type { Cloud } from '../../service.ts';
import type { Collection } from '../../store.ts';

export type ParameterType = 'String' | 'StringList' | 'SecureString';

/** One version of a parameter. Of a SecureString the value is its ciphertext, as base64. */
export interface Version {
  readonly version: number;
  readonly type: ParameterType;
  readonly value: string;
  readonly keyId?: string;
  readonly description?: string;
  readonly allowedPattern?: string;
  readonly dataType: string;
  readonly tier: string;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  readonly modifiedBy: string;
  readonly labels: readonly string[];
}

export interface Parameter {
  readonly name: string;
  /** Oldest first. */
  readonly versions: readonly Version[];
  readonly tags: Readonly<Record<string, string>>;
}

export const parameterNotFound = () => new AwsError('ParameterNotFound', '');

/** Parameters by name. */
export class Parameters {
  readonly #parameters: Collection<Parameter>;
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#parameters = cloud.store.collection('ssm.parameters');
  }

  arn(name: string): string {
    return `arn:aws:ssm:${this.#cloud.region}:${this.#cloud.accountId}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
  }

  find(name: string): Parameter | undefined {
    return this.#parameters.get(name);
  }

  all(): Parameter[] {
    return [...this.#parameters.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  set(parameter: Parameter): void {
    this.#parameters.set(parameter.name, parameter);
  }

  delete(name: string): boolean {
    return this.#parameters.delete(name);
  }

  /** A parameter by name or ARN, with a version or label behind a colon where one is wanted. Throws ParameterNotFound. */
  select(text: string): { parameter: Parameter; version: Version; selector?: string } {
    const { name, selector } = this.parse(text);
    if (name.startsWith('/aws/reference/')) throw new NotSupportedError(`the parameter ${name}`);
    const parameter = this.find(name);
    if (!parameter) throw parameterNotFound();
    if (selector === undefined) return { parameter, version: parameter.versions.at(-1)! };
    const version = parameter.versions.find((one) => String(one.version) === selector || one.labels.includes(selector));
    if (!version) {
      throw new AwsError(
        'ParameterVersionNotFound',
        `Systems Manager could not find version ${selector} of ${name}. Verify the version and try again.`,
      );
    }
    return { parameter, version, selector: `:${selector}` };
  }

  parse(text: string): { name: string; selector?: string } {
    const path = text.startsWith('arn:')
      ? text
          .split(':')
          .slice(5)
          .join(':')
          .replace(/^parameter/, '')
      : text;
    const [given = '', selector] = path.split(':');
    // The ARN of a name without slashes has one all the same.
    const name = text.startsWith('arn:') && !this.find(given) && this.find(given.slice(1)) ? given.slice(1) : given;
    return { name, selector };
  }
}
