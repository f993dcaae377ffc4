import type { JsonObject } from './json.ts';
import { jsonataLanguage } from './query/jsonata-language.ts';
import { jsonPathLanguage } from './query/jsonpath-language.ts';
import type { QueryLanguage } from './query/query-language.ts';
import { parseResource, type Resource } from './resource.ts';

export type StateType = 'Pass' | 'Task' | 'Choice' | 'Wait' | 'Succeed' | 'Fail' | 'Parallel' | 'Map';

/** One state, ready to run. */
export interface StateNode {
  readonly name: string;
  readonly type: StateType;
  readonly definition: JsonObject;
  readonly language: QueryLanguage;
  /** Task: what it calls. */
  readonly resource?: Resource;
  /** Parallel: its branches. */
  readonly branches?: readonly Machine[];
  /** Map: what runs per item. */
  readonly processor?: Machine;
}

/** A workflow (or a branch of one), ready to run. Immutable; one serves any number of executions. */
export interface Machine {
  /** The language of states that name none. */
  readonly language: QueryLanguage;
  readonly startAt: string;
  readonly states: ReadonlyMap<string, StateNode>;
  readonly timeoutSeconds: number | undefined;
}

/** Prepares a validated definition. `language` is the one that states use unless they say otherwise. */
export function compileMachine(definition: JsonObject, language?: QueryLanguage): Machine {
  const own = languageNamed(definition.QueryLanguage) ?? language ?? jsonPathLanguage;
  const states = new Map<string, StateNode>();
  for (const [name, state] of Object.entries<JsonObject>(definition.States)) {
    states.set(name, compileState(name, state, own));
  }
  return { language: own, startAt: definition.StartAt, states, timeoutSeconds: definition.TimeoutSeconds };
}

function compileState(name: string, definition: JsonObject, inherited: QueryLanguage): StateNode {
  const language = languageNamed(definition.QueryLanguage) ?? inherited;
  const processor = definition.ItemProcessor ?? definition.Iterator;
  const resource = definition.Type === 'Task' ? parseResource(definition.Resource) : undefined;
  return {
    name,
    type: definition.Type,
    definition,
    language,
    ...(resource ? { resource } : {}),
    ...(definition.Branches
      ? { branches: definition.Branches.map((branch: JsonObject) => compileMachine(branch, inherited)) }
      : {}),
    ...(processor ? { processor: compileMachine(processor, inherited) } : {}),
  };
}

function languageNamed(name: string | undefined): QueryLanguage | undefined {
  if (name === undefined) return undefined;
  return name === 'JSONata' ? jsonataLanguage : jsonPathLanguage;
}
