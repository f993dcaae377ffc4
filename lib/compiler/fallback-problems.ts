import type { Connector } from '../component/connector.ts';
import { parametersIn, placeOptions } from '../component/parameter-place.ts';
import type { Fallback } from '../component/plan.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import type { DefinitionFallback, DefinitionNode, DefinitionSource, Problem } from '../definition/index.ts';

/** What a plan says of a fallback. */
export function fallbackOf(fallback: DefinitionFallback): Fallback {
  if (typeof fallback === 'string') return fallback;
  return { component: fallback.connector.component, options: fallback.options };
}

/**
 * Holds fallbacks against what they stand in for. What is read instead is read like the source itself, under its contract,
 * so it must come in the same form; and it must not be published twice.
 * @param isMain whether each file of a source is read by one run alone
 */
export function fallbackProblems(
  nodes: readonly DefinitionNode[],
  isMain: (source: DefinitionSource) => boolean,
): Problem[] {
  return nodes.flatMap((node) => {
    if (node.kind !== 'source' || node.fallback === undefined) return [];
    const { fallback } = node;
    const part = `${node.id} / fallback`;
    const at = typeof fallback === 'string' ? node.at : fallback.at;
    if (isMain(node) && fallback !== 'empty') return [{ at, part, ...ofMain(fallback) }];
    if (node.incremental && fallback !== 'empty') return [{ at, part, ...ofIncremental(fallback) }];
    if (typeof fallback === 'string') return [];
    const problem = differentForm(node, fallback) ?? samePlace(node, fallback) ?? withParameters(fallback);
    return problem ? [{ at, part, ...problem }] : [];
  });
}

type Parts = Omit<Problem, 'at' | 'part'>;

function ofMain(fallback: DefinitionFallback): Parts {
  return {
    problem: 'each file of this source is read by one run, so rows that are read in its place would be published twice',
    received: shown(fallback),
    allowed: "'empty': the run publishes nothing, and the next one reads the files",
    change: "give 'empty', or read the source as the second input of an enrich step or a join",
  };
}

function ofIncremental(fallback: DefinitionFallback): Parts {
  return {
    problem: 'the source goes on where earlier runs have ended, and rows that are read in its place would move that',
    received: shown(fallback),
    allowed: "'empty': the run publishes nothing, and the next one goes on from the same place",
    change: "give 'empty', or take `incremental` out",
  };
}

function shown(fallback: DefinitionFallback): string {
  return typeof fallback === 'string' ? fallback : `source ${fallback.connector.component}`;
}

function differentForm({ connector, options }: DefinitionSource, other: OtherSource): Parts | undefined {
  const [own, its] = [formOf(connector, options), formOf(other.connector, other.options)];
  if (own === its) return undefined;
  return {
    problem:
      'what is read in place of the source must come in the same form, because it is read under the same contract',
    received: its,
    allowed: own,
    change: 'name objects of this form, or store them in it',
  };
}

function samePlace({ connector, options }: DefinitionSource, other: OtherSource): Parts | undefined {
  const objects = connector.source!.objects(options);
  if (canonicalJson(objects) !== canonicalJson(other.connector.source!.objects(other.options))) return undefined;
  return {
    problem: 'the source would be read in its own place',
    received: objects,
    allowed: "other objects, 'empty' or 'last-good'",
    change: 'name another source',
  };
}

function withParameters({ options }: OtherSource): Parts | undefined {
  const place = placeOptions.map((name) => options[name]).find((value) => parametersIn(String(value ?? '')).length > 0);
  if (place === undefined) return undefined;
  return {
    problem: 'what is read in place of a source is the same for every run',
    received: place,
    allowed: 'a place without parameters',
    change: 'leave the parameters out',
  };
}

type OtherSource = Exclude<DefinitionFallback, string>;

function formOf({ source }: Connector, options: Readonly<Record<string, unknown>>): string {
  return canonicalJson(source!.format(options));
}
