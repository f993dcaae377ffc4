import * as z from 'zod';

/** Versions of the standard whose files are read. Those before 3 have another structure. */
export const apiVersions = ['v3.0.0', 'v3.0.1', 'v3.0.2', 'v3.1.0', 'v3.2.0'] as const;

/** Said about the data for people and catalogues; no row could break it, so it is passed over. */
const prose = z.unknown().optional();

const element = {
  id: prose,
  name: z.string().min(1),
  physicalName: z.string().optional(),
  physicalType: z.string().optional(),
  description: prose,
  businessName: prose,
  authoritativeDefinitions: prose,
  tags: prose,
  customProperties: prose,
  deprecated: prose,
  synonyms: prose,
  relationships: z.array(z.unknown()).optional(),
  quality: z.array(z.unknown()).optional(),
};

export const propertySchema = z.strictObject({
  ...element,
  logicalType: z
    .enum(['string', 'date', 'timestamp', 'time', 'number', 'integer', 'object', 'array', 'boolean', 'map'])
    .optional(),
  logicalTypeOptions: z.record(z.string(), z.unknown()).optional(),
  required: z.boolean().default(false),
  unique: z.boolean().default(false),
  primaryKey: z.boolean().default(false),
  primaryKeyPosition: z.int().optional(),
  classification: z.string().optional(),
  enum: z.array(z.looseObject({ value: z.unknown() })).optional(),
  semanticType: z.enum(['column', 'dimension', 'measure']).optional(),
  partitioned: prose,
  partitionKeyPosition: prose,
  encryptedName: prose,
  transformSourceObjects: prose,
  transformLogic: prose,
  transformDescription: prose,
  examples: prose,
  criticalDataElement: prose,
  properties: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
  map: prose,
});

/** What the elements of an array are; they need no name. */
export const itemsSchema = propertySchema.extend({ name: z.string().default('items') });

/** What an array or object may say beside its type. */
export const nestedOptions = {
  array: z.strictObject({
    minItems: z.int().min(0).optional(),
    maxItems: z.int().min(0).optional(),
    uniqueItems: z.boolean().optional(),
  }),
  object: z.strictObject({
    required: z.array(z.string()).default([]),
    minProperties: z.int().min(0).optional(),
    maxProperties: z.int().min(0).optional(),
  }),
} as const;

export type OdcsProperty = z.output<typeof propertySchema>;

export const objectSchema = z.strictObject({
  ...element,
  logicalType: z.literal('object').optional(),
  dataGranularityDescription: prose,
  context: prose,
  properties: z.array(z.unknown()).min(1, 'has no properties'),
});

/** What a file says as a whole. Objects are looked at one by one, and only the one that is meant. */
export const odcsSchema = z.strictObject({
  apiVersion: z.enum(apiVersions),
  kind: z.literal('DataContract'),
  id: z.string(),
  version: z.string(),
  status: z.string(),
  schema: z.array(z.looseObject({ name: z.string().min(1) })).min(1, 'has no objects'),
  name: prose,
  tenant: prose,
  tags: prose,
  servers: prose,
  dataProduct: prose,
  description: prose,
  domain: prose,
  support: prose,
  price: prose,
  team: prose,
  roles: prose,
  slaDefaultElement: prose,
  slaProperties: prose,
  authoritativeDefinitions: prose,
  customProperties: prose,
  contractCreatedTs: prose,
  context: prose,
});

const number = z.union([z.number(), z.bigint()]);

/** One entry of `quality`, in a property or in an object. */
export const qualitySchema = z.strictObject({
  id: prose,
  name: prose,
  description: prose,
  dimension: prose,
  businessImpact: prose,
  method: prose,
  tags: prose,
  authoritativeDefinitions: prose,
  customProperties: prose,
  // Rules are held against every row of every run, which no schedule could ask for more often.
  schedule: prose,
  scheduler: prose,
  type: z.enum(['library', 'text', 'sql', 'custom']).default('library'),
  severity: z.string().optional(),
  unit: z.string().optional(),
  metric: z.enum(['nullValues', 'missingValues', 'invalidValues', 'duplicateValues', 'rowCount']).optional(),
  arguments: z.record(z.string(), z.unknown()).default({}),
  query: z.string().optional(),
  engine: z.string().optional(),
  implementation: prose,
  mustBe: prose,
  mustNotBe: prose,
  mustBeGreaterThan: number.optional(),
  mustBeGreaterOrEqualTo: number.optional(),
  mustBeLessThan: number.optional(),
  mustBeLessOrEqualTo: number.optional(),
  mustBeBetween: z.array(number).optional(),
  mustNotBeBetween: z.array(number).optional(),
});

export type OdcsQuality = z.output<typeof qualitySchema>;
