import type * as z from 'zod';
import type { Connector, SourceReference } from '../component/connector.ts';
import { type Contract, contractOptionsSchema } from '../component/contract.ts';
import type { CallSource, Operator, Step } from '../component/operator.ts';
import type { RuleReference } from '../component/quality-rule.ts';
import type { Locate } from '../component/user-location.ts';
import { PenstockError } from '../core/errors/penstock-error.ts';
import { Dataset, type Origin, type Output } from './dataset.ts';
import { type Incremental, sourceOptionsSchema } from './incremental.ts';
import { mendedOptions } from './mended-options.ts';
import { withOwnSides } from './own-sides.ts';
import { type Problem, problemsOf } from './problem.ts';
import { unknownConnector } from './stand-ins.ts';

/** A node of the graph with its options as its component's schema returned them. */
export type DefinitionNode = DefinitionSource | DefinitionStep | DefinitionOutput;

interface NodeCommon {
  /** Stable for the same definition: `flights`, `flights.2-filter`, `table.flights`. */
  readonly id: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** True where options are left out that are wrong: what hangs on the node can be looked at all the same. */
  readonly mended?: true;
  /** `file:line:column` of the user's call. */
  readonly at?: string;
  /** Finds parts of the options in the user's file. */
  readonly locate?: Locate;
}

export interface DefinitionSource extends NodeCommon {
  readonly kind: 'source';
  readonly connector: Connector;
  readonly contract: Contract;
  readonly incremental?: Incremental;
  /** Finds parts of `incremental` and what stands beside it. */
  readonly locateOptions?: Locate;
  readonly fallback?: DefinitionFallback;
  /** A file that is damaged becomes one reject. Absent: it fails its run. */
  readonly damaged?: 'reject';
}

/** What is read where a source cannot be read. */
export type DefinitionFallback =
  | 'empty'
  | 'last-good'
  | {
      readonly connector: Connector;
      readonly options: Readonly<Record<string, unknown>>;
      readonly at?: string;
    };

export interface DefinitionStep extends NodeCommon {
  readonly kind: 'step';
  readonly operator: Operator;
  readonly input: string;
  readonly side?: string;
  readonly others?: readonly string[];
  readonly call?: (row: any) => unknown;
  readonly callSource?: CallSource;
}

export interface DefinitionOutput extends NodeCommon {
  readonly kind: 'output';
  readonly connector: Connector;
  readonly input: string;
}

/**
 * The graph behind the outputs and the datasets that rules hold rows against, inputs before what reads them, and all
 * that is wrong with its options. In the rules that come back, `side` is the id of a node. `whole` says that no output and
 * no dataset of a rule was left out.
 */
export function graphOf(
  outputs: readonly Output[],
  rules: readonly RuleReference[],
): { nodes: readonly DefinitionNode[]; rules: RuleReference[]; problems: Problem[]; whole: boolean } {
  const graph = new Graph();
  for (const output of outputs) graph.addOutput(output);
  const { nodes, problems } = graph;
  const added = rules.map((rule) => graph.addRule(rule));
  const whole =
    nodes.filter(({ kind }) => kind === 'output').length === outputs.length &&
    added.every(({ side }) => side === undefined || typeof side === 'string');
  return { ...withOwnSides({ nodes, rules: added }), problems, whole };
}

class Graph {
  readonly nodes: DefinitionNode[] = [];
  readonly problems: Problem[] = [];
  readonly #ids = new Map<Dataset, string>();
  readonly #taken = new Set<string>();
  /** Steps between a dataset and its source, by id; numbers the steps. */
  readonly #depth = new Map<string, number>();

  addOutput({ input, sink }: Output): void {
    const inputId = this.#add(input);
    const side = sink.connector.sink;
    const part = `output ${sink.connector.component}`;
    if (!side) return void this.#notA('sink', sink.connector.component, part, sink.at);
    const options = this.#parse(side.schema, sink.options, part, sink.locate ?? sink.at);
    if (!options) return;
    const id = `table.${side.title(options).replaceAll('/', '.')}`;
    if (this.#taken.has(id)) {
      this.problems.push({
        at: sink.at,
        part,
        problem: 'two outputs write the same table',
        received: side.title(options),
        allowed: 'each table once',
        change: 'name another table, or unite the datasets first',
      });
      return;
    }
    this.#taken.add(id);
    const { connector, at, locate } = sink;
    this.nodes.push({ kind: 'output', id, connector, options, input: inputId, at, locate });
  }

  addRule(reference: RuleReference): RuleReference {
    const { rule, side, at } = reference;
    if (side === undefined) return reference;
    if (side instanceof Dataset) return Object.freeze({ ...reference, side: this.#add(side) });
    this.#notADataset(side, `quality / ${rule.component}`, at);
    return reference;
  }

  #add(dataset: Dataset): string {
    const known = this.#ids.get(dataset);
    if (known !== undefined) return known;
    const id = this.#addOrigin(dataset);
    this.#ids.set(dataset, id);
    return id;
  }

  #addOrigin({ origin }: Dataset): string {
    switch (origin.kind) {
      case 'from':
        return this.#addSource(origin);
      case 'step':
        return this.#addStep(origin);
      case 'stray':
        this.#notAStep(origin);
        return this.#add(origin.input);
    }
  }

  #addSource({ source, contract, options: beside = {}, locate }: Extract<Origin, { kind: 'from' }>): string {
    const part = `source ${source.connector.component}`;
    const side = source.connector.source;
    if (!side) return this.#notA('source', source.connector.component, part, source.at);
    const options = this.#parse(side.schema, source.options, part, source.locate ?? source.at);
    const contractOptions = this.#parse(
      contractOptionsSchema,
      contract.options,
      `${part} / contract`,
      contract.locate ?? source.at,
    );
    const own = this.#parse(sourceOptionsSchema, beside, part, locate ?? source.at);
    const { incremental, damaged, fallback: given } = (own ?? {}) as z.output<typeof sourceOptionsSchema>;
    const fallback = given === undefined ? undefined : this.#fallback(given, part, locate?.(['fallback']) ?? source.at);
    const title = contract.options.name ?? (options ? side.title(options) : 'source');
    const id = this.#unique(nameOf(title));
    this.#depth.set(id, 0);
    // The contract says what the rows are, wherever they come from.
    const usable = options ?? mendedOptions(side.schema, source.options);
    const mended = !options || !own;
    if (contractOptions)
      this.nodes.push({
        kind: 'source',
        id,
        connector: usable ? source.connector : unknownConnector,
        options: usable ?? {},
        ...(mended && { mended }),
        contract,
        ...(incremental && { incremental }),
        ...(locate && { locateOptions: locate }),
        ...(fallback && !mended && { fallback }),
        ...(damaged === 'reject' && { damaged }),
        at: source.at,
        locate: source.locate,
      });
    return id;
  }

  #fallback(given: unknown, source: string, at: string | undefined): DefinitionFallback | undefined {
    if (given === 'empty' || given === 'last-good') return given;
    const part = `${source} / fallback`;
    const other = (given as { readonly source?: SourceReference } | null)?.source;
    const side = other?.connector?.source;
    if (!other || !side) {
      this.problems.push({
        at: other?.at ?? at,
        part,
        problem: 'it does not say what is read where the source cannot be read',
        received: other?.connector?.component ?? given,
        allowed: "'empty', 'last-good', or { source: … } with a connector that is read",
        change: 'give one of them',
      });
      return undefined;
    }
    const options = this.#parse(side.schema, other.options, part, other.locate ?? other.at ?? at);
    return options && { connector: other.connector, options, at: other.at ?? at };
  }

  #addStep({ input: before, step }: Extract<Origin, { kind: 'step' }>): string {
    const input = this.#add(before);
    const part = `${input.split('.')[0]} / ${step.operator.component}`;
    const number = (this.#depth.get(input) ?? 0) + 1;
    const id = this.#unique(`${input.split('.')[0]}.${number}-${step.operator.component}`);
    this.#depth.set(id, number);
    const given = [...(step.side === undefined ? [] : [step.side]), ...(step.others ?? [])];
    if (given.length === 0 && (step.operator.takesSide || step.operator.takesOthers))
      this.#notADataset(undefined, `${part} / with`, step.at);
    const further = given.flatMap((one) => {
      if (one instanceof Dataset) return [this.#add(one)];
      this.#notADataset(one, `${part} / with`, step.at);
      return [];
    });
    if (step.refused) this.#refused(step.refused, `${part} / returns`, step.at);
    else if (step.operator.returnsOption !== undefined && !isPlainFunction(step.call)) this.#notAFunction(step, part);
    const options = step.refused
      ? undefined
      : this.#parse(step.operator.schema, step.options, part, step.locate ?? step.at);
    const whole = given.length === further.length && (given.length > 0 || !step.operator.takesSide);
    const usable = options ?? (step.refused ? undefined : mendedOptions(step.operator.schema, step.options));
    if (usable && whole)
      this.nodes.push({
        kind: 'step',
        id,
        operator: step.operator,
        options: usable,
        ...(!options && { mended: true }),
        input,
        ...(step.operator.takesOthers || step.operator.sideFlows?.(usable)
          ? { others: further }
          : { side: further[0] }),
        call: step.call,
        callSource: step.callSource,
        at: step.at,
        locate: step.locate,
      });
    return id;
  }

  #parse(
    schema: z.ZodType,
    options: unknown,
    part: string,
    at: string | Locate | undefined,
  ): Record<string, unknown> | undefined {
    const parsed = schema.safeParse(options);
    if (parsed.success) return parsed.data as Record<string, unknown>;
    this.problems.push(...problemsOf(parsed.error, part, at, options, schema));
    return undefined;
  }

  #refused(refused: Error, part: string, at: string | undefined): void {
    for (const error of refused instanceof AggregateError ? refused.errors : [refused]) {
      if (!(error instanceof PenstockError)) throw error;
      const { problem, received, allowed, change } = error;
      this.problems.push({ at, part, problem, received, allowed, change });
    }
  }

  #notA(side: 'source' | 'sink', component: string, part: string, at: string | undefined): string {
    const verb = side === 'source' ? 'read' : 'written';
    this.problems.push({
      at,
      part,
      problem: `"${component}" cannot be ${verb}`,
      received: component,
      allowed: `a connector that is a ${side}`,
      change: `use another connector here`,
    });
    return this.#unique(component);
  }

  #notADataset(received: unknown, part: string, at: string | undefined): void {
    const allowed = 'a dataset made by from() or pipe()';
    this.problems.push({
      at,
      part,
      problem: received === undefined ? 'the second dataset is missing' : 'the second input is not a dataset',
      received: received === undefined ? 'nothing' : typeof received,
      allowed,
      change: 'give a dataset as `with`',
    });
  }

  #notAStep({ received, at }: Extract<Origin, { kind: 'stray' }>): void {
    const { kind, component } = (received ?? {}) as { readonly kind?: string; readonly component?: string };
    const name = kind === 'operator' ? component : undefined;
    const rule = (received as RuleReference | undefined)?.rule?.component;
    this.problems.push({
      at,
      part: 'pipe',
      problem: rule ? `"${rule}" is a quality rule, which no rows pass through` : 'what stands in `pipe` is not a step',
      received:
        name ??
        rule ??
        (typeof received === 'string' ? received : (received ?? 'nothing') === 'nothing' ? 'nothing' : typeof received),
      allowed: "calls of operators, e.g. filter('amount > 0')",
      change: name
        ? `call it: ${name}(…)`
        : rule
          ? 'name it among `quality` of the pipeline'
          : 'call an operator here, or take it out',
    });
  }

  #notAFunction({ operator, call, at }: Step, part: string): void {
    this.problems.push({
      at,
      part: `${part} / function`,
      problem:
        call === undefined
          ? 'the function is missing'
          : typeof call === 'function'
            ? 'the function is async or a generator, and must give its row at once'
            : 'what is to be called is not a function',
      received:
        call === undefined ? 'nothing' : typeof call === 'function' ? (call as object).constructor.name : typeof call,
      allowed: 'a function that takes a row and returns one, without await',
      change: `give it behind the columns that it returns: ${operator.component}(z.object({ … }), (row) => ({ … }))`,
    });
  }

  #unique(wanted: string): string {
    let id = wanted;
    for (let count = 2; this.#taken.has(id); count++) id = `${wanted}-${count}`;
    this.#taken.add(id);
    return id;
  }
}

/** Names of nodes are parts of object keys and ledgers, and a dot in them begins the number of a step. */
function nameOf(title: string): string {
  return (
    title
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9_-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 63) || 'source'
  );
}

function isPlainFunction(call: unknown): boolean {
  return typeof call === 'function' && call.constructor.name === 'Function';
}
