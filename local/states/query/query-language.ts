import type { Catcher } from '../catch.ts';
import type { Json, JsonObject } from '../json.ts';
import type { MapItem } from '../map/map-item.ts';
import type { Payload } from '../payload.ts';
import type { Visit } from '../visit.ts';

/** What an Assign or Output is evaluated against, besides the state's input and context. */
export interface Sources {
  /** The result of the state's work, where it has one. */
  readonly result?: Json;
  /** The caught error, in a Catch. */
  readonly errorOutput?: Json;
  /** The item, in an ItemSelector. */
  readonly item?: MapItem | undefined;
}

/** JSONPath answers at once; that keeps what AWS does in one step together in history. */
export type MaybePromise<T> = T | Promise<T>;

/** One of the two query languages: how a state's fields turn data into data. */
export interface QueryLanguage {
  readonly name: 'JSONPath' | 'JSONata';
  /** What the state works on: InputPath and Parameters, or Arguments. */
  argument(visit: Visit): MaybePromise<Json>;
  /** The input of a Map's items and a Parallel's branches before any Parameters: InputPath, or the input itself. */
  input(visit: Visit): Json;
  /** The state's output: ResultSelector, ResultPath and OutputPath, or Output. */
  output(visit: Visit, result: Payload): Promise<Payload>;
  /** The output of a Catch. */
  caught(visit: Visit, catcher: Catcher, errorOutput: Json): Promise<Payload>;
  /** The variables that `template` (an Assign field) sets. `where` is its place in the state, for messages. */
  assign(visit: Visit, template: JsonObject, sources: Sources, where: string): Promise<JsonObject>;
  /**
   * The items of a Map that takes them from its input: Items, or ItemsPath. `members`: an object will do too, for the sake
   * of its members.
   */
  items(visit: Visit, members: boolean): Promise<readonly Json[] | JsonObject>;
  /**
   * Any template in a field of the state, such as ItemSelector: `where` is its place, for messages, `item` what the
   * context object has for the item.
   */
  template(visit: Visit, template: Json, where: string, item?: MapItem): MaybePromise<Json>;
  /** A number that `field` gives itself, by an expression, or (JSONPath) by `<field>Path`; undefined where it is absent. */
  number(visit: Visit, holder: JsonObject, field: string, where: string): MaybePromise<number | undefined>;
  /** A string likewise, such as a Fail state's Error. */
  string(visit: Visit, holder: JsonObject, field: string): Promise<string | undefined>;
  /** When a Wait state ends, in milliseconds since the epoch. */
  waitUntil(visit: Visit): Promise<number>;
  /** The rule of a Choice state that holds, or undefined where none does. */
  choose(visit: Visit): Promise<{ rule: JsonObject; index: number } | undefined>;
  /** The output of a Choice state by the rule that held. */
  chosenOutput(visit: Visit, rule: JsonObject, where: string): Promise<Payload>;
}
