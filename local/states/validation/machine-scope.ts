import type { ServiceResource } from '../resource.ts';
import type { Diagnostics } from './diagnostic.ts';

export type LanguageName = 'JSONPath' | 'JSONata';

/** What a workflow level knows while it is validated. */
export interface MachineScope {
  readonly diagnostics: Diagnostics;
  readonly express: boolean;
  /** Whether there is the action that a task names. */
  isRecognized(resource: ServiceResource): boolean;
  /** State names of the whole definition with the place where each was first used. */
  readonly names: Map<string, string>;
  readonly labels: Set<string>;
  /** The language that an outer level set for everything in it; undefined outside of all. */
  readonly language: LanguageName | undefined;
  readonly depth: number;
}
