import type { Cloud } from '../service.ts';
import type { FileAsset } from '../template/assembly.ts';
import type { NameLimits } from '../template/physical-name.ts';
import type { ObjectShape, Value } from './shape.ts';

/** What a resource is once it exists. */
export interface Provisioned {
  /** The name, ARN or id by which the service knows the resource; what `Ref` gives unless `ref` says otherwise. */
  readonly physicalId: string;
  readonly ref?: string;
  /** What `Fn::GetAtt` gives, by attribute name (dots included). */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** The surroundings of one resource while it is created, updated or deleted. */
export interface ResourceContext {
  readonly stackName: string;
  /** The ARN of a stack. Default: of this one. */
  stackIdOf(stackName?: string): string;
  readonly logicalId: string;
  readonly accountId: string;
  readonly region: string;
  /** Base URL of local AWS. */
  readonly endpoint: string;
  /** A folder for files unpacked for this resource, kept while the resource exists. */
  folder(): string;
  /**
   * The name that the template gives, else a generated one. To be called before the resource is created; the
   * `physicalId` of a resource with a name is that name.
   */
  name(given: string | undefined, limits: NameLimits): string;
  /** Calls a service as the account's root, as a deployment would. */
  call: (service: string, operation: string, input: unknown) => ReturnType<Cloud['call']>;
  /** As `call`, but undefined where the service answers with one of these error codes. */
  attempt(codes: readonly string[], service: string, operation: string, input: unknown): Promise<any>;
  /** As `awaited`, for what may never come: virtual clocks, which stand still while an app is provisioned, go on meanwhile. */
  letTimePass<T>(awaited: Promise<T>): Promise<T>;
  /** Runs `step` after every earlier one of the same key: for resources that are parts of one document. */
  exclusively<T>(key: string, step: () => Promise<T>): Promise<T>;
  /** The asset that a deployment would have uploaded to this bucket and key. */
  asset(bucket: string, key: string): FileAsset | undefined;
  /** Brings a stack inside of this one to what a template says, and returns its outputs. */
  provisionNested(stack: NestedStack): Promise<Readonly<Record<string, string>>>;
  /** Deletes a stack inside of this one with everything in it. */
  removeNested(stackName: string): Promise<void>;
}

/** A stack that is a resource of another one. */
export interface NestedStack {
  readonly stackName: string;
  readonly document: Record<string, unknown>;
  readonly parameters: Readonly<Record<string, string>>;
}

/** One CloudFormation resource type, told how to make itself with the services' own operations. */
export interface ResourceType<S extends ObjectShape = ObjectShape> {
  /** `AWS::S3::Bucket`; the file is named after it. */
  readonly type: string;
  /** The properties that are understood; every other one is refused. */
  readonly properties: S;
  /** Updated at every deployment, whether its own properties have changed or not: what it stands for may have. Default false. */
  readonly alwaysUpdated?: boolean;
  /** Properties whose change makes a new resource and deletes the old one. */
  readonly replacedBy?: readonly (keyof S & string)[];
  create(properties: Value<S>, context: ResourceContext): Promise<Provisioned>;
  /** Without it, any change replaces the resource. */
  update?(properties: Value<S>, context: ResourceContext, previous: Previous<S>): Promise<Provisioned>;
  /** Must not fail where the resource is gone already. */
  delete(physicalId: string, context: ResourceContext, properties: Value<S>): Promise<void>;
}

/** A resource as it stood before an update. */
export interface Previous<S> {
  readonly physicalId: string;
  readonly properties: Value<S>;
}

/** Checks a resource type against its contract and forgets the types of its properties, which only its own file needs. */
export function defineResource<const S extends ObjectShape>(type: ResourceType<S>): ResourceType {
  return type as unknown as ResourceType;
}
