import { classificationSchema } from '../../component/contract.ts';
import type { ContractField } from '../../component/plan.ts';
import type { Path } from '../../component/shape.ts';
import type { Locate } from '../../component/user-location.ts';
import { type Problem, problemsOf } from '../problem.ts';
import { isMapping } from '../yaml/is-mapping.ts';
import { within } from '../yaml/yaml-file.ts';
import { ColumnRefusal, fieldOf } from './column.ts';
import { type OdcsProperty, propertySchema } from './document.ts';
import { nestedField } from './nested-field.ts';
import { readQuality } from './read-quality.ts';
import { problemAt, readType } from './read-type.ts';
import { refusedRelationships } from './refused-relationships.ts';

export interface PropertyReading {
  /** Undefined where there is a problem. */
  readonly field?: ContractField;
  readonly unique?: boolean;
  readonly primaryKeyPosition?: number;
  /** What the column is called in files, where that is another name. */
  readonly alias?: string;
  readonly problems: readonly Problem[];
}

/** Reads one property of an object as a column. */
export function readProperty(value: unknown, object: string, locate: Locate): PropertyReading {
  const name = isMapping(value) && typeof value.name === 'string' ? value.name : 'property';
  const part = `${object} / ${name}`;
  const parsed = propertySchema.safeParse(value);
  if (!parsed.success) return { problems: problemsOf(parsed.error, part, locate, value, propertySchema) };
  const property = parsed.data;
  const problems: Problem[] = [];
  const refuse = (problem: string, change: string, allowed: unknown, ...path: Path) =>
    void problems.push({ ...problemAt(value, { part, locate }, path), problem, allowed, change });

  const rules = readQuality(property.quality ?? [], { part, property: name, locate: within(locate, 'quality') });
  problems.push(...rules.problems);
  if (property.relationships?.length) problems.push(refusedRelationships(part, locate(['relationships'], 'key')));
  if (property.semanticType === 'measure')
    refuse('a measure is no column of a file', 'take it out of the contract', 'column, dimension', 'semanticType');
  const values = property.enum?.map((one) => one.value) ?? rules.values;
  if (property.enum && rules.values)
    refuse('the allowed values are given twice', 'give them once', 'enum, or the metric invalidValues', 'enum');
  const classification = classificationSchema.optional().safeParse(property.classification?.toLowerCase());
  if (!classification.success)
    problems.push({
      ...problemAt(value, { part, locate }, ['classification']),
      problem: 'there is no such classification',
      allowed: classificationSchema.options,
      change: 'give one of these',
    });

  if (property.logicalType === 'array' || property.logicalType === 'object') {
    const required = property.required || property.primaryKey || rules.required;
    const nested = nestedField(property, { value, part, locate, required });
    const known = new Set(problems.map((one) => `${one.at} ${one.problem}`));
    problems.push(...nested.problems.filter((one) => !known.has(`${one.at} ${one.problem}`)));
    if (!nested.field || problems.length > 0) return { problems };
    return { field: nested.field, unique: property.unique || rules.keys.length > 0, ...named(property), problems: [] };
  }
  const type = readType(property, { value, part, locate });
  problems.push(...type.problems);
  if (!type.type || problems.length > 0) return { problems };
  const options = { ...type.options, ...(rules.pattern !== undefined && { pattern: rules.pattern }) };
  const required = property.required || property.primaryKey || rules.required;
  try {
    const field = fieldOf({ name, type: type.type, nullable: !required, options, values, missing: rules.missing });
    return {
      field: { ...field, ...(classification.data && { classification: classification.data }) },
      unique: property.unique || rules.keys.length > 0,
      ...named(property),
      problems: [],
    };
  } catch (error) {
    if (!(error instanceof ColumnRefusal)) throw error;
    return {
      problems: [
        {
          ...problemAt(value, { part, locate }, error.path),
          problem: error.message,
          allowed: error.allowed,
          change: 'correct it',
        },
      ],
    };
  }
}

/** What a property is called in files, and its place in the key. */
function named({ name, physicalName, primaryKey, primaryKeyPosition }: OdcsProperty) {
  return {
    ...(physicalName !== undefined && physicalName !== name && { alias: physicalName }),
    ...(primaryKey && { primaryKeyPosition: primaryKeyPosition ?? Number.MAX_SAFE_INTEGER }),
  };
}
