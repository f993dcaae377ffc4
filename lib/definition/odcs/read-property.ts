import { classificationSchema } from '../../component/contract.ts';
import type { ContractField } from '../../component/plan.ts';
import type { Path } from '../../component/shape.ts';
import type { Locate } from '../../component/user-location.ts';
import { type Problem, problemsOf } from '../problem.ts';
import { isMapping } from '../yaml/is-mapping.ts';
import { within } from '../yaml/yaml-file.ts';
import { ColumnRefusal, fieldOf, type LogicalType, type TypeOptions, typeOptions } from './column.ts';
import { type OdcsProperty, propertySchema } from './document.ts';
import { type PhysicalType, physicalType, physicalTypeNames } from './physical-type.ts';
import { readQuality } from './read-quality.ts';
import { refusedRelationships } from './refused-relationships.ts';
import { readTimeOptions } from './time-options.ts';

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
  const refuse = (problem: string, change: string, ...path: Path) =>
    void problems.push({ ...problemAt(value, { part, locate }, path), problem, change });

  const rules = readQuality(property.quality ?? [], { part, property: name, locate: within(locate, 'quality') });
  problems.push(...rules.problems);
  if (property.relationships?.length) problems.push(refusedRelationships(part, locate(['relationships'], 'key')));
  if (property.semanticType === 'measure')
    refuse('a measure is no column of a file', 'take it out of the contract', 'semanticType');
  const values = property.enum?.map((one) => one.value) ?? rules.values;
  if (property.enum && rules.values) refuse('the allowed values are given twice', 'give them once', 'enum');
  const classification = classificationSchema.optional().safeParse(property.classification?.toLowerCase());
  if (!classification.success)
    problems.push({
      ...problemAt(value, { part, locate }, ['classification']),
      problem: 'there is no such classification',
      allowed: classificationSchema.options,
      change: 'give one of these',
    });

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
      ...(property.physicalName !== undefined && property.physicalName !== name && { alias: property.physicalName }),
      ...(property.primaryKey && { primaryKeyPosition: property.primaryKeyPosition ?? Number.MAX_SAFE_INTEGER }),
      problems: [],
    };
  } catch (error) {
    if (!(error instanceof ColumnRefusal)) throw error;
    return {
      problems: [{ ...problemAt(value, { part, locate }, error.path), problem: error.message, change: 'correct it' }],
    };
  }
}

interface TypeReading {
  readonly type?: LogicalType;
  readonly options?: TypeOptions;
  readonly problems: readonly Problem[];
}

interface Place {
  readonly value: unknown;
  readonly part: string;
  readonly locate: Locate;
}

/** The type that the logical and the physical one say together. */
function readType(property: OdcsProperty, place: Place): TypeReading {
  const { logicalType, physicalType: physicalText, logicalTypeOptions = {} } = property;
  const one = (problem: string, change: string, allowed: unknown, ...path: Path): TypeReading => ({
    problems: [{ ...problemAt(place.value, place, path), problem, allowed, change }],
  });
  if (logicalType === 'object' || logicalType === 'array' || logicalType === 'map')
    return one(
      `a column of type ${logicalType} cannot be held against rows`,
      'read it as string: JSON then arrives as its text',
      Object.keys(typeOptions),
      'logicalType',
    );
  const physical = physicalText === undefined ? undefined : physicalType(physicalText);
  if (physicalText !== undefined && !physical) {
    const isDecimal = /^(decimal|numeric|number)$/i.test(physicalText.trim());
    return one(
      isDecimal ? 'the physical type does not say its digits' : 'the physical type means nothing here',
      isDecimal ? `write e.g. ${physicalText}(12,2)` : 'remove it, the logical type says enough',
      isDecimal ? `${physicalText}(width,scale)` : physicalTypeNames,
      'physicalType',
    );
  }
  const type = united(logicalType, physical);
  if (type === undefined)
    return logicalType === undefined
      ? one('the property has no type', 'give its logicalType', Object.keys(typeOptions))
      : one(`the physical type is no ${logicalType}`, 'let both say the same', physicalTypeNames, 'physicalType');
  const moments = readTimeOptions(type, logicalTypeOptions);
  if ('refused' in moments)
    return one(moments.refused, moments.change, moments.allowed, 'logicalTypeOptions', moments.option);
  const schema = typeOptions[type];
  const options = schema.safeParse(moments.options);
  if (!options.success)
    return {
      problems: problemsOf(
        options.error,
        `${place.part} / logicalTypeOptions`,
        within(place.locate, 'logicalTypeOptions'),
        logicalTypeOptions,
        schema,
      ),
    };
  return { type, options: { ...physical?.options, ...options.data }, problems: [] };
}

/** The logical type, or the physical one where it says it in more detail. */
function united(logical: LogicalType | undefined, physical: PhysicalType | undefined): LogicalType | undefined {
  if (!physical || physical.type === logical) return physical?.type ?? logical;
  if (logical === undefined) return physical.type;
  const isDetail =
    details[logical]?.includes(physical.type) ||
    (logical === 'integer' && physical.type === 'decimal' && physical.options.scale === 0);
  return isDetail ? physical.type : undefined;
}

/** Before version 3.1 a date was any moment; an integer and a decimal are numbers. */
const details: Readonly<Partial<Record<LogicalType, readonly LogicalType[]>>> = {
  number: ['decimal', 'integer'],
  date: ['timestamp', 'time'],
};

function problemAt(value: unknown, { part, locate }: Pick<Place, 'part' | 'locate'>, path: Path) {
  return {
    at: locate(path),
    part: [part, ...path].join(' / '),
    received: path.reduce<any>((inner, key) => inner?.[key], value) ?? 'nothing',
  };
}
