/** What the intrinsic functions of a template may look up while it is resolved. */
export interface Scope {
  /** `stack` or `stack/resource`, for error messages. */
  readonly place: string;
  readonly region: string;
  /** The value of a parameter, pseudo parameter or resource. Throws where there is none of that name. */
  ref(name: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
  mapping(name: string): Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
  /** The value that another stack exported under `name`. */
  exported(name: string): unknown;
  /** Text that was put together, with the addresses in it as they are reached on this machine. Default: as it is. */
  reachable?(text: string): string;
}

/** A template that CloudFormation would refuse. */
export class TemplateError extends Error {
  constructor(place: string, problem: string) {
    super(`${place}: ${problem}`);
    this.name = 'TemplateError';
  }
}
