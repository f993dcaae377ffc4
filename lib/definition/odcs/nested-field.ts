import { moreConfined } from '../../component/classifications.ts';
import { classificationSchema } from '../../component/contract.ts';
import type { Classification, ContractField } from '../../component/plan.ts';
import type { Path } from '../../component/shape.ts';
import { type Problem, problemsOf } from '../problem.ts';
import { readNestedColumn } from '../yaml/nested-column.ts';
import { within } from '../yaml/yaml-file.ts';
import { itemsSchema, nestedOptions, type OdcsProperty, propertySchema } from './document.ts';
import { readQuality } from './read-quality.ts';
import { type Place, problemAt, readType } from './read-type.ts';
import { refusedRelationships } from './refused-relationships.ts';

/** What databases call types that hold others. */
const physicalNames = /^(array|list|repeated|struct|record|row|object|nested|variant|super|jsonb?)\b/i;

/**
 * Reads an array or object as a column. What it says is said as a pipeline file says it first, so that both, and zod,
 * give the same column with the same rules.
 */
export function nestedField(
  property: OdcsProperty,
  place: Place & { readonly required: boolean },
): { readonly field?: ContractField; readonly problems: readonly Problem[] } {
  const reader = new NestedReader();
  const column = reader.columnOf(property, place, place.required);
  if (reader.problems.length > 0) return { problems: reader.problems };
  const field = readNestedColumn(property.name, column, place.part, () => place.locate(['logicalType']));
  if ('problems' in field) return field;
  const classification = moreConfined(field.classification, reader.classification);
  return { field: { ...field, ...(classification && { classification }) }, problems: [] };
}

class NestedReader {
  readonly problems: Problem[] = [];
  /** Of the most confined value in it. */
  classification: Classification | undefined;

  /** A column as a pipeline file has it, e.g. `{ type: list?, of: { type: string } }`. */
  columnOf(property: OdcsProperty, place: Place, required: boolean): object {
    const { logicalType } = property;
    const classification = classificationSchema.optional().safeParse(property.classification?.toLowerCase());
    if (classification.success) this.classification = moreConfined(this.classification, classification.data);
    const nullable = required ? '' : '?';
    if (logicalType === 'array') return { type: `list${nullable}`, ...this.#list(property, place) };
    if (logicalType === 'object') return { type: `object${nullable}`, ...this.#object(property, place) };
    return this.#value(property, place, nullable);
  }

  #list(property: OdcsProperty, place: Place): object {
    const options = this.#options('array', property, place);
    if (property.items === undefined) {
      this.#refuse(
        place,
        [],
        'the array does not say what its items are',
        'give them: items: { logicalType: string }',
        'items with a logicalType',
      );
      return {};
    }
    const inside = at(place, ['items'], `${place.part} / items`);
    return { of: this.#inner(itemsSchema, inside), ...options };
  }

  #object(property: OdcsProperty, place: Place): object {
    const { required = [], ...counts } = this.#options('object', property, place);
    return { members: this.#members(property, place, required), ...counts };
  }

  #members(property: OdcsProperty, place: Place, required: readonly string[]): object {
    const members: Record<string, unknown> = Object.create(null);
    if (!property.properties?.length)
      this.#refuse(
        place,
        [],
        'the object has no properties',
        'name them, or read it as string: JSON is then its text',
        'properties with a name and a logicalType each',
      );
    for (const [index, value] of (property.properties ?? []).entries()) {
      const name = String((value as { name?: unknown } | null)?.name ?? index + 1);
      const inside = at(place, ['properties', index], `${place.part} / ${name}`);
      if (Object.hasOwn(members, name))
        this.#refuse(inside, ['name'], `there are two properties "${name}"`, 'rename one', 'each name once');
      members[name] = this.#inner(propertySchema, inside, required.includes(name));
    }
    const unknown = required.find((name) => !Object.hasOwn(members, name));
    if (unknown !== undefined)
      this.#refuse(
        place,
        ['logicalTypeOptions', 'required'],
        `the object has no property "${unknown}"`,
        'name its own properties',
        Object.keys(members),
      );
    return { ...members };
  }

  #inner(schema: typeof propertySchema | typeof itemsSchema, place: Place, required = false): unknown {
    const parsed = schema.safeParse(place.value);
    if (!parsed.success) {
      this.problems.push(...problemsOf(parsed.error, place.part, place.locate, place.value, schema));
      return { type: 'string' };
    }
    const property = parsed.data;
    const { classification, physicalName, name, unique, primaryKey, relationships, semanticType } = property;
    if (semanticType === 'measure')
      this.#refuse(
        place,
        ['semanticType'],
        'a measure is no value of a file',
        'take it out of the contract',
        'columns and dimensions',
      );
    if (classification !== undefined && !classificationSchema.safeParse(classification.toLowerCase()).success)
      this.#refuse(
        place,
        ['classification'],
        'there is no such classification',
        'give one of these',
        classificationSchema.options,
      );
    if (unique || primaryKey)
      this.#refuse(
        place,
        [unique ? 'unique' : 'primaryKey'],
        'a value inside of a column is no key',
        'flatten it, and use deduplicate or the quality rule unique',
        'keys of columns',
      );
    if (physicalName !== undefined && physicalName !== name && schema === propertySchema)
      this.#refuse(
        place,
        ['physicalName'],
        'a value inside of a column has one name',
        'give the name that files have',
        name,
      );
    if (relationships?.length)
      this.problems.push(refusedRelationships(place.part, place.locate(['relationships'], 'key')));
    return this.columnOf(property, place, required || property.required);
  }

  #value(property: OdcsProperty, place: Place, nullable: string): object {
    const rules = readQuality(property.quality ?? [], {
      part: place.part,
      property: property.name,
      locate: within(place.locate, 'quality'),
    });
    const type = readType(property, place);
    this.problems.push(...rules.problems, ...type.problems);
    if (rules.missing || rules.keys.length > 0)
      this.#refuse(
        place,
        ['quality'],
        'a rule for values that are missing or occur twice cannot be held inside of a column',
        'flatten it, and use validate or a quality rule',
        'nullValues and invalidValues',
      );
    const values = property.enum?.map((one) => one.value) ?? rules.values;
    const { width, scale, ...options } = { ...type.options };
    const text = type.type === 'decimal' ? `decimal(${width},${scale})` : type.type;
    return {
      type: `${text}${rules.required ? '' : nullable}`,
      ...options,
      ...(rules.pattern !== undefined && { pattern: rules.pattern }),
      ...(values && { enum: values }),
    };
  }

  #options<Type extends 'array' | 'object'>(type: Type, property: OdcsProperty, place: Place) {
    const { logicalTypeOptions = {}, physicalType, quality, enum: values } = property;
    if (physicalType !== undefined && !physicalNames.test(physicalType))
      this.#refuse(
        place,
        ['physicalType'],
        `the physical type is no ${type}`,
        'let both say the same',
        `a physical type that is an ${type}, or none`,
      );
    if (values)
      this.#refuse(
        place,
        ['enum'],
        `an ${type} is not one of a set`,
        'say it of the values in it',
        `no enum for an ${type}`,
      );
    const rules = readQuality(quality ?? [], {
      part: place.part,
      property: property.name,
      locate: within(place.locate, 'quality'),
    });
    if (rules.values || rules.pattern !== undefined || rules.missing)
      this.#refuse(
        place,
        ['quality'],
        `an ${type} has no such rule`,
        'say it of the values in it',
        'nullValues, duplicateValues',
      );
    const schema = nestedOptions[type];
    const parsed = schema.safeParse(logicalTypeOptions);
    if (parsed.success) return parsed.data as { readonly required?: readonly string[] };
    const options = within(place.locate, 'logicalTypeOptions');
    const part = `${place.part} / logicalTypeOptions`;
    this.problems.push(...problemsOf(parsed.error, part, options, logicalTypeOptions, schema));
    return {};
  }

  #refuse(place: Place, path: Path, problem: string, change: string, allowed: unknown): void {
    this.problems.push({ ...problemAt(place.value, place, path), problem, allowed, change });
  }
}

function at(place: Place, path: Path, part: string): Place {
  const value = path.reduce<any>((inner, key) => inner?.[key], place.value);
  return { value, part, locate: within(place.locate, ...path) };
}
