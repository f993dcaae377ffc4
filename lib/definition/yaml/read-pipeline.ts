import type { SourceReference } from '../../component/connector.ts';
import { type RuleReference, ruleOptionsSchema } from '../../component/quality-rule.ts';
import type { Path } from '../../component/shape.ts';
import { nearest } from '../../core/nearest.ts';
import { Dataset, type Origin, type Output } from '../dataset.ts';
import { type Definition, definePipeline, type PipelineOptions } from '../pipeline.ts';
import { DefinitionInvalidError, inOrder, type Problem, problemsOf } from '../problem.ts';
import { isStandIn, unknownConnector, unknownDataset, unknownStep } from '../stand-ins.ts';
import type { TriggerReference } from '../triggers.ts';
import type { Call, Component, Components, Place } from './component-call.ts';
import { namedOptions, places, readCall } from './component-call.ts';
import { structureSchema } from './document-schema.ts';
import { isMapping } from './is-mapping.ts';
import { readContract } from './read-contract.ts';
import { readStep, sideName } from './read-step.ts';
import { readTrigger } from './read-trigger.ts';
import { parseYamlFile, within, type YamlFile } from './yaml-file.ts';

/** What a YAML pipeline is read against. */
export interface YamlSurroundings {
  readonly components: Components;
  /** Text of a file, by its absolute path. */
  readText(path: string): Promise<string>;
  /** Exports of a module of the user's, by its absolute path. */
  importModule(path: string): Promise<Readonly<Record<string, unknown>>>;
}

/**
 * Reads a pipeline from YAML. The same as the one in TypeScript: what comes out is a definition, and equal definitions
 * have equal plans. Throws `DefinitionInvalidError` with every problem at once, each with its place in the file.
 * @param file path as it is shown, and from which the files that it names are found
 */
export async function readPipeline(text: string, file: string, surroundings: YamlSurroundings): Promise<Definition> {
  const yaml = parseYamlFile(text, file);
  const given = isMapping(yaml.value) ? yaml.value.pipeline : undefined;
  const name = typeof given === 'string' ? given : 'unnamed';
  if (yaml.problems.length > 0) throw new DefinitionInvalidError(name, yaml.problems);
  const reading = new PipelineReading(yaml, surroundings);
  const options = await reading.options();
  const { definition, problems, intact } = defined(name, options, yaml);
  if (definition && reading.problems.length === 0) return definition;
  const nodes = intact.nodes.filter((node) => !isStandIn(node));
  throw new DefinitionInvalidError(name, inOrder([...reading.problems, ...problems], file), {
    nodes,
    quality: intact.quality,
    parameters: intact.parameters,
    whole: intact.whole && nodes.length === intact.nodes.length,
  });
}

function defined(
  name: string,
  options: PipelineOptions,
  { locate }: YamlFile,
): Pick<DefinitionInvalidError, 'problems' | 'intact'> & { readonly definition?: Definition } {
  try {
    const definition = definePipeline(name, options, { at: locate([]), locate });
    return { definition, problems: [], intact: { ...definition, whole: true } };
  } catch (error) {
    if (!(error instanceof DefinitionInvalidError)) throw error;
    return error;
  }
}

/** One reading of one file. Goes on behind each problem, with a stand-in for what is broken. */
class PipelineReading {
  readonly problems: Problem[] = [];
  readonly #yaml: YamlFile;
  readonly #surroundings: YamlSurroundings;
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #datasets = new Map<string, Dataset>();
  /** Datasets that something is made of, or written from. */
  readonly #used = new Set<string>();
  /** True where something was named that cannot be told: it may be what nothing else leads to. */
  #unclear = false;
  /** Names of the datasets that are being made, for cycles. */
  readonly #making: string[] = [];

  constructor(yaml: YamlFile, surroundings: YamlSurroundings) {
    this.#yaml = yaml;
    this.#surroundings = surroundings;
    this.#value = isMapping(yaml.value) ? yaml.value : {};
  }

  /** What `pipeline()` takes. */
  async options(): Promise<PipelineOptions> {
    const { value, locate } = this.#yaml;
    const structure = structureSchema.safeParse(value);
    if (!structure.success) {
      this.#unclear = true;
      this.problems.push(...problemsOf(structure.error, 'pipeline', locate, value, structureSchema));
    }
    for (const name of Object.keys(this.#section('sources'))) await this.#source(name);
    const outputs: Output[] = [];
    for (const [index, output] of this.#list('outputs').entries()) outputs.push(await this.#output(output, index));
    const quality: RuleReference[] = [];
    for (const [index, rule] of this.#list('quality').entries()) {
      const reference = await this.#rule(rule, ['quality', index]);
      if (reference) quality.push(reference);
    }
    outputs.push(...(await this.#unread()));
    const on = this.#list('on').flatMap((trigger, index): TriggerReference[] => {
      const read = readTrigger(trigger, within(locate, 'on', index));
      if ('trigger' in read) return [read];
      this.problems.push(read);
      return [];
    });
    // The structure has said that there are none.
    if (outputs.length === 0)
      outputs.push(unknownDataset().to({ kind: 'sink', connector: unknownConnector, options: {} }));
    const { gate, rejects, resources, overlap, shares, escalate, parameters } = this.#value;
    return {
      on,
      quality,
      outputs,
      ...(gate !== undefined && { gate }),
      ...(rejects !== undefined && { rejects }),
      ...(resources !== undefined && { resources }),
      ...(overlap !== undefined && { overlap }),
      ...(shares !== undefined && { shares }),
      ...(escalate !== undefined && { escalate }),
      ...(parameters !== undefined && { parameters }),
    } as PipelineOptions;
  }

  async #source(name: string): Promise<void> {
    const given = this.#section('sources')[name];
    const path = ['sources', name];
    const part = `sources / ${name}`;
    if (!isMapping(given)) return void this.#datasets.set(name, unknownDataset(name));
    const call = this.#call(given.from, places.source, [...path, 'from'], `${part} / from`);
    const { contract, problems } = await readContract(given.contract, {
      part: `${part} / contract`,
      locate: within(this.#yaml.locate, ...path, 'contract'),
      file: this.#yaml.file,
      readText: this.#surroundings.readText,
    });
    this.problems.push(...problems);
    const options = call && this.#options(call, call.component.source!.schema, part);
    const source: SourceReference =
      call && options
        ? { kind: 'source', connector: call.component, at: call.at, ...options }
        : { kind: 'source', connector: unknownConnector, options: { name } };
    const fallback = this.#fallback(given.fallback, path, part);
    const beside = {
      ...(given.incremental !== undefined && { incremental: given.incremental }),
      // It is held against a source that can be told.
      ...(fallback !== undefined && options && { fallback }),
      ...(given.damaged !== undefined && { damaged: given.damaged }),
    };
    const own = Object.keys(beside).length > 0 && { options: beside };
    const locate = within(this.#yaml.locate, ...path);
    this.#datasets.set(name, new Dataset({ kind: 'from', source, contract, ...own, locate } as Origin & object));
  }

  /** Another source as a reference to it; all else as it is, for the graph to look at. */
  #fallback(given: unknown, path: Path, source: string): unknown {
    if (!isMapping(given) || !Object.hasOwn(given, 'source')) return given;
    const part = `${source} / fallback / source`;
    const call = this.#call(given.source, places.source, [...path, 'fallback', 'source'], part);
    const options = call && this.#options(call, call.component.source!.schema, part);
    // What is wrong with it has been told.
    if (!call || !options) return 'empty';
    return { source: { kind: 'source', connector: call.component, at: call.at, ...options } };
  }

  async #output(given: unknown, index: number): Promise<Output> {
    const path = ['outputs', index];
    const part = `outputs / ${index + 1}`;
    const { from, to } = isMapping(given) ? given : {};
    const input = await this.#dataset(from, [...path, 'from'], `${part} / from`);
    const call = this.#call(to, places.sink, [...path, 'to'], `${part} / to`);
    const options = call && this.#options(call, call.component.sink!.schema, part);
    return call && options
      ? input.to({ kind: 'sink', connector: call.component, at: call.at, ...options })
      : input.to({ kind: 'sink', connector: unknownConnector, options: { index } });
  }

  async #rule(given: unknown, path: Path): Promise<RuleReference | undefined> {
    const part = `quality / ${Number(path[1]) + 1}`;
    const call = this.#call(given, places.rule, path, part);
    const read = call && this.#options(call, call.component.schema, part);
    if (!call || !read) {
      this.#unclear = true;
      return undefined;
    }
    const { component: rule, at } = call;
    const options = { ...read.options };
    let side: unknown;
    if (rule.takesSide && sideName in options) {
      side = await this.#dataset(options[sideName], [...path, rule.component, sideName], `${part} / ${sideName}`);
      delete options[sideName];
    }
    const common: Record<string, unknown> = {};
    for (const name of Object.keys(ruleOptionsSchema.shape)) {
      if (!Object.hasOwn(options, name)) continue;
      common[name] = options[name];
      delete options[name];
    }
    return { kind: 'rule-reference', rule, options, common, side, at, locate: read.locate };
  }

  /** A dataset by its name; a stand-in where there is none. */
  async #dataset(name: unknown, path: Path, part: string): Promise<Dataset> {
    const at = this.#yaml.locate(path);
    const names = [...Object.keys(this.#section('sources')), ...Object.keys(this.#section('datasets'))];
    // What is no text, the structure has refused.
    if (typeof name !== 'string') return unknownDataset();
    if (!names.includes(name)) {
      this.#unclear = true;
      const guess = nearest(name, names);
      const change = guess ? `did you mean "${guess}"?` : 'name one of them, or add it';
      this.problems.push({
        at,
        part,
        problem: `there is no dataset "${name}"`,
        received: name,
        allowed: names,
        change,
      });
      return unknownDataset(name);
    }
    this.#used.add(name);
    if (this.#making.includes(name)) {
      this.#unclear = true;
      this.problems.push({
        at,
        part,
        problem: `"${name}" is made of itself`,
        received: [...this.#making.slice(this.#making.indexOf(name)), name].join(' from '),
        allowed: 'datasets that lead back to sources',
        change: 'read from another dataset',
      });
      return unknownDataset();
    }
    const known = this.#datasets.get(name);
    if (known) return known;
    this.#making.push(name);
    const made = await this.#made(name);
    this.#making.pop();
    this.#datasets.set(name, made);
    return made;
  }

  async #made(name: string): Promise<Dataset> {
    const given = this.#section('datasets')[name];
    const part = `datasets / ${name}`;
    const { from, pipe } = isMapping(given) ? given : {};
    let dataset = await this.#dataset(from, ['datasets', name, 'from'], `${part} / from`);
    for (const [index, value] of (Array.isArray(pipe) ? pipe : []).entries()) {
      const path = ['datasets', name, 'pipe', index];
      const place = `${part} / ${index + 1}`;
      const call = this.#call(value, places.step, path, place);
      const step =
        call &&
        (await readStep(call, {
          part: place,
          file: this.#yaml.file,
          importModule: this.#surroundings.importModule,
          dataset: (side, inner) => this.#dataset(side, [...path, call.component.component, ...inner], place),
        }));
      if (!step || 'problems' in step) this.#unclear = true;
      if (step && 'problems' in step) this.problems.push(...step.problems);
      dataset = dataset.pipe(step && 'operator' in step ? step : unknownStep);
    }
    return dataset;
  }

  /** Datasets that lead nowhere would be passed over in silence. They are looked into all the same. */
  async #unread(): Promise<Output[]> {
    const outputs: Output[] = [];
    const { sources, datasets } = { sources: this.#section('sources'), datasets: this.#section('datasets') };
    for (const name of Object.keys(datasets)) {
      if (name in sources) this.problems.push(this.#twin(name));
      else if (!this.#used.has(name)) {
        const dataset = await this.#dataset(name, ['datasets', name], `datasets / ${name}`);
        this.#used.delete(name);
        outputs.push(dataset.to({ kind: 'sink', connector: unknownConnector, options: { index: name } }));
      }
    }
    // Nothing else would look at the options of a source that is not read.
    for (const name of Object.keys(sources)) {
      const dataset = this.#used.has(name) ? undefined : this.#datasets.get(name);
      if (dataset) outputs.push(dataset.to({ kind: 'sink', connector: unknownConnector, options: { index: name } }));
    }
    if (this.#unclear) return outputs;
    for (const section of ['sources', 'datasets'] as const)
      for (const name of Object.keys(this.#section(section)))
        if (!this.#used.has(name)) this.problems.push(this.#leadsNowhere(section, name));
    return outputs;
  }

  #leadsNowhere(section: 'sources' | 'datasets', name: string): Problem {
    return {
      at: this.#yaml.locate([section, name], 'key'),
      part: `${section} / ${name}`,
      problem: `"${name}" leads to no output`,
      received: name,
      allowed: 'sources and datasets that an output is made of',
      change: 'read from it, or remove it',
    };
  }

  #twin(name: string): Problem {
    return {
      at: this.#yaml.locate(['datasets', name], 'key'),
      part: `datasets / ${name}`,
      problem: `there is a source "${name}" as well`,
      received: name,
      allowed: 'each name once',
      change: 'rename one of them',
    };
  }

  #call<Wanted extends Component>(
    value: unknown,
    place: Place<Wanted>,
    path: Path,
    part: string,
  ): Call<Wanted> | undefined {
    const { components } = this.#surroundings;
    const call = readCall(value, place, { components, part, locate: within(this.#yaml.locate, ...path) });
    if ('component' in call) return call;
    this.problems.push(call);
    return undefined;
  }

  #options(call: Call<Component>, schema: Parameters<typeof namedOptions>[1], part: string) {
    const read = namedOptions(call, schema, part);
    if ('options' in read) return read;
    this.problems.push(read);
    return undefined;
  }

  #section(name: 'sources' | 'datasets'): Readonly<Record<string, unknown>> {
    const section = this.#value[name];
    return isMapping(section) ? section : {};
  }

  #list(name: 'on' | 'outputs' | 'quality'): readonly unknown[] {
    const list = this.#value[name];
    return Array.isArray(list) ? list : [];
  }
}
