import type { Path } from '../../component/shape.ts';
import type { Locate } from '../../component/user-location.ts';
import { type Problem, problemsOf } from '../problem.ts';
import { within } from '../yaml/yaml-file.ts';
import { type LogicalType, type TypeOptions, typeOptions } from './column.ts';
import type { OdcsProperty } from './document.ts';
import { type PhysicalType, physicalType, physicalTypeNames } from './physical-type.ts';
import { readTimeOptions } from './time-options.ts';

export interface TypeReading {
  readonly type?: LogicalType;
  readonly options?: TypeOptions;
  readonly problems: readonly Problem[];
}

/** A property as it is written, and where. */
export interface Place {
  readonly value: unknown;
  readonly part: string;
  readonly locate: Locate;
}

/** The type that the logical and the physical one say together. */
export function readType(property: OdcsProperty, place: Place): TypeReading {
  const { logicalType, physicalType: physicalText, logicalTypeOptions = {} } = property;
  const one = (problem: string, change: string, allowed: unknown, ...path: Path): TypeReading => ({
    problems: [{ ...problemAt(place.value, place, path), problem, allowed, change }],
  });
  if (logicalType === 'object' || logicalType === 'array' || logicalType === 'map')
    return one(
      `a column of type ${logicalType} cannot be held against rows`,
      'read it as string: JSON then arrives as its text; or as object, where its keys are known',
      [...Object.keys(typeOptions), 'array', 'object'],
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

/** Where in a property something is, and what stands there. */
export function problemAt(value: unknown, { part, locate }: Pick<Place, 'part' | 'locate'>, path: Path) {
  return {
    at: locate(path),
    part: [part, ...path].join(' / '),
    received: path.reduce<any>((inner, key) => inner?.[key], value) ?? 'nothing',
  };
}
