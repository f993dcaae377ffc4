var __defProp = Object.defineProperty;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __esm = (fn, res, err) => function __init() {
  if (err) throw err[0];
  try {
    return fn && (res = (0, fn[__getOwnPropNames(fn)[0]])(fn = 0)), res;
  } catch (e) {
    throw err = [e], e;
  }
};
var __export = (target2, all2) => {
  for (var name3 in all2)
    __defProp(target2, name3, { get: all2[name3], enumerable: true });
};

// bench/engine/peers.ts
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
async function peer(name3) {
  const require2 = createRequire(join(folderOf(name3), "index.js"));
  const loaded = await import(pathToFileURL(require2.resolve(name3)).href);
  return loaded.default ?? loaded;
}
function folderOf(name3) {
  return join(homedir(), ".cache", "penstock-bench", `${name3}-${versions[name3]}`);
}
var versions;
var init_peers = __esm({
  "bench/engine/peers.ts"() {
    "use strict";
    versions = {
      "nodejs-polars": "0.24.1",
      chdb: "3.4.0",
      hyparquet: "1.31.5",
      "hyparquet-writer": "0.17.0"
    };
  }
});

// lib/core/canonical-json.ts
function canonicalJson(value2) {
  if (typeof value2 === "number" && !Number.isFinite(value2)) throw new TypeError(`JSON has no ${value2}`);
  if (typeof value2 === "function" || typeof value2 === "symbol" || value2 === void 0) {
    throw new TypeError(`JSON has no ${typeof value2}`);
  }
  if (value2 === null || typeof value2 !== "object") return JSON.stringify(value2);
  if (Array.isArray(value2)) return `[${value2.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  const members = Object.entries(value2).filter(([, member2]) => member2 !== void 0).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0).map(([key2, member2]) => `${JSON.stringify(key2)}:${canonicalJson(member2)}`);
  return `{${members.join(",")}}`;
}
var init_canonical_json = __esm({
  "lib/core/canonical-json.ts"() {
    "use strict";
  }
});

// lib/core/nearest.ts
function nearest(name3, candidates) {
  let best;
  let bestDistance = (name3.length < 4 ? 1 : Math.max(2, Math.floor(name3.length / 3))) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name3.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? abbreviated(name3, candidates);
}
function abbreviated(name3, candidates) {
  if (name3.length < 4) return void 0;
  const start2 = name3.toLowerCase().slice(0, Math.max(4, name3.length - 1));
  return candidates.find((candidate) => candidate.toLowerCase().startsWith(start2));
}
function editDistance(from2, to) {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  let before2 = [];
  for (let i = 1; i <= from2.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1] + (from2[i - 1] === to[j - 1] ? 0 : 1);
      const swaps = i > 1 && j > 1 && from2[i - 1] === to[j - 2] && from2[i - 2] === to[j - 1];
      const swapped = swaps ? before2[j - 2] + 1 : replaced;
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, replaced, swapped));
    }
    before2 = row;
    row = next;
  }
  return row[to.length];
}
var init_nearest = __esm({
  "lib/core/nearest.ts"() {
    "use strict";
  }
});

// lib/component/classifications.ts
function moreConfined(a, b) {
  if (a === void 0 || b === void 0) return a ?? b;
  return isMoreConfined(a, b) ? a : b;
}
function isMoreConfined(a, than) {
  return classifications.indexOf(a) > classifications.indexOf(than);
}
var classifications;
var init_classifications = __esm({
  "lib/component/classifications.ts"() {
    "use strict";
    classifications = ["public", "internal", "confidential", "restricted"];
  }
});

// lib/core/errors/penstock-error.ts
function messageOf(parts) {
  const clauses = [parts.problem];
  if (parts.received !== void 0) clauses.push(`received: ${shown(parts.received)}`);
  if (parts.allowed !== void 0) clauses.push(`allowed: ${shown(parts.allowed)}`);
  clauses.push(parts.change);
  return clauses.map((clause) => clause.replace(/[.\s]+$/, "")).join("; ");
}
function shown(value2) {
  if (typeof value2 === "string") return value2;
  if (Array.isArray(value2)) return value2.map(shown).join(", ");
  return JSON.stringify(value2, (_, part) => typeof part === "bigint" ? part.toString() : part) ?? String(value2);
}
var PenstockError;
var init_penstock_error = __esm({
  "lib/core/errors/penstock-error.ts"() {
    "use strict";
    PenstockError = class extends Error {
      /** Of the class, so that it is known without an instance. */
      static kind = "permanent";
      problem;
      received;
      allowed;
      change;
      get kind() {
        return this.constructor.kind;
      }
      constructor(parts) {
        super(messageOf(parts), parts.cause === void 0 ? void 0 : { cause: parts.cause });
        this.name = new.target.name;
        this.problem = parts.problem;
        this.received = parts.received;
        this.allowed = parts.allowed;
        this.change = parts.change;
      }
    };
  }
});

// lib/core/errors/terminal-error.ts
var TerminalError;
var init_terminal_error = __esm({
  "lib/core/errors/terminal-error.ts"() {
    "use strict";
    init_penstock_error();
    TerminalError = class extends PenstockError {
      disposition = "terminal";
    };
  }
});

// lib/component/shape.ts
function quoted(name3) {
  return `"${name3.replaceAll('"', '""')}"`;
}
function literal(text4) {
  const parts = text4.split("\0").map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? parts[0] : `(${parts.join(" || chr(0) || ")})`;
}
function asItIs(column3) {
  return { name: column3.name, expression: { sql: quoted(column3.name) } };
}
var severities;
var init_shape = __esm({
  "lib/component/shape.ts"() {
    "use strict";
    severities = ["minor", "major", "critical"];
  }
});

// lib/component/contract-rules.ts
function rulesOf(name3, checked, refuse2, column3 = quoted(name3)) {
  const parts = [];
  if (checked.set) parts.push(inSet(column3, checked.set));
  if (checked.pattern) parts.push(looksLike(column3, checked.pattern, checked.format, refuse2));
  const rank2 = ({ check: check2 }) => kinds.indexOf(check2);
  for (const check2 of [...checked.checks].sort((a, b) => rank2(a) - rank2(b))) {
    const rule3 = ruleByCheck[check2.check];
    if (!rule3) throw refuse2(`zod's check "${check2.check}" is not known here`);
    const made = rule3(column3, check2, refuse2);
    if (made) parts.push(made);
  }
  return parts.map(({ what, expression, message }) => ({ name: `${name3} ${what}`, expression, message }));
}
function inSet(column3, values3) {
  const list = values3.map(sqlOf).join(", ");
  return { what: "in set", expression: `${column3} IN (${list})`, message: `is not one of ${values3.join(", ")}` };
}
function looksLike(column3, pattern2, format2, refuse2) {
  const flags = [...pattern2.flags].map((letter) => flagByLetter[letter]);
  if (flags.includes(void 0)) throw refuse2(`its pattern has the flag "${pattern2.flags}"`);
  const prefix2 = flags.some((flag) => flag !== "") ? `(?${flags.join("")})` : "";
  return {
    what: format2 ? `is ${format2}` : `matches ${pattern2}`,
    expression: `regexp_matches(${column3}, ${literal(prefix2 + pattern2.source)})`,
    message: `is not ${format2 ?? `like ${pattern2}`}`
  };
}
function sqlOf(value2) {
  if (typeof value2 === "string") return literal(value2);
  return value2 instanceof Date ? `TIMESTAMP ${literal(shown2(value2))}` : String(value2);
}
function shown2(value2) {
  return value2 instanceof Date ? value2.toISOString().slice(0, -1).replace("T", " ") : String(value2);
}
var ruleByCheck, kinds, flagByLetter;
var init_contract_rules = __esm({
  "lib/component/contract-rules.ts"() {
    "use strict";
    init_shape();
    ruleByCheck = {
      greater_than: (column3, { value: value2, inclusive }) => {
        const sign = inclusive ? ">=" : ">";
        const message = `${inclusive ? "is below" : "is not above"} ${shown2(value2)}`;
        return { what: `${sign} ${shown2(value2)}`, expression: `${column3} ${sign} ${sqlOf(value2)}`, message };
      },
      less_than: (column3, { value: value2, inclusive }) => {
        const sign = inclusive ? "<=" : "<";
        const message = `${inclusive ? "is above" : "is not below"} ${shown2(value2)}`;
        return { what: `${sign} ${shown2(value2)}`, expression: `${column3} ${sign} ${sqlOf(value2)}`, message };
      },
      multiple_of: (column3, { value: value2 }, refuse2) => {
        if (typeof value2 === "number" && !Number.isInteger(value2)) throw refuse2("it is a multiple of a fraction");
        return {
          what: `multiple of ${value2}`,
          expression: `${column3} % ${value2} = 0`,
          message: `is not a multiple of ${value2}`
        };
      },
      min_length: (column3, { minimum }) => ({
        what: `length >= ${minimum}`,
        expression: `length(${column3}) >= ${minimum}`,
        message: `is shorter than ${minimum}`
      }),
      max_length: (column3, { maximum }) => ({
        what: `length <= ${maximum}`,
        expression: `length(${column3}) <= ${maximum}`,
        message: `is longer than ${maximum}`
      }),
      length_equals: (column3, { length }) => ({
        what: `length = ${length}`,
        expression: `length(${column3}) = ${length}`,
        message: `is not ${length} long`
      }),
      string_format: (column3, { pattern: pattern2, format: format2 }, refuse2) => {
        if (!(pattern2 instanceof RegExp)) throw refuse2(`zod checks "${format2}" by code`);
        return looksLike(column3, pattern2, format2 === "regex" ? void 0 : format2, refuse2);
      },
      // The type has said it.
      number_format: () => void 0,
      bigint_format: () => void 0,
      overwrite: (_column, _check, refuse2) => {
        throw refuse2("it changes the value (trim, toLowerCase and the like)");
      },
      custom: (_column, _check, refuse2) => {
        throw refuse2("it holds a refine");
      }
    };
    kinds = Object.keys(ruleByCheck);
    flagByLetter = { i: "i", s: "s", m: "m", u: "", v: "", g: "", d: "" };
  }
});

// lib/component/contract-fields.ts
import * as z from "zod";
function fieldsOf(schema35) {
  if (schema35?._zod?.def.type !== "object") throw notAnObject(schema35);
  const { checks, catchall } = schema35._zod.def;
  if (checks?.length > 0) throw unsupported("of the whole record", "it holds a refine");
  if (catchall && !["never", "unknown", "any"].includes(catchall._zod.def.type))
    throw unsupported("of the whole record", "it types columns that it does not name");
  const errors = [];
  const fields2 = Object.entries(schema35.shape).flatMap(([name3, field]) => {
    try {
      return [fieldOf(name3, field)];
    } catch (error) {
      if (!(error instanceof ContractUnsupportedError)) throw error;
      errors.push(error);
      return [];
    }
  });
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors);
  return fields2;
}
function fieldOf(name3, field) {
  const { type, nullable, rules } = valueTypeOf(name3, field, quoted(name3));
  const classification = classificationOf(name3, field);
  return { name: name3, type, nullable, rules, ...classification !== void 0 && { classification } };
}
function valueTypeOf(name3, schema35, sql, depth = 0) {
  let nullable = false;
  let def = schema35._zod.def;
  while (wrappers[def.type]) {
    nullable ||= wrappers[def.type].nullable;
    def = def.innerType._zod.def;
  }
  if (def.type === "nonoptional") throw unsupported(name3, "it takes back that there may be nothing");
  const branches = branchesOf(def);
  const values3 = branches.filter((one) => !isNothing(one));
  if (values3.length < branches.length) nullable = true;
  const [value2] = values3.length > 1 && values3.every((one) => one.type === "literal") ? [literals(values3)] : values3;
  if (value2 === void 0 || values3.length > 1 && value2.type !== "literal")
    throw unsupported(name3, values3.length > 1 ? "it has several types" : "it has no type");
  const refuse2 = (why) => unsupported(name3, why);
  if (value2.type === "array") {
    const item = `__item_${depth}`;
    const element = valueTypeOf(`${name3}[]`, value2.element, item, depth + 1);
    const checks = (value2.checks ?? []).map((check2) => check2._zod.def);
    const every3 = (condition) => `coalesce(list_bool_and(list_transform(${sql}, lambda ${item}: ${condition})), true)`;
    const type2 = `${element.type}[]`;
    return {
      type: type2,
      nullable,
      rules: [...rulesOf(name3, { type: type2, checks }, refuse2, sql), ...within(element, `${name3}[]`, item, every3)]
    };
  }
  if (value2.type === "object") {
    if (value2.checks?.length > 0) throw refuse2("it holds a refine");
    const rest = value2.catchall?._zod.def.type;
    if (rest && !["unknown", "any"].includes(rest)) throw refuse2("it types or refuses members that it does not name");
    const members = Object.entries(value2.shape).map(([member2, of]) => {
      const path = `struct_extract(${sql}, ${literal(member2)})`;
      return { member: member2, path, ...valueTypeOf(`${name3}.${member2}`, of, path, depth) };
    });
    if (members.length === 0) throw refuse2("it names no member");
    const inside = members.flatMap((one) => within(one, `${name3}.${one.member}`, one.path, (condition) => condition));
    return {
      type: `STRUCT(${members.map(({ member: member2, type: type2 }) => `${quoted(member2)} ${type2}`).join(", ")})`,
      nullable,
      rules: inside
    };
  }
  const type = declaredType(name3, schema35, typeOf(name3, value2));
  return { type: type.type, nullable, rules: rulesOf(name3, type, refuse2, sql) };
}
function within({ nullable, rules }, name3, sql, every3) {
  const inner2 = rules.map((rule3) => ({ ...rule3, expression: every3(`(${sql} IS NULL OR (${rule3.expression}))`) }));
  if (nullable) return inner2;
  const present = {
    name: `${name3} has no gap`,
    expression: every3(`${sql} IS NOT NULL`),
    message: "has nothing where a value must be"
  };
  return [present, ...inner2];
}
function declaredType(name3, field, checked) {
  const said2 = metaOf(field, "columnType");
  if (said2 === void 0) return checked;
  const type = String(said2).toUpperCase().replace(/,\s+/, ",").replace(/^TIMESTAMPTZ$/, "TIMESTAMP WITH TIME ZONE");
  const found = declarable.find((one) => one.type.test(type));
  const [width2, scale] = (/\((\d+),(\d+)\)/.exec(type) ?? []).slice(1).map(Number);
  if (!found || scale !== void 0 && scale > width2)
    throw misdeclared(`the column type of "${name3}" is none that can be declared`, said2, declarableText);
  if (!found.of.test(checked.type) || checked.pattern || checked.set)
    throw misdeclared(
      `"${name3}" cannot be ${type}: its zod schema says ${checked.type}`,
      said2,
      `z.${found.schemas.replaceAll(", ", ", z.")}`
    );
  if (checked.type === "VARCHAR" && checked.checks.length > 0)
    throw misdeclared(
      `"${name3}" is ${type}, and its checks are those of a text`,
      said2,
      "z.number() with bounds, or decimal() without checks"
    );
  return { ...checked, type };
}
function misdeclared(problem, received, allowed) {
  return new ContractUnsupportedError({ problem, received, allowed, change: "correct .meta({ columnType })" });
}
function metaOf(field, name3) {
  const said2 = z.globalRegistry.get(field)?.[name3];
  const inner2 = field._zod.def.innerType;
  return said2 === void 0 && inner2 ? metaOf(inner2, name3) : said2;
}
function classificationOf(name3, field) {
  const said2 = z.globalRegistry.get(field)?.classification;
  const { innerType } = field._zod.def;
  if (said2 === void 0 && innerType) return classificationOf(name3, innerType);
  const inside = mostConfined(partsOf(innerType ?? field).map((part) => classificationOf(name3, part)));
  if (said2 === void 0) return inside;
  const found = classifications.find((one) => one === said2);
  if (found !== void 0) return mostConfined([found, inside]);
  const guess = typeof said2 === "string" ? nearest(said2, classifications) : void 0;
  throw new ContractUnsupportedError({
    problem: `the classification of column "${name3}" is none`,
    received: said2,
    allowed: classifications,
    change: guess ? `did you mean "${guess}"?` : "give one of these"
  });
}
function partsOf(field) {
  const { innerType, element, shape, options: options2 } = field._zod.def;
  if (innerType) return partsOf(innerType);
  return [...element ? [element] : [], ...Object.values(shape ?? {}), ...options2 ?? []];
}
function mostConfined(all2) {
  return classifications.findLast((one) => all2.includes(one));
}
function branchesOf(def) {
  return def.type === "union" ? def.options.flatMap((one) => branchesOf(one._zod.def)) : [def];
}
function isNothing(def) {
  return def.type === "null" || def.type === "undefined" || def.type === "literal" && def.values[0] === null;
}
function literals(defs) {
  return { type: "literal", values: defs.flatMap((one) => one.values) };
}
function typeOf(name3, def) {
  const checks = (def.checks ?? []).map((check2) => check2._zod.def);
  switch (def.type) {
    case "string":
      return typeOfString(name3, def, checks);
    case "number": {
      const formats2 = [def, ...checks].map((one) => one.format).filter((format2) => format2 !== void 0);
      const type = formats2.map((format2) => typeByNumberFormat[format2]).at(-1) ?? "DOUBLE";
      const bounds = formats2.includes("uint32") ? [bound(0), bound(2 ** 32 - 1)] : [];
      return { type, checks: [...bounds, ...checks] };
    }
    case "bigint": {
      const bounds = def.format === "uint64" ? [bound(0n), bound(2n ** 64n - 1n)] : [];
      return { type: typeByBigintFormat[def.format] ?? "HUGEINT", checks: [...bounds, ...checks] };
    }
    case "boolean":
      return { type: "BOOLEAN", checks };
    case "date":
      return { type: "TIMESTAMP", checks };
    case "enum":
      return typeOfSet(name3, Object.values(def.entries), checks);
    case "literal":
      return typeOfSet(name3, def.values, checks);
    default:
      throw unsupported(name3, code[def.type] ?? `its type is ${def.type}`);
  }
}
function typeOfString(name3, def, checks) {
  if (def.format === void 0) return { type: "VARCHAR", checks };
  const type = typeByStringFormat[def.format];
  if (type !== void 0) return { type, checks };
  if (!(def.pattern instanceof RegExp)) throw unsupported(name3, `zod checks "${def.format}" by code`);
  return { type: "VARCHAR", checks, pattern: def.pattern, format: def.format };
}
function typeOfSet(name3, values3, checks) {
  const types4 = new Set(values3.map((value2) => typeof value2));
  const [type] = types4;
  if (types4.size !== 1) throw unsupported(name3, "its values have several types");
  if (type === "string") return { type: "VARCHAR", checks, set: values3 };
  if (type === "boolean") return { type: "BOOLEAN", checks, set: values3 };
  if (type === "number") return { type: values3.every(Number.isSafeInteger) ? "BIGINT" : "DOUBLE", checks, set: values3 };
  throw unsupported(name3, `its values are of type ${type}`);
}
function bound(value2) {
  return { check: value2 > 0 ? "less_than" : "greater_than", value: value2, inclusive: true };
}
function notAnObject(received) {
  const type = received?._zod?.def.type;
  return new ContractUnsupportedError({
    problem: "the columns are not given as an object of zod",
    received: type ? `z.${type}()` : received === void 0 ? "nothing" : typeof received,
    allowed: "z.object({ <column>: <type>, \u2026 })",
    change: "give one, e.g. z.object({ id: z.int(), name: z.string() })"
  });
}
function unsupported(name3, why) {
  return new ContractUnsupportedError({
    problem: `the contract of column "${name3}" cannot be checked in columns: ${why}`,
    received: name3,
    allowed: "string, int, number, boolean, date, bigint, enum, literal, with min, max, length, regex, nullable, optional; arrays and objects of them",
    change: "use a plain type here, and a filter, cast or map step for what goes beyond it"
  });
}
var ContractUnsupportedError, typeByStringFormat, typeByNumberFormat, typeByBigintFormat, wrappers, code, declarable, declarableText;
var init_contract_fields = __esm({
  "lib/component/contract-fields.ts"() {
    "use strict";
    init_terminal_error();
    init_nearest();
    init_classifications();
    init_contract_rules();
    init_shape();
    ContractUnsupportedError = class extends TerminalError {
      name = "ContractUnsupportedError";
      code = "CONTRACT_UNSUPPORTED";
    };
    typeByStringFormat = { date: "DATE", datetime: "TIMESTAMP", time: "TIME" };
    typeByNumberFormat = {
      safeint: "BIGINT",
      int32: "INTEGER",
      uint32: "BIGINT",
      float32: "FLOAT",
      float64: "DOUBLE"
    };
    typeByBigintFormat = { int64: "BIGINT", uint64: "HUGEINT" };
    wrappers = {
      optional: { nullable: true },
      nullable: { nullable: true },
      readonly: { nullable: false }
    };
    code = {
      pipe: "it holds a transform",
      transform: "it holds a transform",
      default: "it puts a default in place of nothing",
      prefault: "it puts a default in place of nothing",
      catch: "it puts a value in place of a bad one",
      custom: "it holds code of its own",
      lazy: "it holds code of its own"
    };
    declarable = [
      {
        type: /^DECIMAL\(([1-9]|[12]\d|3[0-8]),(\d|[12]\d|3[0-8])\)$/,
        of: /^(VARCHAR|DOUBLE|BIGINT|HUGEINT)$/,
        schemas: "string, number, int, bigint"
      },
      {
        type: /^(TINYINT|SMALLINT|INTEGER|UTINYINT|USMALLINT|UINTEGER|UBIGINT|HUGEINT)$/,
        of: /^(BIGINT|INTEGER|HUGEINT)$/,
        schemas: "int, bigint"
      },
      { type: /^TIMESTAMP WITH TIME ZONE$/, of: /^TIMESTAMP$/, schemas: "iso.datetime, date" }
    ];
    declarableText = "DECIMAL(width,scale), TINYINT to UBIGINT, TIMESTAMP WITH TIME ZONE";
  }
});

// lib/component/contract.ts
import * as z2 from "zod";
async function planContract({ record: record15, options: options2 }, name3) {
  const closed = isZod(record15) && record15._zod.def.catchall?._zod.def.type === "never";
  const given4 = await recordTypeOf(record15);
  const { version: version2 = given4.version, keys = given4.keys, classification = {}, evolution: evolution2 } = options2;
  const aliases = given4.aliases || options2.aliases ? { ...given4.aliases, ...options2.aliases } : void 0;
  const named3 = [...Object.keys(classification), ...(keys ?? []).flat(), ...Object.keys(aliases ?? {})];
  const unknown3 = named3.find((column3) => !given4.fields.some((field) => field.name === column3));
  if (unknown3 !== void 0) throw unknownColumn(unknown3, given4.fields);
  const unknownColumns = options2.unknownColumns ?? (closed ? "reject" : "ignore");
  if (unknownColumns === "reject" && evolution2?.added !== void 0 && evolution2.added !== "stop")
    throw contradiction(evolution2.added);
  const twin = Object.values(aliases ?? {}).flat().find((alias, index, all2) => all2.indexOf(alias) !== index || given4.fields.some((field) => field.name === alias));
  if (twin !== void 0) throw ambiguous(twin);
  return {
    name: options2.name ?? name3,
    ...version2 !== void 0 && { version: version2 },
    fields: given4.fields.map(
      (field) => Object.hasOwn(classification, field.name) ? { ...field, classification: classification[field.name] } : field
    ),
    unknownColumns,
    ...keys !== void 0 && keys.length > 0 && { keys },
    ...evolution2 && { evolution: evolution2 },
    ...aliases && { aliases }
  };
}
async function recordTypeOf(record15) {
  if (typeof record15 === "function") return record15();
  return record15 && "fields" in record15 ? record15 : { fields: fieldsOf(record15) };
}
function isZod(record15) {
  return record15 !== void 0 && "_zod" in record15;
}
function unknownColumn(name3, fields2) {
  const names4 = fields2.map((field) => field.name);
  const guess = nearest(name3, names4);
  return new ContractUnsupportedError({
    problem: `the contract has no column "${name3}"`,
    received: name3,
    allowed: names4,
    change: guess ? `did you mean "${guess}"?` : "name a column of the contract"
  });
}
function contradiction(added4) {
  return new ContractUnsupportedError({
    problem: "the contract refuses columns that it does not name, and lets them be added",
    received: `evolution.added: ${added4}`,
    allowed: "evolution.added: stop, or columns that are passed over",
    change: "use z.object instead of z.strictObject, set unknownColumns to 'ignore', or leave `added` out"
  });
}
function ambiguous(alias) {
  return new ContractUnsupportedError({
    problem: `the alias "${alias}" stands for several columns`,
    received: alias,
    allowed: "names that no other column of the contract has, each once",
    change: "take it away from all columns but one"
  });
}
var classificationSchema, evolution, evolutionSchema, contractOptionsSchema;
var init_contract = __esm({
  "lib/component/contract.ts"() {
    "use strict";
    init_nearest();
    init_classifications();
    init_contract_fields();
    classificationSchema = z2.enum(classifications).describe("who may see the values");
    evolution = z2.enum(["evolve", "quarantine", "stop"]);
    evolutionSchema = z2.strictObject({
      added: evolution.optional().describe("a column that the contract does not name; default: as `unknownColumns` says, and evolve passes it over"),
      missing: evolution.optional().describe(
        "a column that the file does not have; default: stop (of JSON: only where it may not be NULL), and evolve reads NULL"
      ),
      retyped: evolution.optional().describe(
        "a column of another kind; default: evolve, which converts each value that loses nothing and rejects the others"
      ),
      renamed: evolution.optional().describe(
        "a column under an alias, or under its name in other case, or with other signs between its words; default: evolve for aliases, else stop"
      )
    });
    contractOptionsSchema = z2.strictObject({
      name: z2.string().regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,62}$/, "is not a name: a letter, then letters, digits, _ and -, 63 at most").optional().describe("name in plans and reports; default: the source's own"),
      unknownColumns: z2.enum(["ignore", "reject"]).optional().describe(
        "columns that the contract does not name: passed over, or the run stops; default: as the zod object says"
      ),
      version: z2.string().min(1).optional().describe("as the owner of the contract counts, e.g. 1.4.0; default: none"),
      keys: z2.array(z2.array(z2.string().min(1)).min(1)).optional().describe("sets of columns that are promised to be unique; a step or rule of the pipeline must hold each of them"),
      classification: z2.record(z2.string(), classificationSchema).optional().describe("column \u2192 public, internal, confidential or restricted"),
      evolution: evolutionSchema.optional().describe("what becomes of a file whose columns are others: evolve, quarantine all its rows, or stop the run"),
      aliases: z2.record(z2.string(), z2.array(z2.string().min(1)).min(1)).optional().describe("column \u2192 other names that files give it")
    });
  }
});

// lib/component/user-location.ts
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
function userLocation() {
  const [own, ...callers] = (new Error().stack ?? "").split("\n").slice(1).map(placeOf);
  if (!own) return void 0;
  const library = dirname(dirname(own.file));
  const user2 = callers.find((place2) => place2 !== void 0 && !place2.file.startsWith(`${library}/`));
  return user2 && `${relative(process.cwd(), user2.file)}:${user2.line}`;
}
function placeOf(frame3) {
  const place2 = /\(?((?:file:\/\/)?(?:\/|[A-Za-z]:)[^()]*?)(?:\?[^:]*)?:(\d+:\d+)\)?$/.exec(
    frame3.trim().replace(/^at (async )?/, "")
  );
  if (!place2) return void 0;
  const file2 = place2[1];
  return {
    file: file2.startsWith("file://") ? fileURLToPath(file2) : file2.slice(Math.max(0, file2.lastIndexOf(" ") + 1)),
    line: place2[2]
  };
}
var init_user_location = __esm({
  "lib/component/user-location.ts"() {
    "use strict";
  }
});

// lib/definition/dataset.ts
function from(source, contract2, options2) {
  const whole3 = contract2 && "options" in contract2 ? contract2 : { record: contract2, options: {} };
  return new Dataset({ kind: "from", source, contract: whole3, ...options2 && { options: options2 } });
}
function isStep(value2) {
  return value2?.kind === "step";
}
var Dataset;
var init_dataset = __esm({
  "lib/definition/dataset.ts"() {
    "use strict";
    init_user_location();
    Dataset = class _Dataset {
      origin;
      constructor(origin) {
        this.origin = Object.freeze(origin);
        Object.freeze(this);
      }
      /** Applies operators in order. */
      pipe(...steps2) {
        const at = steps2.every(isStep) ? void 0 : userLocation();
        return steps2.reduce((input, step) => {
          return new _Dataset(isStep(step) ? { kind: "step", input, step } : { kind: "stray", input, received: step, at });
        }, this);
      }
      /** Binds a sink. The dataset may have any number of them. */
      to(sink) {
        return Object.freeze({ kind: "output", input: this, sink });
      }
    };
  }
});

// lib/component/refusal.ts
function refusal(problem, { path, allowed, change: change2 }) {
  return { message: problem, ...path && { path: [...path] }, params: { allowed, change: change2 } };
}
var init_refusal = __esm({
  "lib/component/refusal.ts"() {
    "use strict";
  }
});

// lib/core/durations.ts
var second, minute, hour, day;
var init_durations = __esm({
  "lib/core/durations.ts"() {
    "use strict";
    second = 1e3;
    minute = 60 * second;
    hour = 60 * minute;
    day = 24 * hour;
  }
});

// lib/core/parse-duration.ts
function parseDuration(text4) {
  const [, count3, unit] = durationPattern.exec(text4) ?? [];
  if (count3 === void 0) throw new TypeError(`"${text4}" is not a duration`);
  return Number(count3) * units[unit];
}
function describeDuration(milliseconds2) {
  const [name3, unit] = Object.entries(units).findLast(([, one]) => Math.abs(milliseconds2) >= one) ?? ["second", second];
  const count3 = Math.round(milliseconds2 / unit * 10) / 10;
  return `${count3} ${name3}${count3 === 1 ? "" : "s"}`;
}
var units, durationPattern;
var init_parse_duration = __esm({
  "lib/core/parse-duration.ts"() {
    "use strict";
    init_durations();
    units = { second, minute, hour, day, week: 7 * day };
    durationPattern = /^([1-9]\d{0,5}) (second|minute|hour|day|week)s?$/;
  }
});

// lib/definition/escalation.ts
import * as z3 from "zod";
function levelOf({ after: after3, to }) {
  return { afterSeconds: secondsOf(after3), to: [to].flat() };
}
function secondsOf(after3) {
  return after3.startsWith("0 ") ? 0 : parseDuration(after3) / 1e3;
}
var forms, receiver, level, escalateSchema;
var init_escalation = __esm({
  "lib/definition/escalation.ts"() {
    "use strict";
    init_refusal();
    init_parse_duration();
    forms = "an e-mail address, an https:// address, or the ARN of an SNS topic";
    receiver = z3.string().regex(
      /^([^\s@]+@[^\s@]+\.[^\s@]+|https:\/\/\S+|arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+)$/,
      `is not one who can be told: ${forms}`
    );
    level = z3.strictObject({
      after: z3.string().regex(
        /^(0|[1-9]\d{0,5}) (second|minute|hour|day)s?$/,
        'is not a time such as "0 minutes", "30 minutes" or "2 hours"'
      ).default("0 minutes").describe('how long after it began, e.g. "30 minutes"; default: at once'),
      to: z3.union([receiver, z3.array(receiver).min(1)]).describe(forms)
    });
    escalateSchema = z3.array(level).min(1).max(8).superRefine((levels, { addIssue }) => {
      const told2 = /* @__PURE__ */ new Set();
      for (const [index, { after: after3, to }] of levels.entries()) {
        const before2 = levels[index - 1];
        if (before2 && secondsOf(after3) <= secondsOf(before2.after))
          addIssue({
            code: "custom",
            input: after3,
            ...refusal("is not later than the level before it", {
              path: [index, "after"],
              allowed: `more than ${before2.after}`,
              change: "order the levels by their times"
            })
          });
        for (const one of [to].flat()) {
          if (told2.has(one))
            addIssue({
              code: "custom",
              input: one,
              ...refusal("is told twice of the same", {
                path: [index, "to"],
                allowed: "each receiver in one level",
                change: "take it out of one of them"
              })
            });
          told2.add(one);
        }
      }
    });
  }
});

// lib/definition/explain-issue.ts
function explainIssue(issue, received, meaning) {
  const name3 = issue.path.join(".") || "the value";
  const path = [];
  switch (issue.code) {
    case "invalid_union": {
      if ("discriminator" in issue) return unknownKind(issue, name3, received);
      const meant = meantAlternative(issue);
      if (!meant) return noAlternative(issue, name3, received);
      const inner2 = explainIssue(meant, valueAt(received, meant.path), meaning);
      return { ...inner2, path: [...meant.path, ...inner2.path] };
    }
    case "invalid_type": {
      const allowed = issue.expected === "nonoptional" ? meaning ?? "a value" : titleOf(issue.expected);
      const change2 = issue.expected === "array" && isPlain(received) ? `write [${received}]` : `give ${name3} ${titleOf(issue.expected)}`;
      return { problem: wrong(name3, received), allowed, change: change2, path };
    }
    case "invalid_value":
      return { ...oneOf(issue.values, name3, received), path };
    case "invalid_key": {
      const [inner2] = issue.issues;
      const empty = issue.path.at(-1) === "";
      return {
        problem: empty ? `a name in ${parentOf(issue)} is empty` : `a name in ${parentOf(issue)} ${inner2?.message ?? ""}`,
        allowed: empty ? "names of at least one character" : allowedOf(inner2?.message ?? "") ?? meaning ?? "other names",
        change: empty ? "give it a name" : "write the name otherwise",
        path
      };
    }
    case "too_small":
    case "too_big": {
      const small = issue.code === "too_small";
      const bound3 = small ? issue.minimum : issue.maximum;
      const limit = `${issue.inclusive === false ? small ? "more than" : "less than" : small ? "at least" : "at most"} ${bound3}`;
      const allowed = `${limit}${unitOf(issue.origin, Number(bound3))}`;
      return { problem: `${name3} ${measured(issue.origin, small)}`, allowed, change: `give ${name3} ${allowed}`, path };
    }
  }
  return { ...ownWords(issue, { name: name3, received, meaning }), path };
}
function ownWords(issue, {
  name: name3,
  received,
  meaning
}) {
  const { message } = issue;
  const said2 = "params" in issue ? issue.params : void 0;
  const [, short = message] = asWhat.exec(message) ?? [];
  return {
    // What begins with a verb goes on after the option's name.
    problem: /^(is|has|holds|goes|names|means|asks|limits|leaves) /.test(short) ? `${name3} ${short}` : short,
    allowed: said2?.allowed ?? allowedOf(message) ?? meaning ?? "another value",
    change: said2?.change ?? guessAmong(allowedOf(message), received) ?? `correct ${name3}`
  };
}
function guessAmong(allowed, received) {
  const words = allowed?.split(/[, ]+/).filter((word) => /^[A-Z]+$/.test(word)) ?? [];
  const guess = typeof received === "string" && words.length > 2 ? nearest(received, words) : void 0;
  return guess && `did you mean "${guess}"?`;
}
function allowedOf(message) {
  return asWhat.exec(message)?.[2];
}
function unknownKind(issue, name3, received) {
  const { options: options2 } = issue;
  return { ...oneOf(options2 ?? [], name3, received), path: [] };
}
function oneOf(values3, name3, received) {
  const guess = typeof received === "string" ? nearest(received, values3.map(String)) : void 0;
  return {
    problem: received === void 0 ? `${name3} is missing` : `${name3} cannot have this value`,
    allowed: values3,
    change: guess === void 0 ? `give ${name3} one of these values` : `did you mean "${guess}"?`
  };
}
function noAlternative(issue, name3, received) {
  const all2 = issue.errors.flatMap(([one]) => one ?? []);
  const told2 = all2.find((one) => one.code === "custom" || one.code === "invalid_format");
  if (told2 && received !== void 0) return { ...ownWords(told2, { name: name3, received }), path: [] };
  const types4 = all2.flatMap((one) => one.code === "invalid_type" ? titleOf(one.expected) : []);
  const allowed = [...new Set(types4)].join(", or ");
  return {
    problem: wrong(name3, received),
    allowed: allowed || "another value",
    change: `give ${name3} ${allowed || "another value"}`,
    path: []
  };
}
function wrong(name3, received) {
  return received === void 0 ? `${name3} is missing` : `${name3} has the wrong type`;
}
function parentOf(issue) {
  return issue.path.slice(0, -1).join(".") || "the mapping";
}
function titleOf(type) {
  return titles[type] ?? `a ${type}`;
}
function isPlain(value2) {
  return typeof value2 === "string" || typeof value2 === "number";
}
function measured(origin, small) {
  return measures[origin]?.[small ? 0 : 1] ?? `is too ${small ? "small" : "large"}`;
}
function unitOf(origin, count3) {
  const unit = measures[origin];
  return unit ? ` ${unit[count3 === 1 ? 2 : 3]}` : "";
}
function meantAlternative(issue) {
  const firsts = issue.errors.flatMap((issues) => issues[0] ?? []);
  const deepest = Math.max(...firsts.map((one) => one.path.length));
  return deepest > 0 ? firsts.find((one) => one.path.length === deepest) : void 0;
}
function valueAt(value2, path) {
  return path.reduce((inner2, key2) => inner2?.[key2], value2);
}
var asWhat, titles, measures;
var init_explain_issue = __esm({
  "lib/definition/explain-issue.ts"() {
    "use strict";
    init_nearest();
    asWhat = /^(is not [^:]+): (.+)$/;
    titles = {
      string: "a text",
      number: "a number",
      int: "an integer",
      bigint: "an integer",
      boolean: "true or false",
      array: "a list",
      tuple: "a list",
      object: "a mapping of names to values",
      record: "a mapping of names to values",
      null: "null",
      nonoptional: "a value"
    };
    measures = {
      string: ["is too short", "is too long", "character", "characters"],
      array: ["has too few elements", "has too many elements", "element", "elements"],
      set: ["has too few elements", "has too many elements", "element", "elements"],
      record: ["has too few entries", "has too many entries", "entry", "entries"]
    };
  }
});

// lib/definition/problem.ts
function problemsOf(error, part, at, input, known2) {
  const placeOf3 = typeof at === "function" ? at : () => at;
  const missing3 = (path) => error.issues.some((issue) => issue.code !== "unrecognized_keys" && same(issue.path, path)) && valueAt2(input, path) === void 0;
  const unknown3 = (path) => error.issues.flatMap(
    (issue) => issue.code === "unrecognized_keys" && same(issue.path, path) ? issue.keys : []
  );
  return error.issues.flatMap((issue) => {
    const path = issue.path;
    const where2 = [part, ...path].join(" / ");
    if (issue.code === "unrecognized_keys") {
      const allowed = "length" in known2 ? known2 : keysAt(known2, path);
      return issue.keys.map((key2) => {
        const guess = nearest(key2, allowed);
        const holder = allowed.length === 1 && missing3([...path, allowed[0]]) ? allowed[0] : void 0;
        return {
          at: placeOf3([...path, key2], "key"),
          part: where2,
          problem: `there is no option "${key2}"`,
          received: key2,
          allowed,
          change: guess ? `did you mean "${guess}"?` : holder ? `put it below "${holder}": { ${holder}: { ${key2}: \u2026 } }` : `remove "${key2}"`
        };
      });
    }
    if (missing3(path)) {
      const others = unknown3(path.slice(0, -1));
      const siblings = "length" in known2 ? known2 : keysAt(known2, path.slice(0, -1));
      if (others.some((other) => nearest(other, siblings) === path.at(-1)) || others.length > 0 && siblings.length === 1)
        return [];
    }
    const meaning = "length" in known2 ? void 0 : meaningAt(known2, path);
    const { path: inner2, ...explained } = explainIssue(issue, valueAt2(input, path), meaning);
    const whole3 = [...path, ...inner2];
    const received = issue.code === "invalid_key" ? path.at(-1) : valueAt2(input, whole3) ?? "nothing";
    const names4 = "length" in known2 || path.length > 0 || issue.code !== "invalid_type" ? [] : keysAt(known2, path);
    const options2 = names4.length > 0 && {
      problem: received === "nothing" ? "nothing is given" : "the options are not given by name",
      allowed: names4,
      change: `write { ${names4[0]}: \u2026 }`
    };
    return [{ at: placeOf3(whole3), part: [part, ...whole3].join(" / "), received, ...explained, ...options2 }];
  });
}
function keysAt(schema35, path) {
  return [...new Set(schemasAt(schema35, path).flatMap((one) => Object.keys(one.shape ?? {})))];
}
function meaningAt(schema35, path) {
  const parts = path.map((_, index) => schemasAt(schema35, path.slice(0, index + 1), false));
  return parts.flatMap((part) => part.find((one) => one.description)?.description ?? []).at(-1);
}
function schemasAt(schema35, path, whole3 = true) {
  const opened = (one) => {
    const inner2 = bare(one);
    return inner2?._zod.def.type === "union" ? inner2._zod.def.options.flatMap(opened) : inner2 ? [inner2] : [];
  };
  let found = [schema35];
  for (const key2 of path)
    found = found.flatMap(opened).flatMap((one) => {
      const def = one._zod.def;
      return one.shape?.[key2] ?? def.element ?? def.valueType ?? [];
    });
  return whole3 ? found.flatMap(opened) : found;
}
function bare(schema35) {
  const inner2 = schema35?._zod.def.innerType;
  return inner2 ? bare(inner2) : schema35;
}
function same(a, b) {
  return a.length === b.length && a.every((step, index) => step === b[index]);
}
function valueAt2(input, path) {
  return path.reduce((value2, key2) => value2?.[key2], input);
}
var nothing, DefinitionInvalidError;
var init_problem = __esm({
  "lib/definition/problem.ts"() {
    "use strict";
    init_terminal_error();
    init_nearest();
    init_explain_issue();
    nothing = { nodes: [], quality: [], parameters: {}, whole: false };
    DefinitionInvalidError = class extends TerminalError {
      name = "DefinitionInvalidError";
      code = "DEFINITION_INVALID";
      pipeline;
      problems;
      /** What of the definition is in order, so that more can be said about it. */
      intact;
      constructor(pipeline4, problems, intact = nothing) {
        const [first4] = problems;
        const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
        super({
          problem: `pipeline "${pipeline4}": ${first4.part}: ${first4.problem}${more}${first4.at ? ` (${first4.at})` : ""}`,
          received: first4.received,
          allowed: first4.allowed,
          change: first4.change
        });
        this.pipeline = pipeline4;
        this.problems = problems;
        this.intact = intact;
      }
    };
  }
});

// lib/core/data-budget.ts
function dataMegabytes(memoryMegabytes) {
  return Math.max(128, Math.floor((memoryMegabytes - ownMegabytes) * memoryShare));
}
var ownMegabytes, memoryShare;
var init_data_budget = __esm({
  "lib/core/data-budget.ts"() {
    "use strict";
    ownMegabytes = 192;
    memoryShare = 0.45;
  }
});

// lib/core/chunk-bytes.ts
function usualChunkBytes(workerMemoryMegabytes) {
  return Math.min(usualBytes, dataMegabytes(workerMemoryMegabytes) * 1e6 / timesTyped);
}
function chunkBytesFor({ workerMemoryMegabytes, chunkBytes }, inputBytes) {
  const most = workerMemoryMegabytes * 1024 * 1024 * memoryShare2;
  return Math.max(chunkBytes, Math.floor(Math.min(inputBytes / manyChunks, most)));
}
var manyChunks, timesTyped, memoryShare2, usualBytes;
var init_chunk_bytes = __esm({
  "lib/core/chunk-bytes.ts"() {
    "use strict";
    init_data_budget();
    manyChunks = 1e3;
    timesTyped = 4;
    memoryShare2 = 1 / 2 / timesTyped;
    usualBytes = 64 * 1024 * 1024;
  }
});

// lib/definition/incremental.ts
import * as z4 from "zod";
var watermarkSchema, offsetSchema, incrementalSchema, sourceOptionsSchema;
var init_incremental = __esm({
  "lib/definition/incremental.ts"() {
    "use strict";
    init_parse_duration();
    watermarkSchema = z4.strictObject({
      by: z4.string().min(1).describe(
        "column that only grows, e.g. a time of change: rows at or below the largest published value are passed over"
      ),
      lag: z4.string().regex(durationPattern, 'is not a duration such as "2 hours" or "1 day"').optional().describe(
        "how late rows may come: those of so long before that value are taken once more, and merged by their key"
      )
    });
    offsetSchema = z4.strictObject({
      offset: z4.literal(true).describe("files only grow: of a new version what was added is read, up to the last whole record"),
      changed: z4.enum(["stop", "again"]).default("stop").describe(
        "a file that is shorter, or has other bytes where it was read: its run fails, or takes it from its beginning"
      )
    });
    incrementalSchema = z4.union([watermarkSchema, offsetSchema]);
    sourceOptionsSchema = z4.strictObject({
      incremental: incrementalSchema.optional().describe("go on where earlier runs have ended; default: read all there is"),
      // The graph says what is wrong with it: it holds a source with options of its own.
      fallback: z4.custom().optional().describe("what is read once all attempts to read the source are spent; default: the run fails")
    });
  }
});

// lib/definition/graph.ts
function graphOf(outputs2, rules) {
  const graph = new Graph();
  for (const output of outputs2) graph.addOutput(output);
  return { nodes: graph.nodes, rules: rules.map((rule3) => graph.addRule(rule3)), problems: graph.problems };
}
function nameOf(title) {
  return title.normalize("NFKD").replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 63) || "source";
}
function isPlainFunction(call3) {
  return typeof call3 === "function" && call3.constructor.name === "Function";
}
var Graph;
var init_graph = __esm({
  "lib/definition/graph.ts"() {
    "use strict";
    init_contract();
    init_dataset();
    init_incremental();
    init_problem();
    Graph = class {
      nodes = [];
      problems = [];
      #ids = /* @__PURE__ */ new Map();
      #taken = /* @__PURE__ */ new Set();
      /** Steps between a dataset and its source, by id; numbers the steps. */
      #depth = /* @__PURE__ */ new Map();
      addOutput({ input, sink }) {
        const inputId = this.#add(input);
        const side = sink.connector.sink;
        const part = `output ${sink.connector.component}`;
        if (!side) return void this.#notA("sink", sink.connector.component, part, sink.at);
        const options2 = this.#parse(side.schema, sink.options, part, sink.locate ?? sink.at);
        if (!options2) return;
        const id = `table.${side.title(options2).replaceAll("/", ".")}`;
        if (this.#taken.has(id)) {
          this.problems.push({
            at: sink.at,
            part,
            problem: "two outputs write the same table",
            received: side.title(options2),
            allowed: "each table once",
            change: "name another table, or unite the datasets first"
          });
          return;
        }
        this.#taken.add(id);
        const { connector: connector2, at, locate } = sink;
        this.nodes.push({ kind: "output", id, connector: connector2, options: options2, input: inputId, at, locate });
      }
      addRule(reference) {
        const { rule: rule3, side, at } = reference;
        if (side === void 0) return reference;
        if (side instanceof Dataset) return Object.freeze({ ...reference, side: this.#add(side) });
        this.#notADataset(side, `quality / ${rule3.component}`, at);
        return reference;
      }
      #add(dataset) {
        const known2 = this.#ids.get(dataset);
        if (known2 !== void 0) return known2;
        const id = this.#addOrigin(dataset);
        this.#ids.set(dataset, id);
        return id;
      }
      #addOrigin({ origin }) {
        switch (origin.kind) {
          case "from":
            return this.#addSource(origin);
          case "step":
            return this.#addStep(origin);
          case "stray":
            this.#notAStep(origin);
            return this.#add(origin.input);
        }
      }
      #addSource({ source, contract: contract2, options: beside = {}, locate }) {
        const part = `source ${source.connector.component}`;
        const side = source.connector.source;
        if (!side) return this.#notA("source", source.connector.component, part, source.at);
        const options2 = this.#parse(side.schema, source.options, part, source.locate ?? source.at);
        const contractOptions = this.#parse(
          contractOptionsSchema,
          contract2.options,
          `${part} / contract`,
          contract2.locate ?? source.at
        );
        const own = this.#parse(sourceOptionsSchema, beside, part, locate ?? source.at);
        const { incremental, fallback: given4 } = own ?? {};
        const fallback = given4 === void 0 ? void 0 : this.#fallback(given4, part, locate?.(["fallback"]) ?? source.at);
        const title = contract2.options.name ?? (options2 ? side.title(options2) : "source");
        const id = this.#unique(nameOf(title));
        this.#depth.set(id, 0);
        if (options2 && contractOptions && own)
          this.nodes.push({
            kind: "source",
            id,
            connector: source.connector,
            options: options2,
            contract: contract2,
            ...incremental && { incremental },
            ...locate && { locateOptions: locate },
            ...fallback && { fallback },
            at: source.at,
            locate: source.locate
          });
        return id;
      }
      #fallback(given4, source, at) {
        if (given4 === "empty" || given4 === "last-good") return given4;
        const part = `${source} / fallback`;
        const other = given4?.source;
        const side = other?.connector?.source;
        if (!other || !side) {
          this.problems.push({
            at: other?.at ?? at,
            part,
            problem: "it does not say what is read where the source cannot be read",
            received: other?.connector?.component ?? given4,
            allowed: "'empty', 'last-good', or { source: \u2026 } with a connector that is read",
            change: "give one of them"
          });
          return void 0;
        }
        const options2 = this.#parse(side.schema, other.options, part, other.locate ?? other.at ?? at);
        return options2 && { connector: other.connector, options: options2, at: other.at ?? at };
      }
      #addStep({ input: before2, step }) {
        const input = this.#add(before2);
        const part = `${input.split(".")[0]} / ${step.operator.component}`;
        const number16 = (this.#depth.get(input) ?? 0) + 1;
        const id = this.#unique(`${input.split(".")[0]}.${number16}-${step.operator.component}`);
        this.#depth.set(id, number16);
        const given4 = [...step.side === void 0 ? [] : [step.side], ...step.others ?? []];
        if (given4.length === 0 && (step.operator.takesSide || step.operator.takesOthers))
          this.#notADataset(void 0, `${part} / with`, step.at);
        const further = given4.flatMap((one) => {
          if (one instanceof Dataset) return [this.#add(one)];
          this.#notADataset(one, `${part} / with`, step.at);
          return [];
        });
        if (step.operator.returnsOption !== void 0 && !isPlainFunction(step.call)) this.#notAFunction(step, part);
        const options2 = this.#parse(step.operator.schema, step.options, part, step.locate ?? step.at);
        const whole3 = given4.length === further.length && (given4.length > 0 || !step.operator.takesSide);
        if (options2 && whole3)
          this.nodes.push({
            kind: "step",
            id,
            operator: step.operator,
            options: options2,
            input,
            ...step.operator.takesOthers || options2 && step.operator.sideFlows?.(options2) ? { others: further } : { side: further[0] },
            call: step.call,
            callSource: step.callSource,
            at: step.at,
            locate: step.locate
          });
        return id;
      }
      #parse(schema35, options2, part, at) {
        const parsed3 = schema35.safeParse(options2);
        if (parsed3.success) return parsed3.data;
        this.problems.push(...problemsOf(parsed3.error, part, at, options2, schema35));
        return void 0;
      }
      #notA(side, component, part, at) {
        const verb = side === "source" ? "read" : "written";
        this.problems.push({
          at,
          part,
          problem: `"${component}" cannot be ${verb}`,
          received: component,
          allowed: `a connector that is a ${side}`,
          change: `use another connector here`
        });
        return this.#unique(component);
      }
      #notADataset(received, part, at) {
        const allowed = "a dataset made by from() or pipe()";
        this.problems.push({
          at,
          part,
          problem: received === void 0 ? "the second dataset is missing" : "the second input is not a dataset",
          received: received === void 0 ? "nothing" : typeof received,
          allowed,
          change: "give a dataset as `with`"
        });
      }
      #notAStep({ received, at }) {
        const { kind, component } = received ?? {};
        const name3 = kind === "operator" ? component : void 0;
        const rule3 = received?.rule?.component;
        this.problems.push({
          at,
          part: "pipe",
          problem: rule3 ? `"${rule3}" is a quality rule, which no rows pass through` : "what stands in `pipe` is not a step",
          received: name3 ?? rule3 ?? (typeof received === "string" ? received : (received ?? "nothing") === "nothing" ? "nothing" : typeof received),
          allowed: "calls of operators, e.g. filter('amount > 0')",
          change: name3 ? `call it: ${name3}(\u2026)` : rule3 ? "name it among `quality` of the pipeline" : "call an operator here, or take it out"
        });
      }
      #notAFunction({ operator, call: call3, at }, part) {
        this.problems.push({
          at,
          part: `${part} / function`,
          problem: call3 === void 0 ? "the function is missing" : typeof call3 === "function" ? "the function is async or a generator, and must give its row at once" : "what is to be called is not a function",
          received: call3 === void 0 ? "nothing" : typeof call3 === "function" ? call3.constructor.name : typeof call3,
          allowed: "a function that takes a row and returns one, without await",
          change: `give it behind the columns that it returns: ${operator.component}(z.object({ \u2026 }), (row) => ({ \u2026 }))`
        });
      }
      #unique(wanted3) {
        let id = wanted3;
        for (let count3 = 2; this.#taken.has(id); count3++) id = `${wanted3}-${count3}`;
        this.#taken.add(id);
        return id;
      }
    };
  }
});

// lib/component/parameter.ts
function parameterText(type, value2) {
  return readers[type](String(value2));
}
function isOnCalendar(day3) {
  const at = Date.parse(`${day3}T00:00:00Z`);
  return !day3.startsWith("0000") && !Number.isNaN(at) && new Date(at).toISOString().startsWith(day3);
}
function timestamp(text4) {
  const [, day3, clock = "00:00", seconds = "00", fraction2 = "", zone = "Z"] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text4) ?? [];
  if (day3 === void 0 || !isOnCalendar(day3)) return void 0;
  const at = Date.parse(`${day3}T${clock}:${seconds}${zone}`);
  const utc = Number.isNaN(at) ? "" : new Date(at).toISOString();
  if (!/^\d{4}-/.test(utc) || utc.startsWith("0000")) return void 0;
  const part = fraction2.replace(/0+$/, "");
  return `${utc.slice(0, 10)} ${utc.slice(11, 19)}${part && `.${part}`}`;
}
var parameterTypes, parameterSqlTypes, parameterForms, readers;
var init_parameter = __esm({
  "lib/component/parameter.ts"() {
    "use strict";
    parameterTypes = ["string", "integer", "number", "boolean", "date", "timestamp"];
    parameterSqlTypes = {
      string: "VARCHAR",
      integer: "BIGINT",
      number: "DOUBLE",
      boolean: "BOOLEAN",
      date: "DATE",
      timestamp: "TIMESTAMP"
    };
    parameterForms = {
      string: "text of at most 1024 characters",
      integer: "a whole number of 64 bits",
      number: "a number",
      boolean: "true or false",
      date: "a day such as 2026-01-31",
      timestamp: "a time such as 2026-01-31T06:00:00Z; without a zone it is UTC"
    };
    readers = {
      string: (text4) => text4.length <= 1024 && !text4.includes("\0") ? text4 : void 0,
      integer(text4) {
        if (!/^-?\d{1,19}$/.test(text4)) return void 0;
        const value2 = BigInt(text4);
        return BigInt.asIntN(64, value2) === value2 ? String(value2) : void 0;
      },
      number: (text4) => /^-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i.test(text4) && Number.isFinite(Number(text4)) ? String(Number(text4)) : void 0,
      boolean: (text4) => /^(true|false)$/.test(text4) ? text4 : void 0,
      date: (text4) => /^\d{4}-\d\d-\d\d$/.test(text4) && isOnCalendar(text4) ? text4 : void 0,
      timestamp
    };
  }
});

// lib/definition/parameters.ts
import * as z5 from "zod";
function parameterProblems(parameters3, on, at) {
  const problems = [];
  const names4 = Object.keys(parameters3);
  for (const [index, one] of names4.entries()) {
    const twin = names4.slice(0, index).find((other) => other.toLowerCase() === one.toLowerCase());
    if (twin !== void 0)
      problems.push({
        at: at(one),
        part: `parameters / ${one}`,
        problem: "two parameters differ in upper and lower case alone",
        received: `${twin}, ${one}`,
        allowed: "names that differ otherwise",
        change: "rename one of them"
      });
    if (parameters3[one].default !== void 0 || on.length === 0) continue;
    problems.push({
      at: at(one),
      part: `parameters / ${one}`,
      problem: "what a trigger starts is given no value for it",
      received: `${parameters3[one].type} without a default`,
      allowed: "a default, which may be null, or a pipeline that only people start",
      change: `give it a default, e.g. { type: '${parameters3[one].type}', default: null }`
    });
  }
  return problems;
}
var name, typeSchema, parameterSchema, parametersSchema;
var init_parameters = __esm({
  "lib/definition/parameters.ts"() {
    "use strict";
    init_parameter();
    name = z5.string().regex(
      /^[a-z][A-Za-z0-9_]{0,62}$/,
      "is not the name of a parameter: a lower-case letter, then letters, digits and _, 63 at most"
    );
    typeSchema = z5.enum(parameterTypes);
    parameterSchema = z5.union([
      typeSchema,
      z5.strictObject({
        type: typeSchema,
        default: z5.union([z5.string(), z5.number(), z5.boolean(), z5.null()]).optional().describe("where a run is given no value; null: none"),
        description: z5.string().optional().describe("for people; nothing is checked by it")
      })
    ]).transform((given4, { addIssue }) => {
      if (typeof given4 === "string") return { type: given4 };
      const { type, default: usual2 } = given4;
      if (usual2 === void 0 || usual2 === null) return { type, ...usual2 === null && { default: null } };
      const text4 = parameterText(type, usual2);
      if (text4 !== void 0) return { type, default: text4 };
      addIssue({
        code: "custom",
        path: ["default"],
        input: usual2,
        message: `is not a value of the type ${type}`,
        params: { allowed: parameterForms[type], change: "correct the default, or the type" }
      });
      return z5.NEVER;
    });
    parametersSchema = z5.record(name, parameterSchema).describe("what a run is given: name \u2192 type, e.g. { from: date, country: { type: string, default: DE } }");
  }
});

// lib/component/event-filters.ts
function alone(value2, ...names4) {
  if (typeof value2 !== "object" || value2 === null || Array.isArray(value2)) return void 0;
  const [entry, ...more] = Object.entries(value2);
  return entry && more.length === 0 && names4.includes(entry[0]) ? entry : void 0;
}
function affix(matches) {
  const folded = (operand) => alone(operand, "equals-ignore-case")?.[1];
  return {
    allowed: 'a text, or { "equals-ignore-case": text }',
    wrong: (operand) => isText(operand) || isText(folded(operand)) ? void 0 : "wrong",
    matches: (operand, text4) => typeof operand === "string" ? matches(text4, operand) : matches(text4.toLowerCase(), String(folded(operand)).toLowerCase())
  };
}
function isOfPenstock({ source }) {
  return source.includes("penstock");
}
function matchesText(filters2, text4) {
  return filters2.some((filter) => {
    if (typeof filter !== "object" || filter === null) return filter === text4;
    const [name3, operand] = Object.entries(filter)[0];
    return eventOperators[name3].matches(operand, text4);
  });
}
function escaped(text4) {
  return text4.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
var isText, texts, areTexts, wildcard, ignoringCase, negatable, anythingBut, largest, numeric, exists, cidr, eventOperators;
var init_event_filters = __esm({
  "lib/component/event-filters.ts"() {
    "use strict";
    isText = (value2) => typeof value2 === "string" && value2 !== "";
    texts = (value2) => Array.isArray(value2) ? value2 : [value2];
    areTexts = (value2) => Array.isArray(value2) ? value2.length > 0 && value2.every(isText) : isText(value2);
    wildcard = {
      allowed: 'a text in which "*" stands for any characters, not twice in a row',
      wrong: (operand) => isText(operand) && !/\*\*/.test(operand) ? void 0 : "wrong",
      matches: (operand, text4) => {
        const parts = operand.match(/\\[*\\]|\*|[^*\\]+|\\/g) ?? [];
        const source = parts.map((part) => part === "*" ? "[\\s\\S]*" : escaped(part.replace(/^\\(.)$/, "$1")));
        return new RegExp(`^${source.join("")}$`).test(text4);
      }
    };
    ignoringCase = {
      allowed: "a text",
      wrong: (operand) => isText(operand) ? void 0 : "wrong",
      matches: (operand, text4) => operand.toLowerCase() === text4.toLowerCase()
    };
    negatable = ["prefix", "suffix", "wildcard", "equals-ignore-case"];
    anythingBut = {
      allowed: "a text or number, a list of one of the two, or { prefix, suffix, wildcard or equals-ignore-case: text or list }",
      wrong: (operand) => {
        const inner2 = alone(operand, ...negatable);
        if (inner2) return areTexts(inner2[1]) ? void 0 : "wrong";
        const areNumbers = texts(operand).every((one) => typeof one === "number");
        return areTexts(operand) || areNumbers && texts(operand).length > 0 ? void 0 : "wrong";
      },
      matches: (operand, text4) => {
        const inner2 = alone(operand, ...negatable);
        if (!inner2) return !texts(operand).includes(text4);
        return !texts(inner2[1]).some((one) => eventOperators[inner2[0]].matches(one, text4));
      }
    };
    largest = 5e9;
    numeric = {
      allowed: '[operator, number] or [">" or ">=", number, "<" or "<=", number], numbers up to 5,000,000,000',
      wrong: (operand) => {
        if (!Array.isArray(operand)) return "wrong";
        const [first4, low, second3, high] = operand;
        const isBound = (value2) => typeof value2 === "number" && Math.abs(value2) <= largest;
        if (operand.length === 2) return ["=", "<", "<=", ">", ">="].includes(first4) && isBound(low) ? void 0 : "wrong";
        const range = [">", ">="].includes(first4) && ["<", "<="].includes(second3);
        if (operand.length !== 4 || !range || !isBound(low) || !isBound(high)) return "wrong";
        return low >= high ? "never" : void 0;
      },
      matches: () => false
    };
    exists = {
      allowed: "true or false",
      wrong: (operand) => typeof operand === "boolean" ? void 0 : "wrong",
      matches: (operand) => operand
    };
    cidr = {
      allowed: 'a range of addresses, e.g. "10.0.0.0/24"',
      wrong: (operand) => isText(operand) && /^[0-9A-Fa-f.:]+\/\d{1,3}$/.test(operand) ? void 0 : "wrong",
      matches: () => false
    };
    eventOperators = {
      prefix: affix((text4, part) => text4.startsWith(part)),
      suffix: affix((text4, part) => text4.endsWith(part)),
      wildcard,
      "equals-ignore-case": ignoringCase,
      "anything-but": anythingBut,
      numeric,
      exists,
      cidr
    };
  }
});

// lib/core/cron-fields.ts
function checkCronFields(given4) {
  if (given4.length !== fields.length) return false;
  if (given4[2] === "?" === (given4[4] === "?")) return false;
  return given4.every((text4, place2) => isField(text4.toUpperCase(), fields[place2]));
}
function isField(text4, field) {
  if (field.special?.test(text4)) return true;
  return text4.split(",").every((part) => isPart(part, field));
}
function isPart(part, field) {
  return valuesOf(part, field) !== void 0;
}
function valuesOf(part, field) {
  const [range = "", step, ...more] = part.split("/");
  if (more.length > 0) return void 0;
  if (step !== void 0 && !/^[1-9][0-9]*$/.test(step)) return void 0;
  const ends = range === "*" ? [field.lowest, field.highest] : range.split("-").map((end) => valueIn(end, field));
  const [first4, last = step === void 0 ? first4 : field.highest] = ends;
  if (ends.length > 2 || ends.some((end) => end === void 0) || first4 > last) return void 0;
  const every3 = Number(step ?? 1);
  return Array.from({ length: Math.floor((last - first4) / every3) + 1 }, (_, index) => first4 + index * every3);
}
function valueIn(text4, { lowest: lowest2, highest, names: names4 }) {
  const named3 = names4.indexOf(text4);
  if (named3 >= 0) return lowest2 + named3;
  if (!/^[0-9]{1,4}$/.test(text4)) return void 0;
  const value2 = Number(text4);
  return value2 >= lowest2 && value2 <= highest ? value2 : void 0;
}
function hasDayFrom(given4, firstYear2) {
  const [, , day3, month, weekday, year] = given4.map((text4) => text4.toUpperCase());
  const all2 = (text4, place2) => text4.split(",").flatMap((part) => valuesOf(part, fields[place2]) ?? []);
  const years = all2(year, 5).filter((one) => one >= firstYear2);
  const hasDay = weekday === "?" ? dayOfMonthIn(day3, all2) : weekdayIn(weekday);
  return years.some((one) => all2(month, 3).some((of) => hasDay(one, of)));
}
function dayOfMonthIn(text4, all2) {
  if (/^LW?$/.test(text4)) return () => true;
  const days2 = text4.endsWith("W") ? [Number(text4.slice(0, -1))] : all2(text4, 2);
  return (year, month) => days2.some((day3) => day3 <= daysIn(year, month));
}
function weekdayIn(text4) {
  const fifth = /^(\w+)#5$/.exec(text4)?.[1];
  if (fifth === void 0) return () => true;
  const weekday = valueIn(fifth, fields[4]) - 1;
  return (year, month) => {
    const first4 = (weekday - new Date(Date.UTC(year, month - 1, 1)).getUTCDay() + 7) % 7;
    return first4 + 28 < daysIn(year, month);
  };
}
function daysIn(year, month) {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
var months, weekdays, fields;
var init_cron_fields = __esm({
  "lib/core/cron-fields.ts"() {
    "use strict";
    months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    fields = [
      { lowest: 0, highest: 59, names: [] },
      { lowest: 0, highest: 23, names: [] },
      { lowest: 1, highest: 31, names: [], special: /^(\?|L|LW|([1-9]|[12][0-9]|3[01])W)$/ },
      { lowest: 1, highest: 12, names: months },
      { lowest: 1, highest: 7, names: weekdays, special: /^(\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$/ },
      { lowest: 1970, highest: 2199, names: [] }
    ];
  }
});

// lib/definition/events/event-pattern.ts
function patternFaults({ source, detailType, detail }) {
  const faults = [
    ...listFaults(source, ["source"], { alwaysThere: true }),
    ...detailType ? listFaults(detailType, ["detailType"], { alwaysThere: true }) : [],
    ...detail ? fieldFaults(detail, ["detail"]) : []
  ];
  if (faults.length > 0) return faults;
  const { length } = JSON.stringify({ source, "detail-type": detailType, detail });
  if (length <= longestPattern) return [];
  return [
    {
      path: [],
      problem: "the pattern is longer than EventBridge takes",
      received: `${length} characters`,
      allowed: `${longestPattern} characters`,
      change: "ask for less, or make several triggers"
    }
  ];
}
function fieldFaults(fields2, path) {
  const entries = Object.entries(fields2);
  if (entries.length === 0)
    return [never(path, "names no field, and EventBridge does not take it", fields2, "at least one field", "name one")];
  return entries.flatMap(([name3, value2]) => {
    const here = [...path, name3];
    if (name3 === "$or") return alternativeFaults(value2, here);
    if (Array.isArray(value2)) return listFaults(value2, here, { alwaysThere: false });
    if (typeof value2 === "object" && value2 !== null) return fieldFaults(value2, here);
    const change2 = `write [${JSON.stringify(value2)}]`;
    return [never(here, "is not a list of what it may be", value2, "a list of values and filters", change2)];
  });
}
function alternativeFaults(value2, path) {
  const isList2 = Array.isArray(value2) && value2.length > 1;
  if (!isList2 || value2.some((one) => typeof one !== "object" || one === null || Array.isArray(one))) {
    const allowed = "a list of two or more objects, each with fields";
    return [never(path, "does not list alternatives", value2, allowed, "write the alternatives, or leave it out")];
  }
  return value2.flatMap((one, index) => fieldFaults(one, [...path, index]));
}
function listFaults(filters2, path, field) {
  if (filters2.length === 0)
    return [never(path, "is empty, and nothing matches it", [], "at least one value", "add one, or leave it out")];
  return filters2.flatMap((filter, index) => filterFaults(filter, [...path, index], field));
}
function filterFaults(filter, path, { alwaysThere }) {
  if (Array.isArray(filter))
    return [never(path, "is a list in a list", filter, "values and filters", "take the inner brackets away")];
  if (typeof filter === "bigint")
    return [
      never(path, "is beyond the numbers that events can hold", String(filter), "numbers up to 2^53", "write a text")
    ];
  if (typeof filter !== "object" || filter === null) return [];
  const names4 = Object.keys(eventOperators);
  const [entry, ...more] = Object.entries(filter);
  if (!entry || more.length > 0) {
    const change2 = "write each filter as an object of its own; one of them has to match";
    return [never(path, "is not one filter", filter, names4, change2)];
  }
  const [name3, operand] = entry;
  if (!Object.hasOwn(eventOperators, name3)) {
    const guess = nearest(name3, names4);
    const change2 = guess ? `did you mean "${guess}"?` : "take one of them";
    return [never([...path, name3], "compares by what EventBridge does not know", name3, names4, change2)];
  }
  const { wrong: wrong2, allowed } = eventOperators[name3];
  const fault2 = wrong2(operand);
  if (fault2 === "wrong")
    return [never([...path, name3], `is nothing to compare by`, operand, allowed, `give ${allowed}`)];
  if (fault2 === "never")
    return [never([...path, name3], "contradicts itself: no number lies there", operand, allowed, "swap the bounds")];
  if (alwaysThere && name3 === "exists" && operand === false)
    return [never([...path, name3], "matches nothing: every event has this field", filter, "values", "leave it out")];
  return [];
}
function never(path, problem, received, allowed, change2) {
  const name3 = path.filter((step) => typeof step === "string").join(".") || "the pattern";
  return { path, problem: `${name3} ${problem}`, received, allowed, change: change2 };
}
function filtersOf({ detail }, ...path) {
  const value2 = path.reduce((inner2, name3) => inner2?.[name3], detail);
  return Array.isArray(value2) ? value2 : void 0;
}
var longestPattern;
var init_event_pattern = __esm({
  "lib/definition/events/event-pattern.ts"() {
    "use strict";
    init_event_filters();
    init_nearest();
    longestPattern = 2048;
  }
});

// lib/component/event-catalogue.ts
import * as z6 from "zod";
var planDigest, key, failure, rowsByTable, rows, parameters, change, runChange, ending, pipelineChange, circuitChange, eventCatalogue;
var init_event_catalogue = __esm({
  "lib/component/event-catalogue.ts"() {
    "use strict";
    planDigest = z6.string();
    key = z6.string();
    failure = z6.strictObject({ Error: z6.string(), Cause: z6.string() });
    rowsByTable = z6.record(z6.string(), z6.number());
    rows = z6.number().int();
    parameters = z6.record(z6.string(), z6.string().nullable()).optional();
    change = {
      sequence: z6.number().int().positive(),
      /** Left out on the bus where it would not fit in; the archive has it. */
      record: z6.looseObject({ pipeline: z6.string(), state: z6.string() }).optional()
    };
    runChange = { planDigest, ...change };
    ending = { ...runChange, state: z6.string(), error: failure };
    pipelineChange = z6.strictObject({
      ...change,
      by: z6.string(),
      planDigest: planDigest.optional(),
      problem: z6.string().optional()
    });
    circuitChange = z6.strictObject({
      system: z6.string(),
      /** Counts the changes of the circuit. */
      version: z6.number().int().positive(),
      failures: rows,
      error: z6.string().optional(),
      /** When it is tried again. */
      retryAt: z6.iso.datetime().optional(),
      /** Who closed it by hand. */
      by: z6.string().optional()
    });
    eventCatalogue = {
      PipelineTriggered: z6.strictObject({ ...runChange, trigger: z6.string(), parameters }),
      PipelineStarted: z6.strictObject({ ...runChange, trigger: z6.string(), parameters }),
      DataExtracted: z6.strictObject({ ...runChange, files: rows, bytes: rows, chunks: rows }),
      DataValidated: z6.strictObject({ planDigest, sequence: change.sequence, rowsIn: rows, rejected: rows }),
      DataProcessed: z6.strictObject({
        planDigest,
        sequence: change.sequence,
        rowsIn: rows,
        multiplied: rows,
        filtered: rows,
        merged: rows,
        rejected: rows
      }),
      QualityChecked: z6.strictObject({
        ...runChange,
        gate: z6.enum(["pass", "review", "fail"]),
        score: z6.number(),
        report: key,
        page: key,
        dimensions: z6.record(z6.string(), z6.unknown()),
        totals: z6.looseObject({ rowsIn: rows })
      }),
      ReviewRequested: z6.strictObject({
        ...runChange,
        score: z6.number().optional(),
        report: key.optional(),
        deadline: z6.iso.datetime()
      }),
      /** A person is reminded that a run waits, some time before its deadline. */
      ReviewReminded: z6.strictObject({
        deadline: z6.iso.datetime(),
        score: z6.number().optional(),
        report: key.optional()
      }),
      ReviewDecided: z6.strictObject({ ...runChange, decision: z6.enum(["approve", "release", "reject"]), by: z6.string() }),
      DataPrepared: z6.strictObject({ ...runChange, tables: rowsByTable }),
      DataStored: z6.strictObject({ planDigest, sequence: change.sequence, tables: rowsByTable }),
      PipelineCompleted: z6.strictObject({
        ...runChange,
        tables: rowsByTable,
        score: z6.number().optional(),
        report: key.optional(),
        /** What had failed, where a run was brought to its end after a table of it was published. */
        repaired: z6.strictObject({ state: z6.string(), error: failure }).optional()
      }),
      CompensationStarted: z6.strictObject({ ...runChange, error: failure.optional() }),
      PipelineFailed: z6.strictObject(ending),
      /** A run that failed is being redriven. */
      PipelineRetrying: z6.strictObject({ ...runChange, redrives: z6.number().int().positive() }),
      /** A failed run is kept for a redrive no longer. */
      RedriveExpired: z6.strictObject({ at: z6.number() }),
      /** What was kept of a failed run for a redrive is gone. */
      DataReleased: z6.strictObject(runChange),
      PipelineCancelled: z6.strictObject(ending),
      /** A run was noted again in the state that it is in: a step of it was repeated. */
      RunRepeated: z6.strictObject({ ...runChange, state: z6.string() }),
      /** A source could not be read, and something else was. */
      FallbackUsed: z6.strictObject({
        source: z6.string(),
        used: z6.enum(["empty", "last-good", "source"]),
        component: z6.string().optional(),
        run: z6.string().optional(),
        files: rows,
        error: z6.string(),
        reason: z6.string()
      }),
      QualityAlert: z6.looseObject({ rule: z6.string(), dimension: z6.string(), gate: z6.string(), report: key }),
      SchemaDrifted: z6.strictObject({ drift: z6.array(z6.unknown()), columns: rows, report: key }),
      LineageRecorded: z6.strictObject({
        eventType: z6.string(),
        lineage: key.optional(),
        event: z6.record(z6.string(), z6.unknown()).optional()
      }),
      /** A system outside failed again and again and is left alone, one call finds out whether it works again, or it does. */
      CircuitOpened: circuitChange,
      CircuitProbed: circuitChange,
      CircuitClosed: circuitChange,
      PipelineCreated: pipelineChange,
      PipelineValidating: pipelineChange,
      PipelineValidated: pipelineChange,
      PipelineInvalid: pipelineChange,
      PipelineScheduled: pipelineChange,
      PipelinePaused: pipelineChange,
      /** Somebody did something by hand. */
      OperatorActed: z6.strictObject({
        action: z6.string(),
        by: z6.string(),
        at: z6.number(),
        detail: z6.record(z6.string(), z6.unknown()).optional()
      })
    };
  }
});

// lib/definition/events/penstock-events.ts
import * as z7 from "zod";
function penstockFaults(pattern2, pipeline4) {
  if (pattern2.source.length > 1)
    return [
      {
        path: ["source"],
        problem: "events of Penstock and others come on two buses, and a trigger listens on one",
        received: pattern2.source,
        allowed: '"penstock" alone, or other sources',
        change: "make a trigger for each"
      }
    ];
  const { types: types4, faults } = typesOf(pattern2);
  if (faults.length > 0) return faults;
  return [...dataFaults(pattern2, types4), ...selfFaults(pattern2, pipeline4)];
}
function typesOf(pattern2) {
  const { detailType } = pattern2;
  const faults = (detailType ?? []).flatMap((filter, index) => {
    if (names.some((name3) => matchesText([filter], name3))) return [];
    const guess = typeof filter === "string" ? nearest(filter, names) : void 0;
    return [
      {
        path: ["detailType", index],
        problem: "no event of Penstock is of this type",
        received: filter,
        allowed: names,
        change: guess ? `did you mean "${guess}"?` : "take one of them"
      }
    ];
  });
  const byType = detailType ? names.filter((name3) => matchesText(detailType, name3)) : names;
  const inDetail = filtersOf(pattern2, "type");
  const types4 = inDetail ? byType.filter((name3) => matchesText(inDetail, name3)) : byType;
  if (faults.length > 0 || types4.length > 0) return { types: types4, faults };
  const fault2 = {
    path: ["detail", "type"],
    problem: "the type in the detail contradicts the type of the event, and they are always the same",
    received: inDetail,
    allowed: byType,
    change: "leave `detail.type` out"
  };
  return { types: types4, faults: [fault2] };
}
function dataFaults({ detail }, types4) {
  const fields2 = Object.keys(detail ?? {}).filter((name3) => name3 !== "$or");
  const unknown3 = fields2.filter((name3) => name3 !== "data" && !attributes.includes(name3));
  const faults = unknown3.map((name3) => noField(["detail", name3], name3, [...attributes, "data"]));
  const data = detail?.data;
  if (typeof data !== "object" || data === null || Array.isArray(data)) return faults;
  const schemas = types4.map((name3) => eventCatalogue[name3]);
  if (schemas.some((schema35) => schema35._zod.def.catchall?._zod.def.type === "unknown")) return faults;
  for (const [name3, filters2] of Object.entries(data)) {
    if (name3 === "$or") continue;
    const known2 = schemas.flatMap((schema35) => schema35.shape[name3] ?? []);
    const allowed = [...new Set(schemas.flatMap((schema35) => Object.keys(schema35.shape)))];
    if (known2.length === 0) faults.push(noField(["detail", "data", name3], name3, allowed));
    else if (Array.isArray(filters2)) faults.push(...valueFaults(name3, filters2, known2));
  }
  return faults;
}
function noField(path, name3, allowed) {
  const guess = nearest(name3, allowed);
  return {
    path: [...path],
    problem: "no event of Penstock that is asked for has this field",
    received: name3,
    allowed,
    change: guess ? `did you mean "${guess}"?` : "take one of them"
  };
}
function valueFaults(name3, filters2, schemas) {
  const inner2 = schemas.map((schema35) => schema35 instanceof z7.ZodOptional ? schema35.unwrap() : schema35);
  if (!inner2.every((schema35) => schema35 instanceof z7.ZodEnum)) return [];
  const values3 = inner2.flatMap((schema35) => schema35.options);
  return filters2.flatMap((filter, index) => {
    if (values3.some((value2) => matchesText([filter], value2))) return [];
    const guess = typeof filter === "string" ? nearest(filter, values3) : void 0;
    return [
      {
        path: ["detail", "data", name3, index],
        problem: `${name3} is never this`,
        received: filter,
        allowed: values3,
        change: guess ? `did you mean "${guess}"?` : "take one of them"
      }
    ];
  });
}
function selfFaults(pattern2, pipeline4) {
  const of = filtersOf(pattern2, "pipeline");
  if (of && !matchesText(of, pipeline4)) return [];
  return [
    {
      path: of ? ["detail", "pipeline"] : [],
      problem: "the pipeline would start itself without end: events of its own runs match",
      received: of ?? "events of all pipelines",
      allowed: "events of other pipelines",
      change: `name them, or write detail: { pipeline: [{ "anything-but": "${pipeline4}" }] }`
    }
  ];
}
var attributes, names;
var init_penstock_events = __esm({
  "lib/definition/events/penstock-events.ts"() {
    "use strict";
    init_event_catalogue();
    init_event_filters();
    init_nearest();
    init_event_pattern();
    attributes = [
      "specversion",
      "id",
      "source",
      "type",
      "subject",
      "time",
      "datacontenttype",
      "dataschema",
      "pipeline",
      "run"
    ];
    names = Object.keys(eventCatalogue);
  }
});

// lib/definition/trigger-problems.ts
function triggerProblems(name3, on) {
  const own = on.flatMap((reference) => {
    const { trigger: trigger2, at, problems = [], formless } = reference;
    const faults = formless ? [] : trigger2.kind === "event" ? eventFaults(name3, reference) : faultsOf(name3, trigger2);
    return [...faults.map((fault2) => ({ at, ...fault2 })), ...problems];
  });
  return [...own, ...sharedFiles(on)];
}
function eventFaults(name3, { trigger: trigger2, at, locate }) {
  const pattern2 = trigger2;
  const own = patternFaults(pattern2);
  const faults = own.length === 0 && isOfPenstock(pattern2) ? penstockFaults(pattern2, name3) : own;
  return faults.map(({ path, ...fault2 }) => ({
    at: locate?.(path) ?? at,
    part: ["on", "event", ...path].join(" / "),
    ...fault2
  }));
}
function faultsOf(name3, trigger2) {
  if (trigger2.kind === "file") return fileFaults(trigger2.prefix);
  return trigger2.kind === "pipeline" ? afterFaults(name3, trigger2.pipeline) : scheduleFaults(trigger2);
}
function afterFaults(name3, other) {
  if (other !== name3) return [];
  return [
    {
      part: "on / after",
      problem: "the pipeline would start itself without end",
      received: other,
      allowed: "another pipeline",
      change: "name the pipeline whose runs come before"
    }
  ];
}
function fileFaults(prefix2) {
  if (/^landing\/.+\/$/.test(prefix2)) return [];
  return [
    {
      part: "on / fileArrives",
      problem: "files arrive in the landing zone only",
      received: prefix2,
      allowed: '"landing/<folder>/"',
      change: 'begin the prefix with "landing/" and end it with "/"'
    }
  ];
}
function sharedFiles(on) {
  const files = on.flatMap(({ trigger: trigger2, at }) => trigger2.kind === "file" ? [{ ...trigger2, at }] : []);
  return files.flatMap((file2, index) => {
    const other = files.find(
      (one, place2) => place2 < index && (one.window || one.complete || file2.window || file2.complete) && (one.prefix.startsWith(file2.prefix) || file2.prefix.startsWith(one.prefix))
    );
    if (!other) return [];
    return [
      {
        at: file2.at,
        part: "on / fileArrives",
        problem: "two triggers would take the same files, and one of them takes several together",
        received: [other.prefix, file2.prefix],
        allowed: "prefixes that do not lie in one another",
        change: "keep one of the two, or part their folders"
      }
    ];
  });
}
function scheduleFaults({ expression, zone }) {
  const cron3 = /^cron\((.*)\)$/.exec(expression)?.[1];
  const faults = cron3 === void 0 ? rateFaults(expression) : cronFaults(cron3, expression);
  return zone === void 0 || isZone(zone) ? faults : [...faults, zoneFault(zone)];
}
function rateFaults(expression) {
  if (/^rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)$/.test(expression)) return [];
  return [
    {
      part: "on / schedule",
      problem: "EventBridge does not know this interval",
      received: expression,
      allowed: '"1 minute", "5 minutes", "1 hour", "12 hours", "1 day"\u2026',
      change: "write the number, a space, and minute, hour or day (plural above 1)"
    }
  ];
}
function cronFaults(cron3, expression) {
  const fields2 = cron3.split(" ");
  if (!checkCronFields(fields2)) {
    return [
      {
        part: "on / schedule",
        problem: "EventBridge does not know this cron expression",
        received: expression,
        allowed: 'six fields: minutes, hours, day of month, month, day of week, year; one of the two days is "?"',
        change: `write e.g. "0 6 * * ? *" for six o'clock each day`
      }
    ];
  }
  if (hasDayFrom(fields2, firstYear)) return [];
  return [
    {
      part: "on / schedule",
      problem: "this cron expression never fires: no such day comes",
      received: expression,
      allowed: `a day that some month has, in a year from ${firstYear} on`,
      change: 'correct the day, the month or the year; "L" is the last day of each month'
    }
  ];
}
function zoneFault(zone) {
  return {
    part: "on / schedule",
    problem: "there is no such time zone",
    received: zone,
    allowed: 'names of the IANA database, e.g. "Europe/Berlin", "America/New_York", "UTC"',
    change: "correct the name, or leave `zone` out for UTC"
  };
}
function isZone(name3) {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name3 });
    return name3 === "UTC" || /^[A-Z]\w*(\/[\w+-]+)+$/.test(name3);
  } catch {
    return false;
  }
}
var firstYear;
var init_trigger_problems = __esm({
  "lib/definition/trigger-problems.ts"() {
    "use strict";
    init_event_filters();
    init_cron_fields();
    init_event_pattern();
    init_penstock_events();
    firstYear = 2026;
  }
});

// lib/definition/pipeline.ts
import * as z8 from "zod";
function pipeline(name3, options2) {
  return definePipeline(name3, options2, { at: userLocation() });
}
function definePipeline(name3, options2, { at, locate }) {
  const problems = [];
  if (!namePattern.test(name3)) {
    problems.push({
      at: locate?.(["pipeline"]) ?? at,
      part: "name",
      problem: "the name of a pipeline is part of the names of its resources",
      received: name3,
      allowed: '2 to 40 lower-case letters, digits and "-", beginning with a letter',
      change: "rename the pipeline"
    });
  }
  const parsed3 = settingsSchema.safeParse(options2);
  if (!parsed3.success) {
    problems.push(...problemsOf(parsed3.error, "pipeline", locate ?? at, options2, settingsSchema));
    const usable = (list, is) => Array.isArray(list) ? list.filter(is) : [];
    const graph2 = graphOf(usable(options2?.outputs, isOutput), usable(options2?.quality, isRule));
    problems.push(...triggerProblems(name3, usable(options2?.on, isTrigger)), ...graph2.problems);
    const parameters4 = parametersSchema.safeParse(options2?.parameters).data ?? {};
    const whole3 = graph2.problems.length === 0 && parsed3.error.issues.every(({ path }) => path[0] !== "outputs");
    throw new DefinitionInvalidError(name3, problems, { nodes: graph2.nodes, quality: graph2.rules, parameters: parameters4, whole: whole3 });
  }
  const { outputs: outputs2, resources: asked, ...settings } = parsed3.data;
  const resources = { ...asked, chunkBytes: asked.chunkBytes ?? usualChunkBytes(asked.workerMemoryMegabytes) };
  const graph = graphOf(outputs2, settings.quality);
  problems.push(
    ...triggerProblems(name3, settings.on),
    ...parameterProblems(settings.parameters, settings.on, (one) => locate?.(["parameters", one]) ?? at),
    ...gateProblems(settings.gate, locate, at),
    ...graph.problems
  );
  const { nodes, rules: quality2 } = graph;
  const { parameters: parameters3 } = settings;
  if (problems.length > 0)
    throw new DefinitionInvalidError(name3, problems, {
      nodes,
      quality: quality2,
      parameters: parameters3,
      whole: graph.problems.length === 0
    });
  return deepFreeze({ kind: "pipeline", name: name3, at, nodes, ...settings, resources, quality: quality2 });
}
function gateProblems(gate, locate, at) {
  const { remindSeconds = 0, reviewSeconds } = gate;
  const problems = [];
  if (remindSeconds >= reviewSeconds)
    problems.push({
      at: locate?.(["gate", "remindSeconds"]) ?? at,
      part: "gate / remindSeconds",
      problem: "the person would be reminded before they are asked",
      received: remindSeconds,
      allowed: `1 to ${reviewSeconds - 1}`,
      change: "lower `remindSeconds` or raise `reviewSeconds`"
    });
  if (gate.review === void 0 || gate.review <= gate.pass) return problems;
  return [
    ...problems,
    {
      at: locate?.(["gate", "review"]) ?? at,
      part: "gate / review",
      problem: "the bound of review lies above the one of pass, so nothing could be reviewed",
      received: gate.review,
      allowed: `0 to ${gate.pass}`,
      change: "lower `review` or raise `pass`"
    }
  ];
}
function isTrigger(value2) {
  return typeof value2 === "object" && value2 !== null && "trigger" in value2;
}
function isRule(value2) {
  return value2?.kind === "rule-reference";
}
function isOutput(value2) {
  const output = value2;
  return output?.kind === "output" && output.input instanceof Dataset;
}
function deepFreeze(value2) {
  for (const part of Object.values(value2)) {
    if (part && typeof part === "object" && !Object.isFrozen(part)) {
      const prototype = Object.getPrototypeOf(part);
      if (Array.isArray(part) || prototype === Object.prototype) deepFreeze(part);
    }
  }
  return Object.freeze(value2);
}
var gateSchema, resourcesSchema, rejectsSchema, overlapSchema, sharesSchema, settingsSchema, namePattern;
var init_pipeline = __esm({
  "lib/definition/pipeline.ts"() {
    "use strict";
    init_refusal();
    init_user_location();
    init_chunk_bytes();
    init_dataset();
    init_escalation();
    init_graph();
    init_parameters();
    init_problem();
    init_trigger_problems();
    gateSchema = z8.strictObject({
      pass: z8.number().min(0).max(1).default(1).describe("scores from here up pass"),
      review: z8.number().min(0).max(1).optional().describe("scores from here up to `pass` wait for a person; default: as `pass`"),
      reviewSeconds: z8.int().min(60).max(31536e3).default(259200).describe("seconds that the person has; default 3 days"),
      remindSeconds: z8.int().min(1).optional().describe("seconds before the deadline at which the person is reminded; default a quarter of them, a day at most"),
      afterDeadline: z8.enum(["reject", "approve", "release"]).default("reject").describe('what happens when nobody has decided by then; default "reject"')
    });
    resourcesSchema = z8.strictObject({
      workerMemoryMegabytes: z8.int().min(512).max(10240).default(3008),
      workerTimeoutSeconds: z8.int().min(30).max(900).default(600),
      concurrency: z8.int().min(2).max(1e3).default(16),
      chunkBytes: z8.int().min(1).optional().describe("input bytes of one chunk, as stored; default 67108864, less for workers of under 790 MB"),
      partitions: z8.int().min(1).max(256).default(256).describe("partitions of a reduce stage at the most; a run takes as many as its size asks for")
    });
    rejectsSchema = z8.strictObject({
      share: z8.number().min(0).max(1).optional().describe("of the rows that come in, 0 to 1"),
      count: z8.int().min(0).optional().describe("rows")
    }).refine(
      ({ share, count: count3 }) => share !== void 0 || count3 !== void 0,
      refusal("has neither `share` nor `count`", {
        allowed: "{ share: 0 to 1 }, { count: rows }, or both",
        change: "give one of them"
      })
    );
    overlapSchema = z8.strictObject({
      policy: z8.enum(["allow", "queue", "skip", "replace"]).describe("a run that comes while others are at work runs, too; waits; does not begin; or takes their place"),
      runs: z8.int().min(1).max(1e3).optional().describe("runs that may be at work at the same time; default 1")
    }).refine(
      ({ policy, runs }) => policy !== "allow" || runs === void 0,
      refusal("limits its runs, but allows all", {
        allowed: "`runs` with the policies queue, skip and replace",
        change: 'leave `runs` out, or choose "queue"'
      })
    );
    sharesSchema = z8.record(
      z8.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'is not a name: lower-case letters, digits and "-", at most 63'),
      z8.int().min(1).max(1e3)
    ).describe("runs of all pipelines together that may use something outside at the same time, by its name");
    settingsSchema = z8.strictObject({
      on: z8.array(
        z8.custom(isTrigger, "is not a trigger: fileArrives(), every(), cron(), after() or event()")
      ).default([]),
      quality: z8.array(
        z8.custom(
          isRule,
          "is not a quality rule: complete(), unique(), within() and the others of the reference"
        )
      ).default([]),
      gate: gateSchema.prefault({}),
      rejects: rejectsSchema.optional().describe("most rows that a run may reject; with more it fails"),
      resources: resourcesSchema.prefault({}),
      overlap: overlapSchema.optional().describe("what a run does that comes while others are at work; default: it runs, too"),
      shares: sharesSchema.optional(),
      escalate: escalateSchema.optional().describe("who is told of what needs a person, and when; default: whoever listens to the alarms"),
      parameters: parametersSchema.default({}),
      outputs: z8.array(z8.custom(isOutput, "is not an output: a dataset bound to a sink with .to()")).min(1)
    });
    namePattern = /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/;
  }
});

// lib/definition/trigger-kinds.ts
import * as z9 from "zod";
function caughtUp(catchUp) {
  return catchUp === void 0 || catchUp === "latest" ? {} : { catchUp };
}
function asList(given4) {
  return typeof given4 === "string" ? [given4] : given4;
}
var text, completeSchema, fileOptionsSchema, file, noOptions, everyOptionsSchema, every, cronOptionsSchema, cron, after, filters, eventPatternSchema, event, triggerKinds;
var init_trigger_kinds = __esm({
  "lib/definition/trigger-kinds.ts"() {
    "use strict";
    init_refusal();
    init_durations();
    init_parse_duration();
    text = z9.string().min(1);
    completeSchema = z9.strictObject({
      marker: z9.string().regex(/^[\w.=-]{1,200}$/, 'is not the name of a file: letters, digits and "_", "-", ".", "=", at most 200').optional().describe("name of the file that is put into the folder last, e.g. _SUCCESS"),
      count: z9.int().min(2).max(1e4).optional().describe("files that make the folder complete")
    }).refine(
      ({ marker, count: count3 }) => marker === void 0 !== (count3 === void 0),
      refusal("has to say by one of two ways when a folder is complete", {
        allowed: '{ marker: "_SUCCESS" } or { count: 24 }',
        change: "give either `marker` or `count`"
      })
    );
    fileOptionsSchema = z9.strictObject({
      window: z9.string().refine(
        (given4) => durationPattern.test(given4) && parseDuration(given4) <= day,
        refusal("is not a time that files can be waited for", {
          allowed: '"1 second" to "1 day", e.g. "30 seconds", "5 minutes", "1 hour"',
          change: "write the number, a space, and second, minute, hour or day"
        })
      ).optional().describe("files that come within this time of the first one are one run, e.g. 5 minutes"),
      atMost: z9.int().min(2).max(1e4).optional().describe("files after which the run begins before the window is over"),
      complete: completeSchema.optional().describe("the files of each folder are one run, once it is complete"),
      reupload: z9.enum(["skip", "run"]).optional().describe("a file that comes again with the same content: makes no run (default), or one")
    }).refine(
      ({ window: window2, complete }) => window2 === void 0 || complete === void 0,
      refusal("has a window and a complete set, and a file can be part of one of them", {
        allowed: "`window` or `complete`",
        change: "leave one of them out"
      })
    ).refine(
      ({ window: window2, atMost }) => atMost === void 0 || window2 !== void 0,
      refusal("limits the files of a window, but has no window", {
        path: ["atMost"],
        allowed: "`atMost` beside `window`",
        change: 'add e.g. window: "5 minutes", or leave `atMost` out'
      })
    );
    file = {
      value: text,
      options: fileOptionsSchema,
      example: "{ fileArrives: landing/<folder>/ }",
      trigger: (prefix2, { window: window2, atMost, complete, reupload }) => {
        const rule3 = {
          prefix: prefix2,
          ...reupload === "run" && { reupload },
          ...window2 !== void 0 && {
            window: { seconds: parseDuration(window2) / second, ...atMost !== void 0 && { atMost } }
          },
          ...complete && { complete }
        };
        return { kind: "file", ...rule3 };
      }
    };
    noOptions = z9.strictObject({});
    everyOptionsSchema = z9.strictObject({
      catchUp: z9.enum(["all", "latest", "none"]).optional().describe(
        'which times are run that were missed while the pipeline was paused or nothing could run; default "latest"'
      )
    });
    every = {
      value: text,
      options: everyOptionsSchema,
      example: "{ every: 1 day }",
      trigger: (interval2, { catchUp }) => ({ kind: "schedule", expression: `rate(${interval2})`, ...caughtUp(catchUp) })
    };
    cronOptionsSchema = everyOptionsSchema.extend({
      zone: z9.string().min(1).optional().describe("time zone, e.g. Europe/Berlin; default: UTC")
    });
    cron = {
      value: text,
      options: cronOptionsSchema,
      example: "{ cron: 0 6 * * ? * }",
      trigger: (expression, { zone, catchUp }) => ({
        kind: "schedule",
        expression: `cron(${expression})`,
        ...zone !== void 0 && { zone },
        ...caughtUp(catchUp)
      })
    };
    after = {
      value: text,
      options: noOptions,
      example: "{ after: <pipeline> }",
      trigger: (pipeline4) => ({ kind: "pipeline", pipeline: pipeline4 })
    };
    filters = z9.union([
      z9.string().min(1),
      z9.array(z9.unknown()).describe("values, and filters of EventBridge, e.g. { prefix: eu- }")
    ]);
    eventPatternSchema = z9.strictObject({
      source: filters.describe('who tells, e.g. com.shop; "penstock" is the bus of runs'),
      detailType: filters.optional().describe("what is told, e.g. OrdersExported"),
      detail: z9.record(z9.string(), z9.unknown()).optional().describe("content filters of EventBridge over the detail, e.g. { shop: [eu] }")
    });
    event = {
      value: eventPatternSchema,
      options: noOptions,
      example: "{ event: { source: com.shop, detailType: OrdersExported } }",
      trigger: ({ source, detailType, detail }) => ({
        kind: "event",
        source: asList(source),
        ...detailType !== void 0 && { detailType: asList(detailType) },
        ...detail && { detail }
      })
    };
    triggerKinds = { fileArrives: file, every, cron, after, event };
  }
});

// lib/definition/triggers.ts
function fileArrives(prefix2, options2 = {}) {
  return triggerOf("fileArrives", prefix2, options2, { at: userLocation() });
}
function triggerOf(name3, value2, options2, { at, locate }) {
  const kind = triggerKinds[name3];
  const part = `on / ${name3}`;
  const given4 = kind.value.safeParse(value2);
  const parsed3 = kind.options.safeParse(options2);
  const inValue = locate && within2(locate, name3);
  const problems = [
    ...given4.success ? [] : problemsOf(given4.error, part, inValue ?? at, value2, kind.value),
    ...parsed3.success ? [] : problemsOf(parsed3.error, part, locate ?? at, options2, kind.options)
  ];
  const trigger2 = given4.success ? kind.trigger(given4.data, parsed3.success ? parsed3.data : {}) : { kind: "event", source: [] };
  return { trigger: trigger2, at, locate: inValue, problems, ...!given4.success && { formless: true } };
}
function within2(locate, name3) {
  return (path, part) => locate([name3, ...path], part);
}
var init_triggers = __esm({
  "lib/definition/triggers.ts"() {
    "use strict";
    init_user_location();
    init_problem();
    init_trigger_kinds();
  }
});

// lib/definition/index.ts
var init_definition = __esm({
  "lib/definition/index.ts"() {
    "use strict";
    init_dataset();
    init_escalation();
    init_pipeline();
    init_problem();
    init_triggers();
  }
});

// lib/component/errors.ts
function columnOf(name3, columns2, path = []) {
  const found = columns2.find((column3) => column3.name === name3);
  if (!found) throw new ColumnUnknownError(name3, columns2, path);
  return found;
}
var ColumnUnknownError, ColumnUnstorableError, ColumnUnprintableError, ColumnTypeUnfitError;
var init_errors = __esm({
  "lib/component/errors.ts"() {
    "use strict";
    init_terminal_error();
    init_nearest();
    ColumnUnknownError = class extends TerminalError {
      name = "ColumnUnknownError";
      code = "COLUMN_UNKNOWN";
      /** Where the name stands, inside the options. */
      path;
      constructor(name3, columns2, path = []) {
        const names4 = columns2.map((column3) => column3.name);
        const guess = nearest(name3, names4);
        super({
          problem: `there is no column "${name3}" here`,
          received: name3,
          allowed: names4,
          change: guess ? `did you mean "${guess}"?` : "name one of the columns that reach this step, or derive it first"
        });
        this.path = path;
      }
    };
    ColumnUnstorableError = class extends TerminalError {
      name = "ColumnUnstorableError";
      code = "COLUMN_UNSTORABLE";
    };
    ColumnUnprintableError = class extends TerminalError {
      name = "ColumnUnprintableError";
      code = "COLUMN_UNPRINTABLE";
    };
    ColumnTypeUnfitError = class extends TerminalError {
      name = "ColumnTypeUnfitError";
      code = "COLUMN_TYPE_UNFIT";
      /** Where the name stands, inside the options. */
      path;
      constructor(name3, type, allowed, path = []) {
        super({
          problem: `"${name3}" is of type ${type}`,
          received: type,
          allowed,
          change: `cast "${name3}" first, or name another column`
        });
        this.path = path;
      }
    };
  }
});

// lib/engine/relation.ts
function firstRow({ file: file2, recordsBefore = 0 }) {
  return `(${file2}::BIGINT << ${rowBits}) + ${recordsBefore + 1}`;
}
function rowsBySource({ name: name3, forked }) {
  return forked ? `(SELECT * REPLACE (${rowColumn}[1] AS ${rowColumn}) FROM ${name3})` : name3;
}
function rowPath(alias, { forked }) {
  const row = `${alias}.${rowColumn}`;
  return forked ? `coalesce(${row}, []::BIGINT[])` : `CASE WHEN ${row} IS NULL THEN []::BIGINT[] ELSE [${row}] END`;
}
function relationName(node) {
  return quoted(`node ${node}`);
}
function besideRows(table4) {
  return `(FROM ${table4})`;
}
function columnList(columns2, ...more) {
  return [...columns2.map((column3) => quoted(column3.name)), ...more].join(", ");
}
var rowColumn, rowBits, copyColumn;
var init_relation = __esm({
  "lib/engine/relation.ts"() {
    "use strict";
    init_shape();
    rowColumn = "__row";
    rowBits = 40;
    copyColumn = "__copy";
  }
});

// lib/component/column-types.ts
function elementType(type) {
  return /^([\s\S]+)\[\d*\]$/.exec(type)?.[1];
}
function kindOf(type) {
  return Object.keys(kinds2).find((kind) => kinds2[kind].test(type));
}
function columnOfKind(name3, columns2, ...allowed) {
  const { type } = columnOf(name3, columns2);
  const kind = kindOf(type);
  if (kind && allowed.includes(kind)) return kind;
  throw new ColumnTypeUnfitError(name3, type, allowed.map((one) => titles2[one]).join(", or "));
}
var kinds2, titles2;
var init_column_types = __esm({
  "lib/component/column-types.ts"() {
    "use strict";
    init_errors();
    kinds2 = {
      number: /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL.*|FLOAT|DOUBLE)$/,
      time: /^(DATE|TIMESTAMP.*)$/,
      text: /^(VARCHAR|ENUM.*)$/,
      boolean: /^BOOLEAN$/
    };
    titles2 = {
      number: "a number",
      time: "a DATE or a TIMESTAMP",
      text: "a text",
      boolean: "a BOOLEAN"
    };
  }
});

// lib/component/struct-type.ts
function structFields(type) {
  const inside = /^STRUCT\(([\s\S]*)\)$/.exec(type)?.[1];
  if (inside === void 0 || closesEarly(inside)) return void 0;
  return membersOf(inside).map((member2) => {
    const [, quotedName, name3, rest] = /^(?:"((?:[^"]|"")*)"|(\S+)) ([\s\S]+)$/.exec(member2);
    return { name: quotedName?.replaceAll('""', '"') ?? name3, type: rest };
  });
}
function closesEarly(inside) {
  let depth = 0;
  return tokensOf(inside).some((token) => {
    depth += token === "(" ? 1 : token === ")" ? -1 : 0;
    return depth < 0;
  });
}
function membersOf(inside) {
  const members = [""];
  let depth = 0;
  for (const token of tokensOf(inside)) {
    depth += token === "(" ? 1 : token === ")" ? -1 : 0;
    if (token === "," && depth === 0) members.push("");
    else members[members.length - 1] += token;
  }
  return members.map((member2) => member2.trim());
}
function tokensOf(text4) {
  return text4.match(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[\s\S]/g) ?? [];
}
var init_struct_type = __esm({
  "lib/component/struct-type.ts"() {
    "use strict";
  }
});

// lib/engine/stored-type.ts
function storableType(type) {
  if (asTheyAre.test(type)) return type;
  const element = elementType(type);
  if (element !== void 0) {
    const stored3 = storableType(element);
    return stored3 === element ? type : stored3 && `${stored3}[]`;
  }
  return structFields(type) ? storableStruct(type) : widened[type];
}
function storableStruct(type) {
  const members = structFields(type).map(({ name: name3, type: of }) => ({ name: name3, of, stored: storableType(of) }));
  if (members.some(({ stored: stored3 }) => stored3 === void 0)) return void 0;
  if (members.every(({ of, stored: stored3 }) => of === stored3)) return type;
  return `STRUCT(${members.map(({ name: name3, stored: stored3 }) => `${quoted(name3)} ${stored3}`).join(", ")})`;
}
var asTheyAre, widened;
var init_stored_type = __esm({
  "lib/engine/stored-type.ts"() {
    "use strict";
    init_column_types();
    init_shape();
    init_struct_type();
    asTheyAre = /^(BOOLEAN|INTEGER|BIGINT|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|VARCHAR|BLOB|DATE|TIME|TIMESTAMP|TIMESTAMP WITH TIME ZONE|UUID)$/;
    widened = {
      TINYINT: "INTEGER",
      SMALLINT: "INTEGER",
      UTINYINT: "INTEGER",
      USMALLINT: "INTEGER",
      UINTEGER: "BIGINT",
      UBIGINT: "DECIMAL(20,0)",
      HUGEINT: "DECIMAL(38,0)",
      UHUGEINT: "DECIMAL(38,0)",
      TIMESTAMP_S: "TIMESTAMP",
      TIMESTAMP_MS: "TIMESTAMP",
      JSON: "VARCHAR"
    };
  }
});

// lib/engine/aggregates/expression-tree.ts
async function readTree(session, sql) {
  const [row] = await session.rows(`SELECT json_serialize_sql(${literal(`SELECT (${sql}
)`)}) AS tree`);
  return parsed(row.tree).statements[0].node.select_list[0];
}
async function writeTree(session, tree) {
  frame ??= (await session.rows("SELECT json_serialize_sql('SELECT 1') AS tree"))[0].tree;
  const whole3 = parsed(frame);
  whole3.statements[0].node.select_list = [tree];
  const [written] = await session.rows(`SELECT json_deserialize_sql(${literal(JSON.stringify(whole3))}) AS sql`);
  return written.sql.replace(/^SELECT /, "");
}
function columnTree(name3) {
  return { class: "COLUMN_REF", type: "COLUMN_REF", alias: "", query_location: 0, column_names: [name3] };
}
function parsed(text4) {
  return JSON.parse(text4, (key2, value2, { source } = {}) => {
    if (key2 === "query_location") return 0;
    return typeof value2 === "number" && String(value2) !== source ? rawJson(source) : value2;
  });
}
var frame, rawJson;
var init_expression_tree = __esm({
  "lib/engine/aggregates/expression-tree.ts"() {
    "use strict";
    init_shape();
    rawJson = JSON.rawJSON;
  }
});

// lib/engine/aggregates/aggregate-calls.ts
async function functionsOf(session) {
  listed ??= await listFunctions(session);
  return listed;
}
async function listFunctions(session) {
  const rows3 = await session.rows(
    "SELECT function_name AS name, function_type AS type, any_value(parameters) AS parameters, any_value(macro_definition) AS definition FROM duckdb_functions() WHERE internal AND function_type IN ('aggregate', 'macro') GROUP BY ALL"
  );
  const macros = rows3.filter(({ type, definition }) => type === "macro" && definition);
  return {
    aggregates: new Set(rows3.filter(({ type }) => type === "aggregate").map(({ name: name3 }) => name3)),
    macros: new Map(macros.map(({ name: name3, parameters: parameters3, definition }) => [name3, { parameters: parameters3, definition }]))
  };
}
async function aggregateCalls(session, functions, { sql, where: where2, row }) {
  const { aggregates, macros } = functions;
  const found = [];
  async function replaced(tree) {
    if (Array.isArray(tree)) {
      const all2 = [];
      for (const one of tree) all2.push(await replaced(one));
      return all2;
    }
    if (typeof tree !== "object" || tree === null || !Object.hasOwn(tree, "class")) return each2(tree);
    const node = tree;
    const name3 = node.class === "FUNCTION" && !node.is_operator ? node.function_name.toLowerCase() : "";
    if (aggregates.has(name3)) return columnTree(placeholder(found.push(node) - 1));
    const macro = macros.get(name3);
    if (!macro) return each2(node);
    const body = await readTree(session, macro.definition);
    const given4 = new Map(macro.parameters.map((one, index) => [one, node.children[index]]));
    return replaced(substituted(body, given4));
  }
  async function each2(tree) {
    if (typeof tree !== "object" || tree === null || isRaw(tree)) return tree;
    const entries = [];
    for (const [key2, value2] of Object.entries(tree)) entries.push([key2, await replaced(value2)]);
    return Object.fromEntries(entries);
  }
  const whole3 = await replaced(await readTree(session, sql));
  const written = await writeTree(session, whole3);
  const calls = [];
  for (const tree of found) calls.push(await callOf(session, await onlyWhere(session, tree, where2), row));
  return {
    calls,
    template: (column3) => calls.reduceRight((text4, _, index) => text4.replaceAll(placeholder(index), () => quoted(column3(index))), written)
  };
}
function substituted(tree, given4) {
  if (Array.isArray(tree)) return tree.map((one) => substituted(one, given4));
  if (typeof tree !== "object" || tree === null || isRaw(tree)) return tree;
  const node = tree;
  const [name3, ...more] = node.class === "COLUMN_REF" ? node.column_names : [];
  const value2 = name3 !== void 0 && more.length === 0 ? given4.get(name3) : void 0;
  return value2 ?? Object.fromEntries(Object.entries(node).map(([key2, part]) => [key2, substituted(part, given4)]));
}
async function onlyWhere(session, tree, where2) {
  if (where2 === void 0) return tree;
  const given4 = tree.filter ? `(${await writeTree(session, tree.filter)}) AND (${where2})` : where2;
  return { ...tree, filter: await readTree(session, given4) };
}
async function callOf(session, tree, row) {
  const given4 = [];
  for (const child of tree.children ?? []) given4.push(await writeTree(session, child));
  const orders = tree.order_bys?.orders ?? [];
  const last = tree.distinct ? tree.children ?? [] : [columnTree(row)];
  const more = last.map((expression) => ({ type: "ORDER_DEFAULT", null_order: "ORDER_DEFAULT", expression }));
  const ordered2 = { ...tree, order_bys: { ...tree.order_bys, type: "ORDER_MODIFIER", orders: [...orders, ...more] } };
  return {
    name: tree.function_name.toLowerCase(),
    given: given4,
    distinct: tree.distinct ?? false,
    ordered: orders.length > 0,
    ...tree.filter && { where: await writeTree(session, tree.filter) },
    sql: await writeTree(session, tree),
    inOrder: await writeTree(session, ordered2)
  };
}
async function typesOf2(session, sql, columns2) {
  if (sql.length === 0) return [];
  const empty = [...columns2.map(({ name: name3, type }) => `NULL::${type} AS ${quoted(name3)}`), "NULL::BIGINT AS __row"];
  const list = sql.map((one, index) => `(${one}
) AS ${literal(String(index)).replaceAll("'", '"')}`);
  const found = await session.columns(`SELECT ${list.join(", ")} FROM (SELECT ${empty.join(", ")})`);
  return found.map(({ type }) => type);
}
var placeholder, listed, isRaw;
var init_aggregate_calls = __esm({
  "lib/engine/aggregates/aggregate-calls.ts"() {
    "use strict";
    init_shape();
    init_expression_tree();
    placeholder = (index) => `__call_${index}_`;
    isRaw = JSON.isRawJSON;
  }
});

// lib/engine/aggregates/exact-sum.ts
function lanesBetween(from2, to) {
  const [first4, last] = [laneOf(from2), laneOf(to)];
  return Array.from({ length: last - first4 + 1 }, (_, index) => first4 + index);
}
function laneOf(size) {
  let lane = Math.floor((Math.log2(size) - firstExponent) / laneBits);
  while (size < lowest(lane)) lane--;
  while (size >= lowest(lane + 1)) lane++;
  return lane;
}
function lowest(lane) {
  return 2 ** (lane * laneBits + firstExponent);
}
function laneSql(value2, lane, only) {
  const scaled2 = `(${times(value2, mantissaBits - firstExponent - lane * laneBits)})::HUGEINT`;
  if (only) return scaled2;
  return `CASE WHEN abs(${value2}) >= ${double(lowest(lane))} AND abs(${value2}) < ${double(lowest(lane + 1))} THEN ${scaled2} END`;
}
function fromLane(sum3, lane) {
  return times(`(${sum3})::DOUBLE`, lane * laneBits + firstExponent - mantissaBits);
}
function times(value2, exponent) {
  const step = Math.sign(exponent) * Math.min(Math.abs(exponent), 1e3);
  const product2 = `${value2} * ${double(2 ** step)}`;
  return step === exponent ? product2 : times(`(${product2})`, exponent - step);
}
function double(value2) {
  return value2 === Number.POSITIVE_INFINITY ? "'inf'::DOUBLE" : `'${value2}'::DOUBLE`;
}
var laneBits, firstExponent, mantissaBits;
var init_exact_sum = __esm({
  "lib/engine/aggregates/exact-sum.ts"() {
    "use strict";
    laneBits = 40;
    firstExponent = -20;
    mantissaBits = 52;
  }
});

// lib/engine/aggregates/aggregate-states.ts
function isFloatingSum({
  name: name3,
  givenTypes,
  ordered: ordered2
}) {
  return (means.has(name3) || sums.has(name3)) && !ordered2 && floating.test(givenTypes[0] ?? "");
}
function callStates(call3) {
  const { name: name3, givenTypes, ordered: ordered2, distinct: distinct2, sql, type } = call3;
  if (isFloatingSum(call3)) return floatingSum(call3);
  const state2 = (suffix, parts) => stateOf(`${call3.prefix}${suffix}`, parts);
  const exact = wholeNumber.test(givenTypes[0] ?? "");
  if (exact && !ordered2 && (means.has(name3) || name3 === "sum")) {
    const [only] = call3.given;
    const total = state2("sum", {
      sql: inner(call3, "sum", only),
      merge: "sum",
      ...!/^DECIMAL/.test(givenTypes[0]) && { huge: "HUGEINT" }
    });
    if (name3 === "sum") return { states: [total], result: `${quoted(total.name)}::${type}`, merges: !distinct2 };
    const rows4 = state2("count", { sql: inner(call3, "count", only), merge: "sum", huge: "HUGEINT" });
    const result2 = `(${quoted(total.name)}::DOUBLE / ${quoted(rows4.name)})::${type}`;
    return { states: [total, rows4], result: result2, merges: !distinct2 };
  }
  const merge = givenTypes.length < 2 || name3 === "regr_count" ? merging[name3] : void 0;
  const value2 = quoted(`${call3.prefix}value`);
  if (merge !== void 0 && !ordered2) {
    const counts = merge === "sum";
    const result2 = counts ? `coalesce(${value2}, 0)` : floating.test(type) ? `(${value2} + 0)` : value2;
    const huge = counts ? "HUGEINT" : /^U?HUGEINT$/.exec(type)?.[0];
    return {
      states: [state2("value", { sql, merge, ...huge && { huge } })],
      result: `${result2}::${type}`,
      merges: !distinct2
    };
  }
  const rows3 = orderless.test(name3) && !ordered2 ? sql : call3.inOrder;
  return { states: [state2("value", { sql: rows3, merge: "any_value" })], result: value2, merges: false };
}
function stateOf(name3, { sql, merge, huge }) {
  const column3 = huge ? `${quoted(name3)}::${huge}` : quoted(name3);
  return { name: name3, sql, merge: `${merge}(${column3})`, ...huge && { huge } };
}
function inner({ distinct: distinct2, where: where2 }, name3, value2) {
  return `${name3}(${distinct2 ? "DISTINCT " : ""}${value2})${where2 ? ` FILTER (WHERE ${where2})` : ""}`;
}
function addend({ given: given4, where: where2 }) {
  const value2 = `(${given4[0]})::DOUBLE`;
  return where2 ? `CASE WHEN ${where2} THEN ${value2} END` : value2;
}
function floatingSum(call3) {
  const { prefix: prefix2, name: name3, lanes, distinct: distinct2, type } = call3;
  const value2 = addend(call3);
  const all2 = { ...call3, where: void 0 };
  const { of, odd } = lanes ?? { of: [], odd: false };
  const column3 = (suffix) => quoted(`${prefix2}${suffix}`);
  const states = [
    stateOf(`${prefix2}count`, { sql: inner(all2, "count", value2), merge: "sum", huge: "HUGEINT" }),
    stateOf(`${prefix2}odd`, {
      // Sums of infinities and NaN are the same in any order.
      sql: odd ? inner(all2, "sum", `CASE WHEN NOT isfinite(${value2}) THEN ${value2} END`) : "NULL::DOUBLE",
      merge: "sum"
    }),
    ...of.map(
      (lane) => stateOf(`${prefix2}lane_${lane}`, {
        sql: inner(all2, "sum", laneSql(value2, lane, of.length === 1 && !odd)),
        merge: "sum",
        huge: "HUGEINT"
      })
    )
  ];
  const added4 = of.map((lane) => `coalesce(${fromLane(column3(`lane_${lane}`), lane)}, 0)`);
  const strange = `CASE WHEN isnan(${column3("odd")}) THEN 'nan'::DOUBLE ELSE ${column3("odd")} END`;
  const total = `coalesce(${strange}, ${["0::DOUBLE", ...added4].join(" + ")})`;
  const result2 = means.has(name3) ? `${total} / ${column3("count")}` : total;
  return { states, result: `CASE WHEN ${column3("count")} > 0 THEN (${result2})::${type} END`, merges: !distinct2 };
}
var wholeNumber, floating, merging, orderless, means, sums;
var init_aggregate_states = __esm({
  "lib/engine/aggregates/aggregate-states.ts"() {
    "use strict";
    init_shape();
    init_exact_sum();
    wholeNumber = /^(BOOLEAN|(TINY|SMALL|BIG|HUGE)?INT|INTEGER|U(TINY|SMALL|BIG)INT|UINTEGER|DECIMAL.*)$/;
    floating = /^(FLOAT|DOUBLE)$/;
    merging = {
      count: "sum",
      count_star: "sum",
      count_if: "sum",
      countif: "sum",
      regr_count: "sum",
      min: "min",
      max: "max",
      bool_and: "bool_and",
      bool_or: "bool_or",
      bit_and: "bit_and",
      bit_or: "bit_or",
      bit_xor: "bit_xor"
    };
    orderless = /^(count|count_star|count_if|countif|regr_count|min|max|bool_and|bool_or|bit_and|bit_or|bit_xor|median|mad|quantile|quantile_cont|quantile_disc|histogram|histogram_exact|approx_count_distinct|bitstring_agg)$/;
    means = /* @__PURE__ */ new Set(["avg", "mean", "favg"]);
    sums = /* @__PURE__ */ new Set(["sum", "fsum", "sumkahan", "kahan_sum"]);
  }
});

// lib/engine/aggregates/group-query.ts
async function groupsMerge(session, shape, columns2) {
  const { measures: measures2 } = await partsOf2(session, shape, columns2);
  const calls = measures2.flatMap((one) => one.calls);
  const storable2 = ({ type }) => /^U?HUGEINT$/.test(type) || storableType(type) !== void 0;
  return calls.every((call3) => callStates(call3).merges && storable2(call3));
}
async function groupQuery(session, shape, input) {
  const measured5 = await measuresOf(session, shape, input);
  const results = measured5.flatMap(
    ({ calls }) => calls.map((call3) => `${callStates(call3).result} AS ${quoted(call3.prefix)}`)
  );
  const states = statesQuery(shape, measured5, input);
  const keys = shape.keys.map(({ name: name3 }) => quoted(name3));
  const values3 = measured5.map(
    ({ name: name3, measure, calls }) => `(${measure.template((index) => calls[index].prefix)}) AS ${quoted(name3)}`
  );
  return `SELECT ${[...keys, ...values3, rowColumn].join(", ")} FROM (SELECT ${["*", ...results].join(", ")} FROM (${states}))`;
}
async function measuresOf(session, shape, input) {
  const parts = await partsOf2(session, shape, input.columns);
  return input.merged ? withLanesOf(parts, input) : withLanes(parts, input);
}
async function mergedGroups(session, shape, input) {
  const measured5 = await measuresOf(session, shape, input);
  const text4 = statesOf(measured5).flatMap(
    ({ name: name3, huge }) => huge ? [`${quoted(name3)}::VARCHAR AS ${quoted(name3)}`] : []
  );
  const replaced = text4.length > 0 ? ` REPLACE (${text4.join(", ")})` : "";
  return `SELECT *${replaced} FROM (${statesQuery(shape, measured5, input, `count(*) AS ${weightColumn}`)})`;
}
function statesQuery(shape, measured5, input, ...more) {
  const keys = shape.keys.map(({ name: name3, expression }) => `${expression.sql} AS ${quoted(name3)}`);
  const states = statesOf(measured5).map(({ name: name3, sql, merge }) => `${input.merged ? merge : sql} AS ${quoted(name3)}`);
  const columns2 = [...keys, ...states, ...more, `min(${rowColumn}) AS ${rowColumn}`];
  const by2 = shape.keys.map(({ expression }) => expression.sql).join(", ");
  return `SELECT ${columns2.join(", ")} FROM ${input.name}${by2 ? ` GROUP BY ${by2}` : ""} HAVING count(*) > 0`;
}
function statesOf(measured5) {
  return measured5.flatMap(
    ({ calls }) => calls.flatMap((call3) => callStates(call3).states)
  );
}
async function partsOf2(session, shape, columns2) {
  const measures2 = [];
  const functions = await functionsOf(session);
  for (const [place2, { name: name3, expression, where: where2 }] of shape.measures.entries()) {
    const measure = await aggregateCalls(session, functions, {
      sql: expression.sql,
      where: where2?.sql,
      row: rowColumn
    });
    const types4 = await typesOf2(
      session,
      measure.calls.map(({ sql }) => sql),
      columns2
    );
    const calls = [];
    for (const [index, call3] of measure.calls.entries()) {
      const givenTypes = await typesOf2(session, call3.given, columns2);
      calls.push({ ...call3, prefix: `__${place2}_${index}_`, type: types4[index], givenTypes });
    }
    measures2.push({ name: name3, measure, calls });
  }
  return { session, shape, measures: measures2 };
}
async function withLanes({ session, measures: measures2 }, input) {
  const values3 = new Set(measures2.flatMap(({ calls }) => calls.filter(isFloatingSum).map(addend)));
  if (values3.size === 0) return measures2;
  const asked = [...values3].map((value2) => {
    const size = `abs(${value2})`;
    const finite = `isfinite(${value2})`;
    return `[min(${size}) FILTER (${finite} AND ${size} > 0), max(${size}) FILTER (${finite} AND ${size} > 0)], coalesce(bool_or(NOT ${finite}), false)`;
  });
  const [row] = await session.rows(`SELECT ${asked.join(", ")} FROM ${input.name}`);
  const answers = Object.values(row);
  const known2 = new Map(
    [...values3].map((value2, index) => {
      const [from2, to] = answers[index * 2];
      return [value2, { of: from2 === null ? [] : lanesBetween(from2, to), odd: answers[index * 2 + 1] }];
    })
  );
  return laned(measures2, (call3) => known2.get(addend(call3)));
}
async function withLanesOf({ session, measures: measures2 }, input) {
  const names4 = (await session.columns(`FROM ${input.name}`)).map(({ name: name3 }) => name3);
  return laned(measures2, ({ prefix: prefix2 }) => {
    const lane = `${prefix2}lane_`;
    const of = names4.flatMap((name3) => name3.startsWith(lane) ? [Number(name3.slice(lane.length))] : []);
    return { of: of.sort((a, b) => a - b), odd: true };
  });
}
function laned(measures2, lanes) {
  return measures2.map((one) => ({
    ...one,
    calls: one.calls.map((call3) => isFloatingSum(call3) ? { ...call3, lanes: lanes(call3) } : call3)
  }));
}
var weightColumn;
var init_group_query = __esm({
  "lib/engine/aggregates/group-query.ts"() {
    "use strict";
    init_shape();
    init_relation();
    init_stored_type();
    init_aggregate_calls();
    init_aggregate_states();
    init_exact_sum();
    weightColumn = "__rows";
  }
});

// lib/component/keyed-hash.ts
function keyedHash(secret, text4) {
  return `${keyedHashFunction}(${literal(secret)}, ${text4})`;
}
var keyedHashFunction;
var init_keyed_hash = __esm({
  "lib/component/keyed-hash.ts"() {
    "use strict";
    init_shape();
    keyedHashFunction = "__keyed_hash";
  }
});

// lib/engine/binding-fault.ts
async function bindingFault({ message }, { sql, session }) {
  const [, missing3] = /Function with name (\S+) does not exist/.exec(message) ?? [];
  if (missing3 !== void 0) return unknownFunction(missing3, sql, session);
  const [, call3, types4] = /No function matches the given name and argument types '(.+?)\((.*)\)'/.exec(message) ?? [];
  if (call3 !== void 0) return unfitArguments(call3, readable(types4), { sql, message });
  const [, type] = /Type with name (\S+) does not exist/.exec(message) ?? [];
  if (type !== void 0)
    return {
      problem: `"${sql}" cannot stand here: there is no type ${type}`,
      received: type,
      allowed: "types of DuckDB, e.g. INTEGER, BIGINT, DOUBLE, DECIMAL(12,2), VARCHAR, BOOLEAN, DATE, TIMESTAMP",
      change: guessed(nearest(type.toUpperCase(), commonTypes)) ?? "name a type that there is"
    };
  const [, one, other] = /Cannot (?:compare|mix) values of type (\S+) and(?: type)? (\S+)/.exec(message) ?? [];
  if (one !== void 0)
    return {
      problem: `"${sql}" cannot stand here: ${readable(one)} and ${readable(other)} do not go together`,
      received: `${readable(one)} and ${readable(other)}`,
      allowed: "values of one type on both sides",
      change: "cast one side, e.g. column::BIGINT, or write the constant as a text in single quotes"
    };
  const [, member2, column3] = /Cannot extract field '(.+)' from expression "(.+)" because it is not/.exec(message) ?? [];
  if (member2 !== void 0)
    return {
      problem: `"${sql}" cannot stand here: "${column3}" has no members, as it is no structure`,
      received: `${column3}.${member2}`,
      allowed: "members of columns of structures; a column alone is named without that of its dataset",
      change: "name a column of the step"
    };
  return void 0;
}
function foreignSign(sql) {
  const found = foreign.find(({ sign }) => sql.replace(/'[^']*'|"[^"]*"/g, "").includes(sign));
  return found && `write ${found.write} for ${found.sign}`;
}
async function unknownFunction(name3, sql, session) {
  const rows3 = await session.rows(
    "SELECT DISTINCT function_name AS name FROM duckdb_functions() WHERE function_type <> 'table'"
  );
  const names4 = rows3.map((row) => row.name).filter((one) => /^[a-z]\w*$/.test(one));
  return {
    problem: `"${sql}" cannot stand here: there is no function "${name3}"`,
    received: name3,
    allowed: "functions and operators of DuckDB",
    change: foreignSign(sql) ?? guessed(nearest(name3, names4.toSorted())) ?? "call a function that there is"
  };
}
function unfitArguments(call3, types4, { sql, message }) {
  const given4 = argumentsOf(`(${types4})`);
  const candidates = [...message.matchAll(/^\t(.+?\)) -> /gm)].map(([, candidate]) => candidate);
  const distance = (candidate) => {
    const taken2 = argumentsOf(candidate);
    const same2 = taken2.filter((type, index) => type === given4[index]).length;
    return Math.abs(taken2.length - given4.length) * 10 - same2;
  };
  const nearest2 = candidates.toSorted((a, b) => distance(a) - distance(b)).slice(0, mostCandidates);
  return {
    problem: `"${sql}" cannot stand here: ${call3} does not take ${types4 || "no argument"}`,
    received: `${call3}(${types4})`,
    allowed: `${nearest2.join(", ")}${candidates.length > mostCandidates ? " and others" : ""}`,
    change: foreignSign(call3) ?? "cast the arguments, e.g. column::DOUBLE, or call another function"
  };
}
function argumentsOf(call3) {
  const [, types4 = ""] = /\((.*)\)$/.exec(call3) ?? [];
  return types4 === "" ? [] : types4.split(/, (?![^(]*\))/);
}
function guessed(guess) {
  return guess && `did you mean "${guess}"?`;
}
function readable(types4) {
  return types4.replaceAll("INTEGER_LITERAL", "INTEGER").replaceAll("STRING_LITERAL", "VARCHAR");
}
function meantText(name3, sql, input) {
  if (!sql.includes(quoted(name3)) || nearest(
    name3,
    input.map((one) => one.name)
  ) !== void 0)
    return void 0;
  return {
    problem: `there is no column "${name3}" here`,
    received: quoted(name3),
    allowed: input.map((one) => one.name),
    change: `a text stands in single quotes: '${name3.replaceAll("'", "''")}'`
  };
}
var commonTypes, foreign, mostCandidates;
var init_binding_fault = __esm({
  "lib/engine/binding-fault.ts"() {
    "use strict";
    init_shape();
    init_nearest();
    commonTypes = "BOOLEAN TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT FLOAT DOUBLE DECIMAL VARCHAR DATE TIME TIMESTAMP TIMESTAMPTZ INTERVAL UUID BLOB JSON".split(
      " "
    );
    foreign = [
      { sign: "&&", write: "AND" },
      { sign: "===", write: "=" },
      { sign: "!==", write: "<>" }
    ];
    mostCandidates = 6;
  }
});

// lib/engine/parameters.ts
async function openParameters(session, { parameters: parameters3, values: values3 = {} }) {
  if (!parameters3) return;
  await session.run(`CREATE MACRO ${parameterFunction}(name) AS getvariable(name)`);
  for (const [name3, { type }] of Object.entries(parameters3))
    await session.setVariable(name3, { type: parameterSqlTypes[type], text: values3[name3] ?? null });
}
var parameterFunction;
var init_parameters2 = __esm({
  "lib/engine/parameters.ts"() {
    "use strict";
    init_parameter();
    parameterFunction = "param";
  }
});

// lib/engine/expression.ts
function objection(node, secret) {
  const name3 = node.function_name ?? "";
  if (name3.startsWith("__") && !(secret && name3 === keyedHashFunction)) return `it calls ${name3}, which there is not`;
  const repeated = "whose value would differ when a chunk is repeated";
  if (inconstant.test(name3) || sampled.test(name3)) return `it calls ${name3}, ${repeated}`;
  if (/^age$/i.test(name3) && node.children?.length === 1) return `it calls age with one time, ${repeated}`;
  if (multiplying.test(name3)) return `it calls ${name3}, which makes several rows of one`;
  if (ordered.test(name3) && !node.order_bys?.orders.length)
    return `it calls ${name3} without ORDER BY, so that its value depends on the order in which rows happen to come`;
  return void 0;
}
async function parseExpression(session, sql, secret = false) {
  const [row] = await session.rows(`SELECT json_serialize_sql(${literal(`SELECT (${sql}
)`)}) AS tree`);
  const answer = JSON.parse(row.tree);
  if (answer.error) throw unparsable(sql, answer);
  const [statement, ...more] = answer.statements;
  const select = statement?.node;
  const empty = (...parts) => parts.every((part) => part.length === 0);
  const plain2 = more.length === 0 && select?.type === "SELECT_NODE" && select.select_list.length === 1 && select.select_list[0].alias === "" && select.from_table?.type === "EMPTY" && empty(select.modifiers, select.group_expressions, select.group_sets, select.cte_map.map);
  if (!plain2 || select.where_clause || select.having || select.qualify || select.sample)
    throw invalid(sql, "it is a statement, not an expression", "one DuckDB expression");
  const columns2 = /* @__PURE__ */ new Set();
  const constants = [];
  const parameters3 = /* @__PURE__ */ new Set();
  const sorted = /* @__PURE__ */ new Set();
  visit(select.select_list[0], (node) => {
    if (!known.has(node.class))
      throw invalid(
        sql,
        `it holds ${titles3[node.class] ?? node.class}`,
        "scalar and aggregate expressions over the columns of the step",
        node.class === "PARAMETER" ? `write ${parameterFunction}('<name>') for a parameter of the run` : void 0
      );
    const [root2] = node.class === "COLUMN_REF" ? node.column_names : [];
    const called = node.class === "FUNCTION" ? node : keyword.test(root2 ?? "") ? { function_name: root2 } : void 0;
    if (sorting.test(node.function_name ?? "")) sorted.add(node.children?.[0]);
    const why = called && !sorted.has(node) && objection(called, secret);
    if (why) throw invalid(sql, why, "functions whose result depends on their arguments alone");
    if (isParameter(node)) parameters3.add(parameterOf(node, sql));
    if (root2 !== void 0) columns2.add(root2);
    constants.push(...constantsOf(node));
  });
  const root = select.select_list[0];
  const call3 = root.class === "FUNCTION" && !root.is_operator ? root.function_name?.toLowerCase() : void 0;
  return {
    columns: [...columns2],
    equalities: equalities(root),
    ...call3 !== void 0 && { call: call3 },
    constants,
    parameters: [...parameters3]
  };
}
function isParameter({ class: kind, function_name: name3 }) {
  return kind === "FUNCTION" && name3?.toLowerCase() === parameterFunction;
}
function parameterOf({ children = [] }, sql) {
  const { value: value2 } = children[0]?.value ?? {};
  if (children.length === 1 && typeof value2 === "string") return value2;
  const why = `${parameterFunction} takes the name of a parameter alone`;
  throw invalid(sql, why, `${parameterFunction}('<name>')`, "write the name in single quotes");
}
function visit(node, look, bound3 = []) {
  if (Array.isArray(node)) {
    for (const one of node) visit(one, look, bound3);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  const tree = node;
  if (tree.class === "LAMBDA") {
    const names4 = [];
    visit(tree.lhs, (one) => one.class === "COLUMN_REF" && names4.push(one.column_names.at(-1)));
    visit(tree.expr, look, [...bound3, ...names4]);
    return;
  }
  if (tree.class === "COLUMN_REF" && bound3.includes(tree.column_names.at(0))) return;
  if (tree.class) look(tree);
  for (const part of Object.values(tree)) visit(part, look, bound3);
}
function equalities(tree) {
  if (tree.class === "CONJUNCTION" && tree.type === "CONJUNCTION_AND") {
    const parts = tree.children.map(equalities);
    return parts.every((part) => part !== void 0) ? parts.flat() : void 0;
  }
  const [left, right] = [tree.left, tree.right];
  const both = tree.type === "COMPARE_EQUAL" && left?.class === "COLUMN_REF" && right?.class === "COLUMN_REF";
  return both ? [[left.column_names.at(-1), right.column_names.at(-1)]] : void 0;
}
function constantsOf(node) {
  const parts = (...names4) => names4.flatMap((name3) => [node[name3] ?? []].flat());
  const textOf2 = ({ value: value2 }) => {
    const { type, value: text4 } = value2 ?? {};
    return type?.id === "VARCHAR" && typeof text4 === "string" ? text4 : void 0;
  };
  if (node.class === "CAST") {
    const { id, type_info: info } = node.cast_type;
    const text4 = textOf2(node.child);
    return text4 === void 0 || node.try_cast || info !== null ? [] : [{ text: text4, type: id }];
  }
  const compared = node.class === "COMPARISON" ? parts("left", "right") : node.class === "BETWEEN" ? parts("input", "lower", "upper") : node.type === "COMPARE_IN" || node.type === "COMPARE_NOT_IN" ? parts("children") : [];
  const beside = compared.find((one) => one.class === "COLUMN_REF")?.column_names;
  if (beside?.length !== 1) return [];
  return compared.flatMap((one) => {
    const text4 = textOf2(one);
    return text4 === void 0 ? [] : [{ text: text4, beside: beside[0] }];
  });
}
function unparsable(sql, { error_message: said2, position }) {
  const at = position === void 0 ? void 0 : Number(position) - "SELECT (".length;
  const ended3 = at !== void 0 && at >= sql.trimEnd().length;
  const why = sql.trim() === "" ? "it is empty" : ended3 ? "it ends too early" : `it cannot be parsed: ${said2.replace(/\n\)/, "")}${at === void 0 ? "" : `, character ${at + 1}`}`;
  return invalid(sql, why, "one DuckDB expression", foreignSign(sql));
}
function invalid(received, why, allowed, change2 = "rewrite the expression") {
  return new ExpressionInvalidError({
    problem: `"${received}" is not an expression for this step: ${why}`,
    received,
    allowed,
    change: change2
  });
}
var ExpressionInvalidError, known, titles3, inconstant, keyword, ordered, sorting, sampled, multiplying;
var init_expression = __esm({
  "lib/engine/expression.ts"() {
    "use strict";
    init_keyed_hash();
    init_shape();
    init_terminal_error();
    init_binding_fault();
    init_parameters2();
    ExpressionInvalidError = class extends TerminalError {
      name = "ExpressionInvalidError";
      code = "EXPRESSION_INVALID";
    };
    known = new Set(
      "BETWEEN CASE CAST COLLATE COLUMN_REF COMPARISON CONJUNCTION CONSTANT FUNCTION LAMBDA LAMBDA_REF OPERATOR".split(" ")
    );
    titles3 = {
      SUBQUERY: "a subquery",
      WINDOW: "a window function",
      STAR: '"*"',
      PARAMETER: "a parameter",
      POSITIONAL_REFERENCE: "a position"
    };
    inconstant = /^(now|today|ago|random|setseed|uuid|uuidv\d|gen_random_uuid|nextval|currval|current_\w+|get_current_\w+|localtime|localtimestamp|transaction_timestamp|txid_current|getenv|getvariable|in_search_path|sleep_ms|write_log|error|stats|pg_\w+|version|user|session_user|get_block_size|format_type|inet_\w+)$/i;
    keyword = /^(current_(date|time|timestamp|user|schema|catalog|role)|localtime|localtimestamp)$/i;
    ordered = /^(first|last|any_value|arbitrary|list|array_agg|string_agg|group_concat|listagg|mode|json_group_\w+)$/i;
    sorting = /^(list|array)_(reverse_)?sort$/i;
    sampled = /^(reservoir_quantile|approx_quantile|approx_top_k)$/i;
    multiplying = /^(unnest|generate_subscripts|regexp_split_to_table)$/i;
  }
});

// lib/engine/typing-error.ts
var TypingError;
var init_typing_error = __esm({
  "lib/engine/typing-error.ts"() {
    "use strict";
    TypingError = class extends Error {
      path;
      cause;
      constructor(cause, path) {
        super(cause.message);
        this.name = "TypingError";
        this.cause = cause;
        this.path = path;
      }
    };
  }
});

// lib/engine/column-names.ts
function checkNames(names4, replaced = []) {
  const hidden = names4.find((name3) => name3.startsWith("__"));
  const twin = names4.find((name3, index) => {
    const first4 = names4.findIndex((other) => sameName(other, name3));
    return first4 !== index && !(names4[first4] === name3 && replaced.includes(name3));
  });
  if (names4.length === 0)
    throw misnamed("there is no column", "nothing", "at least one column", "let the step give a column");
  if (hidden !== void 0)
    throw misnamed(`the name "${hidden}" is kept for Penstock`, hidden, 'names that do not begin with "__"');
  if (twin !== void 0) {
    const twins = names4.filter((name3) => sameName(name3, twin));
    throw misnamed(`there are two columns "${twin}"`, twins, "names that differ in more than their case");
  }
}
function misnamed(problem, received, allowed, change2 = "name one of the columns otherwise") {
  return new TypingError(new ExpressionInvalidError({ problem, received, allowed, change: change2 }), []);
}
function sameName(a, b) {
  return a.toLowerCase() === b.toLowerCase();
}
var init_column_names = __esm({
  "lib/engine/column-names.ts"() {
    "use strict";
    init_expression();
    init_typing_error();
  }
});

// lib/engine/steps/exploded-types.ts
function explodedTypes({ column: column3, as, position, empty }, input) {
  const columns2 = input.map((one) => {
    return one.name === column3 ? { name: as, type: elementType(one.type), nullable: true } : one;
  });
  if (position !== void 0) columns2.push({ name: position, type: "BIGINT", nullable: empty === "keep" });
  checkNames(columns2.map(({ name: name3 }) => name3));
  const others = input.filter(({ name: name3 }) => name3 !== column3).map(({ name: name3 }) => name3);
  return {
    columns: columns2,
    keeps: others,
    lineage: Object.fromEntries([
      ...others.map((name3) => [name3, [name3]]),
      [as, [column3]],
      ...position === void 0 ? [] : [[position, [column3]]]
    ])
  };
}
var init_exploded_types = __esm({
  "lib/engine/steps/exploded-types.ts"() {
    "use strict";
    init_column_types();
    init_column_names();
  }
});

// lib/engine/steps/window-sql.ts
function windowSql(shape, column3) {
  return `${column3.call.sql}
 ${overSql(shape, column3)}`;
}
function overSql({ keys, order: order2 }, { frame: frame3, peers: peers2 }) {
  const by2 = keys.length > 0 ? `PARTITION BY ${keys.map(quoted).join(", ")} ` : "";
  const columns2 = order2.map(({ column: column3, descending }) => `${quoted(column3)} ${descending ? "DESC" : "ASC"} NULLS LAST`);
  if (!peers2) columns2.push(rowColumn);
  return `OVER (${by2}ORDER BY ${columns2.join(", ")}${frame3 ? ` ${frame3}` : ""})`;
}
var init_window_sql = __esm({
  "lib/engine/steps/window-sql.ts"() {
    "use strict";
    init_shape();
    init_relation();
  }
});

// lib/engine/constant-faults.ts
async function constantFault(constants, input, session) {
  for (const { text: text4, beside, type: given4 } of constants) {
    const type = given4 ?? input.find(({ name: name3 }) => sameName(name3, beside))?.type;
    if (type === void 0 || !/^[A-Z ]+(\(\d+,\s?\d+\))?$/.test(type) || /^(VARCHAR|BLOB|BIT)$/.test(type)) continue;
    const [row] = await session.rows(`SELECT TRY_CAST(${literal(text4)} AS ${type}) IS NULL AS bad`);
    if (row.bad) return { text: text4, type };
  }
  return void 0;
}
var init_constant_faults = __esm({
  "lib/engine/constant-faults.ts"() {
    "use strict";
    init_shape();
    init_column_names();
  }
});

// lib/engine/keys.ts
import { createHash } from "node:crypto";
async function openKeys(session, secrets) {
  await session.run(`CREATE TABLE ${table} (name VARCHAR, inner_key BLOB, outer_key BLOB)`);
  const connection = await session.connect();
  const appender = await connection.createAppender(table);
  for (const [name3, secret] of Object.entries(secrets)) {
    const { inner: inner3, outer } = paddedKeys(secret);
    appender.appendVarchar(name3);
    appender.appendBlob(inner3);
    appender.appendBlob(outer);
    appender.endRow();
  }
  appender.closeSync();
  const key2 = (which) => `(SELECT ${which} FROM ${table} WHERE name = secret)`;
  const inner2 = `sha256(${key2("inner_key")} || encode(text))`;
  await session.run(
    `CREATE MACRO ${keyedHashFunction}(secret, text) AS sha256(${key2("outer_key")} || unhex(${inner2}))`
  );
}
function paddedKeys(secret) {
  const bytes3 = Buffer.from(secret, "utf8");
  const key2 = Buffer.alloc(blockBytes);
  (bytes3.length > blockBytes ? createHash("sha256").update(bytes3).digest() : bytes3).copy(key2);
  return { inner: key2.map((byte) => byte ^ 54), outer: key2.map((byte) => byte ^ 92) };
}
var blockBytes, table;
var init_keys = __esm({
  "lib/engine/keys.ts"() {
    "use strict";
    init_keyed_hash();
    blockBytes = 64;
    table = "__keys";
  }
});

// lib/engine/missing-quotes.ts
async function missingQuotes(session, sql, columns2) {
  const odd = await needQuotes(session, columns2);
  if (odd.length === 0) return void 0;
  const found = /* @__PURE__ */ new Set();
  const names4 = odd.toSorted((a, b) => b.length - a.length).map(escaped2);
  const pattern2 = new RegExp(`${inQuotes.source}|(?<![\\p{L}\\p{N}_])(?:${names4.join("|")})(?![\\p{L}\\p{N}_])`, "giu");
  const corrected = sql.replace(pattern2, (text4) => {
    if (/^['"]/.test(text4)) return text4;
    const name3 = odd.find((one) => one.toLowerCase() === text4.toLowerCase());
    found.add(name3);
    return quoted(name3);
  });
  if (found.size === 0 || !await parses(session, corrected)) return void 0;
  const all2 = [...found].map(quoted).join(" and ");
  return new ExpressionInvalidError({
    problem: `"${sql}" is not an expression: ${all2} must stand in double quotes, as ${found.size > 1 ? "they are words" : "it is a word"} of SQL or no plain ${found.size > 1 ? "names" : "name"}`,
    received: sql,
    allowed: "one DuckDB expression, with such columns in double quotes",
    change: `write ${corrected}`
  });
}
async function needQuotes(session, columns2) {
  const rows3 = await session.rows(
    "SELECT keyword_name AS word FROM duckdb_keywords() WHERE keyword_category <> 'unreserved'"
  );
  const words = new Set(rows3.map(({ word }) => word));
  return columns2.map(({ name: name3 }) => name3).filter((name3) => words.has(name3.toLowerCase()) || !/^[a-z_][a-z0-9_]*$/i.test(name3));
}
async function parses(session, sql) {
  try {
    await parseExpression(session, sql);
    return true;
  } catch {
    return false;
  }
}
function escaped2(text4) {
  return text4.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
var inQuotes;
var init_missing_quotes = __esm({
  "lib/engine/missing-quotes.ts"() {
    "use strict";
    init_shape();
    init_expression();
    inQuotes = /'(?:[^']|'')*'|"(?:[^"]|"")*"/;
  }
});

// lib/engine/types/expression-typing.ts
function said({ message }) {
  const [line2 = ""] = message.split("\n");
  return line2.replace(/^[\w ]+ Error: /, "").replace(/\.$/, "").replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}
var ExpressionTyping;
var init_expression_typing = __esm({
  "lib/engine/types/expression-typing.ts"() {
    "use strict";
    init_errors();
    init_shape();
    init_nearest();
    init_binding_fault();
    init_column_names();
    init_constant_faults();
    init_expression();
    init_keys();
    init_missing_quotes();
    init_typing_error();
    ExpressionTyping = class {
      #session;
      #tables = 0;
      /** Of the function that hashes under secrets; few steps need it. */
      #keys;
      #parameters;
      /** Parameters that some expression takes. */
      taken = /* @__PURE__ */ new Set();
      /** @param parameters names of those that the session has */
      constructor(session, parameters3 = []) {
        this.#session = session;
        this.#parameters = parameters3;
      }
      /** True once the session can hash under secrets, which stays so for good. */
      get hasKeys() {
        return this.#keys !== void 0;
      }
      /** @param wanted the type that it must give; default: any */
      async typeOf(expression, input, wanted3) {
        const parsed3 = await this.resolve(expression, input);
        return this.onTable(input, async (table4) => {
          const type = await this.describe(expression, `(${expression.sql}
)`, table4, input);
          if (wanted3 !== void 0 && type !== wanted3)
            throw this.fault(expression, `it gives ${type}`, `an expression that gives ${wanted3}`);
          return { type, parsed: parsed3, aggregates: await this.#isAggregate(expression, table4) };
        });
      }
      /** Parses an expression; its columns as the input writes them. */
      async resolve(expression, input) {
        const parsed3 = await this.parse(expression, input);
        const columns2 = parsed3.columns.map((name3) => {
          const column3 = input.find((one) => sameName(one.name, name3));
          if (!column3) throw this.#unknown(name3, expression, input);
          return column3.name;
        });
        const bad = await constantFault(parsed3.constants, input, this.#session);
        if (bad)
          throw this.#refused(expression, {
            problem: `"${expression.shown ?? expression.sql}" would fail on every row: '${bad.text}' is not a ${bad.type}`,
            received: `'${bad.text}'`,
            allowed: `a text that is a ${bad.type}`,
            change: "correct the text"
          });
        return { ...parsed3, columns: [...new Set(columns2)] };
      }
      /** Parses an expression, which may name any columns. */
      async parse(expression, columns2) {
        if (expression.secret !== void 0) {
          this.#keys ??= openKeys(this.#session, {});
          await this.#keys;
        }
        let parsed3;
        try {
          parsed3 = await parseExpression(this.#session, expression.sql, expression.secret !== void 0);
        } catch (cause) {
          const quotes = await missingQuotes(this.#session, expression.sql, columns2);
          throw new TypingError(quotes ?? cause, expression.path ?? []);
        }
        for (const name3 of parsed3.parameters) this.#take(name3, expression);
        return parsed3;
      }
      #take(name3, expression) {
        if (this.#parameters.includes(name3)) return void this.taken.add(name3);
        const guess = nearest(name3, this.#parameters);
        throw this.#refused(expression, {
          problem: `the pipeline has no parameter "${name3}"`,
          received: name3,
          allowed: this.#parameters.length > 0 ? this.#parameters : "none: the pipeline declares no parameters",
          change: guess ? `did you mean "${guess}"?` : `declare it: parameters: { ${name3}: <type> }`
        });
      }
      /** Gives a table without rows for as long as it takes. */
      async onTable(input, work5) {
        const table4 = `typing_${this.#tables++}`;
        const columns2 = input.map((column3) => `${quoted(column3.name)} ${column3.type}`);
        await this.#session.run(`CREATE TABLE ${table4} (${[...columns2, "__row BIGINT"].join(", ")})`);
        try {
          return await work5(table4);
        } finally {
          await this.#session.run(`DROP TABLE ${table4}`);
        }
      }
      /** The type of SQL that was made of an expression. */
      async describe(expression, sql, table4, input) {
        try {
          const [column3] = await this.#session.columns(`SELECT ${sql} AS value FROM ${table4}`);
          return column3.type;
        } catch (cause) {
          const shown7 = expression.shown ?? expression.sql;
          const parts = await bindingFault(cause, { sql: shown7, session: this.#session });
          if (parts) throw this.#refused(expression, parts);
          throw this.fault(
            expression,
            said(cause),
            expression.shown === void 0 ? `an expression over ${input.map((one) => `${one.name} ${one.type}`).join(", ")}` : "what DuckDB can read here"
          );
        }
      }
      /** Why an aggregate cannot stand where each row needs a value. */
      aggregate(expression) {
        return this.fault(
          expression,
          "it is an aggregate: it has a value for a group of rows, not for each row",
          "an expression over one row; aggregates go into aggregate({ measures })"
        );
      }
      /** An expression that cannot stand where it is. */
      fault(expression, why, allowed) {
        const shown7 = expression.shown ?? expression.sql;
        const problem = `"${shown7}" cannot stand here: ${why}`;
        return this.#refused(expression, { problem, received: shown7, allowed, change: "rewrite the expression" });
      }
      /** Only an aggregate can stand beside a constant in a grouping without keys while no column does. */
      async #isAggregate({ sql }, table4) {
        try {
          await this.#session.columns(`SELECT 1 FROM ${table4} GROUP BY __row HAVING (${sql}
) IS NULL`);
        } catch {
          return false;
        }
        try {
          await this.#session.columns(`SELECT 1 FROM ${table4} WHERE (${sql}
) IS NULL`);
          return false;
        } catch {
          return true;
        }
      }
      #unknown(name3, { sql, path = [] }, input) {
        const text4 = meantText(name3, sql, input);
        return new TypingError(text4 ? new ExpressionInvalidError(text4) : new ColumnUnknownError(name3, input), path);
      }
      #refused({ path = [] }, parts) {
        return new TypingError(new ExpressionInvalidError(parts), path);
      }
    };
  }
});

// lib/engine/types/join-types.ts
function joinTypes(shape, { input, side, keys }) {
  const { how } = shape;
  const take = takenColumns(shape, side, keys.side);
  checkNames([...input, ...take].map(({ name: name3 }) => name3));
  const inputMayMiss = how === "right" || how === "full";
  const sideMayMiss = how === "left" || how === "full";
  const lineage = {};
  const own = input.map((column3) => {
    const pair = keys.input.indexOf(column3.name);
    const other = pair < 0 ? void 0 : side.find(({ name: name3 }) => name3 === keys.side[pair]);
    lineage[column3.name] = inputMayMiss && other ? [column3.name, { input: 1, column: other.name }] : [column3.name];
    return { ...column3, nullable: nullable(column3, other) };
  });
  const taken2 = take.map(({ name: name3, column: column3 }) => {
    const { type, nullable: nullable2 } = side.find((one) => one.name === column3);
    lineage[name3] = [{ input: 1, column: column3 }];
    return { name: name3, type, nullable: nullable2 || sideMayMiss };
  });
  const kept = own.filter(({ name: name3 }) => !(inputMayMiss && keys.input.includes(name3)));
  return {
    columns: [...own, ...taken2],
    lineage,
    keeps: [...kept, ...taken2].map(({ name: name3 }) => name3),
    lookupKeys: keys
  };
  function nullable(column3, other) {
    if (!other) return column3.nullable || inputMayMiss;
    if (how === "inner" || how === "semi") return false;
    if (how === "right") return other.nullable;
    return column3.nullable || how === "full" && other.nullable;
  }
}
function takenColumns({ take }, side, keys) {
  if (!("but" in take)) return take;
  const others = side.filter(({ name: name3 }) => !keys.includes(name3));
  return others.map(({ name: name3 }) => ({ name: `${take.prefix}${name3}`, column: name3 }));
}
var init_join_types = __esm({
  "lib/engine/types/join-types.ts"() {
    "use strict";
    init_column_names();
  }
});

// lib/engine/types/widened.ts
function widened2(a, b) {
  if (a === b) return a;
  const ladder = ladders.find((types4) => types4.includes(a) && types4.includes(b));
  if (ladder) return ladder[Math.max(ladder.indexOf(a), ladder.indexOf(b))];
  if ([a, b].some((type) => type.startsWith("ENUM")) && [a, b].every((type) => /^(ENUM|VARCHAR)/.test(type)))
    return "VARCHAR";
  return wholeNumbers(a, b) ?? decimals(a, b) ?? floating2(a, b) ?? floating2(b, a);
}
function wholeNumbers(a, b) {
  const [one, other] = [integers[a], integers[b]];
  if (!one || !other) return void 0;
  const signed = one.signed || other.signed;
  const bits = Math.max(...[one, other].map((type) => signed && !type.signed ? type.bits * 2 : type.bits));
  return Object.keys(integers).find((name3) => integers[name3].signed === signed && integers[name3].bits === bits);
}
function decimals(a, b) {
  const [one, other] = [decimal(a), decimal(b)];
  if (!one || !other) return void 0;
  const scale = Math.max(one.scale, other.scale);
  const width2 = Math.max(one.width - one.scale, other.width - other.scale) + scale;
  return width2 <= mostDigits ? `DECIMAL(${width2},${scale})` : void 0;
}
function decimal(type) {
  const [, width2, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? [];
  if (width2 !== void 0) return { width: Number(width2), scale: Number(scale) };
  const integer4 = integers[type];
  return integer4 && { width: digits[integer4.bits], scale: 0 };
}
function floating2(a, b) {
  const integer4 = integers[b];
  if (!integer4 || a !== "FLOAT" && a !== "DOUBLE" || integer4.bits > 32) return void 0;
  return a === "FLOAT" && integer4.bits <= 16 ? "FLOAT" : "DOUBLE";
}
var integers, digits, mostDigits, ladders;
var init_widened = __esm({
  "lib/engine/types/widened.ts"() {
    "use strict";
    integers = {
      TINYINT: { bits: 8, signed: true },
      SMALLINT: { bits: 16, signed: true },
      INTEGER: { bits: 32, signed: true },
      BIGINT: { bits: 64, signed: true },
      HUGEINT: { bits: 128, signed: true },
      UTINYINT: { bits: 8, signed: false },
      USMALLINT: { bits: 16, signed: false },
      UINTEGER: { bits: 32, signed: false },
      UBIGINT: { bits: 64, signed: false },
      UHUGEINT: { bits: 128, signed: false }
    };
    digits = { 8: 3, 16: 5, 32: 10, 64: 20, 128: 39 };
    mostDigits = 38;
    ladders = [
      ["FLOAT", "DOUBLE"],
      ["DATE", "TIMESTAMP"],
      ["TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP"],
      ["JSON", "VARCHAR"]
    ];
  }
});

// lib/engine/types/union-types.ts
function unionTypes(shape, inputs) {
  const names4 = [];
  for (const column3 of inputs.flat()) if (!names4.some((name3) => sameName(name3, column3.name))) names4.push(column3.name);
  checkNames([...names4, ...shape.origin ? [shape.origin.column] : []]);
  const lineage = {};
  const columns2 = names4.map((name3) => {
    const found = inputs.map((input) => input.find((column3) => sameName(column3.name, name3)));
    const missing3 = found.indexOf(void 0);
    if (missing3 >= 0 && shape.missing === "error") throw missingColumn(name3, inputs[missing3], missing3);
    const present = found.filter((column3) => column3 !== void 0);
    lineage[name3] = found.flatMap((column3, input) => column3 ? [{ input, column: column3.name }] : []);
    return {
      name: name3,
      type: present.map(({ type }) => type).reduce((a, b) => widened2(a, b) ?? refuse(name3, a, b)),
      nullable: missing3 >= 0 || present.some((column3) => column3.nullable)
    };
  });
  if (shape.origin) {
    lineage[shape.origin.column] = [];
    columns2.push({ name: shape.origin.column, type: "VARCHAR", nullable: false });
  }
  const keeps = columns2.filter(
    ({ name: name3, type }) => inputs.every((input) => input.some((column3) => column3.name === name3 && column3.type === type))
  );
  return { columns: columns2, lineage, keeps: keeps.map(({ name: name3 }) => name3) };
}
function missingColumn(name3, columns2, input) {
  const names4 = columns2.map((column3) => column3.name);
  const guess = nearest(name3, names4);
  const which = input === 0 ? "the first dataset" : `dataset ${input} of \`with\``;
  return fault({
    problem: `${which} has no column "${name3}", which another one has`,
    received: names4,
    allowed: 'the same columns in all datasets, or missing: "null"',
    change: guess ? `it has "${guess}": rename one of them` : `add it with derive, or set missing to "null"`
  });
}
function refuse(name3, a, b) {
  throw fault({
    problem: `"${name3}" is ${a} in one dataset and ${b} in another, and neither type holds all values of both`,
    received: `${a} and ${b}`,
    allowed: "equal types, or types that one of them or a wider one holds without loss",
    change: `cast "${name3}" in one of them before the union`
  });
}
function fault(parts) {
  return new TypingError(new UnionInvalidError(parts), []);
}
var UnionInvalidError;
var init_union_types = __esm({
  "lib/engine/types/union-types.ts"() {
    "use strict";
    init_terminal_error();
    init_nearest();
    init_column_names();
    init_typing_error();
    init_widened();
    UnionInvalidError = class extends TerminalError {
      name = "UnionInvalidError";
      code = "UNION_INVALID";
    };
  }
});

// lib/engine/types/window-types.ts
function windowTypes({ keys, order: order2, columns: columns2, keep: keep3 }, input, types4) {
  checkNames([...input, ...columns2].map(({ name: name3 }) => name3));
  const names4 = input.map(({ name: name3 }) => name3);
  const lineage = Object.fromEntries(names4.map((name3) => [name3, [name3]]));
  const added4 = columns2.map(({ name: name3, call: call3 }, index) => {
    const { type, parsed: parsed3 } = types4[index];
    lineage[name3] = parsed3.columns.length > 0 ? parsed3.columns : [.../* @__PURE__ */ new Set([...keys, ...order2.map((one) => one.column)])];
    return { name: name3, type, nullable: !always.test(call3.sql) };
  });
  return { columns: [...input, ...added4], lineage, keeps: names4, ...keep3 && { merges: true } };
}
var windowFunctions, always;
var init_window_types = __esm({
  "lib/engine/types/window-types.ts"() {
    "use strict";
    init_column_names();
    windowFunctions = "lag lead first_value last_value nth_value ntile row_number rank dense_rank rank_dense percent_rank cume_dist count count_star sum avg mean min max bool_and bool_or bit_and bit_or bit_xor".split(
      " "
    );
    always = /^\s*(row_number|rank|dense_rank|rank_dense|percent_rank|cume_dist|ntile|count|count_star)\s*\(/i;
  }
});

// lib/engine/whole-texts.ts
async function readWholeTexts() {
  const accessors = await import("@duckdb/node-api/lib/vectors/dataAccessors.js");
  const { textDecoder } = accessors.default;
  if (!(textDecoder instanceof TextDecoder))
    throw new TypeError("the driver of DuckDB decodes texts in another way now");
  if (!textDecoder.ignoreBOM) accessors.default.textDecoder = new TextDecoder("utf-8", { ignoreBOM: true });
}
var init_whole_texts = __esm({
  "lib/engine/whole-texts.ts"() {
    "use strict";
  }
});

// lib/engine/session.ts
import { mkdirSync } from "node:fs";
import { join as join2 } from "node:path";
function limitMegabytes(memoryMegabytes) {
  return Math.floor(dataMegabytes(memoryMegabytes) * limitShare);
}
function rowsBeforeWriting(options2) {
  const bytes3 = dataMegabytes(options2.memoryMegabytes) * 1e6 / 12 / threadsFor(options2);
  return Math.min(mostRowsBeforeWriting, Math.floor(bytes3 / usualRowBytes));
}
function threadsFor({ memoryMegabytes, threads }) {
  return Math.max(1, Math.min(threads, Math.floor(dataMegabytes(memoryMegabytes) / leastMegabytesOfThread)));
}
async function setVariable(connection, name3, { type, text: text4 }) {
  await connection.run(`SET VARIABLE ${quoted(name3)} = CAST($1 AS ${type})`, [text4]);
}
var limitShare, mostRowsBeforeWriting, usualRowBytes, leastMegabytesOfThread, mostOpenFiles, Session;
var init_session = __esm({
  "lib/engine/session.ts"() {
    "use strict";
    init_shape();
    init_data_budget();
    init_whole_texts();
    limitShare = 0.75;
    mostRowsBeforeWriting = 524288;
    usualRowBytes = 128;
    leastMegabytesOfThread = 128;
    mostOpenFiles = 512;
    Session = class _Session {
      #instance;
      #connection;
      #connections;
      #stop;
      #stopping;
      #signal;
      #discreet;
      /** What a row group may take in memory. Undefined where rows keep their order: DuckDB then counts rows only. */
      rowGroupBytes;
      /** What DuckDB may fill. */
      memoryBytes;
      threads;
      /** Rows of all partitions that a thread keeps back before it writes them. */
      heldRows;
      #names = 0;
      #variables = /* @__PURE__ */ new Map();
      constructor(instance, connection, options2) {
        const { signal, keepsOrder = true, memoryMegabytes } = options2;
        this.memoryBytes = limitMegabytes(memoryMegabytes) * 1e6;
        this.threads = threadsFor(options2);
        this.heldRows = rowsBeforeWriting(options2);
        this.rowGroupBytes = keepsOrder ? void 0 : this.memoryBytes / 16;
        this.#instance = instance;
        this.#connection = connection;
        this.#signal = signal;
        this.#discreet = options2.discreet ?? false;
        this.#connections = /* @__PURE__ */ new Set([connection]);
        this.#stop = () => this.#interrupt();
        signal?.addEventListener("abort", this.#stop);
      }
      static async open(options2) {
        const { DuckDBInstance: DuckDBInstance2 } = await import("@duckdb/node-api");
        await readWholeTexts();
        const [first4] = options2.folders;
        const spill = options2.spillFolder ?? (first4 === void 0 ? void 0 : join2(first4, "spill"));
        if (spill !== void 0) mkdirSync(spill, { recursive: true });
        const instance = await DuckDBInstance2.create(":memory:", {
          threads: String(threadsFor(options2)),
          memory_limit: `${limitMegabytes(options2.memoryMegabytes)}MB`,
          temp_directory: spill ?? "",
          autoinstall_known_extensions: "false",
          autoload_known_extensions: "false",
          // The machine keeps what was read of a file already; here it would stand beside the rows.
          enable_external_file_cache: "false",
          preserve_insertion_order: String(options2.keepsOrder ?? true),
          // With fewer, DuckDB closes the files of partitions and opens second ones, which then have to be merged.
          partitioned_write_max_open_files: String(mostOpenFiles),
          partitioned_write_flush_threshold: String(rowsBeforeWriting(options2))
        });
        const connection = await instance.connect();
        const folders = [...options2.folders, ...spill === void 0 ? [] : [spill]].map(
          (folder) => `'${folder.replaceAll("'", "''")}'`
        );
        await connection.run(`SET allowed_directories = [${folders.join(", ")}]`);
        await connection.run("SET TimeZone = 'UTC'");
        await connection.run("SET enable_external_access = false");
        await connection.run("SET lock_configuration = true");
        return new _Session(instance, connection, options2);
      }
      /** A name that nothing in the session has yet, e.g. `errors_3`; needs no quotes. */
      newName(prefix2) {
        return `${prefix2}_${this.#names++}`;
      }
      /** Throws the reason of the signal once it has been given. */
      throwIfStopped() {
        this.#signal?.throwIfAborted();
      }
      /** Runs one statement for its effect. */
      async run(sql) {
        this.throwIfStopped();
        await this.#told(this.#connection.run(sql));
      }
      /** All rows, integers beyond 32 bits as text (JSON has no others). For counts and small results only. */
      async rows(sql) {
        this.throwIfStopped();
        const reader = await this.#told(this.#connection.runAndReadAll(sql));
        return reader.getRowObjectsJson();
      }
      /** The one row of a query of counts, as numbers. */
      async counts(sql) {
        const [row] = await this.rows(sql);
        return Object.values(row ?? {}).map((value2) => Number(value2 ?? 0));
      }
      /** Columns of a query, without running it. */
      async columns(sql) {
        const rows3 = await this.rows(`DESCRIBE ${sql}`);
        return rows3.map((row) => ({ name: row.column_name, type: row.column_type }));
      }
      /**
       * Another connection to the same data, closed with the session: reading and appending on one connection stops early
       * without an error.
       */
      async connect() {
        const connection = await this.#instance.connect();
        this.#connections.add(connection);
        for (const [name3, variable] of this.#variables) await setVariable(connection, name3, variable);
        return connection;
      }
      /** Sets a variable of DuckDB's, on this connection and on those to come. */
      async setVariable(name3, variable) {
        this.#variables.set(name3, variable);
        await setVariable(this.#connection, name3, variable);
      }
      /** What a query gives, or an error that quotes no value. */
      async #told(query) {
        if (!this.#discreet) return query;
        return query.catch((error) => {
          const kind = /^[A-Z][\w -]{2,40} Error(?=:)/.exec(String(error.message))?.[0] ?? "DuckDB failed";
          throw new Error(`${kind}; the rest is withheld, because it may quote a restricted column`);
        });
      }
      close() {
        this.#signal?.removeEventListener("abort", this.#stop);
        clearInterval(this.#stopping);
        for (const connection of this.#connections) connection.closeSync();
        this.#instance.closeSync();
      }
      /** An interrupt that comes just before a query starts is forgotten, so it is repeated until the session is closed. */
      #interrupt() {
        const all2 = () => {
          for (const connection of this.#connections) connection.interrupt();
        };
        all2();
        this.#stopping ??= setInterval(all2, 20);
      }
    };
  }
});

// lib/engine/typing-session.ts
async function takeTypingSession() {
  const kept = idle;
  idle = void 0;
  if (kept) {
    if (await isAsNew(kept)) return kept;
    kept.close();
  }
  return Session.open({ folders: [], memoryMegabytes: 512, threads: 1 });
}
function giveBackTypingSession(session) {
  if (idle) session.close();
  else idle = session;
}
async function isAsNew(session) {
  const tables = await session.counts("SELECT count(*) FROM duckdb_tables()").catch(() => [1]);
  return tables[0] === 0;
}
var idle;
var init_typing_session = __esm({
  "lib/engine/typing-session.ts"() {
    "use strict";
    init_session();
  }
});

// lib/engine/typing.ts
async function each(parts, look) {
  const errors = [];
  for (const part of parts) {
    try {
      await look(part);
    } catch (error) {
      if (!(error instanceof TypingError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors);
}
function sidesOf([a, b], { input, side }) {
  const find = (columns2, name3) => columns2.find((column3) => sameName(column3.name, name3));
  const straight = [find(input, a), find(side, b)];
  return straight[0] && straight[1] ? straight : [find(input, b), find(side, a)];
}
function asItWas(input) {
  const names4 = input.map(({ name: name3 }) => name3);
  return { columns: input, lineage: Object.fromEntries(names4.map((name3) => [name3, [name3]])), keeps: names4 };
}
function isKept({ name: name3, expression }) {
  return expression.sql === quoted(name3);
}
function nullableOf({ sql }, parsed3, input) {
  const [only] = parsed3.columns;
  const column3 = parsed3.columns.length === 1 ? input.find(({ name: name3 }) => name3 === only) : void 0;
  return !(column3 && !column3.nullable && (sql === quoted(column3.name) || sql.trim() === column3.name));
}
var Typing;
var init_typing = __esm({
  "lib/engine/typing.ts"() {
    "use strict";
    init_errors();
    init_shape();
    init_group_query();
    init_column_names();
    init_parameters2();
    init_exploded_types();
    init_window_sql();
    init_expression_typing();
    init_join_types();
    init_union_types();
    init_window_types();
    init_typing_error();
    init_typing_session();
    Typing = class _Typing {
      #session;
      #expressions;
      #hasParameters;
      constructor(session, parameters3) {
        this.#session = session;
        this.#hasParameters = parameters3.length > 0;
        this.#expressions = new ExpressionTyping(session, parameters3);
      }
      /** @param parameters what runs are given, which expressions may take. Default: nothing */
      static async open(parameters3 = {}) {
        const session = await takeTypingSession();
        const names4 = Object.keys(parameters3);
        if (names4.length > 0) await openParameters(session, { parameters: parameters3 });
        return new _Typing(session, names4);
      }
      /** Parameters that some expression has taken so far. */
      get parametersTaken() {
        return this.#expressions.taken;
      }
      close() {
        if (this.#expressions.hasKeys || this.#hasParameters) this.#session.close();
        else giveBackTypingSession(this.#session);
      }
      /** DuckDB's own name of a type, e.g. `INTEGER` for `int`; throws where there is no such type. */
      async typeName(type) {
        const [column3] = await this.#session.columns(`SELECT NULL::${type} AS value`);
        return column3.type;
      }
      /** Checks that an expression over these columns is a condition on a row, e.g. a contract rule. */
      async condition(expression, columns2) {
        const { aggregates } = await this.#expressions.typeOf(expression, columns2, "BOOLEAN");
        if (aggregates) throw this.#expressions.aggregate(expression);
      }
      /** Checks the rules of fields, each of which sees its own field only. */
      async rules(fields2) {
        checkNames(fields2.map(({ name: name3 }) => name3));
        for (const { rules, ...column3 } of fields2)
          for (const { expression } of rules) await this.condition({ sql: expression, path: [column3.name] }, [column3]);
      }
      /** Checks that an aggregate over these columns gives a number of rows, as a quality rule does. */
      async measure(sql, columns2) {
        const expression = { sql };
        const { aggregates } = await this.#expressions.typeOf(expression, columns2, "BIGINT");
        if (!aggregates)
          throw this.#expressions.fault(expression, "it is not an aggregate", "an aggregate such as count(x)");
      }
      /** @param inputs columns of each input, the first one first */
      async step(shape, inputs) {
        const [input = [], side = []] = inputs;
        switch (shape.form) {
          case "project":
            return this.#project(shape, input);
          case "keep":
            await this.condition(shape.condition, input);
            return asItWas(input);
          case "first":
          case "draw":
            return { ...asItWas(input), merges: true };
          case "group":
            return this.#group(shape, input);
          case "window":
            return this.#window(shape, input);
          case "lookup":
            return this.#lookup(shape, input, side);
          case "join":
            return this.#join(shape, input, side);
          case "union":
            return unionTypes(shape, inputs);
          case "call":
            return this.#call(shape.columns, input);
          case "explode":
            return explodedTypes(shape, input);
          case "sort":
            return asItWas(input);
          case "route":
            await each(shape.routes, ({ condition }) => this.condition(condition, input));
            return asItWas(input);
        }
      }
      async #project(shape, input) {
        checkNames(shape.columns.map(({ name: name3 }) => name3));
        const lets = await this.#projections(shape.lets ?? [], input);
        const known2 = [...input, ...lets.columns];
        const origins = new Map(Object.entries(lets.lineage));
        const types4 = await this.#projections(shape.columns, known2);
        await each(shape.rejections ?? [], ({ holds }) => this.condition(holds, known2));
        const lineage = Object.entries(types4.lineage).map(([name3, from2]) => {
          return [
            name3,
            [...new Set(from2.flatMap((one) => typeof one === "string" && origins.get(one) || [one]))]
          ];
        });
        return { ...types4, lineage: Object.fromEntries(lineage) };
      }
      async #projections(columns2, input) {
        const typed = [];
        const lineage = {};
        await each(columns2, async (column3) => {
          const { type, parsed: parsed3, aggregates } = await this.#expressions.typeOf(column3.expression, input);
          if (aggregates) throw this.#expressions.aggregate(column3.expression);
          typed.push({ name: column3.name, type, nullable: nullableOf(column3.expression, parsed3, input) });
          lineage[column3.name] = parsed3.columns;
        });
        return { columns: typed, lineage, keeps: columns2.filter(isKept).map(({ name: name3 }) => name3) };
      }
      async #group(shape, input) {
        const keys = await this.#projections(shape.keys, input);
        const measures2 = [];
        const lineage = { ...keys.lineage };
        checkNames([...shape.keys, ...shape.measures].map(({ name: name3 }) => name3));
        await each(shape.measures, async (measure) => {
          const { type, parsed: parsed3, aggregates } = await this.#expressions.typeOf(measure.expression, input);
          if (!aggregates)
            throw this.#expressions.fault(
              measure.expression,
              "it is not an aggregate: it would have a value for each row, not for each group",
              "an aggregate such as count(*), sum(x), avg(x)"
            );
          const where2 = measure.where ? (await this.#expressions.typeOf(measure.where, input, "BOOLEAN")).parsed : void 0;
          measures2.push({ name: measure.name, type, nullable: !/^count(_star)?$/.test(parsed3.call ?? "") });
          lineage[measure.name] = [.../* @__PURE__ */ new Set([...parsed3.columns, ...where2?.columns ?? []])];
        });
        const merges = await groupsMerge(this.#session, shape, input);
        return { columns: [...keys.columns, ...measures2], lineage, keeps: keys.keeps, ...merges && { merges } };
      }
      async #window(shape, input) {
        const types4 = [];
        for (const column3 of shape.columns) {
          const parsed3 = await this.#expressions.resolve(column3.call, input);
          if (parsed3.call === void 0 || !windowFunctions.includes(parsed3.call))
            throw this.#expressions.fault(
              column3.call,
              "it is not one call of a function that has the same value however the rows of other keys lie",
              `a call of one of ${windowFunctions.join(", ")}`
            );
          const type = await this.#expressions.onTable(
            input,
            (table4) => this.#expressions.describe(column3.call, windowSql(shape, column3), table4, input)
          );
          types4.push({ type, parsed: parsed3 });
        }
        return windowTypes(shape, input, types4);
      }
      async #lookup(shape, input, side) {
        const keys = await this.#pairs(shape.on, input, side);
        checkNames(
          [...input.map(({ name: name3 }) => name3), ...shape.take.map(({ name: name3 }) => name3)],
          shape.take.map(({ name: name3 }) => name3)
        );
        const taken2 = new Set(shape.take.map(({ name: name3 }) => name3));
        const kept = input.filter(({ name: name3 }) => !taken2.has(name3));
        const columns2 = [...kept];
        const lineage = Object.fromEntries(kept.map(({ name: name3 }) => [name3, [name3]]));
        for (const { name: name3, expression } of shape.take) {
          const column3 = side.find((one) => quoted(one.name) === expression.sql);
          columns2.push({ name: name3, type: column3.type, nullable: column3.nullable || shape.unmatched === "null" });
          lineage[name3] = [{ input: 1, column: column3.name }];
        }
        return { columns: columns2, lineage, keeps: kept.map(({ name: name3 }) => name3), lookupKeys: keys };
      }
      async #join(shape, input, side) {
        const keys = await this.#pairs(shape.on, input, side);
        return joinTypes(shape, { input, side, keys });
      }
      /** The columns that an equality names, side by side. */
      async #pairs(on, input, side) {
        const parsed3 = await this.#expressions.parse(on, [...input, ...side]);
        if (!parsed3.equalities)
          throw this.#expressions.fault(on, "it is not an equality of two columns", "column = column, joined by AND");
        const keys = { input: [], side: [] };
        for (const pair of parsed3.equalities) {
          const [own, other] = sidesOf(pair, { input, side });
          if (!own || !other) throw this.#unknownInPair(pair, { input, side }, on);
          keys.input.push(own.name);
          keys.side.push(other.name);
          if (own.type !== other.type)
            throw this.#expressions.fault(
              on,
              `"${own.name}" is ${own.type} and "${other.name}" is ${other.type}`,
              "two columns of the same type"
            );
        }
        return keys;
      }
      async #call(fields2, input) {
        const all2 = input.map(({ name: name3 }) => name3);
        await this.rules(fields2);
        const columns2 = fields2.map(({ name: name3, type, nullable }) => ({ name: name3, type, nullable }));
        return { columns: columns2, lineage: Object.fromEntries(columns2.map(({ name: name3 }) => [name3, all2])), keeps: [] };
      }
      #unknownInPair(pair, { input, side }, on) {
        const all2 = [...input, ...side];
        const unknown3 = pair.find((name3) => !all2.some((column3) => sameName(column3.name, name3)));
        if (unknown3 !== void 0) return new TypingError(new ColumnUnknownError(unknown3, all2), on.path ?? []);
        return this.#expressions.fault(
          on,
          "both columns are on the same side",
          `a column of the input (${input.map((one) => one.name).join(", ")}) = a column of the other dataset (${side.map((one) => one.name).join(", ")})`
        );
      }
    };
  }
});

// lib/compiler/classify.ts
function classifyNodes(nodes, definitions) {
  const known2 = /* @__PURE__ */ new Map();
  for (const node of nodes) {
    const entries = node.columns.flatMap(({ name: name3 }) => {
      const found = classificationOf2(node, name3, { known: known2, definitions });
      return found === void 0 ? [] : [[name3, found]];
    });
    known2.set(node.id, entries.length > 0 ? { ...node, classified: Object.fromEntries(entries) } : node);
  }
  return [...known2.values()];
}
function classificationOf2(node, column3, { known: known2, definitions }) {
  const at = (id, name3) => {
    const classified = known2.get(id)?.classified;
    return classified && Object.hasOwn(classified, name3) ? classified[name3] : void 0;
  };
  if (node.kind === "source") return node.contract.fields.find(({ name: name3 }) => name3 === column3)?.classification;
  const lineage = node.lineage ?? {};
  if (node.kind === "output" && !Object.hasOwn(lineage, column3)) return at(node.input, column3);
  const said2 = returnedFields(node, definitions)?.find(({ name: name3 }) => name3 === column3)?.classification;
  if (said2 !== void 0) return said2;
  const confined = (lineage[column3] ?? []).reduce((most, from2) => {
    const colon = from2.indexOf(":");
    return moreConfined(most, at(from2.slice(0, colon), from2.slice(colon + 1)));
  }, void 0);
  const isMasked = node.kind === "step" && node.masks?.includes(column3) && confined !== void 0 && isMoreConfined(confined, masked);
  return isMasked ? masked : confined;
}
function returnedFields(node, definitions) {
  const definition = definitions.find(({ id }) => id === node.id);
  const option = definition?.kind === "step" ? definition.operator.returnsOption : void 0;
  return option === void 0 ? void 0 : node.options[option];
}
function clearanceProblems(nodes, definitions) {
  return nodes.filter((node) => node.kind === "output").flatMap(({ id, classified = {}, options: options2 }) => {
    const definition = definitions.find((one) => one.id === id);
    if (definition?.kind !== "output") return [];
    const { connector: connector2, at } = definition;
    const cleared = connector2.sink.clearedFor?.(options2) ?? clearedByDefault;
    return Object.entries(classified).filter(([, one]) => isMoreConfined(one, cleared)).map(
      ([column3, one]) => ({
        at,
        part: `${id} / ${column3}`,
        problem: `the column "${column3}" is ${one}, and the sink is not cleared for it`,
        received: one,
        allowed: `columns that are ${cleared} or less confined`,
        change: `mask "${column3}" before, leave it out with select, or clear the sink: clearedFor: '${one}'`
      })
    );
  });
}
var clearedByDefault, masked;
var init_classify = __esm({
  "lib/compiler/classify.ts"() {
    "use strict";
    init_classifications();
    clearedByDefault = "confidential";
    masked = "confidential";
  }
});

// lib/component/restricted-columns.ts
function restrictedColumns({ classified }) {
  if (!classified) return nothing2;
  return new Set(Object.keys(classified).filter((name3) => classified[name3] === "restricted"));
}
function restrictedAt({ nodes }, id) {
  const node = nodes.find((one) => one.id === id);
  if (!node) return nothing2;
  const inputs = node.kind === "step" ? [node.input, ...node.side === void 0 ? [] : [node.side], ...node.others ?? []] : [];
  const read = nodes.filter((one) => inputs.includes(one.id));
  return new Set([node, ...read].flatMap((one) => [...restrictedColumns(one)]));
}
function holdsRestricted({ nodes }) {
  return nodes.some((node) => restrictedColumns(node).size > 0);
}
function openColumns(plan, id) {
  const closed = restrictedAt(plan, id);
  if (closed.size === 0) return void 0;
  const node = plan.nodes.find((one) => one.id === id);
  const columns2 = node.kind === "source" ? node.columns : plan.nodes.find((one) => one.id === node.input).columns;
  return columns2.map(({ name: name3 }) => name3).filter((name3) => !closed.has(name3));
}
var nothing2, withheld;
var init_restricted_columns = __esm({
  "lib/component/restricted-columns.ts"() {
    "use strict";
    nothing2 = /* @__PURE__ */ new Set();
    withheld = "(restricted)";
  }
});

// lib/compiler/disclosures.ts
function disclosureProblems(planned) {
  return [...folderProblems(planned), ...rangeProblems(planned), ...ruleProblems(planned)];
}
function folderProblems({ definition, nodes }) {
  return nodes.filter((node) => node.kind === "output").flatMap((node) => {
    const output = definition.nodes.find(({ id }) => id === node.id);
    if (output?.kind !== "output") return [];
    const closed = restrictedColumns(node);
    const sink = output.connector.sink;
    const made = new Map(sink.transforms?.(node.options).map(({ name: name3, column: column3 }) => [name3, column3]));
    return sink.partitionBy(node.options).map((name3) => made.get(name3) ?? name3).filter((column3) => closed.has(column3)).map((column3) => {
      const part = `${node.id} / partitionBy`;
      return told(output.at, part, column3, "partitionBy", "its values would be names of folders");
    });
  });
}
function rangeProblems({ definition, nodes, stages }) {
  return stages.flatMap(({ exchanges }) => exchanges).flatMap(({ node, ranges: ranges2 = [], feeds }) => {
    const closed = restrictedColumns(nodes.find(({ id }) => id === node));
    const at = definition.nodes.find(({ id }) => id === feeds.step)?.at;
    const why = "the bounds of its ranges would stand in the ledger";
    return ranges2.filter(({ column: column3 }) => closed.has(column3)).map(({ column: column3 }) => told(at, feeds.step, column3, "the order of a table", why));
  });
}
function ruleProblems({ definition, nodes, rules }) {
  return rules.flatMap(({ id, output, options: options2, component }, index) => {
    const { rule: rule3, at } = definition.quality[index];
    const node = nodes.find((one) => one.id === output);
    const { form } = rule3.measure(options2, node.columns);
    if (form !== "profile" && form !== "values") return [];
    const closed = restrictedColumns(node);
    return rule3.columns(options2).filter((column3) => closed.has(column3)).map((column3) => told(at, `quality / ${id}`, column3, component, "its values would stand in the report"));
  });
}
function told(at, part, column3, use, why) {
  return {
    at,
    part,
    problem: `the column "${column3}" is restricted and cannot be used for ${use}: ${why}`,
    received: column3,
    allowed: "columns that are confidential or less confined",
    change: `take a column without it, or mask "${column3}" before`
  };
}
var init_disclosures = __esm({
  "lib/compiler/disclosures.ts"() {
    "use strict";
    init_restricted_columns();
  }
});

// lib/component/cursor.ts
function takesLag(type) {
  return type === "DATE" || type.startsWith("TIMESTAMP");
}
function comparePositions(type, a, b) {
  if (a === void 0 || b === void 0) return Number(a !== void 0) - Number(b !== void 0);
  if (/INT(EGER)?$/.test(type)) return Number(BigInt(a) - BigInt(b) > 0n) - Number(BigInt(a) - BigInt(b) < 0n);
  return Number(a > b) - Number(a < b);
}
var cursorTypes;
var init_cursor = __esm({
  "lib/component/cursor.ts"() {
    "use strict";
    cursorTypes = [
      "DATE",
      "TIMESTAMP",
      "TIMESTAMP WITH TIME ZONE",
      "TINYINT",
      "SMALLINT",
      "INTEGER",
      "BIGINT",
      "UTINYINT",
      "USMALLINT",
      "UINTEGER",
      "UBIGINT"
    ];
  }
});

// lib/component/fed-outputs.ts
function cursorSources(nodes) {
  return nodes.filter((node) => node.kind === "source" && node.incremental !== void 0);
}
function fedOutputs(nodes, source) {
  const reached = /* @__PURE__ */ new Set([source]);
  for (const node of nodes) {
    if (node.kind === "source") continue;
    const inputs = [node.input, ...node.kind === "step" ? node.others ?? [] : []];
    if (inputs.some((input) => reached.has(input))) reached.add(node.id);
  }
  return nodes.filter((node) => node.kind === "output" && reached.has(node.id));
}
var init_fed_outputs = __esm({
  "lib/component/fed-outputs.ts"() {
    "use strict";
  }
});

// lib/compiler/incremental.ts
function watermarkPlan({ incremental }, columns2) {
  if (!incremental || "offset" in incremental) return void 0;
  const { by: by2, lag } = incremental;
  const path = ["incremental", "by"];
  const { name: name3, type, nullable } = columnOf(by2, columns2, path);
  if (nullable) throw new ColumnTypeUnfitError(name3, `${type} or missing`, "a column that is never missing", path);
  if (!cursorTypes.some((one) => one === type))
    throw new ColumnTypeUnfitError(name3, type, "a date, a timestamp or an integer", path);
  const lagSeconds = lag === void 0 ? 0 : parseDuration(lag) / second;
  if (lagSeconds > 0 && !takesLag(type))
    throw new ColumnTypeUnfitError(name3, type, "a date or a timestamp, where there is a lag", path);
  if (type === "DATE" && lagSeconds * second % day !== 0)
    throw new ColumnTypeUnfitError(name3, type, "a timestamp, where the lag is not of whole days", path);
  return { by: name3, type, lagSeconds };
}
function growthPlan({ incremental, connector: connector2, options: options2 }) {
  if (!incremental || !("offset" in incremental)) return void 0;
  const side = connector2.source;
  const { kind } = side.format(options2);
  if (!("table" in side.objects(options2)) && (kind === "csv" || kind === "ndjson"))
    return { changed: incremental.changed };
  throw new SourceUnfitError({
    problem: "such a source is not read from an offset",
    received: "table" in side.objects(options2) ? "a table" : kind,
    allowed: "files of CSV or NDJSON",
    change: "go on by a column, or take `incremental` out"
  });
}
function incrementalProblems(nodes, definition) {
  return nodes.flatMap((node) => {
    if (node.kind !== "source" || !node.incremental && !node.grows) return [];
    const own = definition.find((one) => one.kind === "source" && one.id === node.id);
    const at = own.locateOptions?.(["incremental"]) ?? own.at;
    const faults = [
      ...sourceFaults(node),
      ...fedOutputs(nodes, node.id).flatMap((output) => outputFaults(node, output, definition))
    ];
    return faults.map((fault2) => ({ at, part: `${node.id} / incremental`, ...fault2 }));
  });
}
function sourceFaults(node) {
  if (node.use === "reference" || node.grows && node.use === "whole")
    return [
      {
        problem: "a source that others are looked up in or joined to is read whole by each run",
        received: node.id,
        allowed: "a source whose rows flow to an output",
        change: "take `incremental` out"
      }
    ];
  const by2 = node.incremental?.by;
  if (by2 === void 0 || !restrictedColumns(node).has(by2)) return [];
  return [
    {
      problem: `how far the source was taken would be shown by values of "${by2}", which is restricted`,
      received: by2,
      allowed: "a column that is not restricted",
      change: "go on by another column"
    }
  ];
}
function outputFaults({ id, incremental }, output, definition) {
  const own = definition.find((one) => one.id === output.id);
  const mode = own.kind === "output" ? own.connector.sink.mode(own.options) : "append";
  const received = `"${output.table}", mode: "${mode}"`;
  if (mode === "replace" || mode === "replacePartitions")
    return [
      {
        problem: `each run would have new rows of "${id}" alone, and put them in the place of the earlier ones of "${output.table}"`,
        received,
        allowed: 'mode: "append", or "merge" with a key',
        change: "publish in one of these modes, or take `incremental` out"
      }
    ];
  if (mode === "merge" || !incremental || incremental.lagSeconds === 0) return [];
  return [
    {
      problem: `rows within the lag are taken once more, and "${output.table}" would hold them twice`,
      received,
      allowed: 'mode: "merge" with a key, where there is a lag',
      change: "merge by a key, or take `lag` out"
    }
  ];
}
var SourceUnfitError;
var init_incremental2 = __esm({
  "lib/compiler/incremental.ts"() {
    "use strict";
    init_cursor();
    init_errors();
    init_fed_outputs();
    init_restricted_columns();
    init_durations();
    init_terminal_error();
    init_parse_duration();
    SourceUnfitError = class extends TerminalError {
      name = "SourceUnfitError";
      code = "SOURCE_UNFIT";
    };
  }
});

// lib/component/output-order.ts
function outputOrder(nodes, input) {
  const behind = [];
  for (let node = nodes.get(input); node?.kind === "step"; node = nodes.get(node.input)) {
    const { sorts } = node;
    if (sorts) {
      const lostAt = behind.findLast((step) => !sorts.every(({ column: column3 }) => step.keeps.includes(column3)));
      return lostAt ? { asked: node, lostAt } : { order: sorts, asked: node };
    }
    behind.push(node);
  }
  return void 0;
}
var init_output_order = __esm({
  "lib/component/output-order.ts"() {
    "use strict";
  }
});

// lib/compiler/order-problems.ts
function orderProblems(nodes, definition) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const problems = /* @__PURE__ */ new Map();
  for (const output of nodes) {
    if (output.kind !== "output") continue;
    const found = outputOrder(byId, output.input);
    const written = definition.nodes.find(({ id }) => id === output.id);
    if (found && written?.kind === "output" && written.connector.sink.sortBy?.(output.options, output.columns))
      problems.set(output.id, {
        at: written.locate?.(["sortBy"]) ?? written.at,
        part: `${output.id} / sortBy`,
        problem: `"${found.asked.id}" asks for an order as well`,
        received: `sortBy, and ${found.asked.id}`,
        allowed: "one of the two: sortBy orders the rows of each file, a sort step those of the whole run",
        change: "leave out sortBy, or the step"
      });
    if (!found || "order" in found) continue;
    const { asked, lostAt } = found;
    problems.set(`${asked.id} ${lostAt.id}`, {
      at: definition.nodes.find(({ id }) => id === asked.id)?.at,
      part: `${asked.id} / order`,
      problem: `"${lostAt.id}", behind it, does not pass the columns of the order on as they are`,
      received: asked.sorts.map(({ column: column3 }) => column3).join(", "),
      allowed: lostAt.keeps,
      change: "put sort behind that step"
    });
  }
  return [...problems.values()];
}
var init_order_problems = __esm({
  "lib/compiler/order-problems.ts"() {
    "use strict";
    init_output_order();
  }
});

// lib/compiler/overlap.ts
function overlapProblems(nodes, { overlap, at }) {
  const source = nodes.find((node) => node.kind === "source" && (node.incremental ?? node.grows));
  if (!source || !overlap || overlap.policy !== "allow" && (overlap.runs ?? 1) === 1) return [];
  const { policy, runs } = overlap;
  return [
    {
      at,
      part: "overlap",
      problem: `runs at work at the same time would go on from the same place in "${source.id}", and only one of them could publish`,
      received: runs === void 0 ? policy : `${policy}, runs: ${runs}`,
      allowed: "queue, skip or replace with one run at a time",
      change: "leave `overlap` out: runs then wait for each other"
    }
  ];
}
function overlapOf(overlap, nodes) {
  if (overlap && overlap.policy !== "allow") return { overlap: { policy: overlap.policy, runs: overlap.runs ?? 1 } };
  const goesOn = nodes.some((node) => node.kind === "source" && (node.incremental ?? node.grows));
  const replaced = nodes.filter(({ kind, options: options2 }) => kind === "output" && /^replace/.test(String(options2.mode)));
  return goesOn || replaced.length > 1 && !overlap ? { overlap: { policy: "queue", runs: 1 } } : {};
}
var init_overlap = __esm({
  "lib/compiler/overlap.ts"() {
    "use strict";
  }
});

// lib/component/parameter-place.ts
function parametersIn(place2) {
  return [...place2.matchAll(slot)].map(([, name3]) => name3);
}
function placeWith(place2, values3) {
  return place2.replaceAll(slot, (given4, name3) => values3[name3] ?? given4);
}
function fitsPlace(value2) {
  return /^[A-Za-z0-9_=.-]{1,200}$/.test(value2) && !/^\.+$/.test(value2);
}
var slot, placeOptions;
var init_parameter_place = __esm({
  "lib/component/parameter-place.ts"() {
    "use strict";
    slot = /\{([^{}]*)\}/g;
    placeOptions = ["prefix", "key"];
  }
});

// lib/compiler/parameter-places.ts
function parameterPlaces({ nodes, parameters: parameters3 }) {
  const taken2 = /* @__PURE__ */ new Set();
  const problems = [];
  for (const node of nodes) {
    if (node.kind !== "source") continue;
    for (const option of placeOptions) {
      const place2 = node.options[option];
      if (typeof place2 !== "string") continue;
      for (const name3 of parametersIn(place2)) {
        taken2.add(name3);
        const fault2 = faultOf(parameters3, name3, place2);
        if (fault2)
          problems.push({ at: node.locate?.([option]) ?? node.at, part: `source ${node.id} / ${option}`, ...fault2 });
      }
    }
  }
  return { taken: taken2, problems };
}
function faultOf(parameters3, name3, place2) {
  const names4 = Object.keys(parameters3);
  const parameter = names4.includes(name3) ? parameters3[name3] : void 0;
  if (!parameter)
    return {
      problem: `the pipeline has no parameter "${name3}"`,
      received: place2,
      allowed: names4.length > 0 ? names4 : "none: the pipeline declares no parameters",
      change: "declare it, or take the braces out"
    };
  if (!fitting.includes(parameter.type))
    return {
      problem: `a ${parameter.type} can not be a part of a key`,
      received: `{${name3}}`,
      allowed: `parameters of the types ${fitting.join(", ")}`,
      change: "take a parameter of another type"
    };
  const { default: usual2 } = parameter;
  if (usual2 === void 0 || usual2 !== null && fitsPlace(usual2)) return void 0;
  return {
    problem: `the default of "${name3}" can not be a part of a key`,
    received: usual2,
    allowed: "letters, digits and any of _ = . -",
    change: "give it another default, or none"
  };
}
function unusedParameters({ parameters: parameters3, at }, taken2) {
  return Object.keys(parameters3).filter((name3) => !taken2.has(name3)).map((name3) => ({
    at,
    part: `parameters / ${name3}`,
    problem: "no expression and no source takes this parameter",
    received: name3,
    allowed: `param('${name3}') in an expression, or {${name3}} in the prefix or key of a source`,
    change: "take it somewhere, or remove it"
  }));
}
var fitting;
var init_parameter_places = __esm({
  "lib/compiler/parameter-places.ts"() {
    "use strict";
    init_parameter_place();
    fitting = ["string", "integer", "date"];
  }
});

// lib/compiler/step-shape.ts
function shapeOf(step, nodes) {
  const { input, side, others = [] } = step;
  const columnsOf3 = (id) => nodes.get(id).columns;
  const second3 = side ?? others[0];
  return step.operator.shape(step.options, {
    input: columnsOf3(input),
    side: second3 === void 0 ? void 0 : columnsOf3(second3),
    inputs: [input, ...others].map((node) => ({ node, columns: columnsOf3(node) }))
  });
}
var init_step_shape = __esm({
  "lib/compiler/step-shape.ts"() {
    "use strict";
  }
});

// lib/compiler/promises.ts
function promiseProblems({ definition, nodes, rules }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const guards = guardsOf({ definition, nodes, rules }).map(
    ({ node, key: key2 }) => new Set(key2.flatMap((column3) => originsOf(byId, node, column3)))
  );
  const sources = nodes.filter((node) => node.kind === "source");
  return sources.flatMap(
    ({ id, contract: { keys = [] } }) => keys.flatMap((key2) => {
      const promised = key2.map((column3) => `${id}:${column3}`);
      if (guards.some((guard) => guard.size > 0 && [...guard].every((origin) => promised.includes(origin)))) return [];
      const names4 = JSON.stringify(key2);
      return [
        {
          at: definition.nodes.find((node) => node.id === id)?.at,
          part: `${id} / contract / keys`,
          problem: "the contract promises a key that nothing holds",
          received: key2.join(", "),
          allowed: "a step or rule that looks at the key: deduplicate, unique, or enrich from that source",
          change: `add deduplicate({ key: ${names4} }), or the quality rule unique(${names4})`
        }
      ];
    })
  );
}
function guardsOf({ definition, nodes, rules }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const steps2 = definition.nodes.flatMap((step) => {
    const node = byId.get(step.id);
    if (step.kind !== "step" || node?.kind !== "step") return [];
    const shape = shapeOf(step, byId);
    if (shape.form === "lookup") return [{ node: node.side, key: node.lookupKeys.side }];
    return shape.form === "first" ? [{ node: node.input, key: shape.key }] : [];
  });
  const measured5 = rules.flatMap(({ output, options: options2 }, index) => {
    const measure = definition.quality[index].rule.measure(options2, byId.get(output).columns);
    return measure.form === "distinct" ? [{ node: output, key: measure.key }] : [];
  });
  return [...steps2, ...measured5];
}
function originsOf(nodes, id, column3) {
  const node = nodes.get(id);
  if (node.kind === "source") return [`${id}:${column3}`];
  if (node.kind === "output" && !Object.hasOwn(node.lineage ?? {}, column3)) return originsOf(nodes, node.input, column3);
  return node.lineage[column3].flatMap((origin) => {
    const cut2 = origin.indexOf(":");
    return originsOf(nodes, origin.slice(0, cut2), origin.slice(cut2 + 1));
  });
}
var init_promises = __esm({
  "lib/compiler/promises.ts"() {
    "use strict";
    init_step_shape();
  }
});

// lib/component/quality-rule.ts
import * as z10 from "zod";
function defineQualityRule(declaration) {
  const { author, ...rule3 } = declaration;
  const make = (...args) => {
    const { options: options2, common, side } = author(...args);
    return Object.freeze({
      kind: "rule-reference",
      rule: make,
      options: options2,
      common: common ?? {},
      ...side !== void 0 && { side },
      at: userLocation()
    });
  };
  return Object.assign(make, { kind: "rule", ...rule3 });
}
var ruleOptionsSchema;
var init_quality_rule = __esm({
  "lib/component/quality-rule.ts"() {
    "use strict";
    init_user_location();
    ruleOptionsSchema = z10.strictObject({
      // Rules that judge all rows at once (`fresh`, `volume`, `drift`, `populated`) hold or do not: there the default is 1.
      atLeast: z10.number().min(0).max(1).optional().describe("share of rows below which the rule is broken; default 0: it counts in the score, and breaks nothing"),
      onBreak: z10.enum(["review", "fail"]).default("review").describe("what a broken rule does to the gate at least"),
      table: z10.string().optional().describe("table whose rows are measured; default: the first output that has the columns")
    });
  }
});

// lib/compiler/check-rule.ts
async function checkMeasure(measure, { own, others }, typing) {
  switch (measure.form) {
    case "count":
      return typing.condition({ sql: measure.holds }, own);
    case "distinct":
      for (const name3 of measure.key) columnOf(name3, own);
      return;
    case "members":
      for (const [index, name3] of measure.columns.entries()) checkPair(name3, measure.among[index], { own, others });
      return;
    case "groups":
      for (const name3 of measure.by) checkPair(name3, name3, { own, others });
      await typing.measure(asNumber(measure.own), own);
      if (others) await typing.measure(asNumber(measure.other), others);
      return;
    case "values":
      for (const { aggregate } of Object.values(measure.values)) await typing.measure(aggregate, own);
      return;
    case "profile":
      return typing.condition({ sql: `(${measure.value}
) IS NULL` }, own);
  }
}
function checkPair(name3, otherName2, { own, others }) {
  const column3 = columnOf(name3, own);
  if (!others) return;
  const other = columnOf(otherName2, others);
  if (other.type === column3.type) return;
  throw new ColumnTypesDifferError({
    problem: `"${name3}" is ${column3.type} and "${otherName2}" of the other dataset is ${other.type}`,
    received: `${column3.type} and ${other.type}`,
    allowed: "two columns of the same type",
    change: `cast one of them, e.g. cast({ ${otherName2}: '${column3.type}' })`
  });
}
function asNumber(aggregate) {
  return `((${aggregate}
) IS NULL)::BIGINT`;
}
var ColumnTypesDifferError;
var init_check_rule = __esm({
  "lib/compiler/check-rule.ts"() {
    "use strict";
    init_errors();
    init_terminal_error();
    ColumnTypesDifferError = class extends TerminalError {
      name = "ColumnTypesDifferError";
      code = "COLUMN_TYPES_DIFFER";
    };
  }
});

// lib/compiler/problem-of.ts
function problemsOfError(error, place2) {
  const errors = error instanceof AggregateError ? error.errors : [error];
  return errors.map((one) => problemOf(one, place2));
}
function problemOf(error, { at, locate, part }) {
  const cause = error instanceof TypingError ? error.cause : error;
  if (!(cause instanceof PenstockError)) throw error;
  const path = error instanceof TypingError ? error.path : cause instanceof ColumnUnknownError || cause instanceof ColumnTypeUnfitError ? cause.path : [];
  const { problem, received, allowed, change: change2 } = cause;
  return { at: locate?.(path) ?? at, part: [part, ...path].join(" / "), problem, received, allowed, change: change2 };
}
var init_problem_of = __esm({
  "lib/compiler/problem-of.ts"() {
    "use strict";
    init_errors();
    init_penstock_error();
    init_typing_error();
  }
});

// lib/compiler/references.ts
function referenceNodes(nodes) {
  const main = /* @__PURE__ */ new Set();
  for (const node of [...nodes].reverse()) {
    if (node.kind === "output" || node.kind === "step" && main.has(node.id))
      for (const id of [node.input, ...node.others ?? []]) main.add(id);
  }
  return new Set(nodes.filter((node) => node.kind !== "output" && !main.has(node.id)).map((node) => node.id));
}
function wholeSources(nodes) {
  const used = /* @__PURE__ */ new Set();
  for (const node of [...nodes].reverse()) {
    if (node.kind === "output") used.add(node.input);
    if (node.kind !== "step" || !used.has(node.id)) continue;
    used.add(node.input);
    if (node.operator.takesOthers) for (const id of node.others ?? []) used.add(id);
  }
  const isWhole2 = (node) => node.kind === "source" && (!used.has(node.id) || "table" in node.connector.source.objects(node.options));
  return new Set(nodes.filter(isWhole2).map((node) => node.id));
}
function sideProblems(nodes, references) {
  return nodes.flatMap((node) => {
    if (node.kind !== "step" || node.side === void 0) return [];
    const main = upstream(nodes, node.side).find((id) => !references.has(id));
    if (main === void 0) return [];
    return [
      {
        at: node.at,
        part: `${node.id} / with`,
        problem: `the second input is made of "${main}", which flows to an output as well`,
        received: node.side,
        allowed: "a dataset whose sources are read for this purpose only",
        change: `read it from a source of its own, with a second from()`
      }
    ];
  });
}
function upstream(nodes, id) {
  const node = nodes.find((one) => one.id === id);
  if (!node) return [];
  return [
    id,
    ...[node.input, node.side, ...node.others ?? []].flatMap(
      (one) => one === void 0 ? [] : upstream(nodes, one)
    )
  ];
}
var init_references = __esm({
  "lib/compiler/references.ts"() {
    "use strict";
  }
});

// lib/compiler/quality.ts
async function planQuality(references, nodes, typing) {
  const problems = [];
  const rules = [];
  for (const [index, reference] of references.entries()) {
    const { rule: rule3 } = reference;
    const part = `quality / ${rule3.component}`;
    const checked = ruleOptions(reference);
    if (checked.problems) {
      problems.push(...checked.problems);
      continue;
    }
    const { options: options2, common } = checked;
    const { table: table4, atLeast, onBreak } = common;
    const bound3 = await bind(reference, { options: options2, table: table4, part, nodes, typing });
    if ("problem" in bound3) {
      problems.push(bound3.problem);
      continue;
    }
    const history = rule3.history?.(options2);
    rules.push({
      id: `${index + 1}-${rule3.component}`,
      component: rule3.component,
      dimension: rule3.dimension,
      options: options2,
      ...bound3,
      ...history && { history },
      // A rule that judges all rows at once holds or does not: 1 is its only useful share.
      atLeast: atLeast ?? (rule3.judge ? 1 : 0),
      onBreak
    });
  }
  return { rules, problems };
}
function ruleOptions({ rule: rule3, options: given4, common: givenCommon, locate, at }) {
  const part = `quality / ${rule3.component}`;
  const place2 = locate ?? at;
  const options2 = rule3.schema.safeParse(given4);
  const common = ruleOptionsSchema.safeParse(givenCommon);
  if (options2.success && common.success)
    return { options: options2.data, common: common.data };
  return {
    problems: [
      ...options2.success ? [] : problemsOf(options2.error, part, place2, given4, rule3.schema),
      ...common.success ? [] : problemsOf(common.error, part, place2, givenCommon, ruleOptionsSchema)
    ]
  };
}
async function bind({ rule: rule3, side, at }, binding) {
  const { options: options2, table: table4, part, nodes, typing } = binding;
  const outputs2 = nodes.filter((node) => node.kind === "output");
  const columns2 = rule3.columns(options2);
  const candidates = outputs2.filter((one) => (table4 === void 0 || one.table === table4) && hasAll(one, columns2));
  if (candidates.length === 0) return { problem: noOutput({ part, at, columns: columns2, table: table4, outputs: outputs2 }) };
  const others = othersOf({ rule: rule3, side, at }, binding);
  if ("problem" in others) return others;
  let first4;
  for (const output of columns2.length > 0 ? candidates.slice(0, 1) : candidates) {
    try {
      const own = output.columns;
      await checkMeasure(rule3.measure(options2, own), { own, others: others.columns }, typing);
      return { output: output.id, ...others.from };
    } catch (error) {
      first4 ??= problemOf(error, { at, part });
    }
  }
  return { problem: first4 };
}
function othersOf({ rule: rule3, side, at }, binding) {
  const { options: options2, part, nodes } = binding;
  const others = rule3.others?.(options2);
  if (!others) return { from: {} };
  if (others.table !== void 0) {
    const output = nodes.find((node2) => node2.kind === "output" && node2.table === others.table);
    return { columns: output?.columns, from: { against: others.table } };
  }
  const node = nodes.find(({ id }) => id === side);
  if (node && referenceNodes(nodes).has(node.id)) return { columns: node.columns, from: { side: node.id } };
  return {
    problem: {
      at,
      part,
      problem: node ? `the other dataset "${node.id}" flows to an output as well` : "there is no other dataset",
      received: node?.id ?? "nothing",
      allowed: "a dataset whose sources are read for this purpose only, or a table",
      change: node ? "read it from a source of its own, with a second from(), or name the table that it is written to" : "give a dataset made by from() or pipe(), or { table }"
    }
  };
}
function hasAll(output, names4) {
  return names4.every((name3) => output.columns.some((column3) => column3.name === name3));
}
function noOutput({ part, at, columns: columns2, table: table4, outputs: outputs2 }) {
  const candidates = outputs2.filter((one) => table4 === void 0 || one.table === table4);
  if (candidates.length === 0) {
    const tables = outputs2.map((one) => one.table);
    return {
      at,
      part,
      problem: `no output writes the table "${table4}"`,
      received: table4,
      allowed: tables,
      change: didYouMean(table4, tables, "name a table of this pipeline")
    };
  }
  const names4 = [...new Set(candidates.flatMap((one) => one.columns.map((column3) => column3.name)))];
  const unknown3 = columns2.find((name3) => !names4.includes(name3)) ?? columns2[0];
  const missing3 = names4.includes(unknown3) ? "no single output has all these columns" : `no output has a column "${unknown3}"`;
  return {
    at,
    part,
    problem: missing3,
    received: columns2,
    allowed: names4,
    change: didYouMean(unknown3, names4, "measure columns of one output")
  };
}
function didYouMean(name3, candidates, otherwise2) {
  const guess = nearest(name3, candidates);
  return guess && guess !== name3 ? `did you mean "${guess}"?` : otherwise2;
}
var init_quality = __esm({
  "lib/compiler/quality.ts"() {
    "use strict";
    init_quality_rule();
    init_nearest();
    init_problem();
    init_check_rule();
    init_problem_of();
    init_references();
  }
});

// lib/core/sha256.ts
import { createHash as createHash2 } from "node:crypto";
function sha256(text4) {
  return createHash2("sha256").update(text4, "utf8").digest("hex");
}
var init_sha256 = __esm({
  "lib/core/sha256.ts"() {
    "use strict";
  }
});

// lib/compiler/routes.ts
function routeOf({ routes, otherwise: otherwise2, to }, input) {
  const choice = sha256(canonicalJson([input, routes])).slice(0, 16);
  return { choice, to, of: [...routes.map(({ name: name3 }) => name3), otherwise2] };
}
function routeProblems(nodes, definitions) {
  const steps2 = nodes.filter((node) => node.kind === "step" && node.route !== void 0);
  return [...Map.groupBy(steps2, ({ route: route2 }) => route2.choice).values()].flatMap((choice) => {
    const taken2 = choice.map(({ route: route2 }) => route2.to);
    const left = choice[0].route.of.filter((name3) => !taken2.includes(name3));
    if (left.length === 0) return [];
    const { id, input } = choice[0];
    return [
      {
        at: definitions.find((node) => node.id === id)?.at,
        part: `${id} / routes`,
        problem: `rows that take the route ${left.map((name3) => `"${name3}"`).join(", ")} lead nowhere`,
        received: taken2,
        allowed: choice[0].route.of,
        change: `pipe "${input}" through route() to ${left[0]} as well, with the same routes, and bind it to an output or filter it`
      }
    ];
  });
}
var init_routes = __esm({
  "lib/compiler/routes.ts"() {
    "use strict";
    init_canonical_json();
    init_sha256();
  }
});

// lib/compiler/stages.ts
function cutStages(nodes, references) {
  const main = nodes.filter((node) => !references.has(node.id));
  const byId = new Map(main.map((node) => [node.id, node]));
  const stageOf2 = /* @__PURE__ */ new Map();
  const metBy = /* @__PURE__ */ new Map();
  const travels = [[]];
  for (const node of main) {
    const [first4, ...others] = flowing(node);
    const before2 = first4 === void 0 ? 0 : stageOf2.get(first4);
    const met = first4 === void 0 ? void 0 : metBy.get(first4);
    if (node.kind !== "source" && opens(node, { before: before2, met, others: others.map((id) => stageOf2.get(id)) })) {
      const stage = travels.length;
      travels.push(travelsOf(node, stage, stageOf2));
      stageOf2.set(node.id, stage);
      metBy.set(node.id, node.kind === "step" ? meeting(node) : void 0);
    } else {
      stageOf2.set(node.id, before2);
      metBy.set(node.id, node.kind === "step" && others.length === 0 ? carried(met, node) : void 0);
    }
  }
  return travels.map((arriving, stage) => ({
    id: stageId(stage),
    kind: stage === 0 ? "process" : "reduce",
    title: stage === 0 ? "Process chunks" : `Reduce ${stage}: ${titleOf2(arriving[0].step)}`,
    nodes: main.filter((node) => stageOf2.get(node.id) === stage).map((node) => node.id),
    ...stage === 0 ? {} : { reads: arriving.map(({ id }) => id) },
    exchanges: travels.flatMap(
      (ones, to) => ones.filter(({ from: from2 }) => from2.stage === stage).map((one) => exchangeOf(one, stageId(to), byId))
    )
  }));
}
function stageId(stage) {
  return stage === 0 ? "process" : `reduce-${stage}`;
}
function flowing(node) {
  if (node.kind === "source") return [];
  return node.kind === "step" ? [node.input, ...node.others ?? []] : [node.input];
}
function opens(step, { before: before2, met, others }) {
  if (step.kind === "output") return step.sorts !== void 0 && met?.length !== 0;
  if (others.length > 0) return step.lookupKeys !== void 0 || others.some((stage) => stage !== before2);
  return step.meetBy !== void 0 && !met?.every((name3) => step.meetBy.includes(name3));
}
function travelsOf(step, stage, stageOf2) {
  if (step.kind === "output") {
    const from2 = { node: step.input, stage: stageOf2.get(step.input) };
    return [{ id: `to-reduce-${stage}`, step, input: 0, from: from2, keys: [], ranges: step.sorts }];
  }
  return flowing(step).map((node, input) => {
    const joined = step.others && step.lookupKeys;
    const keys = (joined ? [joined.input, joined.side][input] : step.meetBy) ?? [];
    return {
      id: `to-reduce-${stage}${input === 0 ? "" : `-${input + 1}`}`,
      step,
      input,
      from: { node, stage: stageOf2.get(node) },
      keys,
      ...joined ? { spread: "nulls" } : step.others ? { spread: "all" } : {}
    };
  });
}
function exchangeOf({ id, step, input, from: from2, keys, spread, ranges: ranges2 }, toStage, byId) {
  const node = byId.get(from2.node);
  const own = `${node.id}:`;
  const needed = /* @__PURE__ */ new Set([
    ...keys,
    ...step.kind === "output" ? step.columns.map(({ name: name3 }) => name3) : [],
    ...(step.kind === "output" ? [] : Object.values(step.lineage).flat()).filter((name3) => name3.startsWith(own)).map((name3) => name3.slice(own.length))
  ]);
  return {
    id,
    node: node.id,
    keys,
    columns: node.columns.map(({ name: name3 }) => name3).filter((name3) => needed.has(name3)),
    toStage,
    feeds: { step: step.id, input },
    ...ranges2 === void 0 ? {} : { ranges: ranges2 },
    ...spread === void 0 ? {} : { spread },
    ...step.kind === "step" && step.parts?.includes(input) && { parts: true },
    ...step.kind === "step" && step.merges ? { merges: step.merges } : {}
  };
}
function meeting(step) {
  return step.others === void 0 ? carried(step.meetBy, step) : void 0;
}
function carried(met, node) {
  if (met === void 0) return void 0;
  return met.every((name3) => node.keeps.includes(name3)) ? met : void 0;
}
function titleOf2(step) {
  if (step.kind === "output") return `sort by ${step.sorts.map(({ column: column3 }) => column3).join(", ")}`.slice(0, 60);
  const keys = step.meetBy?.join(", ") || "nothing";
  return `${step.component}${step.meetBy ? ` by ${keys}` : ""}`.slice(0, 60);
}
function travelProblems(stages, nodes, definitions) {
  return stages.flatMap(
    ({ exchanges }) => exchanges.flatMap(({ node, columns: columns2, toStage }) => {
      const from2 = nodes.find(({ id }) => id === node);
      const column3 = from2.columns.find(({ name: name3, type }) => columns2.includes(name3) && !storableType(type));
      if (!column3) return [];
      return [
        {
          at: definitions.find(({ id }) => id === node)?.at,
          part: `${node} / ${column3.name}`,
          problem: `rows must travel to ${toStage}, and a column of type ${column3.type} cannot`,
          received: column3.type,
          allowed: "numbers, text, booleans, dates, times, timestamps, UUID and BLOB",
          change: `cast "${column3.name}" to one of them before that step; to_json() makes a text of anything`
        }
      ];
    })
  );
}
var init_stages = __esm({
  "lib/compiler/stages.ts"() {
    "use strict";
    init_stored_type();
  }
});

// lib/component/nested-type.ts
function isNested(type) {
  return elementType(type) !== void 0 || structFields(type) !== void 0;
}
function jsonTypeOf(type) {
  const element = elementType(type);
  if (element !== void 0) return [jsonTypeOf(element)];
  const members = structFields(type);
  return members ? Object.fromEntries(members.map((member2) => [member2.name, jsonTypeOf(member2.type)])) : type;
}
function withLeaves(type, leaf2) {
  const element = elementType(type);
  if (element !== void 0) return `${withLeaves(element, leaf2)}[]`;
  const members = structFields(type);
  if (!members) return leaf2(type);
  return `STRUCT(${members.map((member2) => `${quoted(member2.name)} ${withLeaves(member2.type, leaf2)}`).join(", ")})`;
}
var init_nested_type = __esm({
  "lib/component/nested-type.ts"() {
    "use strict";
    init_column_types();
    init_shape();
    init_struct_type();
  }
});

// lib/component/murmur-sql.ts
function murmurOfLong(value2) {
  const low = `(${value2} & ${mask})::UBIGINT`;
  const high = `((${value2} >> 32) & ${mask})::UBIGINT`;
  return bound2(mixed(mixed("0::UBIGINT", low), high), (hash2) => ended(`xor(${hash2}, 8)`));
}
function murmurOfBytes(digits2) {
  const length = `(length(${digits2}) // 2)`;
  const blocks = `list_transform(range(0, ${length} // 4), lambda i: ${block(`substr(${digits2}, i::INTEGER * 8 + 1, 8)`)})`;
  const whole3 = `list_reduce(list_prepend(0::UBIGINT, ${blocks}), lambda h, k: ${mixed("h", "k")})`;
  const rest = scrambled(block(`rpad(substr(${digits2}, (${length} // 4)::INTEGER * 8 + 1), 8, '0')`));
  const all2 = `xor(xor(${whole3}, CASE WHEN ${length} % 4 = 0 THEN 0::UBIGINT ELSE ${rest} END), ${length}::UBIGINT)`;
  return bound2(all2, ended);
}
function bound2(value2, use) {
  return `list_transform([${value2}], lambda h: ${use("h")})[1]`;
}
function mixed(hash2, value2) {
  return `((${turned(`xor(${hash2}, ${scrambled(value2)})`, 13)} * 5 + 3864292196) & ${mask})`;
}
function ended(hash2) {
  const one = times2(`xor(${hash2}, ${hash2} >> 16)`, "2246822507");
  const two = times2(`xor(${one}, ${one} >> 13)`, "3266489909");
  return `xor(${two}, ${two} >> 16)`;
}
function block(digits2) {
  const swapped = "(((b & 255) << 24) | ((b & 65280) << 8) | ((b >> 8) & 65280) | (b >> 24))";
  return `list_transform([('0x' || ${digits2})::UBIGINT], lambda b: ${swapped})[1]`;
}
var mask, first, second2, times2, turned, scrambled;
var init_murmur_sql = __esm({
  "lib/component/murmur-sql.ts"() {
    "use strict";
    mask = "4294967295";
    first = "3432918353";
    second2 = "461845907";
    times2 = (value2, factor) => `((${value2} * ${factor}::UBIGINT) & ${mask})`;
    turned = (value2, bits) => `(((${value2} << ${bits}) | (${value2} >> ${32 - bits})) & ${mask})`;
    scrambled = (value2) => times2(turned(times2(value2, first), 15), second2);
  }
});

// lib/component/partition-transform.ts
function transformOf(text4) {
  const match = /^(?:(year|month|day|hour)\((.+)\)|(bucket|truncate)\(([1-9]\d{0,5}),\s*(.+)\))$/.exec(text4);
  if (!match) return void 0;
  const [, period2, of, counted3, count3] = match;
  const column3 = (of ?? match[5]).trim();
  if (period2) return { name: `${column3}_${period2}`, column: column3, transform: period2 };
  return { name: `${column3}_${counted3}_${count3}`, column: column3, transform: `${counted3}[${count3}]` };
}
function transformSql({ column: column3, transform }, type) {
  const value2 = quoted(column3);
  const [, kind, count3] = /^(\w+?)(?:\[(\d+)\])?$/.exec(transform);
  switch (kind) {
    case "year":
      return days.test(type) ? `(year(${value2}) - 1970)::INTEGER` : void 0;
    case "month":
      return days.test(type) ? `((year(${value2}) - 1970) * 12 + month(${value2}) - 1)::INTEGER` : void 0;
    case "day":
      return days.test(type) ? `${value2}::DATE` : void 0;
    case "hour":
      return days.test(type) && type !== "DATE" ? `(${floored(`epoch_us(${value2})`, microsecondsPerHour)} // ${microsecondsPerHour})::INTEGER` : void 0;
    case "bucket":
      return bucketSql(value2, type, count3);
    default:
      if (type === "VARCHAR") return `left(${value2}, ${count3})`;
      return integers2.test(type) ? `(${floored(value2, Number(count3))})::${type}` : void 0;
  }
}
function bucketSql(value2, type, buckets) {
  const hash2 = hashSql(value2, type);
  return hash2 && `((${hash2} & 2147483647) % ${buckets})::INTEGER`;
}
function hashSql(value2, type) {
  switch (type) {
    case "INTEGER":
    case "BIGINT":
      return murmurOfLong(`${value2}::BIGINT`);
    case "DATE":
      return murmurOfLong(`(${value2} - DATE '1970-01-01')::BIGINT`);
    case "TIME":
    case "TIMESTAMP":
    case "TIMESTAMP WITH TIME ZONE":
      return murmurOfLong(`epoch_us(${value2})`);
    case "UUID":
      return murmurOfBytes(`replace(${value2}::VARCHAR, '-', '')`);
    case "VARCHAR":
    case "BLOB":
      return murmurOfBytes(`hex(${value2})`);
    default:
      return void 0;
  }
}
function floored(value2, step) {
  return `(${value2} - ((${value2} % ${step}) + ${step}) % ${step})`;
}
var transformForms, microsecondsPerHour, days, integers2;
var init_partition_transform = __esm({
  "lib/component/partition-transform.ts"() {
    "use strict";
    init_murmur_sql();
    init_shape();
    transformForms = "year(c), month(c), day(c), hour(c), bucket(n, c), truncate(n, c)";
    microsecondsPerHour = 36e8;
    days = /^(DATE|TIMESTAMP( WITH TIME ZONE)?)$/;
    integers2 = /^(INTEGER|BIGINT)$/;
  }
});

// lib/compiler/fallback-problems.ts
function fallbackOf(fallback) {
  if (typeof fallback === "string") return fallback;
  return { component: fallback.connector.component, options: fallback.options };
}
function fallbackProblems(nodes, isMain) {
  return nodes.flatMap((node) => {
    if (node.kind !== "source" || node.fallback === void 0) return [];
    const { fallback } = node;
    const part = `${node.id} / fallback`;
    const at = typeof fallback === "string" ? node.at : fallback.at;
    if (isMain(node) && fallback !== "empty") return [{ at, part, ...ofMain(fallback) }];
    if (node.incremental && fallback !== "empty") return [{ at, part, ...ofIncremental(fallback) }];
    if (typeof fallback === "string") return [];
    const problem = differentForm(node, fallback) ?? samePlace(node, fallback) ?? withParameters(fallback);
    return problem ? [{ at, part, ...problem }] : [];
  });
}
function ofMain(fallback) {
  return {
    problem: "each file of this source is read by one run, so rows that are read in its place would be published twice",
    received: shown3(fallback),
    allowed: "'empty': the run publishes nothing, and the next one reads the files",
    change: "give 'empty', or read the source as the second input of an enrich step or a join"
  };
}
function ofIncremental(fallback) {
  return {
    problem: "the source goes on where earlier runs have ended, and rows that are read in its place would move that",
    received: shown3(fallback),
    allowed: "'empty': the run publishes nothing, and the next one goes on from the same place",
    change: "give 'empty', or take `incremental` out"
  };
}
function shown3(fallback) {
  return typeof fallback === "string" ? fallback : `source ${fallback.connector.component}`;
}
function differentForm({ connector: connector2, options: options2 }, other) {
  const [own, its] = [formOf(connector2, options2), formOf(other.connector, other.options)];
  if (own === its) return void 0;
  return {
    problem: "what is read in place of the source must come in the same form, because it is read under the same contract",
    received: its,
    allowed: own,
    change: "name objects of this form, or store them in it"
  };
}
function samePlace({ connector: connector2, options: options2 }, other) {
  const objects = connector2.source.objects(options2);
  if (canonicalJson(objects) !== canonicalJson(other.connector.source.objects(other.options))) return void 0;
  return {
    problem: "the source would be read in its own place",
    received: objects,
    allowed: "other objects, 'empty' or 'last-good'",
    change: "name another source"
  };
}
function withParameters({ options: options2 }) {
  const place2 = placeOptions.map((name3) => options2[name3]).find((value2) => parametersIn(String(value2 ?? "")).length > 0);
  if (place2 === void 0) return void 0;
  return {
    problem: "what is read in place of a source is the same for every run",
    received: place2,
    allowed: "a place without parameters",
    change: "leave the parameters out"
  };
}
function formOf({ source }, options2) {
  return canonicalJson(source.format(options2));
}
var init_fallback_problems = __esm({
  "lib/compiler/fallback-problems.ts"() {
    "use strict";
    init_parameter_place();
    init_canonical_json();
  }
});

// lib/compiler/typed-nodes.ts
async function typeNodes(definition, typing) {
  const references = referenceNodes(definition.nodes);
  const wholes = wholeSources(definition.nodes);
  const nodes = /* @__PURE__ */ new Map();
  const problems = [
    ...sideProblems(definition.nodes, references),
    ...fallbackProblems(definition.nodes, ({ id }) => !references.has(id) && !wholes.has(id))
  ];
  for (const node of definition.nodes) {
    if (!inputsOf(node).every((id) => nodes.has(id))) continue;
    try {
      nodes.set(node.id, await typeNode(node, { nodes, typing, references, wholes }));
    } catch (error) {
      if (error instanceof DefinitionInvalidError) problems.push(...error.problems);
      else problems.push(...problemsOfError(error, { at: node.at, locate: locateOf(node), part: node.id }));
      const known2 = passedOn(node, nodes);
      if (known2) nodes.set(node.id, known2);
    }
  }
  return { nodes: [...nodes.values()], problems };
}
function locateOf(node) {
  const { locate } = node;
  const beside = node.kind === "source" ? node.locateOptions : void 0;
  if (!locate || !beside) return locate;
  return (path, of) => (path[0] === "incremental" ? beside : locate)(path, of);
}
function passedOn(node, nodes) {
  if (node.kind !== "step") return void 0;
  const { columns: columns2 } = nodes.get(node.input);
  try {
    const { form } = shapeOf(node, nodes);
    if (form !== "keep") return void 0;
  } catch {
    return void 0;
  }
  const { id, operator, options: options2, input } = node;
  return { kind: "step", id, component: operator.component, options: options2, columns: columns2, input, keeps: [], lineage: {} };
}
function inputsOf(node) {
  if (node.kind === "source") return [];
  if (node.kind === "output") return [node.input];
  return [node.input, ...node.side === void 0 ? [] : [node.side], ...node.others ?? []];
}
function typeNode(node, surroundings) {
  if (node.kind === "source") return typeSource(node, surroundings);
  return node.kind === "step" ? typeStep(node, surroundings) : typeOutput(node, surroundings);
}
async function typeSource(node, { typing, references, wholes }) {
  const promised = await planContract(node.contract, node.id);
  const fields2 = await Promise.all(promised.fields.map((field) => named(field, typing)));
  const contract2 = { ...promised, fields: fields2 };
  await typing.rules(fields2);
  const columns2 = fields2.map(({ name: name3, type, nullable }) => ({ name: name3, type, nullable }));
  const incremental = watermarkPlan(node, columns2);
  const grows = growthPlan(node);
  return {
    kind: "source",
    id: node.id,
    component: node.connector.component,
    options: node.options,
    columns: columns2,
    contract: contract2,
    use: references.has(node.id) ? "reference" : wholes.has(node.id) ? "whole" : "main",
    ...incremental && { incremental },
    ...grows && { grows },
    ...node.fallback !== void 0 && { fallback: fallbackOf(node.fallback) }
  };
}
async function named(field, typing) {
  return isNested(field.type) ? { ...field, type: await typing.typeName(field.type) } : field;
}
async function typeStep(node, { nodes, typing }) {
  const { input, side, others = [] } = node;
  const inputs = [input, ...side === void 0 ? [] : [side], ...others];
  const shape = shapeOf(node, nodes);
  const types4 = await typing.step(
    shape,
    inputs.map((id) => nodes.get(id).columns)
  );
  const meetBy = shape.form === "join" && others.length > 0 ? types4.lookupKeys?.input : node.operator.meetBy?.(node.options);
  const lineage = Object.entries(types4.lineage).map(([name3, from2]) => [
    name3,
    from2.map(
      (origin) => typeof origin === "string" ? `${input}:${origin}` : `${inputs[origin.input]}:${origin.column}`
    )
  ]);
  const secrets = secretsOf(shape);
  return {
    kind: "step",
    id: node.id,
    component: node.operator.component,
    options: node.options,
    columns: types4.columns,
    input,
    ...side === void 0 ? {} : { side },
    ...others.length === 0 ? {} : { others },
    ...meetBy === void 0 ? {} : { meetBy },
    ...types4.lookupKeys === void 0 ? {} : { lookupKeys: types4.lookupKeys },
    ...shape.form === "join" && others.length > 0 && { parts: partsOf3(shape) },
    ...types4.merges && meetBy ? { merges: true } : {},
    ...shape.form === "sort" ? { sorts: shape.order } : {},
    keeps: types4.keeps,
    ...shape.form === "project" && shape.masks?.length && { masks: shape.masks },
    ...secrets.length > 0 && { secrets },
    ...shape.form === "route" && { route: routeOf(shape, input) },
    lineage: Object.fromEntries(lineage)
  };
}
function partsOf3({ how }) {
  return how === "semi" || how === "anti" ? [0] : [0, 1];
}
function secretsOf(shape) {
  const made = shape.form === "project" ? [...shape.lets ?? [], ...shape.columns] : [];
  return [...new Set(made.flatMap(({ expression }) => expression.secret ?? []))].sort();
}
async function typeOutput(node, { nodes, typing }) {
  const { id, connector: connector2, options: options2, input } = node;
  const sink = connector2.sink;
  const { columns: columns2, lineage } = await outputColumns(node, nodes.get(input).columns, typing);
  requirePartitions(sink, options2, columns2);
  const merges = sink.merges?.(options2);
  for (const [index, name3] of merges?.key.entries() ?? []) columnOf(name3, columns2, ["key", index]);
  if (merges?.by !== void 0) columnOf(merges.by, columns2, ["by"]);
  sink.sortBy?.(options2, columns2);
  sink.check?.(options2, columns2);
  const place2 = sink.place?.(options2);
  const sorts = sortsOf(input, sink.partitionBy(options2), nodes);
  return {
    kind: "output",
    id,
    component: connector2.component,
    options: options2,
    columns: columns2.map((column3) => ({ ...column3, type: storable(column3) })),
    input,
    table: sink.title(options2),
    ...place2 === void 0 ? {} : { place: place2 },
    ...sorts && { sorts },
    ...merges && { merges },
    ...lineage && { lineage }
  };
}
function requirePartitions(sink, options2, columns2) {
  const transforms = sink.transforms?.(options2) ?? [];
  for (const [index, name3] of sink.partitionBy(options2).entries()) {
    const path = ["partitionBy", index];
    const transform = transforms.find((one) => one.name === name3);
    const column3 = columnOf(transform?.column ?? name3, columns2, path);
    if (!transform || transformSql(transform, storable(column3)) !== void 0) continue;
    const allowed = `a column that ${transform.transform.replace(/\[.*/, "")}() can take, in ${transformForms}`;
    throw new ColumnTypeUnfitError(column3.name, column3.type, allowed, path);
  }
}
function sortsOf(input, partitionBy, nodes) {
  const asked = outputOrder(nodes, input);
  if (!asked || "lostAt" in asked) return void 0;
  const present = partitionBy.filter((name3) => nodes.get(input).columns.some((column3) => column3.name === name3));
  const folders = present.map((column3) => ({ column: column3, descending: false }));
  return [...folders, ...asked.order.filter(({ column: column3 }) => !present.includes(column3))];
}
async function outputColumns({ connector: connector2, options: options2, input }, columns2, typing) {
  const partitions = connector2.sink.partitions?.(options2) ?? [];
  if (partitions.length === 0) return { columns: columns2 };
  const shape = { form: "project", columns: [...columns2.map(asItIs), ...partitions] };
  const types4 = await typing.step(shape, [columns2]);
  const lineage = partitions.map(({ name: name3 }) => [name3, types4.lineage[name3].map((from2) => `${input}:${from2}`)]);
  return { columns: types4.columns, lineage: Object.fromEntries(lineage) };
}
function storable({ name: name3, type }) {
  const stored3 = storableType(type);
  if (stored3 !== void 0) return stored3;
  throw new ColumnUnstorableError({
    problem: `a table cannot hold the column "${name3}" of type ${type}`,
    received: type,
    allowed: "numbers, text, booleans, dates, times, timestamps, UUID and BLOB",
    change: `cast "${name3}" to one of them, or leave it out with select; to_json() makes a text of anything`
  });
}
var init_typed_nodes = __esm({
  "lib/compiler/typed-nodes.ts"() {
    "use strict";
    init_contract();
    init_errors();
    init_nested_type();
    init_output_order();
    init_partition_transform();
    init_shape();
    init_definition();
    init_stored_type();
    init_fallback_problems();
    init_incremental2();
    init_problem_of();
    init_references();
    init_routes();
    init_step_shape();
  }
});

// lib/compiler/compile.ts
import { createHash as createHash3 } from "node:crypto";
async function compile(definition) {
  const typing = await Typing.open(definition.parameters);
  try {
    const { nodes: typed, problems } = await typeNodes(definition, typing);
    const nodes = classifyNodes(typed, definition.nodes);
    problems.push(...clearanceProblems(nodes, definition.nodes));
    if (problems.length === 0) problems.push(...routeProblems(nodes, definition.nodes));
    const quality2 = problems.length === 0 ? await planQuality(definition.quality, nodes, typing) : { rules: [], problems: [] };
    problems.push(...quality2.problems);
    const stages = problems.length === 0 ? cutStages(nodes, referenceNodes(nodes)) : [];
    problems.push(...incrementalProblems(nodes, definition.nodes), ...overlapProblems(nodes, definition));
    const places = parameterPlaces(definition);
    problems.push(...places.problems);
    if (problems.length === 0)
      problems.push(...unusedParameters(definition, places.taken.union(typing.parametersTaken)));
    problems.push(...travelProblems(stages, nodes, definition.nodes), ...orderProblems(nodes, definition));
    if (problems.length === 0)
      problems.push(...disclosureProblems({ definition, nodes, stages, rules: quality2.rules }));
    if (problems.length === 0) problems.push(...promiseProblems({ definition, nodes, rules: quality2.rules }));
    if (problems.length > 0) throw new DefinitionInvalidError(definition.name, problems);
    const { afterDeadline, ...gate } = definition.gate;
    const { overlap, shares = {}, escalate, parameters: parameters3 } = definition;
    const plan = {
      planVersion: 1,
      pipeline: definition.name,
      triggers: definition.on.map(({ trigger: trigger2 }) => trigger2),
      nodes,
      stages,
      quality: quality2.rules,
      gate: {
        ...gate,
        review: gate.review ?? gate.pass,
        ...afterDeadline !== "reject" && { afterDeadline }
      },
      ...definition.rejects && { rejects: definition.rejects },
      resources: definition.resources,
      ...overlapOf(overlap, nodes),
      ...Object.keys(shares).length > 0 && { shares },
      ...escalate && { escalate: escalate.map(levelOf) },
      ...Object.keys(parameters3).length > 0 && { parameters: parameters3 }
    };
    return { ...plan, digest: createHash3("sha256").update(canonicalJson(plan)).digest("hex") };
  } finally {
    typing.close();
  }
}
var init_compile = __esm({
  "lib/compiler/compile.ts"() {
    "use strict";
    init_canonical_json();
    init_definition();
    init_typing();
    init_classify();
    init_disclosures();
    init_incremental2();
    init_order_problems();
    init_overlap();
    init_parameter_places();
    init_promises();
    init_quality();
    init_references();
    init_routes();
    init_stages();
    init_typed_nodes();
  }
});

// lib/compiler/index.ts
var init_compiler = __esm({
  "lib/compiler/index.ts"() {
    "use strict";
    init_compile();
  }
});

// lib/component/connector.ts
function defineSource(component, source) {
  return define("source", component, { source });
}
function defineSink(component, sink) {
  return define("sink", component, { sink });
}
function defineConnector(component, sides) {
  return define("either", component, sides);
}
function define(kind, component, sides) {
  const make = (options2) => Object.freeze({ kind, connector: make, options: options2, at: userLocation() });
  return Object.assign(make, { kind: "connector", component, ...sides });
}
var init_connector = __esm({
  "lib/component/connector.ts"() {
    "use strict";
    init_user_location();
  }
});

// lib/component/order.ts
import * as z11 from "zod";
function orderOf(order2, input, path) {
  return order2.map((one, index) => {
    const given4 = typeof one === "string" ? { column: one, descending: false } : one;
    const place2 = typeof one === "string" ? [...path, index] : [...path, index, "column"];
    return { ...given4, column: columnOf(given4.column, input, place2).name };
  });
}
var column, orderSchema;
var init_order = __esm({
  "lib/component/order.ts"() {
    "use strict";
    init_errors();
    column = z11.string().min(1);
    orderSchema = z11.array(
      z11.union([
        column,
        z11.strictObject({
          column: column.describe("name of the column"),
          descending: z11.boolean().default(false).describe("true: largest first")
        })
      ])
    ).min(1);
  }
});

// lib/component/layout-options.ts
import * as z12 from "zod";
function rowGroupsAgree({ rowGroupRows, rowGroupBytes }) {
  return rowGroupRows === void 0 || rowGroupBytes === void 0;
}
function nameOf2(partition2) {
  return typeof partition2 === "string" ? partition2 : Object.keys(partition2)[0];
}
function partitionNames(partitions) {
  return partitions.map(nameOf2);
}
function partitionExpressions(partitions) {
  return partitions.flatMap((one, index) => {
    if (typeof one === "string") return [];
    const name3 = nameOf2(one);
    return [{ name: name3, expression: { sql: one[name3], path: ["partitionBy", index, name3] } }];
  });
}
function folderNames(partitions) {
  return partitions.map((one) => typeof one === "string" ? transformOf(one)?.name ?? one : nameOf2(one));
}
function partitionTransforms(partitions) {
  return partitions.flatMap((one) => typeof one === "string" ? transformOf(one) ?? [] : []);
}
function fileSizes({ rowGroupRows, rowGroupBytes, fileBytes }) {
  return {
    ...rowGroupRows !== void 0 && { rowGroupRows },
    ...rowGroupBytes !== void 0 && { rowGroupBytes },
    ...fileBytes !== void 0 && { fileBytes }
  };
}
var partition, mebibyte, layoutOptions, rowGroupOptions, rowGroupsDiffer;
var init_layout_options = __esm({
  "lib/component/layout-options.ts"() {
    "use strict";
    init_order();
    init_partition_transform();
    init_refusal();
    partition = z12.union([
      z12.string().min(1),
      z12.record(z12.string().min(1), z12.string().min(1)).refine(
        (named3) => Object.keys(named3).length === 1,
        refusal("holds more or less than one name with its expression", {
          allowed: `one name with its expression, e.g. { month: "date_trunc('month', day)" }`,
          change: "write an entry of its own for each name"
        })
      )
    ]);
    mebibyte = 1024 * 1024;
    layoutOptions = {
      partitionBy: z12.array(partition).refine(
        (all2) => new Set(all2.map(nameOf2)).size === all2.length,
        refusal("names a column twice", { allowed: "each column once", change: "take one of them out" })
      ).default([]).describe("what names the folders, outermost first: columns, or expressions under a name, which become columns"),
      sortBy: orderSchema.optional().describe("order of the rows in each file; default: that of a sort step"),
      fileBytes: z12.int().min(mebibyte).optional().describe("size of a file to aim at: a chunk with more rows writes several; default: one file for each chunk")
    };
    rowGroupOptions = {
      rowGroupRows: z12.int().min(2048).max(1e7).optional().describe("rows of a row group at the most, rounded up to a multiple of 2048; default: 122880"),
      rowGroupBytes: z12.int().min(64 * 1024).max(512 * mebibyte).optional().describe("size of a row group to aim at, as stored; not together with `rowGroupRows`")
    };
    rowGroupsDiffer = {
      message: "is given beside `rowGroupRows`, and only one of the two can decide",
      params: { allowed: "`rowGroupRows` or `rowGroupBytes`", change: "leave one of them out" },
      path: ["rowGroupBytes"]
    };
  }
});

// lib/connectors/lake.ts
import * as z13 from "zod";
var schema, lake_default;
var init_lake = __esm({
  "lib/connectors/lake.ts"() {
    "use strict";
    init_connector();
    init_contract();
    init_layout_options();
    init_order();
    init_refusal();
    schema = z13.strictObject({
      table: z13.string().regex(
        /^[a-z][a-z0-9_]{0,62}$/,
        "is not a table name: a lower-case letter, then letters, digits and _, 63 at most"
      ).describe("name of the table, and of its folder"),
      ...layoutOptions,
      ...rowGroupOptions,
      mode: z13.enum(["append", "replace", "replacePartitions", "merge"]).default("append").describe(
        "what becomes of the rows that are there: all stay; all go; those of the partitions that the run has rows for go; those whose `key` a row of the run has go"
      ),
      key: z13.array(z13.string().min(1)).min(1).optional().describe('columns that make two rows states of the same thing, with `mode: "merge"`'),
      by: z13.string().min(1).optional().describe(
        "column that says which state is the newer one, so that a late row does not take the place of a newer one; default: what is published later is newer, and a run may have one row of a key"
      ),
      clearedFor: classificationSchema.optional().describe(
        "the most confined columns that the table may hold unmasked; default: confidential, so no restricted ones"
      )
    }).refine(rowGroupsAgree, rowGroupsDiffer).refine(
      ({ partitionBy }) => new Set(folderNames(partitionBy)).size === partitionBy.length,
      refusal("names a folder twice", {
        path: ["partitionBy"],
        allowed: "each folder once",
        change: "take one of them out, or name it otherwise"
      })
    ).refine(
      ({ mode, key: key2 }) => mode === "merge" === (key2 !== void 0),
      refusal('`key` goes with mode: "merge", and only with it', {
        path: ["key"],
        allowed: 'the columns of a key, with mode: "merge"',
        change: "give both, or leave both out"
      })
    ).refine(
      ({ mode, by: by2 }) => by2 === void 0 || mode === "merge",
      refusal('`by` goes with mode: "merge", and only with it', {
        path: ["by"],
        allowed: 'a column that says which state is the newer one, with mode: "merge"',
        change: 'leave `by` out, or set mode to "merge"'
      })
    ).refine(
      ({ mode, partitionBy }) => mode !== "replacePartitions" || partitionBy.length > 0,
      refusal("needs partitions that can be replaced", {
        path: ["mode"],
        allowed: "replacePartitions beside `partitionBy`",
        change: 'give `partitionBy`, or set mode to "replace"'
      })
    );
    lake_default = defineSink("lake", {
      schema,
      capabilities: { delivery: "exactly-once" },
      title: ({ table: table4 }) => table4,
      partitionBy: ({ partitionBy }) => folderNames(partitionBy),
      transforms: ({ partitionBy }) => partitionTransforms(partitionBy),
      partitions: ({ partitionBy }) => partitionExpressions(partitionBy),
      sortBy: ({ sortBy }, columns2) => sortBy && orderOf(sortBy, columns2, ["sortBy"]),
      sizes: (options2) => fileSizes(options2),
      mode: ({ mode }) => mode,
      merges: ({ key: key2, by: by2 }) => key2 && { key: key2, ...by2 !== void 0 && { by: by2 } },
      clearedFor: ({ clearedFor }) => clearedFor
    });
  }
});

// lib/connectors/s3.ts
import * as z14 from "zod";
function titleOf3(place2) {
  const parts = place2.split("/");
  const fixed = parts.filter((part) => !part.includes("{"));
  return (fixed.length > 1 ? fixed : parts).at(-1).split(".")[0];
}
function outputFormat(options2) {
  const { format: kind, compression = "none", longNumbers = "number" } = options2;
  if (kind === "parquet") return { kind };
  if (kind !== "csv") return { kind, longNumbers, compression };
  const { delimiter = ",", header = true, nullText = "", lineEnd: lineEnd2 = "lf", neutraliseFormulas = false } = options2;
  return { kind, delimiter, header, nullText, lineEnd: lineEnd2, neutraliseFormulas, compression };
}
function endingOf(key2) {
  const ending2 = /\.([a-z]+)(\.(gz|zst))?$/.exec(key2 ?? "")?.[1];
  return ending2 === void 0 ? void 0 : formatByEnding[ending2];
}
var place, mark, readSchema, formatByEnding, ownParts, exportPlace, textOptions, meantFor, writeSchema, s3_default;
var init_s3 = __esm({
  "lib/connectors/s3.ts"() {
    "use strict";
    init_connector();
    init_contract();
    init_errors();
    init_layout_options();
    init_order();
    init_refusal();
    place = z14.string().regex(
      /^(landing|reference)\/./,
      "is not in `landing/` or `reference/`, the zones that hold dropped files: landing/<folder>/, or reference/<file>"
    ).refine(
      (path) => !/\/(\.{1,2}(\/|$)|\/)/.test(path),
      refusal("has a part that is empty or made of dots", {
        allowed: "parts with a name each, e.g. landing/orders/2026/",
        change: "take the empty parts and the dots out"
      })
    );
    mark = z14.string().regex(/^[\t\x20-\x7e]$/, 'is not one ASCII character: a single character such as ";", or a tab');
    readSchema = z14.strictObject({
      prefix: place.regex(/\/$/, 'is not the name of a folder: a prefix that ends with "/"').optional().describe("every object below it; {name} stands for a parameter of the run"),
      key: place.optional().describe("one object; {name} stands for a parameter of the run"),
      format: z14.enum(["csv", "ndjson", "json", "parquet"]).optional().describe("default: by the ending of `key`"),
      delimiter: mark.default(",").describe("CSV: between fields"),
      quote: mark.default('"').describe("CSV: around fields"),
      header: z14.boolean().default(true).describe("CSV: the first line names the columns")
    }).refine(
      ({ prefix: prefix2, key: key2 }) => prefix2 === void 0 !== (key2 === void 0),
      refusal("one of prefix and key says what is read", {
        allowed: "`prefix` for every object below it, or `key` for one object",
        change: "give one of them",
        path: ["prefix"]
      })
    ).refine(
      ({ delimiter, quote: quote2 }) => delimiter !== quote2,
      refusal("is the same as `delimiter`", {
        allowed: "two different characters",
        change: "change one of them",
        path: ["quote"]
      })
    ).refine(
      ({ key: key2, format: format2 }) => format2 !== void 0 || endingOf(key2) !== void 0,
      refusal("is needed where the key does not end in .csv, .ndjson, .jsonl, .json or .parquet", {
        allowed: "csv, ndjson, json, parquet",
        change: "say the format",
        path: ["format"]
      })
    );
    formatByEnding = {
      csv: "csv",
      ndjson: "ndjson",
      jsonl: "ndjson",
      json: "json",
      parquet: "parquet"
    };
    ownParts = ["data", "metadata", "manifests"];
    exportPlace = z14.string().regex(
      /^exports\/([a-z0-9][a-z0-9_-]*\/)+$/,
      'is not a prefix in `exports/`, the zone of files for others: parts of lower-case letters, digits, _ and -, each with a "/" behind it'
    ).refine(
      (prefix2) => !prefix2.split("/").some((part) => ownParts.includes(part)),
      refusal(`has one of the parts ${ownParts.join(", ")}, which Penstock adds itself`, {
        allowed: "parts with other names",
        change: "rename this part"
      })
    );
    textOptions = {
      delimiter: mark.optional().describe("CSV: between fields; default: ,"),
      header: z14.boolean().optional().describe("CSV: the first line names the columns; default: true"),
      nullText: z14.string().regex(/^[\x20-\x7e]*$/, "is not printable ASCII: letters, digits and signs of ASCII").optional().describe("CSV: stands for no value, without quotes; default: nothing"),
      lineEnd: z14.enum(["lf", "crlf"]).optional().describe("CSV: default: lf; RFC 4180 itself says crlf"),
      neutraliseFormulas: z14.boolean().optional().describe("CSV: put a ' before text that a spreadsheet takes for a formula; numbers stay; default: false"),
      longNumbers: z14.enum(["number", "text"]).optional().describe("NDJSON, JSON: how BIGINT and DECIMAL stand; as `text` no reader rounds them; default: number"),
      compression: z14.enum(["none", "gzip", "zstd"]).optional().describe("CSV, NDJSON, JSON; default: none")
    };
    meantFor = {
      ...Object.fromEntries(
        ["delimiter", "header", "nullText", "lineEnd", "neutraliseFormulas"].map((name3) => [name3, ["csv"]])
      ),
      longNumbers: ["ndjson", "json"],
      compression: ["csv", "ndjson", "json"],
      rowGroupRows: ["parquet"],
      rowGroupBytes: ["parquet"]
    };
    writeSchema = z14.strictObject({
      prefix: exportPlace.describe("where the files go, e.g. `exports/daily/`"),
      format: z14.enum(["csv", "ndjson", "json", "parquet"]).describe("what they are"),
      ...textOptions,
      ...layoutOptions,
      ...rowGroupOptions,
      mode: z14.enum(["append", "replace"]).default("append").describe("what becomes of the files that the manifest lists"),
      clearedFor: classificationSchema.optional().describe("the most confined columns that the files may hold unmasked; default: confidential")
    }).superRefine((options2, { addIssue }) => {
      for (const [name3, formats2] of Object.entries(meantFor)) {
        const value2 = options2[name3];
        if (value2 !== void 0 && !formats2.includes(options2.format))
          addIssue({
            code: "custom",
            input: value2,
            ...refusal(`means nothing where the format is ${options2.format}`, {
              path: [name3],
              allowed: `${name3} with the format ${formats2.join(" or ")}`,
              change: `leave ${name3} out, or write another format`
            })
          });
      }
      if (options2.delimiter === '"')
        addIssue({
          code: "custom",
          ...refusal("is what stands around fields", {
            path: ["delimiter"],
            allowed: 'one ASCII character other than "',
            change: "give another character"
          })
        });
    }).refine(rowGroupsAgree, rowGroupsDiffer);
    s3_default = defineConnector("s3", {
      source: {
        schema: readSchema,
        title: ({ prefix: prefix2, key: key2 }) => titleOf3(prefix2?.slice(0, -1) ?? key2 ?? ""),
        objects: ({ prefix: prefix2, key: key2 }) => prefix2 !== void 0 ? { prefix: prefix2 } : { key: key2 },
        format({ format: format2, key: key2, delimiter, quote: quote2, header }) {
          const kind = format2 ?? endingOf(key2);
          return kind === "csv" ? { kind, delimiter, quote: quote2, header } : { kind };
        }
      },
      sink: {
        schema: writeSchema,
        capabilities: { delivery: "exactly-once", readers: "manifest" },
        title: ({ prefix: prefix2 }) => prefix2.slice(0, -1),
        place: ({ prefix: prefix2 }) => prefix2,
        partitionBy: ({ partitionBy }) => partitionNames(partitionBy),
        partitions: ({ partitionBy }) => partitionExpressions(partitionBy),
        sortBy: ({ sortBy }, columns2) => sortBy && orderOf(sortBy, columns2, ["sortBy"]),
        sizes: (options2) => fileSizes(options2),
        mode: ({ mode }) => mode,
        clearedFor: ({ clearedFor }) => clearedFor,
        format: outputFormat,
        check(options2, columns2) {
          const [only, ...others] = columns2;
          const format2 = outputFormat(options2);
          if (format2.kind !== "csv" || format2.nullText !== "" || others.length > 0 || !only?.nullable) return;
          throw new ColumnUnprintableError({
            problem: `"${only.name}" is the only column and may be missing: its line would be empty, which most readers skip`,
            received: `nullText '', one column that may be NULL`,
            allowed: "a text for no value, several columns, or a column that is never missing",
            change: "set nullText, e.g. nullText: 'NULL'"
          });
        }
      }
    });
  }
});

// lib/connectors/table.ts
import * as z15 from "zod";
var schema2, table_default;
var init_table = __esm({
  "lib/connectors/table.ts"() {
    "use strict";
    init_connector();
    schema2 = z15.strictObject({
      table: z15.string().regex(/^[a-z][a-z0-9_]{0,62}$/, "is not a table name: a lower-case letter, then letters, digits and _, 63 at most").describe("name of the table")
    });
    table_default = defineSource("table", {
      schema: schema2,
      title: ({ table: table4 }) => table4,
      objects: ({ table: table4 }) => ({ table: table4 }),
      format: () => ({ kind: "parquet" })
    });
  }
});

// lib/registry/connectors.ts
var connectors;
var init_connectors = __esm({
  "lib/registry/connectors.ts"() {
    "use strict";
    init_lake();
    init_s3();
    init_table();
    connectors = {
      lake: lake_default,
      s3: s3_default,
      table: table_default
    };
  }
});

// lib/component/operator.ts
function defineOperator(declaration) {
  const { author, ...operator } = declaration;
  const make = (...args) => {
    const { options: options2, ...rest } = author(...args);
    return Object.freeze({
      kind: "step",
      operator: make,
      options: options2,
      ...rest,
      at: userLocation()
    });
  };
  return Object.assign(make, { kind: "operator", ...operator });
}
var init_operator = __esm({
  "lib/component/operator.ts"() {
    "use strict";
    init_user_location();
  }
});

// lib/operators/aggregate.ts
import * as z16 from "zod";
var schema3, aggregate_default;
var init_aggregate = __esm({
  "lib/operators/aggregate.ts"() {
    "use strict";
    init_errors();
    init_operator();
    init_shape();
    schema3 = z16.strictObject({
      by: z16.array(z16.string().min(1)).describe("columns that make a group; empty: one group of all rows"),
      measures: z16.record(z16.string().min(1), z16.string().min(1)).describe("new column \u2192 DuckDB aggregate expression")
    });
    aggregate_default = defineOperator({
      component: "aggregate",
      schema: schema3,
      author: (options2) => ({ options: options2 }),
      meetBy: ({ by: by2 }) => by2,
      shape: ({ by: by2, measures: measures2 }, { input }) => ({
        form: "group",
        keys: by2.map((name3, index) => asItIs(columnOf(name3, input, ["by", index]))),
        measures: Object.entries(measures2).map(([name3, sql]) => ({ name: name3, expression: { sql, path: ["measures", name3] } }))
      })
    });
  }
});

// lib/operators/agrees.ts
import * as z17 from "zod";
var schema4, agrees_default;
var init_agrees = __esm({
  "lib/operators/agrees.ts"() {
    "use strict";
    init_quality_rule();
    schema4 = z17.strictObject({
      own: z17.string().min(1).describe("aggregate over the rows of the table, e.g. count(*)"),
      other: z17.string().min(1).describe("aggregate over the other rows"),
      by: z17.array(z17.string().min(1)).default([]).describe("columns of both sides; none: one total"),
      against: z17.string().min(1).optional().describe("published table, or another output of the pipeline"),
      within: z17.number().min(0).max(1).default(0).describe("how far apart the values may be, as a share of the larger")
    });
    agrees_default = defineQualityRule({
      component: "agrees",
      dimension: "consistency",
      takesSide: true,
      schema: schema4,
      author: (own, counterpart, common) => {
        const { with: side, table: against, ...options2 } = counterpart;
        return {
          options: { own, ...options2, ...against !== void 0 && { against } },
          ..."with" in counterpart && { side: side ?? null },
          common
        };
      },
      columns: ({ by: by2 }) => by2,
      others: ({ against, by: by2 }) => ({ table: against, columns: by2 }),
      measure: ({ own, other, by: by2, within: within3 }) => ({ form: "groups", by: by2, own, other, within: within3 })
    });
  }
});

// lib/component/significand.ts
function significand(text4) {
  return `regexp_replace(regexp_replace(${text4}, '[eE].*$|^[+-]?[0.]*|[.]', '', 'g'), '0+$', '')`;
}
function holdsNumber(text4, number16) {
  const all2 = `regexp_extract_all(${text4}, '[0-9][0-9.]*([eE][+-]?[0-9]+)?')`;
  return `list_contains(list_transform(${all2}, lambda __number: ${significand("__number")}), ${significand(number16)})`;
}
var init_significand = __esm({
  "lib/component/significand.ts"() {
    "use strict";
  }
});

// lib/component/conversion.ts
import * as z18 from "zod";
function fitsDecimal(type) {
  const [width2, scale] = type.match(/\d+/g)?.map(Number) ?? [];
  return scale === void 0 || width2 <= 38 && scale <= width2;
}
function conversion(column3, from2, to) {
  if (from2 === to) return { value: column3, kept: () => "true", surelyKept: () => "true" };
  if (from2 === "VARCHAR") return fromText(column3, to);
  const value2 = `TRY_CAST(${column3} AS ${to})`;
  const kept = (given4) => `(TRY_CAST(${given4} AS ${from2}) IS NOT DISTINCT FROM ${column3})`;
  return { value: value2, kept, surelyKept: (given4) => `(${given4} IS NOT NULL AND ${kept(given4)})` };
}
function fromText(column3, to) {
  const converted = `TRY_CAST(${column3} AS ${to})`;
  const like = (pattern2) => `regexp_full_match(${column3}, '\\s*${pattern2}\\s*')`;
  const written = (given4) => `${given4}::VARCHAR = ${column3}`;
  const where2 = (condition, surely) => {
    const kept = (given4) => `(${given4} IS NOT NULL AND ${condition})`;
    return { value: converted, kept, surelyKept: surely ?? kept };
  };
  if (/HUGEINT$/.test(to)) return where2(like("[+-]?0*[0-9]{1,38}"));
  const digits2 = (given4) => `(${given4} IS NOT NULL AND strlen(${column3}) = 1 OR ${written(given4)})`;
  if (integer.test(to)) return where2(like("[+-]?[0-9]+"), digits2);
  const scale = decimal2.exec(to)?.[1];
  if (scale !== void 0) {
    const kept = (given4) => soon(given4, like(`[+-]?[0-9]*\\.?[0-9]{0,${scale}}0*`), [
      like("[+-]?[0-9]*\\.?[0-9]*[eE][+-]?[0-9]+"),
      `${significand(`${given4}::VARCHAR`)} = ${significand(`trim(${column3})`)}`
    ]);
    return { value: converted, kept, surelyKept: written };
  }
  switch (to) {
    case "FLOAT":
    case "DOUBLE":
      return {
        value: converted,
        kept: (given4) => soon(given4, `length(${column3}) < ${to === "FLOAT" ? 8 : 16} AND NOT contains(${column3}, '_')`, [
          `NOT contains(${column3}, '_')`,
          `(NOT ${like("[+-]?[0-9]+")} OR coalesce(TRY_CAST(${column3} AS HUGEINT) IN (TRY_CAST(${given4} AS HUGEINT), TRY_CAST(${given4}::VARCHAR AS DECIMAL(38,0))), false))`
        ]),
        surelyKept: (given4) => `${given4} IS NOT NULL AND strlen(${column3}) < ${to === "FLOAT" ? 8 : 16} AND NOT contains(${column3}, '_')`
      };
    case "DATE":
      return {
        value: converted,
        kept: (given4) => `(${given4} IS NOT NULL AND ${beginsWithDigit(column3)} AND (NOT contains(${column3}, ':') OR coalesce(TRY_CAST(${column3} AS TIMESTAMP) = ${given4}, false)))`,
        // Infinity is written like that, too, and is no date.
        surelyKept: (given4) => `${written(given4)} AND ${column3} < ':'`
      };
    case "TIMESTAMP":
      return {
        // The first tests are cheap and leave few for the last: a text like "2001-01-01 23:00:00" has no room for a zone.
        value: `CASE WHEN ${column3} NOT LIKE '____-__-_____:__:__' AND (contains(${column3}, '+') OR contains(substr(${column3}, 9), '-')) AND regexp_matches(${column3}, ':[0-9.]+ ?[+-][0-9]') THEN TRY_CAST(${column3} AS TIMESTAMPTZ)::TIMESTAMP ELSE ${converted} END`,
        kept: (given4) => soon(given4, `${column3} >= '0' AND ${column3} < ':' AND length(${column3}) < 27`, [
          beginsWithDigit(column3),
          keepsFraction(column3)
        ]),
        surelyKept: (given4) => `${given4} IS NOT NULL AND ${column3} >= '0' AND ${column3} < ':' AND strlen(${column3}) < 27`
      };
    case "TIMESTAMP WITH TIME ZONE":
      return where2(
        `regexp_matches(${column3}, '^\\s*[0-9].*:[0-9.]+ ?([zZ]|UTC|[+-][0-9]{1,2}(:?[0-9]{2})?)\\s*$') AND ${keepsFraction(column3)}`
      );
    case "TIME":
      return where2(like("[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{0,6}0*)?)?"));
    default:
      return where2("true");
  }
}
function soon(given4, cheap, otherwise2) {
  return `CASE WHEN ${given4} IS NULL THEN false WHEN ${cheap} THEN true ELSE ${otherwise2.join(" AND ")} END`;
}
function keepsFraction(column3) {
  return `(length(${column3}) < 27 OR NOT regexp_matches(${column3}, '\\.[0-9]{6}[0-9]*[1-9]'))`;
}
function beginsWithDigit(column3) {
  return `regexp_matches(${column3}, '^\\s*-?[0-9]')`;
}
var targetTypeSchema, integer, decimal2;
var init_conversion = __esm({
  "lib/component/conversion.ts"() {
    "use strict";
    init_refusal();
    init_significand();
    targetTypeSchema = z18.string().toUpperCase().overwrite((type) => type.replaceAll(" ", "")).regex(
      /^(BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\([1-9]\d?,\d\d?\)|VARCHAR|DATE|TIME|TIMESTAMP|UUID)$/,
      {
        message: "is not a type to convert to: BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, HUGEINT (or one of them with U), FLOAT, DOUBLE, DECIMAL(width,scale), VARCHAR, DATE, TIME, TIMESTAMP, UUID",
        abort: true
      }
    ).refine(
      fitsDecimal,
      refusal("is not a DECIMAL that there is", {
        allowed: "DECIMAL(width,scale) of 1 to 38 digits, of which at most all stand behind the point",
        change: "lower the width or the scale, e.g. DECIMAL(38,10)"
      })
    ).describe("DuckDB type, e.g. DATE, BIGINT, DECIMAL(12,2)");
    integer = /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/;
    decimal2 = /^DECIMAL\(\d+, ?(\d+)\)$/;
  }
});

// lib/component/named.ts
import * as z19 from "zod";
function named2(value2, { one, example }) {
  return z19.record(z19.string().min(1), value2).refine(
    (given4) => Object.keys(given4).length > 0,
    refusal("is empty, so that the step would do nothing", {
      allowed: `${one}, or several`,
      change: `name one, e.g. ${example}, or leave the step out`
    })
  ).meta({ minProperties: 1 });
}
var init_named = __esm({
  "lib/component/named.ts"() {
    "use strict";
    init_refusal();
  }
});

// lib/component/time-format.ts
import * as z20 from "zod";
var timeFormatSchema;
var init_time_format = __esm({
  "lib/component/time-format.ts"() {
    "use strict";
    init_refusal();
    timeFormatSchema = z20.string().min(1).refine(
      (format2) => format2.includes("%"),
      refusal("holds nothing that is read: every specifier begins with %", {
        allowed: "a strptime format, e.g. %d.%m.%Y, %Y-%m-%dT%H:%M:%S, %b %d %Y",
        change: "write %Y for the year, %m for the month, %d for the day, and so on"
      })
    );
  }
});

// lib/operators/cast.ts
import * as z21 from "zod";
function canBecome(type, wanted3) {
  if (typeof wanted3 !== "string") return kindOf(type) === "text";
  const [from2, to] = [kindOf(type), kindOf(wanted3)];
  if (type === wanted3 || to === "text") return true;
  if (from2 === void 0 || to === void 0) return from2 === "text";
  return from2 === "text" || from2 === to || [from2, to].every((kind) => kind === "number" || kind === "boolean");
}
function allowedFor(wanted3) {
  if (typeof wanted3 !== "string") return `a column of text, to be ${wanted3.type} by its format`;
  const kind = kindOf(wanted3);
  const others = kind === "time" ? ", DATE or TIMESTAMP" : kind === "number" || kind === "boolean" ? ", number or BOOLEAN" : "";
  return `a column that can become ${wanted3}: text${others}`;
}
function parsed2(column3, { type, format: format2 }) {
  const time2 = `TRY_STRPTIME(${column3}, ${literal(format2)})`;
  return { value: `${time2}::${type}`, kept: (value2) => `coalesce(${value2} = ${time2}, false)` };
}
var target, schema5, cast_default;
var init_cast = __esm({
  "lib/operators/cast.ts"() {
    "use strict";
    init_column_types();
    init_conversion();
    init_errors();
    init_named();
    init_operator();
    init_shape();
    init_time_format();
    target = z21.union([
      targetTypeSchema,
      z21.strictObject({
        type: z21.enum(["DATE", "TIMESTAMP"]).describe("what the text becomes"),
        format: timeFormatSchema.describe("strptime format of the text, e.g. %b %d %Y")
      })
    ]);
    schema5 = z21.strictObject({
      columns: named2(target, { one: "a column with its type", example: "{ day: 'DATE' }" }).describe("column \u2192 type")
    });
    cast_default = defineOperator({
      component: "cast",
      schema: schema5,
      author: (columns2) => ({ options: { columns: columns2 } }),
      shape({ columns: columns2 }, { input }) {
        const rejections = [];
        const converted = /* @__PURE__ */ new Map();
        for (const [name3, wanted3] of Object.entries(columns2)) {
          const path = ["columns", name3];
          const { type } = columnOf(name3, input, path);
          if (!canBecome(type, wanted3)) throw new ColumnTypeUnfitError(name3, type, allowedFor(wanted3), path);
          const column3 = quoted(name3);
          const { value: value2, kept } = typeof wanted3 === "string" ? conversion(column3, type, wanted3) : parsed2(column3, wanted3);
          converted.set(name3, { name: name3, expression: { sql: value2, path } });
          const shown7 = typeof wanted3 === "string" ? wanted3 : `${wanted3.type} like ${wanted3.format}`;
          rejections.push({
            rule: `${name3} is ${shown7}`,
            column: name3,
            holds: { sql: `${column3} IS NULL OR ${kept(value2)}` },
            message: `is not ${shown7}`
          });
        }
        return {
          form: "project",
          columns: input.map((column3) => converted.get(column3.name) ?? asItIs(column3)),
          rejections
        };
      }
    });
  }
});

// lib/operators/checksum.ts
import * as z22 from "zod";
var ibanLengths, bare2, characters, sum, digit, kinds3, checksum_default;
var init_checksum = __esm({
  "lib/operators/checksum.ts"() {
    "use strict";
    init_column_types();
    init_quality_rule();
    init_shape();
    ibanLengths = `NO15 BE16 DK18 FO18 FI18 GL18 NL18 SD18 FK18 MK19 SI19 AT20 BA20 EE20 KZ20 LT20 LU20 XK20 MN20 CR22 DE22
  CH21 HR21 LI21 LV21 BG22 BH22 GB22 GE22 IE22 ME22 RS22 VA22 AE23 GI23 IL23 IQ23 OM23 TL23 SO23 AD24 CZ24 ES24 MD24
  PK24 RO24 SA24 SE24 SK24 TN24 VG24 LY25 PT25 ST25 IS26 TR26 BI27 DJ27 FR27 GR27 IT27 MC27 MR27 SM27 AL28 AZ28 BY28
  CY28 DO28 GT28 HU28 LB28 NI28 PL28 SV28 HN28 YE30 BR29 EG29 PS29 QA29 UA29 KW30 JO30 MU30 MT31 SC31 LC32 RU33`.split(/\s+/).map((entry) => `WHEN '${entry.slice(0, 2)}' THEN ${entry.slice(2)}`).join(" ");
    bare2 = (column3) => `upper(regexp_replace(${column3}::VARCHAR, '[ -]', '', 'g'))`;
    characters = (text4) => `string_split(${text4}, '')`;
    sum = (text4, digit2) => `list_sum(list_transform(${characters(text4)}, lambda c, i: ${digit2}))`;
    digit = "(ascii(c) - 48)";
    kinds3 = {
      /** Every second digit from the right counts twice, with its digits added up. */
      luhn: (text4) => `regexp_full_match(${text4}, '[0-9]{2,}') AND ${sum(`reverse(${text4})`, `CASE WHEN i % 2 = 0 THEN 2 * ${digit} - CASE WHEN c > '4' THEN 9 ELSE 0 END ELSE ${digit} END`)} % 10 = 0`,
      /** Country and check digits behind the rest, letters as numbers from 10: the remainder by 97 is 1. */
      iban: (text4) => {
        const turned2 = characters(`substr(${text4}, 5) || substr(${text4}, 1, 4)`);
        const numbers2 = `list_transform(${turned2}, lambda c: CASE WHEN c >= 'A' THEN ascii(c) - 55 ELSE ${digit} END)`;
        const remainder = `list_reduce(${numbers2}, lambda rest, n: (rest * CASE WHEN n > 9 THEN 100 ELSE 10 END + n) % 97)`;
        return `regexp_full_match(${text4}, '[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}') AND length(${text4}) = CASE substr(${text4}, 1, 2) ${ibanLengths} ELSE length(${text4}) END AND ${remainder} = 1`;
      },
      /** Ten characters weighted from 10 down, of which the last may be X, or thirteen digits weighted 1 and 3. */
      isbn: (text4) => `(regexp_full_match(${text4}, '[0-9]{9}[0-9X]') AND ${sum(text4, `(11 - i) * CASE WHEN c = 'X' THEN 10 ELSE ${digit} END`)} % 11 = 0 OR regexp_full_match(${text4}, '97[89][0-9]{10}') AND ${sum(text4, `${digit} * CASE WHEN i % 2 = 0 THEN 3 ELSE 1 END`)} % 10 = 0)`
    };
    checksum_default = defineQualityRule({
      component: "checksum",
      dimension: "accuracy",
      schema: z22.strictObject({
        column: z22.string().min(1).describe("column of texts or numbers with check digits"),
        kind: z22.enum(Object.keys(kinds3)).describe("how the digits are checked")
      }),
      author: (column3, kind, common) => ({ options: { column: column3, kind }, common }),
      columns: ({ column: column3 }) => [column3],
      measure({ column: column3, kind }, columns2) {
        columnOfKind(column3, columns2, "text", "number");
        return { form: "count", holds: kinds3[kind](bare2(quoted(column3))) };
      }
    });
  }
});

// lib/operators/complete.ts
import * as z23 from "zod";
var complete_default;
var init_complete = __esm({
  "lib/operators/complete.ts"() {
    "use strict";
    init_quality_rule();
    init_shape();
    complete_default = defineQualityRule({
      component: "complete",
      dimension: "completeness",
      schema: z23.strictObject({ column: z23.string().min(1).describe("column that should have a value") }),
      author: (column3, common) => ({ options: { column: column3 }, common }),
      columns: ({ column: column3 }) => [column3],
      measure: ({ column: column3 }) => ({ form: "count", holds: `${quoted(column3)} IS NOT NULL` })
    });
  }
});

// lib/operators/deduplicate.ts
import * as z24 from "zod";
var schema6, deduplicate_default;
var init_deduplicate = __esm({
  "lib/operators/deduplicate.ts"() {
    "use strict";
    init_errors();
    init_operator();
    init_refusal();
    schema6 = z24.strictObject({
      key: z24.array(z24.string().min(1)).min(1).describe("columns that make two rows the same"),
      keep: z24.enum(["first", "latest"]).default("first").describe("first: in the order of the source; latest: largest `by`"),
      by: z24.string().min(1).optional().describe("column that says which row is the latest")
    }).refine(
      (options2) => options2.keep === "latest" === (options2.by !== void 0),
      refusal('`by` goes with keep: "latest", and only with it', {
        allowed: 'a column that says which row is the latest, with keep: "latest"',
        change: "give both, or leave both out",
        path: ["by"]
      })
    );
    deduplicate_default = defineOperator({
      component: "deduplicate",
      schema: schema6,
      author: (options2) => ({ options: options2 }),
      meetBy: ({ key: key2 }) => key2,
      shape({ key: key2, by: by2 }, { input }) {
        for (const [index, name3] of key2.entries()) columnOf(name3, input, ["key", index]);
        if (by2 !== void 0) columnOf(by2, input, ["by"]);
        return { form: "first", key: key2, order: by2 === void 0 ? [] : [{ column: by2, descending: true }] };
      }
    });
  }
});

// lib/operators/derive.ts
import * as z25 from "zod";
var schema7, derive_default;
var init_derive = __esm({
  "lib/operators/derive.ts"() {
    "use strict";
    init_named();
    init_operator();
    init_shape();
    schema7 = z25.strictObject({
      columns: named2(z25.string().min(1), { one: "a column with its expression", example: "{ day: 'date::DATE' }" }).describe(
        "new column \u2192 DuckDB expression over the columns there are"
      )
    });
    derive_default = defineOperator({
      component: "derive",
      schema: schema7,
      author: (columns2) => ({ options: { columns: columns2 } }),
      shape({ columns: columns2 }, { input }) {
        const derived = new Map(Object.entries(columns2).map(([name3, sql]) => [name3, { sql, path: ["columns", name3] }]));
        const kept = input.map((column3) => {
          const expression = derived.get(column3.name);
          derived.delete(column3.name);
          return expression ? { name: column3.name, expression } : asItIs(column3);
        });
        const added4 = [...derived].map(([name3, expression]) => ({ name: name3, expression }));
        return { form: "project", columns: [...kept, ...added4] };
      }
    });
  }
});

// lib/core/distribution.ts
function stabilityIndex(counts) {
  const [before2, after3] = totals(counts);
  if (before2 === 0 || after3 === 0) return 0;
  return counts.reduce((sum3, [old, now]) => {
    const [p, q] = [Math.max(old / before2, least), Math.max(now / after3, least)];
    return sum3 + (q - p) * Math.log(q / p);
  }, 0);
}
function chiSquareProbability(counts) {
  const seen = counts.filter(([old, now]) => old + now > 0);
  const [before2, after3] = totals(seen);
  if (before2 === 0 || after3 === 0 || seen.length < 2) return 1;
  const all2 = before2 + after3;
  const statistic = seen.reduce((sum3, [old, now]) => {
    const [p, q] = [(old + now) * before2 / all2, (old + now) * after3 / all2];
    return sum3 + (old - p) ** 2 / p + (now - q) ** 2 / q;
  }, 0);
  return upperGamma((seen.length - 1) / 2, statistic / 2);
}
function quantileDistance(before2, after3) {
  if (before2.length === 0 || after3.length === 0) return 0;
  return [...before2, ...after3].reduce((most, value2) => {
    const upTo = Math.abs(shareUpTo(before2, value2) - shareUpTo(after3, value2));
    const below = Math.abs(shareBelow(before2, value2) - shareBelow(after3, value2));
    return Math.max(most, upTo, below);
  }, 0);
}
function shareUpTo(quantiles2, value2) {
  const steps2 = quantiles2.length - 1;
  const last = quantiles2.findLastIndex((one) => one <= value2);
  if (last < 0) return 0;
  if (last === steps2) return 1;
  const [from2, to] = [quantiles2[last], quantiles2[last + 1]];
  return (last + (value2 - from2) / (to - from2)) / steps2;
}
function shareBelow(quantiles2, value2) {
  return 1 - shareUpTo(
    [...quantiles2].reverse().map((one) => -one),
    -value2
  );
}
function totals(counts) {
  return [counts.reduce((sum3, [old]) => sum3 + old, 0), counts.reduce((sum3, [, now]) => sum3 + now, 0)];
}
function upperGamma(a, x) {
  if (x <= 0) return 1;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? 1 - scale * series(a, x) : scale * fraction(a, x);
}
function series(a, x) {
  let term = 1 / a;
  let sum3 = term;
  for (let n = 1; n < mostTerms && term > sum3 * precise; n++) {
    term *= x / (a + n);
    sum3 += term;
  }
  return sum3;
}
function fraction(a, x) {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let numerators = 1 / tiny;
  let denominators = 1 / b;
  let value2 = denominators;
  for (let n = 1; n < mostTerms; n++) {
    const factor = -n * (n - a);
    b += 2;
    denominators = 1 / (factor * denominators + b || tiny);
    numerators = b + factor / numerators || tiny;
    const step = denominators * numerators;
    value2 *= step;
    if (Math.abs(step - 1) < precise) break;
  }
  return value2;
}
function logGamma(a) {
  let shift = 0;
  let x = a;
  for (; x < 12; x++) shift += Math.log(x);
  const square = 1 / (x * x);
  const tail = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / x;
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + tail - shift;
}
var least, mostTerms, precise;
var init_distribution = __esm({
  "lib/core/distribution.ts"() {
    "use strict";
    least = 1e-4;
    mostTerms = 1e3;
    precise = 1e-14;
  }
});

// lib/operators/drift.ts
import * as z26 from "zod";
function judged(options2, before2, now) {
  const { test, atMost, significance = 1e-3 } = options2;
  if (!now || now.rows === 0) return { holds: true, observed: "no values", allowed: "anything" };
  if (!before2 || before2.rows === 0)
    return { holds: true, observed: "the first profile", allowed: "anything: no earlier run has a profile" };
  if (before2.kind === "quantiles" && now.kind === "quantiles") {
    const distance = quantileDistance(before2.quantiles, now.quantiles);
    return limited("distance", distance, atMost ?? 0.1);
  }
  if (before2.kind !== "categories" || now.kind !== "categories")
    return { holds: true, observed: "another type than before", allowed: "anything" };
  const counts = together(before2, now);
  if (test !== "chi-square") return limited("index", stabilityIndex(counts), atMost ?? 0.2);
  const probability = chiSquareProbability(counts);
  return {
    holds: probability >= significance,
    observed: `probability ${shown4(probability)}`,
    allowed: `at least ${significance}`
  };
}
function limited(what, value2, most) {
  return { holds: value2 <= most, observed: `${what} ${shown4(value2)}`, allowed: `at most ${most}` };
}
function shown4(value2) {
  return value2 === 0 ? "0" : value2.toPrecision(3);
}
function together(before2, now) {
  const [old, fresh2] = [new Map(before2.counts), new Map(now.counts)];
  const pairs = [];
  const others = [before2.others, now.others];
  for (const value2 of /* @__PURE__ */ new Set([...old.keys(), ...fresh2.keys()])) {
    const pair = [old.get(value2) ?? 0, fresh2.get(value2) ?? 0];
    const hidden = !old.has(value2) && before2.others > 0 || !fresh2.has(value2) && now.others > 0;
    if (!hidden) pairs.push(pair);
    else for (const side of [0, 1]) others[side] += pair[side];
  }
  return [...pairs, others];
}
var schema8, counted, measured2, all, drift_default;
var init_drift = __esm({
  "lib/operators/drift.ts"() {
    "use strict";
    init_column_types();
    init_quality_rule();
    init_refusal();
    init_shape();
    init_distribution();
    schema8 = z26.strictObject({
      column: z26.string().min(1).describe("column whose values are watched"),
      test: z26.enum(["psi", "chi-square", "ks"]).optional().describe("population stability index or chi-square for text, Kolmogorov-Smirnov for numbers and times"),
      atMost: z26.number().min(0).optional().describe("largest index (default 0.2) or distance (default 0.1) that holds"),
      significance: z26.number().gt(0).lt(1).optional().describe("of chi-square: smallest probability that holds (0.001)")
    }).refine(
      ({ test, significance }) => significance === void 0 || test === "chi-square",
      refusal('goes with test: "chi-square"', {
        allowed: "`atMost` beside this test",
        change: 'give `atMost` instead, or set test to "chi-square"',
        path: ["significance"]
      })
    ).refine(
      ({ test, atMost }) => atMost === void 0 || test !== "chi-square",
      refusal('goes with the tests "psi" and "ks"', {
        allowed: "`significance` beside this test",
        change: 'give `significance` instead, or set test to "psi" or "ks"',
        path: ["atMost"]
      })
    );
    counted = ["text", "boolean"];
    measured2 = ["number", "time"];
    all = [...counted, ...measured2];
    drift_default = defineQualityRule({
      component: "drift",
      dimension: "distribution",
      schema: schema8,
      author: (column3, options2 = {}, common) => ({
        options: { column: column3, ...options2 },
        common
      }),
      columns: ({ column: column3 }) => [column3],
      measure({ column: column3, test }, columns2) {
        const allowed = test === void 0 ? all : test === "ks" ? measured2 : counted;
        const kind = columnOfKind(column3, columns2, ...allowed);
        const name3 = quoted(column3);
        if (counted.includes(kind)) return { form: "profile", column: column3, value: `${name3}::VARCHAR`, as: "categories" };
        const value2 = kind === "time" ? `epoch_ms(${name3})::DOUBLE` : `${name3}::DOUBLE`;
        return { form: "profile", column: column3, value: value2, as: "quantiles" };
      },
      history: () => ({ runs: 5, profile: true }),
      judge: (options2, { profile }, { profile: before2 }) => judged(options2, before2, profile)
    });
  }
});

// lib/operators/enrich.ts
import * as z27 from "zod";
var schema9, enrich_default;
var init_enrich = __esm({
  "lib/operators/enrich.ts"() {
    "use strict";
    init_errors();
    init_operator();
    init_shape();
    schema9 = z27.strictObject({
      on: z27.string().min(1).describe("equality of columns of both sides, e.g. origin = iata"),
      take: z27.union([z27.array(z27.string().min(1)).min(1), z27.record(z27.string().min(1), z27.string().min(1))]).describe("columns of the other dataset, or new name \u2192 its column"),
      unmatched: z27.enum(["null", "reject", "drop"]).default("null").describe("what becomes of a row without a match")
    });
    enrich_default = defineOperator({
      component: "enrich",
      schema: schema9,
      takesSide: true,
      author: ({ with: side, ...options2 }) => ({ options: options2, side }),
      shape({ on, take, unmatched }, { side = [] }) {
        const entries = Array.isArray(take) ? take.map((name3) => [name3, name3]) : Object.entries(take);
        return {
          form: "lookup",
          on: { sql: on, path: ["on"] },
          take: entries.map(([name3, column3], index) => {
            const path = Array.isArray(take) ? ["take", index] : ["take", name3];
            return { name: name3, expression: { sql: quoted(columnOf(column3, side, path).name) } };
          }),
          unmatched
        };
      }
    });
  }
});

// lib/operators/explode.ts
import * as z28 from "zod";
var schema10, explode_default;
var init_explode = __esm({
  "lib/operators/explode.ts"() {
    "use strict";
    init_column_types();
    init_errors();
    init_operator();
    schema10 = z28.strictObject({
      column: z28.string().min(1).describe("column with the lists"),
      as: z28.string().min(1).optional().describe("name of the column with the elements; default: that of the lists"),
      position: z28.string().min(1).optional().describe("name of a column with the element's place in its list, from 1"),
      empty: z28.enum(["keep", "drop"]).default("keep").describe("what becomes of a row whose list is empty or NULL: it is kept with a NULL, or filtered")
    });
    explode_default = defineOperator({
      component: "explode",
      schema: schema10,
      author: (column3, options2 = {}) => ({
        options: { column: column3, ...options2 }
      }),
      shape({ column: column3, as = column3, position, empty }, { input }) {
        const { type } = columnOf(column3, input, ["column"]);
        if (elementType(type) === void 0)
          throw new ColumnTypeUnfitError(column3, type, "a column of lists, e.g. VARCHAR[]", ["column"]);
        const rule3 = `${column3} has elements`;
        return { form: "explode", column: column3, as, ...position === void 0 ? {} : { position }, empty, rule: rule3 };
      }
    });
  }
});

// lib/operators/filter.ts
import * as z29 from "zod";
var schema11, filter_default;
var init_filter = __esm({
  "lib/operators/filter.ts"() {
    "use strict";
    init_operator();
    schema11 = z29.strictObject({
      condition: z29.string().min(1).describe("DuckDB expression; rows for which it is true go on"),
      rule: z29.string().min(1).optional().describe("name in the ledger; default: the condition itself")
    });
    filter_default = defineOperator({
      component: "filter",
      schema: schema11,
      author: (condition, options2 = {}) => ({ options: { condition, ...options2 } }),
      shape: ({ condition, rule: rule3 }) => ({
        form: "keep",
        rule: rule3 ?? condition,
        condition: { sql: condition, path: ["condition"] }
      })
    });
  }
});

// lib/operators/flatten.ts
import * as z30 from "zod";
function membersOf2(column3, { prefix: prefix2, separator, depth = Number.POSITIVE_INFINITY }) {
  const open10 = (path, sql, type) => {
    const members = path.length <= depth ? structFields(type) : void 0;
    if (!members)
      return [{ name: prefix2 || path.length === 1 ? path.join(separator) : path.at(-1), expression: { sql } }];
    return members.flatMap((member2) => {
      return open10([...path, member2.name], `struct_extract(${sql}, ${literal(member2.name)})`, member2.type);
    });
  };
  return open10([column3.name], quoted(column3.name), column3.type);
}
var schema12, flatten_default;
var init_flatten = __esm({
  "lib/operators/flatten.ts"() {
    "use strict";
    init_errors();
    init_operator();
    init_shape();
    init_struct_type();
    schema12 = z30.strictObject({
      columns: z30.array(z30.string().min(1)).min(1).optional().describe("columns of structures; default: all that there are"),
      prefix: z30.boolean().default(true).describe("names of new columns begin with those of what they stood in"),
      separator: z30.string().default("_").describe("stands between the parts of such a name"),
      depth: z30.int().min(1).optional().describe("how many structures within structures are opened; default: all")
    });
    flatten_default = defineOperator({
      component: "flatten",
      schema: schema12,
      author: (options2 = {}) => ({ options: options2 }),
      shape({ columns: columns2, ...naming }, { input }) {
        for (const [index, name3] of (columns2 ?? []).entries()) {
          const { type } = columnOf(name3, input, ["columns", index]);
          if (!structFields(type)) throw new ColumnTypeUnfitError(name3, type, "a column of structures", ["columns", index]);
        }
        const opened = (column3) => columns2 === void 0 || columns2.includes(column3.name);
        return {
          form: "project",
          columns: input.flatMap((column3) => opened(column3) ? membersOf2(column3, naming) : [asItIs(column3)])
        };
      }
    });
  }
});

// lib/operators/formatted.ts
import * as z31 from "zod";
var octet, label, hex, text2, formats, formatted_default;
var init_formatted = __esm({
  "lib/operators/formatted.ts"() {
    "use strict";
    init_column_types();
    init_quality_rule();
    init_shape();
    octet = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    label = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    hex = "[0-9A-Fa-f]";
    text2 = (pattern2) => (column3) => `regexp_full_match(${column3}, ${literal(pattern2)})`;
    formats = {
      email: text2(`[A-Za-z0-9!#$%&'*+/=?^_\`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_\`{|}~-]+)*@(${label}\\.)+[A-Za-z]{2,63}`),
      uuid: text2(`${hex}{8}-${hex}{4}-${hex}{4}-${hex}{4}-${hex}{12}`),
      ipv4: text2(`${octet}(\\.${octet}){3}`),
      url: text2(`https?://(${label}\\.)*${label}(:[0-9]{1,5})?([/?#][^\\s]*)?`),
      /** On the calendar, too. */
      date: (column3) => `(regexp_full_match(${column3}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND TRY_CAST(${column3} AS DATE) IS NOT NULL)`
    };
    formatted_default = defineQualityRule({
      component: "formatted",
      dimension: "validity",
      schema: z31.strictObject({
        column: z31.string().min(1).describe("column of texts"),
        format: z31.enum(Object.keys(formats)).describe("what the texts should look like")
      }),
      author: (column3, format2, common) => ({
        options: { column: column3, format: format2 },
        common
      }),
      columns: ({ column: column3 }) => [column3],
      measure({ column: column3, format: format2 }, columns2) {
        columnOfKind(column3, columns2, "text");
        return { form: "count", holds: `${quoted(column3)} IS NULL OR ${formats[format2](quoted(column3))}` };
      }
    });
  }
});

// lib/operators/fresh.ts
import * as z32 from "zod";
var schema13, fresh_default;
var init_fresh = __esm({
  "lib/operators/fresh.ts"() {
    "use strict";
    init_column_types();
    init_quality_rule();
    init_shape();
    init_parse_duration();
    schema13 = z32.strictObject({
      column: z32.string().min(1).describe("column of times"),
      within: z32.string().regex(durationPattern, 'is not a duration: a number and a unit, such as "36 hours" or "2 days"').describe("age that the newest row may have")
    });
    fresh_default = defineQualityRule({
      component: "fresh",
      dimension: "freshness",
      schema: schema13,
      author: (column3, within3, common) => ({ options: { column: column3, within: within3 }, common }),
      columns: ({ column: column3 }) => [column3],
      measure({ column: column3 }, columns2) {
        columnOfKind(column3, columns2, "time");
        const name3 = quoted(column3);
        const aggregate = `max(epoch_ms(${name3})) FILTER (isfinite(${name3}))`;
        return { form: "values", values: { newest: { aggregate, merge: "max" } } };
      },
      judge({ within: within3 }, { total, values: values3 }, { startedAt }) {
        const allowed = `at most ${within3} old`;
        const newest = values3?.newest ?? null;
        if (newest === null)
          return { holds: total === 0, observed: total === 0 ? "no rows" : "no row has a time", allowed };
        const age = startedAt - newest;
        const observed = age < 0 ? `${describeDuration(-age)} ahead of the run` : `${describeDuration(age)} old`;
        return { holds: age <= parseDuration(within3), observed, allowed };
      }
    });
  }
});

// lib/operators/holds.ts
import * as z33 from "zod";
var holds_default;
var init_holds = __esm({
  "lib/operators/holds.ts"() {
    "use strict";
    init_quality_rule();
    holds_default = defineQualityRule({
      component: "holds",
      dimension: "consistency",
      schema: z33.strictObject({ condition: z33.string().min(1).describe("DuckDB expression that is true for a good row") }),
      author: (condition, common) => ({ options: { condition }, common }),
      // The compiler finds the output whose columns the expression fits.
      columns: () => [],
      measure: ({ condition }) => ({ form: "count", holds: condition })
    });
  }
});

// lib/operators/join.ts
import * as z34 from "zod";
function taken({ how, take, prefix: prefix2 = "" }, side) {
  if (how === "semi" || how === "anti") return [];
  if (take === void 0) return { but: "keys", prefix: prefix2 };
  const entries = Array.isArray(take) ? take.map((name3) => [name3, name3]) : Object.entries(take);
  return entries.map(([name3, column3], index) => ({
    name: `${prefix2}${name3}`,
    column: columnOf(column3, side, Array.isArray(take) ? ["take", index] : ["take", name3]).name
  }));
}
var schema14, join_default;
var init_join = __esm({
  "lib/operators/join.ts"() {
    "use strict";
    init_errors();
    init_operator();
    init_refusal();
    schema14 = z34.strictObject({
      on: z34.string().min(1).describe("equality of columns of both sides, e.g. order = id AND day = day"),
      how: z34.enum(["inner", "left", "right", "full", "semi", "anti"]).default("inner").describe(
        "inner: rows with a match; left, right, full: also those without one, of this dataset, of the other, of both; semi, anti: rows of this dataset that have a match, or none, each once"
      ),
      take: z34.union([z34.array(z34.string().min(1)).min(1), z34.record(z34.string().min(1), z34.string().min(1))]).optional().describe("columns of the other dataset, or new name \u2192 its column; default: all but those of `on`"),
      prefix: z34.string().min(1).optional().describe("stands before the names of the columns taken"),
      broadcast: z34.boolean().default(false).describe("true: the other dataset is small, read whole and handed to every chunk, so that no rows travel")
    }).refine(
      ({ how, take, prefix: prefix2 }) => how !== "semi" && how !== "anti" || (take ?? prefix2) === void 0,
      refusal("semi and anti take no columns of the other dataset", {
        allowed: 'neither `take` nor `prefix` with how: "semi" or "anti"',
        change: 'leave `take` and `prefix` out, or set how to "inner" or "left"',
        path: ["take"]
      })
    ).refine(
      ({ how, broadcast }) => !broadcast || how !== "right" && how !== "full",
      refusal("no chunk can tell which rows of a broadcast dataset are without a match in all the others", {
        allowed: 'broadcast with how: "inner", "left", "semi" or "anti"',
        change: "leave `broadcast` out, or set how to one of these",
        path: ["broadcast"]
      })
    );
    join_default = defineOperator({
      component: "join",
      schema: schema14,
      takesSide: true,
      sideFlows: ({ broadcast }) => !broadcast,
      author: ({ with: side, ...options2 }) => ({ options: options2, side }),
      shape: (options2, { side = [] }) => ({
        form: "join",
        how: options2.how,
        on: { sql: options2.on, path: ["on"] },
        take: taken(options2, side)
      })
    });
  }
});

// lib/operators/known.ts
import * as z35 from "zod";
var known_default;
var init_known = __esm({
  "lib/operators/known.ts"() {
    "use strict";
    init_quality_rule();
    known_default = defineQualityRule({
      component: "known",
      dimension: "accuracy",
      takesSide: true,
      schema: z35.strictObject({
        column: z35.string().min(1).describe("column whose values should be known"),
        among: z35.string().min(1).describe("column of the reference data")
      }),
      author: (column3, reference, among, common) => ({
        options: { column: column3, among },
        side: reference ?? null,
        common
      }),
      columns: ({ column: column3 }) => [column3],
      others: ({ among }) => ({ columns: [among] }),
      measure: ({ column: column3, among }) => ({ form: "members", columns: [column3], among: [among] })
    });
  }
});

// lib/operators/map.ts
import * as z36 from "zod";
var rule, column2, schema15, map, map_default;
var init_map = __esm({
  "lib/operators/map.ts"() {
    "use strict";
    init_contract();
    init_contract_fields();
    init_operator();
    rule = z36.strictObject({
      name: z36.string().describe("name in the ledger"),
      expression: z36.string().describe("DuckDB expression that is true for a good value"),
      message: z36.string().describe("follows the value in the reason of a reject")
    });
    column2 = z36.strictObject({
      name: z36.string().min(1).describe("name of the column"),
      type: z36.string().min(1).describe("DuckDB type"),
      nullable: z36.boolean().describe("true where the function may return nothing"),
      rules: z36.array(rule).describe("what else must hold for the value"),
      classification: classificationSchema.optional().describe("who may see the values; default: as the most confined column of the rows that go in")
    });
    schema15 = z36.strictObject({
      columns: z36.array(column2).min(1).describe("columns of the rows that the function returns"),
      deadlineSeconds: z36.number().positive().max(300).optional().describe("what one call may take before the function is stopped and the row rejected; default 10"),
      per: z36.enum(["row", "batch"]).optional().describe("batch: the function gets some thousand rows as columns, and returns columns of as many; default: row")
    });
    map = defineOperator({
      component: "map",
      schema: schema15,
      returnsOption: "columns",
      author: (returns, call3, options2 = {}) => ({ options: { columns: fieldsOf(returns), ...options2 }, call: call3 }),
      shape: ({ columns: columns2, deadlineSeconds, per }) => ({ form: "call", columns: columns2, deadlineSeconds, per })
    });
    map_default = map;
  }
});

// lib/component/secret-name.ts
import * as z37 from "zod";
var secretNameSchema;
var init_secret_name = __esm({
  "lib/component/secret-name.ts"() {
    "use strict";
    secretNameSchema = z37.string().regex(
      /^(secretsmanager:[A-Za-z0-9/_+=.@-]{1,512}|ssm:[A-Za-z0-9/_.-]{1,1011})$/,
      "is not the name of a secret: secretsmanager:<name> or ssm:<parameter>, e.g. secretsmanager:shop/hash-key"
    ).describe("name of the secret with the key: secretsmanager:<name> or ssm:<parameter>");
  }
});

// lib/operators/mask.ts
import * as z38 from "zod";
function maskedColumn(column3, how, path) {
  const { name: name3, type } = column3;
  const value2 = quoted(name3);
  const kind = kindOf(type);
  switch (how.method) {
    case "hash":
      return { expression: { sql: keyedHash(how.secret, `${value2}::VARCHAR`), secret: how.secret } };
    case "tokenise": {
      const digits2 = keyedHash(how.secret, `'token:' || ${value2}::VARCHAR`);
      return { expression: { sql: `${literal(how.prefix)} || left(${digits2}, 32)`, secret: how.secret } };
    }
    case "redact":
      if (kind === "text") {
        const sql = `CASE WHEN ${value2} IS NOT NULL THEN ${literal(how.with ?? "[redacted]")} END`;
        return { expression: { sql } };
      }
      if (how.with !== void 0) throw new ColumnTypeUnfitError(name3, type, "a column of text", [...path, "with"]);
      return { expression: { sql: `CASE WHEN ${value2} IS NULL THEN ${value2} END` } };
    case "partial": {
      if (kind !== "text") throw new ColumnTypeUnfitError(name3, type, "a column of text", path);
      const { keepFirst, keepLast } = how;
      const text4 = `${value2}::VARCHAR`;
      const hidden = `length(${text4}) - ${keepFirst + keepLast}`;
      const all2 = `repeat(${literal(how.with)}, length(${text4}))`;
      const some = `left(${text4}, ${keepFirst}) || repeat(${literal(how.with)}, ${hidden}) || right(${text4}, ${keepLast})`;
      return { expression: { sql: `CASE WHEN ${hidden} > 0 THEN ${some} ELSE ${all2} END` } };
    }
    case "generalise":
      return how.to === void 0 ? stepped(column3, how.step, path) : period(column3, how.to, path);
  }
}
function period({ name: name3, type }, to, path) {
  if (kindOf(type) !== "time") throw new ColumnTypeUnfitError(name3, type, "a DATE or a TIMESTAMP", [...path, "to"]);
  return { expression: { sql: `CAST(date_trunc(${literal(to)}, ${quoted(name3)}) AS ${type})` } };
}
function stepped({ name: name3, type }, step, path) {
  const place2 = [...path, "step"];
  if (kindOf(type) !== "number") throw new ColumnTypeUnfitError(name3, type, "a column of numbers", place2);
  const value2 = quoted(name3);
  const rejection2 = (sql2) => ({
    rule: `${name3} fits its type in steps of ${step}`,
    column: name3,
    holds: { sql: `${value2} IS NULL OR ${sql2} IS NOT NULL` },
    message: `has no step of ${step} below it that is ${type}`
  });
  if (/^(FLOAT|DOUBLE)$/.test(type)) {
    const sql2 = `CAST(floor(${value2} / ${step}) * ${step} AS ${type})`;
    return { expression: { sql: sql2 } };
  }
  const scale = /^DECIMAL\(\d+, ?(\d+)\)$/.exec(type)?.[1];
  if (scale === void 0 && !Number.isSafeInteger(step))
    throw new ColumnTypeUnfitError(name3, type, "a step without a fraction for whole numbers", place2);
  const wide = scale === void 0 ? "HUGEINT" : `DECIMAL(38,${scale})`;
  const [whole3, size] = [`${value2}::${wide}`, `${step}::${wide}`];
  const sql = `TRY(CAST(${whole3} - (${whole3} % ${size} + ${size}) % ${size} AS ${type}))`;
  return { expression: { sql, path: place2, shown: `steps of ${step}` }, rejection: rejection2(sql) };
}
var hash, tokenise, redact, partial, generalise, method, schema16, mask_default;
var init_mask = __esm({
  "lib/operators/mask.ts"() {
    "use strict";
    init_column_types();
    init_errors();
    init_keyed_hash();
    init_named();
    init_operator();
    init_refusal();
    init_secret_name();
    init_shape();
    hash = z38.strictObject({
      method: z38.literal("hash").describe("HMAC-SHA-256 of the value under a secret key, 64 hexadecimal digits"),
      secret: secretNameSchema
    });
    tokenise = z38.strictObject({
      method: z38.literal("tokenise").describe("a short token; the same value gives the same one under the same secret"),
      secret: secretNameSchema,
      prefix: z38.string().default("").describe("begins each token, e.g. cus_")
    });
    redact = z38.strictObject({
      method: z38.literal("redact").describe("nothing of the value is left: a text in place of texts, NULL of other types"),
      with: z38.string().optional().describe("text in place of texts; default: [redacted]")
    });
    partial = z38.strictObject({
      method: z38.literal("partial").describe("some characters at the ends are left of a text"),
      keepFirst: z38.int().min(0).default(0).describe("characters that are left at the beginning"),
      keepLast: z38.int().min(0).default(4).describe("characters that are left at the end"),
      with: z38.string().min(1).default("*").describe("stands for each other character")
    }).refine(
      ({ keepFirst, keepLast }) => keepFirst + keepLast > 0,
      refusal("leaves nothing of the text", {
        allowed: "keepFirst and keepLast that are not both 0",
        change: 'use method: "redact", or keep some characters',
        path: ["keepLast"]
      })
    );
    generalise = z38.strictObject({
      method: z38.literal("generalise").describe("a day or number is taken down to the beginning of its period or step"),
      to: z38.enum(["month", "quarter", "year", "decade"]).optional().describe("period that a day or time is in"),
      step: z38.number().positive().optional().describe("distance of the numbers that are left, e.g. 1000")
    }).refine(
      ({ to, step }) => to === void 0 !== (step === void 0),
      refusal("one of to (for days) and step (for numbers) says how coarse it becomes", {
        allowed: "to or step, not both",
        change: "give one of them",
        path: ["to"]
      })
    );
    method = z38.discriminatedUnion("method", [hash, tokenise, redact, partial, generalise]);
    schema16 = z38.strictObject({
      columns: named2(method, { one: "a column with its method", example: "{ name: { method: 'redact' } }" }).describe(
        "column \u2192 how its values are made safe"
      )
    });
    mask_default = defineOperator({
      component: "mask",
      schema: schema16,
      author: (columns2) => ({ options: { columns: columns2 } }),
      shape({ columns: columns2 }, { input }) {
        const masked2 = /* @__PURE__ */ new Map();
        for (const [name3, how] of Object.entries(columns2)) {
          const path = ["columns", name3];
          masked2.set(name3, maskedColumn(columnOf(name3, input, path), how, path));
        }
        return {
          form: "project",
          columns: input.map((column3) => {
            const expression = masked2.get(column3.name)?.expression;
            return expression ? { name: column3.name, expression } : asItIs(column3);
          }),
          rejections: [...masked2.values()].flatMap(({ rejection: rejection2 }) => rejection2 ?? []),
          masks: [...masked2.keys()]
        };
      }
    });
  }
});

// lib/component/linear-pattern.ts
import * as z39 from "zod";
function asRe2(pattern2) {
  return tokensOf2(pattern2).map((token) => token.replace(/^\(\?</, "(?P<")).join("");
}
function groupsOf(pattern2) {
  return tokensOf2(pattern2).filter((token) => token === "(" || /^\(\?P?</.test(token)).map((token) => /<(.+)>$/.exec(token)?.[1]);
}
function tokensOf2(pattern2) {
  return pattern2.match(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\^?\w+:\]|[^\]\\])*\]|\(\?(?:P?<[^>]*>)?|\(|[\s\S]/g) ?? [];
}
var linearPatternSchema;
var init_linear_pattern = __esm({
  "lib/component/linear-pattern.ts"() {
    "use strict";
    init_refusal();
    linearPatternSchema = z39.string().min(1).refine(
      (pattern2) => !/\(\?<?[=!]|(^|[^\\])(\\\\)*\\[1-9]/.test(pattern2),
      refusal("holds a look-around or a back reference, which a search in linear time does not know", {
        allowed: "a regular expression of RE2: no (?=, (?!, (?<=, (?<! and no \\1",
        change: "write the pattern without them"
      })
    );
  }
});

// lib/operators/matches.ts
import * as z40 from "zod";
var schema17, matches_default;
var init_matches = __esm({
  "lib/operators/matches.ts"() {
    "use strict";
    init_column_types();
    init_linear_pattern();
    init_quality_rule();
    init_shape();
    schema17 = z40.strictObject({
      column: z40.string().min(1).describe("column of texts"),
      pattern: linearPatternSchema.describe(
        "regular expression (RE2) that is found somewhere in the text; ^ and $ tie it to the ends"
      ),
      flags: z40.string().regex(/^[ims]*$/, "is not a set of flags: i, m and s, one behind the other").default("").describe("i: any case; m: ^ and $ at every line; s: a dot stands for a line end, too")
    });
    matches_default = defineQualityRule({
      component: "matches",
      dimension: "accuracy",
      schema: schema17,
      author: (column3, pattern2, common) => ({
        // A test of one text knows no flags for many matches, and all text is unicode.
        options: pattern2 instanceof RegExp ? { column: column3, pattern: pattern2.source, flags: pattern2.flags.replace(/[dguv]/g, "") } : { column: column3, pattern: pattern2 },
        common
      }),
      columns: ({ column: column3 }) => [column3],
      measure({ column: column3, pattern: pattern2, flags }, columns2) {
        columnOfKind(column3, columns2, "text");
        const expression = literal(flags ? `(?${flags})${pattern2}` : pattern2);
        return { form: "count", holds: `regexp_matches(${quoted(column3)}, ${expression})` };
      }
    });
  }
});

// lib/operators/one-of.ts
import * as z41 from "zod";
var schema18, one_of_default;
var init_one_of = __esm({
  "lib/operators/one-of.ts"() {
    "use strict";
    init_column_types();
    init_errors();
    init_quality_rule();
    init_shape();
    schema18 = z41.strictObject({
      column: z41.string().min(1).describe("column whose values are listed"),
      values: z41.array(z41.union([z41.string(), z41.number(), z41.boolean()])).min(1).max(1e4).describe("values that are allowed")
    });
    one_of_default = defineQualityRule({
      component: "one-of",
      dimension: "validity",
      schema: schema18,
      author: (column3, values3, common) => ({
        options: { column: column3, values: values3 },
        common
      }),
      columns: ({ column: column3 }) => [column3],
      measure({ column: column3, values: values3 }, columns2) {
        const { type } = columnOf(column3, columns2);
        const kind = kindOf(type);
        const own = kind === "number" || kind === "boolean" ? kind : "string";
        const stranger = values3.find((value3) => typeof value3 !== own);
        if (stranger !== void 0) throw new ColumnTypeUnfitError(column3, type, `the type of ${JSON.stringify(stranger)}`);
        const list = values3.map((value3) => typeof value3 === "string" ? literal(value3) : String(value3));
        const value2 = own === "string" && kind !== "text" ? `${quoted(column3)}::VARCHAR` : quoted(column3);
        return { form: "count", holds: `${value2} IN (${list.join(", ")})` };
      }
    });
  }
});

// lib/component/json-value.ts
import * as z42 from "zod";
function jsonConversion(json2, type, raw, depth = 0) {
  const kind = `json_type(${json2})`;
  const nothing7 = `coalesce(${kind}, 'NULL') = 'NULL'`;
  if (type === "JSON") return { value: `CASE WHEN NOT ${nothing7} THEN ${json2} END`, good: "true" };
  if (typeof type === "string") {
    const text4 = `(${json2} ->> '$')`;
    const { value: value2, kept } = conversion(text4, "VARCHAR", type);
    const plain2 = `${kind} NOT IN ('OBJECT', 'ARRAY')`;
    const exact = /^(FLOAT|DOUBLE)$/.test(type) ? "true" : keepsDigits(json2, text4, raw);
    return {
      value: `CASE WHEN ${plain2} THEN ${value2} END`,
      good: `CASE WHEN ${nothing7} THEN true ELSE ${plain2} AND ${kept(value2)} AND ${exact} END`
    };
  }
  if (isList(type)) {
    const name3 = `__element_${depth}`;
    const element = jsonConversion(name3, type[0], raw, depth + 1);
    const elements = `from_json(${json2}, '["JSON"]')`;
    const all2 = (sql) => `list_transform(${elements}, lambda ${name3}: ${sql})`;
    return {
      value: `CASE WHEN ${kind} = 'ARRAY' THEN ${all2(element.value)} END`,
      good: `CASE WHEN ${nothing7} THEN true ELSE ${kind} = 'ARRAY' AND coalesce(list_bool_and(${all2(element.good)}), true) END`
    };
  }
  const fields2 = Object.entries(type).map(
    ([name3, of]) => [name3, jsonConversion(memberOf(json2, name3), of, raw, depth)]
  );
  const values3 = fields2.map(([name3, { value: value2 }]) => `${quoted(name3)} := ${value2}`);
  const goods = fields2.map(([, { good }]) => ` AND ${good}`);
  return {
    value: `CASE WHEN ${kind} = 'OBJECT' THEN struct_pack(${values3.join(", ")}) END`,
    good: `CASE WHEN ${nothing7} THEN true ELSE ${kind} = 'OBJECT'${goods.join("")} END`
  };
}
function memberOf(json2, name3) {
  return `json_extract(${json2}, ${literal(`/${name3.replaceAll("~", "~0").replaceAll("/", "~1")}`)})`;
}
function jsonTypeTitle(type) {
  if (typeof type === "string") return type;
  return isList(type) ? `a list of ${jsonTypeTitle(type[0])}` : `a structure of ${Object.keys(type).join(", ")}`;
}
function isList(type) {
  return Array.isArray(type);
}
function keepsDigits(json2, text4, raw) {
  const verbatim = `regexp_matches(${raw}, '[^0-9.]' || replace(${text4}, '.', '\\.') || '0*([^0-9.eE]|$)')`;
  return `CASE WHEN json_type(${json2}) <> 'DOUBLE' THEN true WHEN NOT regexp_matches(${raw}, '[0-9][0-9.]{16,}') THEN true ELSE ${verbatim} OR ${holdsNumber(raw, text4)} END`;
}
var leaf, jsonTypeSchema;
var init_json_value = __esm({
  "lib/component/json-value.ts"() {
    "use strict";
    init_conversion();
    init_shape();
    init_significand();
    leaf = z42.union([z42.literal("JSON"), targetTypeSchema]);
    jsonTypeSchema = z42.lazy(
      () => z42.union([leaf, z42.tuple([jsonTypeSchema]), z42.record(z42.string().min(1), jsonTypeSchema)])
    );
  }
});

// lib/component/number-text.ts
import * as z43 from "zod";
function plainNumber(text4, { locale, percent: percent2, currency }) {
  const style2 = numberStyles[locale];
  const group2 = `[${classOf(style2.group)}]`;
  const grouped = style2.pairs ? `\\d{1,2}(?:${group2}\\d{2})*${group2}\\d{3}` : `\\d{1,3}(?:${group2}\\d{3})+`;
  const gap = `[${classOf(spaces)}\\t]*`;
  const unit = currency === false ? "" : `(?:${currencyPattern(currency)})?${gap}`;
  const sign = (name3) => `(?P<${name3}>[-+\u2212])?${gap}`;
  const pattern2 = `^${gap}(?P<open>\\()?${gap}${sign("first")}${unit}${unit ? sign("second") : "(?P<second>)"}(?P<whole>${grouped}|\\d+)?(?:${classOf(style2.decimal) === "." ? "\\." : style2.decimal}(?P<part>\\d+))?${gap}${unit}${percent2 ? `(?P<hundredth>%)?${gap}` : "(?P<hundredth>)"}(?P<close>\\))?${gap}$`;
  const names4 = ["open", "first", "second", "whole", "part", "hundredth", "close"].map(literal).join(", ");
  const found = `regexp_extract(${text4}, ${literal(pattern2)}, [${names4}])`;
  const digits2 = `regexp_replace(__n.whole, ${literal(group2)}, '', 'g')`;
  const padded = `repeat('0', 3 - length(${digits2})) || ${digits2}`;
  const hundredth = `left(${padded}, -2) || '.' || right(${padded}, 2) || __n.part`;
  const whole3 = `CASE WHEN ${digits2} = '' THEN '0' ELSE ${digits2} END || CASE WHEN __n.part <> '' THEN '.' || __n.part ELSE '' END`;
  const negative = `__n.open <> '' OR __n.first IN ('-', '\u2212') OR __n.second IN ('-', '\u2212')`;
  const sound = `__n.whole || __n.part <> '' AND (__n.open = '') = (__n.close = '') AND (__n.first = '' OR __n.second = '') AND (__n.open = '' OR __n.first || __n.second = '')`;
  const number16 = `CASE WHEN ${sound} THEN CASE WHEN ${negative} THEN '-' ELSE '' END || CASE WHEN __n.hundredth <> '' THEN ${hundredth} ELSE ${whole3} END END`;
  return `list_transform([${found}], lambda __n: ${number16})[1]`;
}
function currencyPattern(currency) {
  return currency === true ? "\\p{Sc}|[A-Z]{3}" : currency.map((one) => one.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|");
}
function classOf(characters2) {
  return [...characters2].join("");
}
var spaces, point, comma, space, apostrophe, lakh, numberStyles, numberLocaleSchema;
var init_number_text = __esm({
  "lib/component/number-text.ts"() {
    "use strict";
    init_shape();
    spaces = " \xA0\u202F\u2009";
    point = { decimal: ".", group: "," };
    comma = { decimal: ",", group: "." };
    space = { decimal: ",", group: spaces };
    apostrophe = { decimal: ".", group: "'\u2019" };
    lakh = { ...point, pairs: true };
    numberStyles = {
      cs: space,
      da: comma,
      de: comma,
      "de-CH": apostrophe,
      el: comma,
      en: point,
      "en-IN": lakh,
      es: comma,
      "es-MX": point,
      fi: space,
      fr: space,
      hr: comma,
      hu: space,
      id: comma,
      it: comma,
      "it-CH": apostrophe,
      ja: point,
      ko: point,
      nb: space,
      nl: comma,
      pl: space,
      "pt-BR": comma,
      "pt-PT": space,
      ro: comma,
      ru: space,
      sk: space,
      sl: comma,
      sv: space,
      tr: comma,
      uk: space,
      zh: point
    };
    numberLocaleSchema = z43.enum(Object.keys(numberStyles));
  }
});

// lib/operators/parse.ts
import * as z44 from "zod";
function parsedColumn(how, place2) {
  const { text: text4, value: value2, path } = place2;
  switch (how.as) {
    case "json":
      return parsedJson(how, place2);
    case "date":
    case "timestamp": {
      const formats2 = [how.format].flat();
      const sql = `try_strptime(${text4}, [${formats2.map(literal).join(", ")}])::TIMESTAMP`;
      const made = how.as === "date" ? dayOf(value2) : timeOf(value2, how.zone);
      const what = `a ${how.as} like ${formats2.join(" or ")}`;
      return oneValue(place2, made, {
        what,
        value: { name: value2, expression: { sql, path, shown: formats2.join(", ") } }
      });
    }
    case "number": {
      const { value: made, kept } = conversion(value2, "VARCHAR", how.type);
      const what = `a number (${how.locale}) that is ${how.type}`;
      return oneValue(
        place2,
        { value: made, kept: (given4) => `${value2} IS NOT NULL AND ${kept(given4)}` },
        { what, value: { name: value2, expression: { sql: plainNumber(text4, how), path, shown: what } } }
      );
    }
    case "pattern":
      return parsedGroups(how, place2);
  }
}
function oneValue({ name: name3, path }, made, { what, value: value2 }) {
  return {
    columns: [{ name: name3, expression: { sql: made.value, path, shown: what } }],
    rejections: [rejection(name3, what, `${quoted(name3)} IS NULL OR ${made.kept(made.value)}`)],
    value: value2
  };
}
function rejection(name3, what, holds, rule3 = `${name3} is ${what}`) {
  return { rule: rule3, column: name3, holds: { sql: `coalesce(${holds}, false)` }, message: `is not ${what}` };
}
function dayOf(time2) {
  return { value: `${time2}::DATE`, kept: (value2) => `${value2} = ${time2}` };
}
function timeOf(time2, zone) {
  if (zone === void 0) return { value: time2, kept: (value2) => `${value2} IS NOT NULL` };
  const there = (sql) => `timezone(${literal(zone)}, ${sql})`;
  return { value: `${there(time2)}::TIMESTAMP`, kept: () => `${there(there(time2))} = ${time2}` };
}
function parsedJson({ to, prefix: begin }, { name: name3, text: text4, value: value2, path }) {
  const valid = `CASE WHEN json_valid(${text4}) THEN ${text4}::JSON END`;
  const isJson = rejection(name3, "JSON", `${quoted(name3)} IS NULL OR json_valid(${text4})`);
  if (typeof to === "string" || isList(to)) {
    const { value: made, good } = jsonConversion(value2, to, text4);
    const shown7 = jsonTypeTitle(to);
    return {
      columns: [{ name: name3, expression: { sql: made, path: [...path, "to"], shown: shown7 } }],
      rejections: [isJson, rejection(name3, shown7, good)],
      value: { name: value2, expression: { sql: valid } }
    };
  }
  const types4 = Object.entries(to);
  const fields2 = types4.map(([field, type]) => {
    const { value: made, good } = jsonConversion(`${value2}.${quoted(field)}`, type, text4);
    const what = `JSON whose "${field}" is ${jsonTypeTitle(type)}`;
    return {
      column: { name: `${begin}${field}`, expression: { sql: made, path: [...path, "to", field], shown: what } },
      rejection: rejection(name3, what, good, `${name3}.${field} is ${jsonTypeTitle(type)}`)
    };
  });
  const structure2 = literal(JSON.stringify(Object.fromEntries(types4.map(([field]) => [field, "JSON"]))));
  const isObject = `CASE WHEN json_valid(${text4}) THEN json_type(${text4}) IN ('NULL', 'OBJECT') ELSE true END`;
  return {
    columns: fields2.map(({ column: column3 }) => column3),
    rejections: [isJson, rejection(name3, "a JSON object", isObject), ...fields2.map((field) => field.rejection)],
    value: { name: value2, expression: { sql: `from_json(${valid}, ${structure2})` } }
  };
}
function parsedGroups(how, { name: name3, text: text4, value: value2, path }) {
  const { pattern: shown7, types: types4, prefix: begin } = how;
  const expression = literal(asRe2(shown7));
  const names4 = groupsOf(shown7).map((group2, index) => group2 ?? `__${index}`);
  const groups = groupsOf(shown7).filter((group2) => group2 !== void 0);
  const parts = groups.map((group2) => {
    const type = types4[group2] ?? "VARCHAR";
    const found = `nullif(${value2}.${quoted(group2)}, '')`;
    const made = conversion(found, "VARCHAR", type);
    const what = `a text whose "${group2}" is ${type}`;
    const holds = `${found} IS NULL OR ${made.kept(made.value)}`;
    return {
      column: { name: `${begin}${group2}`, expression: { sql: made.value, path: [...path, "pattern"], shown: shown7 } },
      rejection: rejection(name3, what, holds, `${name3}.${group2} is ${type}`)
    };
  });
  const matches = `${quoted(name3)} IS NULL OR regexp_matches(${text4}, ${expression})`;
  const sql = `regexp_extract(${text4}, ${expression}, [${names4.map(literal).join(", ")}])`;
  return {
    columns: parts.map(({ column: column3 }) => column3),
    rejections: [rejection(name3, `like ${shown7}`, matches), ...parts.map((part) => part.rejection)],
    value: { name: value2, expression: { sql, path: [...path, "pattern"], shown: shown7 } }
  };
}
function isZone2(zone) {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
var prefix, format, json, date, timestamp2, number10, pattern, wanted, schema19, parse_default;
var init_parse = __esm({
  "lib/operators/parse.ts"() {
    "use strict";
    init_column_types();
    init_conversion();
    init_errors();
    init_json_value();
    init_linear_pattern();
    init_named();
    init_number_text();
    init_operator();
    init_refusal();
    init_shape();
    init_time_format();
    prefix = z44.string().default("").describe("begins the names of the new columns");
    format = z44.union([timeFormatSchema, z44.array(timeFormatSchema).min(1)]).describe("strptime format, e.g. %d.%m.%Y, or several: the first that fits is taken");
    json = z44.strictObject({
      as: z44.literal("json").describe("the text is JSON"),
      to: jsonTypeSchema.describe("field \u2192 type; a type, [type] or { field: type }. Fields become columns of their own"),
      prefix
    });
    date = z44.strictObject({ as: z44.literal("date").describe("the text is a day"), format });
    timestamp2 = z44.strictObject({
      as: z44.literal("timestamp").describe("the text is a day and a time; it becomes one in UTC"),
      format,
      zone: z44.string().refine(isZone2, "is not a time zone: a name such as Europe/Berlin").optional().describe("time zone that texts without one are in, e.g. Europe/Berlin; default: UTC")
    }).refine(
      ({ format: format2, zone }) => zone === void 0 || ![format2].flat().some((one) => /%[zZ]/.test(one)),
      refusal("goes with formats that hold no zone of their own (%z, %Z)", {
        path: ["zone"],
        allowed: "a zone for texts without one, or a format with %z or %Z",
        change: "leave `zone` out, or take the zone out of the formats"
      })
    );
    number10 = z44.strictObject({
      as: z44.literal("number").describe("the text is a number as people write it"),
      type: targetTypeSchema.refine(
        (type) => kindOf(type) === "number",
        refusal("is not a type of numbers", {
          allowed: "TINYINT to HUGEINT (or one of them with U), FLOAT, DOUBLE, DECIMAL(width,scale)",
          change: 'name one of these, or use as: "date" or "timestamp" for times'
        })
      ).describe("what it becomes, e.g. DECIMAL(12,2); digits beyond it reject the row"),
      locale: numberLocaleSchema.default("en").describe("language whose decimal and group signs it has"),
      percent: z44.boolean().default(false).describe("a percent sign may follow: 12.5 % becomes 0.125"),
      currency: z44.union([z44.boolean(), z44.array(z44.string().min(1)).min(1)]).default(false).describe("symbols or codes that may stand before or behind; true: any")
    });
    pattern = z44.strictObject({
      as: z44.literal("pattern").describe("the text matches a regular expression"),
      pattern: linearPatternSchema.describe("regular expression (RE2, linear time); its named groups become columns"),
      types: z44.record(z44.string(), targetTypeSchema).default({}).describe("group \u2192 type; default: text"),
      prefix
    }).refine(
      (options2) => groupsOf(options2.pattern).some((name3) => name3 !== void 0),
      refusal("has no named group", {
        path: ["pattern"],
        allowed: "a pattern with named groups, each of which becomes a column",
        change: "name a group, e.g. (?<year>\\d{4})"
      })
    ).superRefine(({ pattern: pattern2, types: types4 }, context) => {
      const groups = groupsOf(pattern2);
      for (const name3 of Object.keys(types4).filter((one) => !groups.includes(one)))
        context.addIssue({
          code: "custom",
          ...refusal("names no group of the pattern", {
            path: ["types", name3],
            allowed: groups.filter((group2) => group2 !== void 0).join(", "),
            change: "name one of the groups, or take this type out"
          }),
          input: name3
        });
    });
    wanted = z44.discriminatedUnion("as", [json, date, timestamp2, number10, pattern]);
    schema19 = z44.strictObject({
      columns: named2(wanted, {
        one: "a column with what its text is",
        example: "{ data: { as: 'json', to: { id: 'BIGINT' } } }"
      }).describe("column of text \u2192 what its text is")
    });
    parse_default = defineOperator({
      component: "parse",
      schema: schema19,
      author: (columns2) => ({ options: { columns: columns2 } }),
      shape({ columns: columns2 }, { input }) {
        const parsed3 = /* @__PURE__ */ new Map();
        for (const [index, [name3, how]] of Object.entries(columns2).entries()) {
          const path = ["columns", name3];
          const { type } = columnOf(name3, input, path);
          if (kindOf(type) !== "text" && !(type === "JSON" && how.as === "json"))
            throw new ColumnTypeUnfitError(name3, type, "a column of text", path);
          parsed3.set(name3, parsedColumn(how, { name: name3, text: `${quoted(name3)}::VARCHAR`, value: `__value_${index}`, path }));
        }
        const all2 = [...parsed3.values()];
        return {
          form: "project",
          lets: all2.flatMap(({ value: value2 }) => value2 ?? []),
          columns: input.flatMap((column3) => parsed3.get(column3.name)?.columns ?? [asItIs(column3)]),
          rejections: all2.flatMap(({ rejections }) => rejections)
        };
      }
    });
  }
});

// lib/operators/pivot.ts
import * as z45 from "zod";
function constant(one, { name: name3, type }, path) {
  const kind = kindOf(type);
  const fits = typeof one === "string" ? kind !== "number" && kind !== "boolean" : kind === typeof one;
  if (fits) return `${literal(String(one))}::${type}`;
  throw new ColumnTypeUnfitError(name3, type, `a column that can be ${JSON.stringify(one)}`, path);
}
var value, schema20, pivot_default;
var init_pivot = __esm({
  "lib/operators/pivot.ts"() {
    "use strict";
    init_column_types();
    init_errors();
    init_operator();
    init_shape();
    value = z45.union([z45.string(), z45.number(), z45.boolean()]);
    schema20 = z45.strictObject({
      by: z45.array(z45.string().min(1)).describe("columns that make a row; empty: one row of everything"),
      column: z45.string().min(1).describe("column whose values become columns"),
      values: z45.union([z45.array(value).min(1), z45.record(z45.string().min(1), value)]).describe("values that get a column each, named like them, or name of the column \u2192 value"),
      cell: z45.string().min(1).describe("DuckDB aggregate expression over the rows of a cell, e.g. sum(amount)"),
      other: z45.string().min(1).optional().describe("name of a column for the rows with any other value, or with none")
    });
    pivot_default = defineOperator({
      component: "pivot",
      schema: schema20,
      author: (options2) => ({ options: options2 }),
      meetBy: ({ by: by2 }) => by2,
      shape({ by: by2, column: column3, values: values3, cell: cell2, other }, { input }) {
        const of = columnOf(column3, input, ["column"]);
        const listed2 = Array.isArray(values3) ? values3.map((one, index) => ({ name: String(one), value: one, path: ["values", index] })) : Object.entries(values3).map(([name3, one]) => ({ name: name3, value: one, path: ["values", name3] }));
        const constants = listed2.map((one) => constant(one.value, of, one.path));
        const expression = { sql: cell2, path: ["cell"] };
        const measures2 = listed2.map(({ name: name3 }, index) => ({
          name: name3,
          expression,
          where: { sql: `${quoted(column3)} = ${constants[index]}` }
        }));
        const rest = { sql: `coalesce(${quoted(column3)} NOT IN (${constants.join(", ")}), true)` };
        return {
          form: "group",
          keys: by2.map((name3, index) => asItIs(columnOf(name3, input, ["by", index]))),
          measures: other === void 0 ? measures2 : [...measures2, { name: other, expression, where: rest }]
        };
      }
    });
  }
});

// lib/operators/populated.ts
import * as z46 from "zod";
var populated_default;
var init_populated = __esm({
  "lib/operators/populated.ts"() {
    "use strict";
    init_quality_rule();
    populated_default = defineQualityRule({
      component: "populated",
      dimension: "completeness",
      schema: z46.strictObject({ least: z46.int().min(1).default(1).describe("rows, at least") }),
      author: (least2, common) => ({ options: { least: least2 }, common }),
      columns: () => [],
      measure: () => ({ form: "values", values: { rows: { aggregate: "count(*)", merge: "sum" } } }),
      judge: ({ least: least2 }, { total }) => ({
        holds: total >= least2,
        observed: `${total} rows`,
        allowed: `at least ${least2}`
      })
    });
  }
});

// lib/operators/rank.ts
import * as z47 from "zod";
var schema21, rank_default;
var init_rank = __esm({
  "lib/operators/rank.ts"() {
    "use strict";
    init_errors();
    init_operator();
    init_order();
    schema21 = z47.strictObject({
      by: z47.array(z47.string().min(1)).describe("columns that make a group; empty: all rows are one"),
      order: orderSchema.describe("columns that decide the place, or { column, descending }; NULLs come last"),
      as: z47.string().min(1).default("rank").describe("name of the new column"),
      ties: z47.enum(["row_number", "rank", "dense_rank"]).default("row_number").describe(
        "rows that are equal in the order: row_number: 1, 2, 3 by their place in the source; rank: 1, 1, 3; dense_rank: 1, 1, 2"
      ),
      top: z47.int().min(1).optional().describe("only rows up to this rank go on; default: all")
    });
    rank_default = defineOperator({
      component: "rank",
      schema: schema21,
      author: (options2) => ({ options: options2 }),
      meetBy: ({ by: by2 }) => by2,
      shape: ({ by: by2, order: order2, as, ties, top }, { input }) => ({
        form: "window",
        keys: by2.map((name3, index) => columnOf(name3, input, ["by", index]).name),
        order: orderOf(order2, input, ["order"]),
        columns: [{ name: as, call: { sql: `${ties}()` }, peers: ties !== "row_number" }],
        ...top !== void 0 && { keep: { column: as, atMost: top, rule: `${ties} up to ${top}` } }
      })
    });
  }
});

// lib/operators/references.ts
import * as z48 from "zod";
var names2, schema22, references_default;
var init_references2 = __esm({
  "lib/operators/references.ts"() {
    "use strict";
    init_quality_rule();
    init_refusal();
    names2 = z48.array(z48.string().min(1)).min(1);
    schema22 = z48.strictObject({
      columns: names2.describe("columns that point elsewhere"),
      against: z48.string().min(1).optional().describe("published table, or another output of the pipeline"),
      among: names2.describe("columns of the other rows, pair by pair")
    }).refine(
      ({ columns: columns2, among }) => columns2.length === among.length,
      refusal("has not as many columns as the other side", {
        allowed: "as many columns in `among` as in `columns`, pair by pair",
        change: "name the columns of both sides in pairs",
        path: ["among"]
      })
    );
    references_default = defineQualityRule({
      component: "references",
      dimension: "consistency",
      takesSide: true,
      schema: schema22,
      author: (columns2, target2, common) => ({
        options: {
          columns: [columns2].flat(),
          ..."table" in target2 && { against: target2.table },
          among: "column" in target2 ? [target2.column] : target2.columns
        },
        ..."with" in target2 && { side: target2.with ?? null },
        common
      }),
      columns: ({ columns: columns2 }) => columns2,
      others: ({ against, among }) => ({ table: against, columns: among }),
      measure: ({ columns: columns2, among }) => ({ form: "members", columns: columns2, among })
    });
  }
});

// lib/operators/rename.ts
import * as z49 from "zod";
var schema23, rename_default;
var init_rename = __esm({
  "lib/operators/rename.ts"() {
    "use strict";
    init_errors();
    init_named();
    init_operator();
    init_shape();
    schema23 = z49.strictObject({
      columns: named2(z49.string().min(1), { one: "a column with its new name", example: "{ dep: 'departure' }" }).describe(
        "old name \u2192 new name"
      )
    });
    rename_default = defineOperator({
      component: "rename",
      schema: schema23,
      author: (columns2) => ({ options: { columns: columns2 } }),
      shape({ columns: columns2 }, { input }) {
        for (const name3 of Object.keys(columns2)) columnOf(name3, input, ["columns", name3]);
        return {
          form: "project",
          columns: input.map(({ name: name3 }) => ({
            name: Object.hasOwn(columns2, name3) ? columns2[name3] : name3,
            expression: { sql: quoted(name3) }
          }))
        };
      }
    });
  }
});

// lib/operators/route.ts
import * as z50 from "zod";
var otherwise, schema24, route_default;
var init_route = __esm({
  "lib/operators/route.ts"() {
    "use strict";
    init_operator();
    init_refusal();
    otherwise = "otherwise";
    schema24 = z50.strictObject({
      routes: z50.record(z50.string().min(1), z50.string().min(1)).refine(
        (routes) => Object.keys(routes).length > 0,
        refusal("has no route", {
          allowed: "a name with a condition, or several",
          change: `give each route a name and a condition, e.g. { eu: "country = 'DE'" }`
        })
      ).refine(
        (routes) => !Object.hasOwn(routes, otherwise),
        refusal('has a condition for "otherwise", which takes what is left', {
          allowed: 'names other than "otherwise"',
          change: "name the route otherwise, or leave it out"
        })
      ).describe("route \u2192 DuckDB expression; a row takes the first for which it is true"),
      to: z50.string().min(1).describe('the route whose rows go on here; "otherwise": those that no route takes')
    }).superRefine(({ routes, to }, context) => {
      const allowed = [...Object.keys(routes), otherwise];
      if (!allowed.includes(to))
        context.addIssue({ code: "invalid_value", values: allowed, path: ["to"], input: to, message: "is not a route" });
    });
    route_default = defineOperator({
      component: "route",
      schema: schema24,
      author: (routes, to) => ({ options: { routes, to } }),
      shape: ({ routes, to }) => ({
        form: "route",
        routes: Object.entries(routes).map(([name3, sql]) => ({ name: name3, condition: { sql, path: ["routes", name3] } })),
        otherwise,
        to
      })
    });
  }
});

// lib/operators/sample.ts
import * as z51 from "zod";
var schema25, sample_default;
var init_sample = __esm({
  "lib/operators/sample.ts"() {
    "use strict";
    init_errors();
    init_operator();
    init_refusal();
    init_shape();
    schema25 = z51.strictObject({
      share: z51.number().gt(0).lt(1).optional().describe("share of the rows, or of the keys where `by` is given; 0 to 1"),
      count: z51.int().min(1).optional().describe("rows at the most, of each key where `by` is given"),
      by: z51.array(z51.string().min(1)).min(1).optional().describe("columns of a key: with `share` its rows go on together, with `count` each key has its own rows"),
      seed: z51.string().default("").describe("another text draws another sample")
    }).refine(
      ({ share, count: count3 }) => share === void 0 !== (count3 === void 0),
      refusal("one of share and count says how large the sample is", {
        allowed: "share or count, not both",
        change: "give one of them",
        path: ["share"]
      })
    );
    sample_default = defineOperator({
      component: "sample",
      schema: schema25,
      author: (options2) => ({ options: options2 }),
      meetBy: ({ count: count3, by: by2 = [] }) => count3 === void 0 ? void 0 : by2,
      shape({ share, count: count3, by: by2, seed }, { input }) {
        const key2 = by2?.map((name3, index) => columnOf(name3, input, ["by", index]).name);
        const drawn = (names5) => {
          const values3 = names5.map((name3) => `${quoted(name3)}::VARCHAR`);
          return { sql: `md5_number_lower(json_array(${[literal(seed), ...values3].join(", ")})::VARCHAR)` };
        };
        const names4 = input.map(({ name: name3 }) => name3);
        const of = key2 ? ` by ${key2.join(", ")}` : "";
        if (share === void 0)
          return { form: "draw", key: key2 ?? [], order: drawn(names4), count: count3, rule: `sample of ${count3}${of}` };
        const bound3 = BigInt(Math.floor(share * 2 ** 53)) << 11n;
        const condition = { sql: `${drawn(key2 ?? names4).sql} < ${bound3}::UBIGINT` };
        return { form: "keep", rule: `sample of ${share}${of}`, condition };
      }
    });
  }
});

// lib/operators/sanitize.ts
import * as z52 from "zod";
function cleaned(column3, { control, trim, spaces: spaces2, unicode }) {
  const ends = `[${white}${control ? unseen : ""}]+`;
  const gone = [...trim ? [`^${ends}`, `${ends}$`] : [], ...control ? [`[${unseen}]`] : []].join("|");
  const single = spaces2 === "single" ? `regexp_replace(${column3}, '[${white}]+', ' ', 'g')` : column3;
  const kept = gone === "" ? single : `regexp_replace(${single}, '${gone}', '', 'g')`;
  return unicode ? `nfc_normalize(${kept})` : kept;
}
var schema26, unseen, white, sanitize_default;
var init_sanitize = __esm({
  "lib/operators/sanitize.ts"() {
    "use strict";
    init_errors();
    init_operator();
    init_shape();
    schema26 = z52.strictObject({
      columns: z52.array(z52.string().min(1)).optional().describe("text columns to clean; default: all of them"),
      control: z52.boolean().default(true).describe("remove control characters, and those that are not seen"),
      trim: z52.boolean().default(true).describe("remove white space at both ends, that of any script"),
      spaces: z52.enum(["keep", "single"]).default("keep").describe("single: white space inside, tabs and line ends too, becomes one space"),
      unicode: z52.boolean().default(true).describe("compose characters and their accents (NFC)"),
      nullTokens: z52.array(z52.string()).default(["", "null", "NULL", "N/A", "n/a", "NA"]).describe("texts that mean NULL, compared when all else is done")
    });
    unseen = "\\x00-\\x1F\\x7F-\\x9F\\x{AD}\\x{200B}\\x{2060}\\x{FEFF}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}";
    white = "\\s\\p{Z}";
    sanitize_default = defineOperator({
      component: "sanitize",
      schema: schema26,
      author: (options2 = {}) => ({ options: options2 }),
      shape({ columns: columns2, nullTokens, ...how }, { input }) {
        const chosen = columns2?.map((name3, index) => {
          const column3 = columnOf(name3, input, ["columns", index]);
          if (column3.type !== "VARCHAR")
            throw new ColumnTypeUnfitError(name3, column3.type, "columns of text", ["columns", index]);
          return name3;
        });
        const tokens = nullTokens.map(literal).join(", ");
        return {
          form: "project",
          columns: input.map((column3) => {
            if (column3.type !== "VARCHAR" || chosen && !chosen.includes(column3.name)) return asItIs(column3);
            const clean = cleaned(quoted(column3.name), how);
            const sql = tokens === "" ? clean : `CASE WHEN ${clean} IN (${tokens}) THEN NULL ELSE ${clean} END`;
            return { name: column3.name, expression: { sql } };
          })
        };
      }
    });
  }
});

// lib/operators/select.ts
import * as z53 from "zod";
var schema27, select_default;
var init_select = __esm({
  "lib/operators/select.ts"() {
    "use strict";
    init_errors();
    init_operator();
    init_shape();
    schema27 = z53.strictObject({
      columns: z53.array(z53.string().min(1)).min(1).describe("columns that go on, in this order")
    });
    select_default = defineOperator({
      component: "select",
      schema: schema27,
      author: (...columns2) => ({ options: { columns: columns2 } }),
      shape: ({ columns: columns2 }, { input }) => ({
        form: "project",
        columns: columns2.map((name3, index) => asItIs(columnOf(name3, input, ["columns", index])))
      })
    });
  }
});

// lib/operators/sort.ts
import * as z54 from "zod";
var schema28, sort_default;
var init_sort = __esm({
  "lib/operators/sort.ts"() {
    "use strict";
    init_operator();
    init_order();
    schema28 = z54.strictObject({
      order: orderSchema.describe("columns that decide, the first one first, or { column, descending }; NULLs come last")
    });
    sort_default = defineOperator({
      component: "sort",
      schema: schema28,
      author: (options2) => ({ options: options2 }),
      shape: ({ order: order2 }, { input }) => ({ form: "sort", order: orderOf(order2, input, ["order"]) })
    });
  }
});

// lib/operators/split.ts
import * as z55 from "zod";
function restOf(index, by2) {
  return `CASE WHEN len(__parts) > ${index} THEN array_to_string(__parts[${index + 1}:], ${literal(by2)}) END`;
}
function shownOf(by2) {
  return typeof by2 === "string" ? JSON.stringify(by2) : by2.pattern;
}
var schema29, split_default;
var init_split = __esm({
  "lib/operators/split.ts"() {
    "use strict";
    init_column_types();
    init_errors();
    init_linear_pattern();
    init_operator();
    init_refusal();
    init_shape();
    schema29 = z55.strictObject({
      column: z55.string().min(1).describe("column of text"),
      by: z55.union([
        z55.string().min(1),
        z55.strictObject({
          pattern: linearPatternSchema.describe("regular expression (RE2) of what stands between parts")
        })
      ]).describe("what stands between parts: a text, or { pattern }"),
      into: z55.array(z55.string().min(1)).min(1).optional().describe("columns for the parts; default: one list in its place"),
      more: z55.enum(["reject", "last"]).default("reject").describe("of more parts than columns: reject the row, or leave the rest together in the last one"),
      fewer: z55.enum(["null", "reject"]).default("null").describe("of fewer parts than columns: the last ones are NULL, or the row is rejected"),
      trim: z55.boolean().default(true).describe("take white space around parts away"),
      empty: z55.enum(["drop", "keep"]).optional().describe("parts without any character; default: dropped from a list, and NULL in a column")
    }).refine(
      ({ more, by: by2 }) => more === "reject" || typeof by2 === "string",
      refusal("goes with a text between parts: of a pattern nobody knows what stood there", {
        allowed: 'more: "reject" where parts are cut by a pattern',
        change: 'cut by a text, or set more to "reject"',
        path: ["more"]
      })
    ).refine(
      ({ more, fewer, into }) => into !== void 0 || more === "reject" && fewer === "null",
      refusal("`more` and `fewer` go with `into`: a list has any number of parts", {
        allowed: "`more` and `fewer` beside `into`",
        change: "name the new columns with `into`, or leave `more` and `fewer` out",
        path: ["into"]
      })
    );
    split_default = defineOperator({
      component: "split",
      schema: schema29,
      author: (column3, options2) => ({ options: { column: column3, ...options2 } }),
      shape({ column: column3, by: by2, into, more, fewer, trim, empty }, { input }) {
        const { type } = columnOf(column3, input, ["column"]);
        if (kindOf(type) !== "text") throw new ColumnTypeUnfitError(column3, type, "a column of text", ["column"]);
        const text4 = `${quoted(column3)}::VARCHAR`;
        const cut2 = typeof by2 === "string" ? `string_split(${text4}, ${literal(by2)})` : `string_split_regex(${text4}, ${literal(asRe2(by2.pattern))})`;
        const clean = (part) => trim ? `trim(${part}, ' 	\r
')` : part;
        const place2 = typeof by2 === "string" ? ["by"] : ["by", "pattern"];
        if (!into) {
          const parts = trim ? `list_transform(${cut2}, lambda __part: ${clean("__part")})` : cut2;
          const sql = empty === "keep" ? parts : `list_filter(${parts}, lambda __part: __part <> '')`;
          const list = { name: column3, expression: { sql, path: place2, shown: `split by ${shownOf(by2)}` } };
          return { form: "project", columns: input.map((one) => one.name === column3 ? list : asItIs(one)) };
        }
        const last = into.length - 1;
        const columns2 = into.map((name3, index) => {
          const whole3 = more === "last" && index === last ? restOf(index, by2) : `__parts[${index + 1}]`;
          const part = clean(whole3);
          return { name: name3, expression: { sql: empty === "keep" ? part : `nullif(${part}, '')` } };
        });
        const rejections = [];
        const check2 = (rule3, holds) => rejections.push({ rule: `${column3} has ${rule3}`, column: column3, holds: { sql: holds }, message: `has not ${rule3}` });
        if (more === "reject") check2(`at most ${into.length} parts`, `len(__parts) <= ${into.length}`);
        if (fewer === "reject") check2(`at least ${into.length} parts`, `len(__parts) >= ${into.length}`);
        return {
          form: "project",
          lets: [{ name: "__parts", expression: { sql: cut2, path: place2, shown: `split by ${shownOf(by2)}` } }],
          columns: input.flatMap((one) => one.name === column3 ? columns2 : [asItIs(one)]),
          rejections
        };
      }
    });
  }
});

// lib/operators/typed.ts
import * as z56 from "zod";
var typed_default;
var init_typed = __esm({
  "lib/operators/typed.ts"() {
    "use strict";
    init_conversion();
    init_errors();
    init_quality_rule();
    init_shape();
    typed_default = defineQualityRule({
      component: "typed",
      dimension: "validity",
      schema: z56.strictObject({
        column: z56.string().min(1).describe("column whose values are tried"),
        type: targetTypeSchema
      }),
      author: (column3, type, common) => ({ options: { column: column3, type }, common }),
      columns: ({ column: column3 }) => [column3],
      measure({ column: column3, type }, columns2) {
        const { value: value2, kept } = conversion(quoted(column3), columnOf(column3, columns2).type, type);
        return { form: "count", holds: `${quoted(column3)} IS NULL OR ${kept(value2)}` };
      }
    });
  }
});

// lib/operators/union.ts
import * as z57 from "zod";
function titles4(nodes) {
  const sources = nodes.map((node) => node.split(".")[0]);
  return sources.map((name3, index) => sources.indexOf(name3) === sources.lastIndexOf(name3) ? name3 : nodes[index]);
}
var schema30, union_default;
var init_union = __esm({
  "lib/operators/union.ts"() {
    "use strict";
    init_operator();
    schema30 = z57.strictObject({
      missing: z57.enum(["null", "error"]).default("error").describe("what a column is that only some of the datasets have: NULL in the rows of the others, or an error"),
      origin: z57.string().min(1).optional().describe("new column with the name of the dataset that a row comes from")
    });
    union_default = defineOperator({
      component: "union",
      schema: schema30,
      takesOthers: true,
      author: ({ with: others, ...options2 }) => ({ options: options2, others: [others].flat() }),
      shape: ({ missing: missing3, origin }, { inputs = [] }) => ({
        form: "union",
        missing: missing3,
        ...origin !== void 0 && { origin: { column: origin, names: titles4(inputs.map(({ node }) => node)) } }
      })
    });
  }
});

// lib/operators/unique.ts
import * as z58 from "zod";
var unique_default;
var init_unique = __esm({
  "lib/operators/unique.ts"() {
    "use strict";
    init_quality_rule();
    unique_default = defineQualityRule({
      component: "unique",
      dimension: "uniqueness",
      schema: z58.strictObject({ key: z58.array(z58.string().min(1)).min(1).describe("columns that make two rows the same") }),
      author: (key2, common) => ({ options: { key: [...key2] }, common }),
      columns: ({ key: key2 }) => key2,
      measure: ({ key: key2 }) => ({ form: "distinct", key: key2 })
    });
  }
});

// lib/operators/validate.ts
import * as z59 from "zod";
var rule2, schema31, validate_default;
var init_validate = __esm({
  "lib/operators/validate.ts"() {
    "use strict";
    init_errors();
    init_named();
    init_operator();
    init_shape();
    rule2 = z59.strictObject({
      column: z59.string().min(1).describe("column whose value the reject shows"),
      holds: z59.string().min(1).describe("DuckDB expression that is true for a good row; NULL counts as good"),
      severity: z59.enum(severities).optional().describe("stands with each reject; critical: one such row stops the run; default: major")
    });
    schema31 = z59.strictObject({
      rules: named2(rule2, { one: "a rule", example: "{ 'is sold': { column: 'price', holds: 'price > 0' } }" }).describe(
        "name of the rule \u2192 what must hold"
      )
    });
    validate_default = defineOperator({
      component: "validate",
      schema: schema31,
      author: (rules) => ({ options: { rules } }),
      shape: ({ rules }, { input }) => ({
        form: "project",
        columns: input.map(asItIs),
        rejections: Object.entries(rules).map(([name3, { column: column3, holds, severity: severity2 }]) => ({
          rule: name3,
          column: columnOf(column3, input, ["rules", name3, "column"]).name,
          holds: { sql: holds, path: ["rules", name3, "holds"] },
          message: `breaks the rule "${name3}"`,
          ...severity2 && { severity: severity2 }
        }))
      })
    });
  }
});

// lib/operators/volume.ts
import * as z60 from "zod";
function mean(values3) {
  return values3.reduce((sum3, value2) => sum3 + value2, 0) / values3.length;
}
var schema32, volume_default;
var init_volume = __esm({
  "lib/operators/volume.ts"() {
    "use strict";
    init_quality_rule();
    init_refusal();
    schema32 = z60.strictObject({
      of: z60.enum(["median", "mean"]).default("median").describe("what of the earlier runs is expected"),
      runs: z60.int().min(1).max(100).default(10).describe("earlier runs that are looked at, at most"),
      least: z60.int().min(1).max(100).default(3).describe("earlier runs below which nothing is expected"),
      within: z60.number().min(0).default(0.5).describe("how far away the rows may be, as a share of what is expected")
    }).refine(
      ({ least: least2, runs }) => least2 <= runs,
      refusal("asks for more runs than are looked at", {
        path: ["least"],
        allowed: "at most as many as `runs`",
        change: "lower `least` or raise `runs`"
      })
    );
    volume_default = defineQualityRule({
      component: "volume",
      dimension: "volume",
      schema: schema32,
      author: (options2 = {}, common) => ({ options: options2, common }),
      columns: () => [],
      measure: () => ({ form: "values", values: { rows: { aggregate: "count(*)", merge: "sum" } } }),
      history: ({ runs }) => ({ runs, profile: false }),
      judge({ of, least: least2, within: within3 }, { total }, { earlier }) {
        const rows3 = earlier.map((run) => run.rows).sort((a, b) => a - b);
        const observed = `${total} rows`;
        if (rows3.length < least2)
          return { holds: true, observed, allowed: `anything: ${rows3.length} earlier runs of the ${least2} that it takes` };
        const expected = of === "mean" ? mean(rows3) : mean(rows3.slice(Math.ceil(rows3.length / 2) - 1, Math.floor(rows3.length / 2) + 1));
        const [from2, to] = [Math.ceil(expected * (1 - within3)), Math.floor(expected * (1 + within3))];
        return {
          holds: total >= from2 && total <= to,
          observed,
          allowed: `${Math.max(0, from2)} to ${to}: the ${of} of ${rows3.length} runs is ${Math.round(expected)}`
        };
      }
    });
  }
});

// lib/operators/window.ts
import * as z61 from "zod";
function frame2(preceding, following) {
  const from2 = preceding === "all" ? "UNBOUNDED PRECEDING" : `${preceding} PRECEDING`;
  const to = following === "all" ? "UNBOUNDED FOLLOWING" : following === 0 ? "CURRENT ROW" : `${following} FOLLOWING`;
  return `ROWS BETWEEN ${from2} AND ${to}`;
}
var rows2, call, schema33, peers, window_default;
var init_window = __esm({
  "lib/operators/window.ts"() {
    "use strict";
    init_errors();
    init_named();
    init_operator();
    init_order();
    rows2 = z61.union([z61.int().min(0), z61.literal("all")]);
    call = z61.string().min(1);
    schema33 = z61.strictObject({
      by: z61.array(z61.string().min(1)).describe("columns that make a group; empty: all rows are one"),
      order: orderSchema.describe("columns that order the rows of a group, or { column, descending }; NULLs come last"),
      columns: named2(
        z61.union([
          call,
          z61.strictObject({
            call: call.describe("call of a window or aggregate function, e.g. avg(price)"),
            preceding: rows2.default("all").describe("rows before the current one that it looks at"),
            following: rows2.default(0).describe("rows behind the current one that it looks at")
          })
        ]),
        { one: "a column with its call", example: "{ before: 'lag(delay)' }" }
      ).describe("new column \u2192 call of a window or aggregate function, over all rows up to the current one, or its frame")
    });
    peers = /^\s*(rank|dense_rank|rank_dense|percent_rank|cume_dist)\s*\(/i;
    window_default = defineOperator({
      component: "window",
      schema: schema33,
      author: (options2) => ({ options: options2 }),
      meetBy: ({ by: by2 }) => by2,
      shape: ({ by: by2, order: order2, columns: columns2 }, { input }) => ({
        form: "window",
        keys: by2.map((name3, index) => columnOf(name3, input, ["by", index]).name),
        order: orderOf(order2, input, ["order"]),
        columns: Object.entries(columns2).map(([name3, given4]) => {
          const written = typeof given4 === "string";
          const { call: sql, preceding, following } = written ? { call: given4, preceding: "all", following: 0 } : given4;
          return {
            name: name3,
            call: { sql, path: written ? ["columns", name3] : ["columns", name3, "call"] },
            ...peers.test(sql) ? { peers: true } : { frame: frame2(preceding, following) }
          };
        })
      })
    });
  }
});

// lib/operators/within.ts
import * as z62 from "zod";
var schema34, within_default;
var init_within = __esm({
  "lib/operators/within.ts"() {
    "use strict";
    init_column_types();
    init_quality_rule();
    init_refusal();
    init_shape();
    schema34 = z62.strictObject({
      column: z62.string().min(1).describe("column of numbers"),
      least: z62.number().describe("lower bound, included"),
      most: z62.number().describe("upper bound, included")
    }).refine(
      ({ least: least2, most }) => least2 <= most,
      refusal("the lower bound is above the upper one", {
        path: ["least"],
        allowed: "a lower bound that is not above the upper one",
        change: "swap the bounds, or correct one of them"
      })
    );
    within_default = defineQualityRule({
      component: "within",
      dimension: "accuracy",
      schema: schema34,
      author: (column3, least2, most, common) => ({
        options: { column: column3, least: least2, most },
        common
      }),
      columns: ({ column: column3 }) => [column3],
      measure({ column: column3, least: least2, most }, columns2) {
        columnOfKind(column3, columns2, "number");
        return { form: "count", holds: `${quoted(column3)} BETWEEN ${least2} AND ${most}` };
      }
    });
  }
});

// lib/registry/operators.ts
var operators;
var init_operators = __esm({
  "lib/registry/operators.ts"() {
    "use strict";
    init_aggregate();
    init_agrees();
    init_cast();
    init_checksum();
    init_complete();
    init_deduplicate();
    init_derive();
    init_drift();
    init_enrich();
    init_explode();
    init_filter();
    init_flatten();
    init_formatted();
    init_fresh();
    init_holds();
    init_join();
    init_known();
    init_map();
    init_mask();
    init_matches();
    init_one_of();
    init_parse();
    init_pivot();
    init_populated();
    init_rank();
    init_references2();
    init_rename();
    init_route();
    init_sample();
    init_sanitize();
    init_select();
    init_sort();
    init_split();
    init_typed();
    init_union();
    init_unique();
    init_validate();
    init_volume();
    init_window();
    init_within();
    operators = {
      aggregate: aggregate_default,
      agrees: agrees_default,
      cast: cast_default,
      checksum: checksum_default,
      complete: complete_default,
      deduplicate: deduplicate_default,
      derive: derive_default,
      drift: drift_default,
      enrich: enrich_default,
      explode: explode_default,
      filter: filter_default,
      flatten: flatten_default,
      formatted: formatted_default,
      fresh: fresh_default,
      holds: holds_default,
      join: join_default,
      known: known_default,
      map: map_default,
      mask: mask_default,
      matches: matches_default,
      "one-of": one_of_default,
      parse: parse_default,
      pivot: pivot_default,
      populated: populated_default,
      rank: rank_default,
      references: references_default,
      rename: rename_default,
      route: route_default,
      sample: sample_default,
      sanitize: sanitize_default,
      select: select_default,
      sort: sort_default,
      split: split_default,
      typed: typed_default,
      union: union_default,
      unique: unique_default,
      validate: validate_default,
      volume: volume_default,
      window: window_default,
      within: within_default
    };
  }
});

// lib/core/concurrently.ts
async function concurrently(items, limit, work5) {
  const results = new Array(items.length);
  let next = 0;
  let failure2;
  const lane = async () => {
    while (next < items.length && !failure2) {
      const index = next++;
      try {
        results[index] = await work5(items[index], index);
      } catch (error) {
        failure2 ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  if (failure2) throw failure2.error;
  return results;
}
var init_concurrently = __esm({
  "lib/core/concurrently.ts"() {
    "use strict";
  }
});

// lib/core/errors/ledger-imbalance-error.ts
var LedgerImbalanceError;
var init_ledger_imbalance_error = __esm({
  "lib/core/errors/ledger-imbalance-error.ts"() {
    "use strict";
    init_terminal_error();
    LedgerImbalanceError = class extends TerminalError {
      name = "LedgerImbalanceError";
      code = "LEDGER_IMBALANCE";
    };
  }
});

// lib/runtime/keys.ts
function runKeys(pipeline4, run) {
  const staged = `staged/${pipeline4}/${run}/`;
  return {
    staged,
    inputs: `${staged}manifest/inputs.json`,
    manifest: (stage) => `${staged}manifest/${stage}.json`,
    reference: (node) => `${staged}reference/${node}.parquet`,
    rows: (output, name3) => `${staged}rows/${output}/${name3}.parquet`,
    exchange: (stage, exchange, part, chunk) => `${staged}${stage}/${exchange}/p=${part}/${chunk}.parquet`,
    fileList: (stage, chunk) => `${staged}files/${stage}-${chunk}.json`,
    rejects: (stage, chunk) => `rejects/${pipeline4}/run=${run}/${stage}-${chunk}.parquet`,
    rejected: `rejects/${pipeline4}/run=${run}/`,
    replayInput: (source, digest) => `rejects/${pipeline4}/replays/${run}/${source}-${digest}.parquet`,
    report: `reports/${pipeline4}/${run}.json`,
    page: `reports/${pipeline4}/${run}.html`,
    lineage: `reports/${pipeline4}/${run}.openlineage.json`
  };
}
function planKey(pipeline4, digest) {
  return `reports/${pipeline4}/plans/${digest}.json`;
}
function lastGoodKey(pipeline4, run) {
  return `reports/${pipeline4}/inputs/${run}.json`;
}
function dataPrefix(place2, run) {
  return `${place2}data/run=${run}/`;
}
var extractStage;
var init_keys2 = __esm({
  "lib/runtime/keys.ts"() {
    "use strict";
    extractStage = "extract";
  }
});

// lib/runtime/ledger/ledger.ts
async function addLedgerEntry(ports, entry) {
  const { files, ...rest } = entry;
  const list = JSON.stringify(files);
  if (Buffer.byteLength(list) <= mostInlineBytes) return ports.runs.addLedgerRecord({ ...rest, files });
  const filesAt = runKeys(entry.pipeline, entry.run).fileList(entry.stage, entry.chunk);
  await ports.objects.createText(filesAt, list);
  return ports.runs.addLedgerRecord({ ...rest, filesAt });
}
async function readLedger(ports, run, stage) {
  return concurrently(await ports.runs.ledgerRecords(run, stage), 16, (record15) => entryOf(ports, record15));
}
async function entryOf(ports, record15) {
  const { filesAt, files, ...rest } = record15;
  if (files) return { ...rest, files };
  const list = filesAt === void 0 ? void 0 : await ports.objects.readText(filesAt);
  if (list !== void 0) return { ...rest, files: JSON.parse(list) };
  throw new LedgerImbalanceError({
    problem: `the list of files of chunk ${record15.stage}/${record15.chunk} is gone`,
    received: filesAt ?? "an entry without files",
    change: "start the run again; keep staged data for longer than a run takes"
  });
}
var mostInlineBytes;
var init_ledger = __esm({
  "lib/runtime/ledger/ledger.ts"() {
    "use strict";
    init_concurrently();
    init_ledger_imbalance_error();
    init_keys2();
    mostInlineBytes = 32 * 1024;
  }
});

// lib/core/errors/critical-reject-error.ts
var CriticalRejectError;
var init_critical_reject_error = __esm({
  "lib/core/errors/critical-reject-error.ts"() {
    "use strict";
    init_terminal_error();
    CriticalRejectError = class extends TerminalError {
      static kind = "data";
      name = "CriticalRejectError";
      code = "CRITICAL_REJECT";
    };
  }
});

// lib/core/errors/reject-budget-exceeded-error.ts
var RejectBudgetExceededError;
var init_reject_budget_exceeded_error = __esm({
  "lib/core/errors/reject-budget-exceeded-error.ts"() {
    "use strict";
    init_terminal_error();
    RejectBudgetExceededError = class extends TerminalError {
      static kind = "data";
      name = "RejectBudgetExceededError";
      code = "REJECT_BUDGET_EXCEEDED";
    };
  }
});

// lib/engine/merge-drift.ts
function mergeDrift(all2) {
  const once3 = /* @__PURE__ */ new Map();
  for (const one of all2) {
    const { change: change2, column: column3, found, action } = one;
    const name3 = JSON.stringify([change2, column3, found, action]);
    const files = [.../* @__PURE__ */ new Set([...once3.get(name3)?.files ?? [], ...one.files])].slice(0, mostFiles);
    once3.set(name3, { ...one, files });
  }
  return [...once3.values()];
}
var mostFiles;
var init_merge_drift = __esm({
  "lib/engine/merge-drift.ts"() {
    "use strict";
    mostFiles = 10;
  }
});

// lib/core/errors/plan-changed-error.ts
var PlanChangedError;
var init_plan_changed_error = __esm({
  "lib/core/errors/plan-changed-error.ts"() {
    "use strict";
    init_terminal_error();
    PlanChangedError = class extends TerminalError {
      static kind = "configuration";
      name = "PlanChangedError";
      code = "PLAN_CHANGED";
    };
  }
});

// lib/core/errors/plan-inconsistent-error.ts
var PlanInconsistentError;
var init_plan_inconsistent_error = __esm({
  "lib/core/errors/plan-inconsistent-error.ts"() {
    "use strict";
    init_terminal_error();
    PlanInconsistentError = class extends TerminalError {
      name = "PlanInconsistentError";
      code = "PLAN_INCONSISTENT";
    };
  }
});

// lib/runtime/pipeline-code.ts
function requirePlan(plan, planDigest2) {
  if (plan.digest === planDigest2) return;
  throw new PlanChangedError({
    problem: `the pipeline "${plan.pipeline}" was deployed anew while this run was on its way`,
    received: `plan ${planDigest2}`,
    allowed: `plan ${plan.digest}`,
    change: "start the run again: its input is untouched and will be read by the new plan"
  });
}
function mainSources(plan) {
  return plan.nodes.filter((node) => node.kind === "source" && node.use === "main");
}
function wholeSources2(plan) {
  return plan.nodes.filter((node) => node.kind === "source" && node.use === "whole");
}
function referenceSources(plan) {
  return plan.nodes.filter((node) => node.kind === "source" && node.use === "reference");
}
function referenceNodes2(plan) {
  const sides = [...plan.nodes, ...plan.quality].flatMap((one) => "side" in one && one.side ? [one.side] : []);
  return [...new Set(sides)].filter((side) => sourcesOf(plan, side).every(({ use }) => use === "reference"));
}
function sourcesOf(plan, id) {
  const node = plan.nodes.find((candidate) => candidate.id === id);
  if (!node)
    throw new PlanInconsistentError({
      problem: "the plan has no such node",
      received: id,
      change: "deploy the pipeline again"
    });
  if (node.kind === "source") return [node];
  const further = node.kind === "step" ? [...node.side === void 0 ? [] : [node.side], ...node.others ?? []] : [];
  return [...new Set([node.input, ...further].flatMap((one) => sourcesOf(plan, one)))];
}
function outputs(plan) {
  return plan.nodes.filter((node) => node.kind === "output");
}
function sourceSide(pipeline4, node) {
  return connector(pipeline4, node).source ?? missing(node, "a source");
}
function sinkSide(pipeline4, node) {
  return connector(pipeline4, node).sink ?? missing(node, "a sink");
}
function connector(pipeline4, node) {
  const found = pipeline4.components[node.component];
  return found?.kind === "connector" ? found : missing(node, "a connector");
}
function missing(node, what) {
  throw new PlanInconsistentError({
    problem: `the bundle has no component "${node.component}" that is ${what}, which node "${node.id}" needs`,
    received: node.component,
    change: "synthesize and deploy the pipeline again"
  });
}
var init_pipeline_code = __esm({
  "lib/runtime/pipeline-code.ts"() {
    "use strict";
    init_plan_changed_error();
    init_plan_inconsistent_error();
  }
});

// lib/runtime/ledger/check-steps.ts
function checkSteps(plan, place2, steps2, files) {
  const where2 = `chunk ${place2.stage}/${place2.chunk}`;
  const byNode = new Map(steps2.map((step) => [step.node, step]));
  if (byNode.size !== steps2.length)
    throw imbalance(where2, "a step is counted twice", steps2.map((step) => step.node).join(", "));
  for (const step of steps2) checkBalance(where2, step);
  for (const node of plan.nodes) {
    const step = byNode.get(node.id);
    const feeders = inputsOf2(node).flatMap((id) => byNode.get(id) ?? []);
    if (step && feeders.length > 0 && feeders.length === inputsOf2(node).length) checkEdge(where2, feeders, step);
  }
  checkRoutes(where2, plan, byNode);
  for (const node of plan.nodes) {
    const step = node.kind === "output" ? byNode.get(node.id) : void 0;
    if (step) checkRows(where2, `files of output "${node.id}"`, rowsOf(files, "table", node.id), step.rowsOut);
  }
  const rejected = steps2.reduce((sum3, step) => sum3 + step.rejected, 0);
  checkRows(where2, "files of rejects", rowsOf(files, "rejects"), rejected);
}
function checkBalance(where2, step) {
  const { rowsIn, multiplied, rowsOut, rejected, filtered, merged: merged2, routed = 0 } = step;
  const accounted = rowsOut + rejected + filtered + merged2 + routed;
  const counts = [rowsIn, multiplied, rowsOut, rejected, filtered, merged2, routed];
  if (counts.every((count3) => Number.isSafeInteger(count3) && count3 >= 0) && rowsIn + multiplied === accounted) return;
  throw imbalance(
    where2,
    `step "${step.node}" does not balance`,
    `${rowsIn} rows in, ${multiplied} multiplied; ${rowsOut} out, ${rejected} rejected, ${filtered} filtered, ${merged2} merged, ${routed} routed`
  );
}
function checkRoutes(where2, plan, counts) {
  const steps2 = plan.nodes.filter((node) => node.kind === "step" && node.route !== void 0);
  for (const choice of Map.groupBy(steps2, ({ route: route2 }) => route2.choice).values()) {
    const counted3 = choice.flatMap(({ id, route: route2 }) => {
      const count3 = counts.get(id);
      return count3 ? [{ to: route2.to, count: count3 }] : [];
    });
    const routes = [...new Map(counted3.map((one) => [one.to, one.count])).values()];
    if (routes.length < choice[0].route.of.length) continue;
    const taken2 = routes.reduce((sum3, { rowsOut, rejected }) => sum3 + rowsOut + rejected, 0);
    const came = routes[0]?.rowsIn ?? 0;
    if (taken2 === came) continue;
    throw imbalance(where2, `the routes of "${choice[0].id}" part rows unevenly`, `${came} rows in, ${taken2} routed`);
  }
}
function checkEdge(where2, feeders, step) {
  const out = feeders.reduce((sum3, { rowsOut }) => sum3 + rowsOut, 0);
  if (out === step.rowsIn) return;
  throw imbalance(
    where2,
    `rows are not the same on both ends between ${feeders.map(({ node }) => `"${node}"`).join(", ")} and "${step.node}"`,
    `${out} rows out, ${step.rowsIn} rows in`
  );
}
function checkRows(where2, what, stored3, counted3) {
  if (stored3 === counted3) return;
  throw imbalance(
    where2,
    `the ${what} do not hold the rows that were counted`,
    `${stored3} rows stored, ${counted3} counted`
  );
}
function rowsOf(files, kind, of) {
  return files.filter((file2) => file2.kind === kind && (of === void 0 || file2.of === of)).reduce((sum3, file2) => sum3 + file2.rows, 0);
}
function inputsOf2(node) {
  if (node.kind === "source") return [];
  return node.kind === "step" ? [node.input, ...node.others ?? []] : [node.input];
}
function imbalance(where2, problem, received) {
  return new LedgerImbalanceError({
    problem: `${where2}: ${problem}`,
    received,
    allowed: "rows in + multiplied = rows out + rejected + filtered + merged + routed, along every edge",
    change: "report this with the run id: rows may have been lost, so the run publishes nothing"
  });
}
var init_check_steps = __esm({
  "lib/runtime/ledger/check-steps.ts"() {
    "use strict";
    init_ledger_imbalance_error();
  }
});

// lib/runtime/ledger/totals.ts
function countsByNode(plan, entries) {
  const nothing7 = { rowsIn: 0, multiplied: 0, rowsOut: 0, rejected: 0, filtered: 0, merged: 0, rules: {} };
  const counts = new Map(plan.nodes.map(({ id: node }) => [node, { node, ...nothing7 }]));
  for (const step of countedSteps(entries)) {
    counts.set(step.node, added(counts.get(step.node) ?? { node: step.node, ...nothing7 }, step));
  }
  return counts;
}
function countedSteps(entries) {
  const captured = entries.filter((entry) => entry.stage === extractStage).flatMap((entry) => entry.steps);
  const once3 = new Map(captured.map((step) => [step.node, step]));
  const chunks = entries.filter((entry) => entry.stage !== extractStage).flatMap((entry) => entry.steps);
  return [...once3.values(), ...chunks];
}
function added(sum3, step) {
  const rules = new Map(Object.entries(sum3.rules));
  for (const [rule3, rows3] of Object.entries(step.rules)) rules.set(rule3, (rules.get(rule3) ?? 0) + rows3);
  const drift = mergeDrift([...sum3.drift ?? [], ...step.drift ?? []]);
  return {
    node: sum3.node,
    rowsIn: sum3.rowsIn + step.rowsIn,
    multiplied: sum3.multiplied + step.multiplied,
    rowsOut: sum3.rowsOut + step.rowsOut,
    rejected: sum3.rejected + step.rejected,
    filtered: sum3.filtered + step.filtered,
    merged: sum3.merged + step.merged,
    ...step.routed !== void 0 && { routed: (sum3.routed ?? 0) + step.routed },
    rules: Object.fromEntries(rules),
    ...drift.length > 0 && { drift }
  };
}
function runTotals(plan, entries, input) {
  const counts = countsByNode(plan, entries);
  const sum3 = (pick) => [...counts.values()].reduce((total, step) => total + pick(step), 0);
  const files = entries.flatMap((entry) => entry.files);
  return {
    inputFiles: input.inputFiles,
    inputBytes: input.inputBytes,
    rowsIn: mainSources(plan).reduce((total, { id }) => total + counts.get(id).rowsIn, 0),
    multiplied: sum3((step) => step.multiplied),
    rejected: sum3((step) => step.rejected),
    filtered: sum3((step) => step.filtered),
    merged: sum3((step) => step.merged),
    tables: Object.fromEntries(outputs(plan).map(({ id, table: table4 }) => [table4, rowsOf(files, "table", id)]))
  };
}
var init_totals = __esm({
  "lib/runtime/ledger/totals.ts"() {
    "use strict";
    init_merge_drift();
    init_keys2();
    init_pipeline_code();
    init_check_steps();
  }
});

// lib/runtime/ledger/reject-budget.ts
async function spendRejects({ runs }, plan, { run, trigger: trigger2, item: { stage, chunk } }, steps2) {
  refuseCritical(steps2);
  if (!plan.rejects || steps2.every(({ rejected }) => rejected === 0)) return;
  const [record15, records] = await Promise.all([runs.find(run), runs.ledgerRecords(run)]);
  const entries = [...records.filter((one) => one.stage !== stage || one.chunk !== chunk), { stage, steps: steps2 }];
  const counts = [...countsByNode(plan, entries).values()];
  const first4 = plan.stages[0].id;
  const done = entries.filter((one) => one.stage === first4).length;
  const chunks = record15?.extract?.stages[first4]?.chunks ?? done;
  const rows3 = Math.ceil(rowsRead(plan, counts) / Math.max(done, 1) * Math.max(chunks, done));
  requireBudget(plan, trigger2, { rejected: rejectedIn(counts), rows: rows3 });
}
function refuseCritical(steps2) {
  for (const { node, critical = 0 } of steps2) {
    if (critical === 0) continue;
    throw new CriticalRejectError({
      problem: `rows broke a critical rule in ${node}`,
      received: critical === 1 ? "1 row" : `${critical} rows`,
      allowed: "none: a single one stops the run",
      change: "look at the rejects of the run; mend the data and drop the file again, or give the rule another severity"
    });
  }
}
function requireBudget(plan, trigger2, { rejected, rows: rows3 }) {
  const { share, count: count3 } = trigger2.kind === "replay" ? {} : plan.rejects ?? {};
  const tooMany = count3 !== void 0 && rejected > count3;
  const tooLarge = share !== void 0 && rejected > share * rows3;
  if (!tooMany && !tooLarge) return;
  throw new RejectBudgetExceededError({
    problem: "the run rejects more rows than its pipeline allows",
    received: `${rejected} of ${rows3} rows`,
    allowed: tooMany ? `${count3} rows` : `a share of ${share}, which is ${Math.floor(share * rows3)} rows`,
    change: "look at the rejects of the run; mend the data or the rules and drop the file again, or raise `rejects`"
  });
}
function rowsRead(plan, steps2) {
  const sources = new Set(
    plan.nodes.flatMap((node) => node.kind === "source" && node.use !== "reference" ? [node.id] : [])
  );
  return steps2.filter(({ node }) => sources.has(node)).reduce((sum3, { rowsIn }) => sum3 + rowsIn, 0);
}
function rejectedIn(steps2) {
  return steps2.reduce((sum3, { rejected }) => sum3 + rejected, 0);
}
var init_reject_budget = __esm({
  "lib/runtime/ledger/reject-budget.ts"() {
    "use strict";
    init_critical_reject_error();
    init_reject_budget_exceeded_error();
    init_totals();
  }
});

// lib/core/errors/parameter-invalid-error.ts
var ParameterInvalidError;
var init_parameter_invalid_error = __esm({
  "lib/core/errors/parameter-invalid-error.ts"() {
    "use strict";
    init_terminal_error();
    ParameterInvalidError = class extends TerminalError {
      static kind = "configuration";
      name = "ParameterInvalidError";
      code = "PARAMETER_INVALID";
    };
  }
});

// lib/runtime/run-parameters.ts
function planWithValues(plan, given4 = {}) {
  if (!plan.parameters) return plan;
  const defaults = Object.entries(plan.parameters).map(([name3, { default: usual2 = null }]) => [name3, usual2]);
  const values3 = { ...Object.fromEntries(defaults), ...given4 };
  const nodes = plan.nodes.map((node) => {
    const places = node.kind === "source" ? placeOptions.filter((name3) => typeof node.options[name3] === "string") : [];
    if (places.length === 0) return node;
    const bound3 = places.map((name3) => [name3, placeWith(node.options[name3], values3)]);
    return { ...node, options: { ...node.options, ...Object.fromEntries(bound3) } };
  });
  return { ...plan, nodes, values: values3 };
}
function requireParameters(plan, given4 = {}) {
  const { pipeline: pipeline4, parameters: parameters3 = {} } = plan;
  const names4 = Object.keys(parameters3);
  const unknown3 = Object.keys(given4).find((name3) => !names4.includes(name3));
  if (unknown3 !== void 0) throw unknownParameter(pipeline4, unknown3, names4);
  const inPlaces = new Set(
    plan.nodes.flatMap(
      ({ options: options2 }) => placeOptions.flatMap((name3) => typeof options2[name3] === "string" ? parametersIn(options2[name3]) : [])
    )
  );
  const values3 = {};
  for (const [name3, { type, default: usual2 }] of Object.entries(parameters3)) {
    const value2 = given4[name3] === void 0 ? usual2 : given4[name3];
    if (value2 === void 0)
      throw new ParameterInvalidError({
        problem: `a run of "${pipeline4}" needs the parameter "${name3}"`,
        received: "no value",
        allowed: parameterForms[type],
        change: `give one: --param ${name3}=<value>`
      });
    const text4 = value2 === null ? null : parameterText(type, value2);
    if (text4 === void 0)
      throw new ParameterInvalidError({
        problem: `the parameter "${name3}" of "${pipeline4}" has the type ${type}, which the value has not`,
        received: value2,
        allowed: parameterForms[type],
        change: "correct the value"
      });
    if (inPlaces.has(name3) && (text4 === null || !fitsPlace(text4)))
      throw new ParameterInvalidError({
        problem: `the parameter "${name3}" of "${pipeline4}" is a part of keys, which the value can not be`,
        received: text4 ?? "no value",
        allowed: "letters, digits and any of _ = . -",
        change: "give another value"
      });
    values3[name3] = text4;
  }
  return values3;
}
function unknownParameter(pipeline4, name3, names4) {
  const guess = nearest(name3, names4);
  return new ParameterInvalidError({
    problem: `the pipeline "${pipeline4}" has no parameter "${name3}"`,
    received: name3,
    allowed: names4.length > 0 ? names4 : "none: it declares no parameters",
    change: guess ? `did you mean "${guess}"?` : "leave it out"
  });
}
var init_run_parameters = __esm({
  "lib/runtime/run-parameters.ts"() {
    "use strict";
    init_parameter();
    init_parameter_place();
    init_parameter_invalid_error();
    init_nearest();
  }
});

// lib/runtime/replay/narrowed-plan.ts
function pipelineOf(pipeline4, trigger2) {
  const plan = planWithValues(pipeline4.plan, trigger2.parameters);
  const narrowed = trigger2.kind === "replay" || trigger2.kind === "backfill";
  return { ...pipeline4, plan: narrowed ? narrowedPlan(plan, trigger2.tables) : plan };
}
function narrowedPlan(plan, tables) {
  const outputs2 = plan.nodes.filter((node) => node.kind === "output" && tables.includes(node.table));
  const ids2 = new Set(outputs2.map(({ id }) => id));
  const quality2 = plan.quality.filter((rule3) => ids2.has(rule3.output));
  const kept = upstream2(plan, [...ids2, ...quality2.flatMap(({ side }) => side ?? [])]);
  const nodesOf = new Map(plan.stages.map((stage) => [stage.id, stage.nodes.filter((id) => kept.has(id))]));
  return {
    ...plan,
    nodes: plan.nodes.filter(({ id }) => kept.has(id)),
    stages: plan.stages.map((stage) => ({
      ...stage,
      nodes: nodesOf.get(stage.id),
      exchanges: stage.exchanges.filter(({ node, feeds }) => kept.has(node) && kept.has(feeds.step))
    })),
    quality: quality2
  };
}
function upstream2(plan, ids2) {
  const kept = new Set(ids2);
  for (const node of [...plan.nodes].reverse()) {
    if (!kept.has(node.id) || node.kind === "source") continue;
    kept.add(node.input);
    if (node.kind !== "step") continue;
    if (node.side !== void 0) kept.add(node.side);
    for (const other of node.others ?? []) kept.add(other);
  }
  return kept;
}
var init_narrowed_plan = __esm({
  "lib/runtime/replay/narrowed-plan.ts"() {
    "use strict";
    init_run_parameters();
  }
});

// lib/core/fallback-text.ts
function fallbackText({ used, component, run, files }) {
  if (used === "empty") return "nothing was read in its place";
  const what = `${files} ${files === 1 ? "file" : "files"}`;
  return used === "last-good" ? `${what} as run ${run} had read them` : `${what} of another source (${component})`;
}
var init_fallback_text = __esm({
  "lib/core/fallback-text.ts"() {
    "use strict";
  }
});

// lib/core/markup.ts
function html(texts3, ...parts) {
  return new Markup(texts3.map((text4, index) => text4 + shown5(parts[index])).join(""));
}
function shown5(part) {
  if (part === void 0) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "string" || typeof part === "number") return escaped3(String(part));
  return part.map(shown5).join("");
}
function escaped3(text4) {
  return text4.toWellFormed().replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFE\uFFFF]/g, "\uFFFD").replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
var Markup;
var init_markup = __esm({
  "lib/core/markup.ts"() {
    "use strict";
    Markup = class {
      text;
      constructor(text4) {
        this.text = text4;
      }
    };
  }
});

// lib/runtime/report/figures.ts
function count(value2) {
  return String(value2).replace(/\B(?=(\d{3})+$)/g, ",");
}
function percent(share) {
  const rounded = share < 1 ? Math.min(99.99, share * 100) : 100;
  return `${rounded.toFixed(2)} %`;
}
function duration(milliseconds2) {
  return milliseconds2 < 1e3 ? `${Math.round(milliseconds2)} ms` : `${(milliseconds2 / 1e3).toFixed(1)} s`;
}
function bytes(value2) {
  const units2 = ["B", "KB", "MB", "GB", "TB"];
  const power = value2 < 1e3 ? 0 : Math.min(units2.length - 1, Math.floor(Math.log10(value2) / 3));
  return `${(value2 / 1e3 ** power).toFixed(power === 0 ? 0 : 1)} ${units2[power]}`;
}
var init_figures = __esm({
  "lib/runtime/report/figures.ts"() {
    "use strict";
  }
});

// lib/runtime/report/bars.ts
function barPlot({ title, bars, whole: whole3, marks = [] }) {
  const room = width - labels - values;
  const most = whole3 ?? Math.max(...bars.map(sum2));
  const scale = (size) => most > 0 ? size / most * room : 0;
  const top = marks.length > 0 ? 18 : 4;
  const height = top + bars.length * line;
  return html`<div class="wide" tabindex="0"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}"><title>${title}</title>${marks.map(
    ({ at, name: name3 }) => html`<g class="mark"><line x1="${labels + scale(at)}" x2="${labels + scale(at)}" y1="14" y2="${height}"/><text x="${labels + scale(at)}" y="10" text-anchor="middle">${name3}</text></g>`
  )}${bars.map((bar, index) => oneBar(bar, top + index * line, scale))}</svg></div>`;
}
function oneBar({ label: label2, value: value2, parts }, y, scale) {
  let x = labels;
  const drawn = parts.filter(({ size }) => size > 0).map(({ size, tone, name: name3 }) => {
    const from2 = x;
    const wide = Math.max(1, scale(size));
    x += wide;
    return html`<rect class="${tone}" x="${from2.toFixed(1)}" y="${y + 3}" width="${wide.toFixed(1)}" height="${thick}"><title>${name3}</title></rect>`;
  });
  const short = label2.length > longestLabel ? `${label2.slice(0, longestLabel - 1)}\u2026` : label2;
  return html`<g><text class="label" x="${labels - 8}" y="${y + thick}" text-anchor="end">${short}<title>${label2}</title></text>${drawn}<text class="value" x="${width - values + 8}" y="${y + thick}">${value2}</text></g>`;
}
function sum2({ parts }) {
  return parts.reduce((total, { size }) => total + size, 0);
}
var width, labels, values, line, thick, longestLabel;
var init_bars = __esm({
  "lib/runtime/report/bars.ts"() {
    "use strict";
    init_markup();
    width = 720;
    labels = 220;
    values = 110;
    line = 26;
    thick = 14;
    longestLabel = 29;
  }
});

// lib/runtime/report/plots.ts
function qualityPlot({ dimensions }, gate) {
  const bars = Object.entries(dimensions).map(([dimension, share]) => {
    const tone = share >= gate.pass ? "good" : share >= gate.review ? "warn" : "bad";
    return { label: dimension, value: percent(share), parts: [{ size: share, tone, name: percent(share) }] };
  });
  if (bars.length === 0) return void 0;
  const pass = { at: gate.pass, name: `pass ${percent(gate.pass)}` };
  const marks = gate.pass - gate.review < 0.2 ? [pass] : [pass, { at: gate.review, name: `review ${percent(gate.review)}` }];
  return barPlot({ title: "Quality by dimension", bars, whole: 1, marks });
}
function rowPlot({ ledger }) {
  const bars = ledger.map((step) => {
    const parts = fates.map(({ name: name3, tone, of }) => {
      const rows3 = step[of] ?? 0;
      return { size: rows3, tone, name: `${count(rows3)} ${name3}` };
    });
    const { node: label2, rowsIn, multiplied } = step;
    return { label: label2, value: multiplied > 0 ? `${count(rowsIn)} + ${count(multiplied)}` : count(rowsIn), parts };
  });
  if (bars.length === 0) return void 0;
  const there = fates.filter(({ of }) => ledger.some((step) => (step[of] ?? 0) > 0));
  const key2 = there.map(
    ({ name: name3, tone }) => html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="${tone}" width="10" height="10"/></svg>${name3}</li>`
  );
  return html`<ul class="key">${key2}</ul>${barPlot({ title: "Rows into each step and what became of them", bars })}`;
}
function rejectPlot({ ledger }) {
  const taken2 = ledger.flatMap((step) => {
    const tone = step.rejected > 0 ? "bad" : step.filtered > 0 ? "warn" : "soft";
    return Object.entries(step.rules).map(([rule3, rows3]) => ({ node: step.node, rule: rule3, rows: rows3, tone }));
  });
  if (taken2.length === 0) return void 0;
  const bars = taken2.sort((a, b) => b.rows - a.rows).slice(0, mostRules).map(({ node, rule: rule3, rows: rows3, tone }) => {
    const name3 = `${node}: ${rule3}`;
    return { label: name3, value: count(rows3), parts: [{ size: rows3, tone, name: `${count(rows3)} rows, ${name3}` }] };
  });
  const more = taken2.length - bars.length;
  const rest = more > 0 ? html`<p class="faint">and ${more} more rules</p>` : void 0;
  return html`${barPlot({ title: "Rows taken by each rule", bars })}${rest}`;
}
function durationPlot({ stages }) {
  const bars = Object.entries(stages).flatMap(
    ([stage, { chunks, milliseconds: milliseconds2 }]) => Object.entries(milliseconds2).filter(([, spent]) => spent > 0).map(([phase, spent]) => {
      const label2 = `${stage}${chunks > 1 ? ` \xD7 ${chunks}` : ""}: ${phase}`;
      return { label: label2, value: duration(spent), parts: [{ size: spent, tone: "plain", name: duration(spent) }] };
    })
  );
  return bars.length === 0 ? void 0 : barPlot({ title: "Time of all chunks by stage and phase", bars });
}
var mostRules, fates;
var init_plots = __esm({
  "lib/runtime/report/plots.ts"() {
    "use strict";
    init_markup();
    init_bars();
    init_figures();
    mostRules = 20;
    fates = [
      { name: "go on", tone: "plain", of: "rowsOut" },
      { name: "rejected", tone: "bad", of: "rejected" },
      { name: "filtered", tone: "warn", of: "filtered" },
      { name: "merged", tone: "soft", of: "merged" },
      { name: "routed elsewhere", tone: "soft", of: "routed" }
    ];
  }
});

// lib/runtime/report/style.ts
var style;
var init_style = __esm({
  "lib/runtime/report/style.ts"() {
    "use strict";
    init_markup();
    style = new Markup(`<style>
:root{color-scheme:light dark;--ground:#fff;--raised:#f6f7f9;--line:#d9dde3;--ink:#1a1f27;--faint:#566070;--good:#1a7f4b;--warn:#9a6200;--bad:#b3261e;--plain:#2f6fb3;--soft:#98a3b3;--on:#fff}
@media(prefers-color-scheme:dark){:root{--ground:#12161c;--raised:#1b212a;--line:#343d4a;--ink:#e8ebf0;--faint:#a3adbb;--good:#4cc38a;--warn:#e0a63a;--bad:#ff7b72;--plain:#6cb0f0;--soft:#657182;--on:#12161c}}
*{box-sizing:border-box}body{margin:0 auto;max-width:60rem;padding:1.5rem 1rem 4rem;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2.25rem 0 .5rem}p{margin:.25rem 0}.faint{color:var(--faint)}code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}
header{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center}.badge{padding:.1rem .7rem;border-radius:1rem;font-weight:600;color:var(--on)}
.badge.pass{background:var(--good)}.badge.review{background:var(--warn)}.badge.fail{background:var(--bad)}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:.5rem;margin:1rem 0}dl div{background:var(--raised);border:1px solid var(--line);border-radius:.5rem;padding:.5rem .75rem}dt{color:var(--faint);font-size:.85rem}dd{margin:0;font-size:1.2rem;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}caption{text-align:left;color:var(--faint);padding:.25rem 0}th,td{text-align:left;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}th{color:var(--faint);font-weight:500}td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}td{overflow-wrap:anywhere;min-width:4rem}td.number,td.short{white-space:nowrap;overflow-wrap:normal}td code{overflow-wrap:normal}
.good{color:var(--good);fill:var(--good)}.warn{color:var(--warn);fill:var(--warn)}.bad{color:var(--bad);fill:var(--bad)}.plain{fill:var(--plain)}.soft{fill:var(--soft)}
svg{display:block;width:100%;min-width:32rem;height:auto;margin:.5rem 0;font:12px system-ui,sans-serif}svg .label,svg .value{fill:var(--ink)}svg .mark line{stroke:var(--faint);stroke-dasharray:3 3}svg .mark text{fill:var(--faint);font-size:11px}
.key{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;margin:.25rem 0;list-style:none;font-size:.85rem;color:var(--faint)}.key svg{display:inline-block;min-width:0;width:.8rem;height:.8rem;margin:0 .35rem 0 0;vertical-align:-1px}
details{margin:.5rem 0;border:1px solid var(--line);border-radius:.5rem;padding:.4rem .75rem}summary{cursor:pointer}
</style>`);
  }
});

// lib/runtime/report/tables.ts
function rulesTable({ rules }) {
  if (rules.length === 0) return void 0;
  const rows3 = rules.map(
    (rule3) => html`<tr>
<td class="short">${resultOf(rule3)}</td>
<td><code>${rule3.rule}</code> ${optionsOf(rule3)}</td><td>${rule3.table}</td><td class="short">${rule3.dimension}</td>
<td class="number">${percent(rule3.share)}</td><td class="number">${rule3.allowed === void 0 ? `${count(rule3.passed)} of ${count(rule3.total)}` : "all"}</td>
<td>${rule3.atLeast > 0 ? html`at least ${percent(rule3.atLeast)}, else ${rule3.onBreak}` : "counts in the score"}${foundOf(rule3)}</td></tr>`
  );
  return html`<div class="wide" tabindex="0"><table><caption>Rules</caption><thead><tr><th scope="col">result</th><th scope="col">rule</th><th scope="col">table</th><th scope="col">dimension</th><th scope="col" class="number">share</th><th scope="col" class="number">rows</th><th scope="col">threshold</th></tr></thead><tbody>${rows3}</tbody></table></div>`;
}
function resultOf({ broken, share, atLeast }) {
  if (broken) return html`<strong class="bad">✗ broken</strong>`;
  if (share === 1 || atLeast > 0) return html`<span class="good">✓ holds</span>`;
  return html`<span class="warn">△ in part</span>`;
}
function optionsOf({ options: options2 }) {
  const shown7 = Object.entries(options2).map(([name3, value2]) => `${name3}: ${textOf(value2)}`);
  return html`<span class="faint">${shown7.join(", ")}</span>`;
}
function foundOf({ observed, allowed }) {
  if (observed === void 0) return void 0;
  return html`<br><span class="faint">${observed}${allowed === void 0 ? "" : `, asked for ${allowed}`}</span>`;
}
function samplesOf({ samples = {}, rules }) {
  const shown7 = rules.filter(({ rule: rule3 }) => (samples[rule3] ?? []).length > 0);
  if (shown7.length === 0) return void 0;
  const parts = shown7.map((score) => {
    const rows3 = samples[score.rule];
    const columns2 = [...new Set(rows3.flatMap((row) => Object.keys(row)))];
    const head = columns2.map((column3) => html`<th scope="col">${column3}</th>`);
    const body = rows3.map((row) => html`<tr>${columns2.map((column3) => cell(row[column3]))}</tr>`);
    const all2 = score.total - score.passed;
    const summary = html`<code>${score.rule}</code>: ${count(all2)} break it, ${rows3.length} shown`;
    return html`<details><summary>${summary}</summary><div class="wide" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div></details>`;
  });
  return html`<section><h2>Rows that break rules</h2>${parts}</section>`;
}
function ledgerTable({ ledger }) {
  const routes = ledger.some(({ routed }) => routed !== void 0);
  const losses = ["rejected", "filtered", "merged", ...routes ? ["routed"] : []];
  const rows3 = ledger.map((step) => {
    const counts = [step.rowsIn, step.multiplied, step.rowsOut, ...losses.map((name3) => step[name3] ?? 0)];
    return html`<tr><td><code>${step.node}</code></td>${counts.map((rows4) => html`<td class="number">${count(rows4)}</td>`)}</tr>`;
  });
  const heads = ["in", "multiplied", "out", ...losses].map((name3) => html`<th scope="col" class="number">${name3}</th>`);
  return html`<div class="wide" tabindex="0"><table><caption>Ledger: in + multiplied = out + ${losses.join(" + ")}</caption><thead><tr><th scope="col">step</th>${heads}</tr></thead><tbody>${rows3}</tbody></table></div>`;
}
function driftTable({ drift = [] }) {
  if (drift.length === 0) return void 0;
  const rows3 = drift.map(
    ({ source, column: column3, change: change2, found, action, files }) => html`<tr><td><code>${source}</code></td><td>${column3}</td><td class="short">${change2}</td><td>${found ?? ""}</td><td class="short">${action === "evolve" ? "went on" : "quarantined"}</td><td>${files.join(", ")}</td></tr>`
  );
  return html`<div class="wide" tabindex="0"><table><caption>Columns that differ from the contract</caption><thead><tr><th scope="col">source</th><th scope="col">column</th><th scope="col">is</th><th scope="col">found</th><th scope="col">rows</th><th scope="col">files</th></tr></thead><tbody>${rows3}</tbody></table></div>`;
}
function cell(value2) {
  return value2 === null || value2 === void 0 ? html`<td class="faint">NULL</td>` : html`<td>${textOf(value2)}</td>`;
}
function textOf(value2) {
  return typeof value2 === "string" ? value2 : JSON.stringify(value2);
}
var init_tables = __esm({
  "lib/runtime/report/tables.ts"() {
    "use strict";
    init_markup();
    init_figures();
  }
});

// lib/runtime/report/page.ts
function reportPage(report, gate) {
  const { pipeline: pipeline4, run, score, totals: totals2 } = report;
  const published = Object.values(totals2.tables).reduce((sum3, rows3) => sum3 + rows3, 0);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${pipeline4}: quality ${percent(score)}</title>
${style}
</head>
<body>
<header><h1>${pipeline4}</h1><span class="badge ${report.gate}">${gateWords[report.gate]}</span><span>quality ${percent(score)}</span></header>
<p class="faint"><code>${run}</code></p>
<p class="faint">started ${report.startedAt} by ${triggerOf2(report)}, assessed ${report.assessedAt}, plan <code>${report.planDigest.slice(0, 12)}</code></p>
<main>
<dl>
${tile("rows read", count(totals2.rowsIn))}
${tile("rows in tables", count(published))}
${tile("rejected", count(totals2.rejected))}
${tile("filtered", count(totals2.filtered))}
${tile("merged", count(totals2.merged))}
${tile("input", `${count(totals2.inputFiles)} ${totals2.inputFiles === 1 ? "file" : "files"}, ${bytes(totals2.inputBytes)}`)}
</dl>
${section("Quality", [qualityPlot(report, gate), rulesTable(report)])}
${samplesOf(report)}
${fallbackSection(report)}
${driftSection(report)}
${section("What became of the rows", [rowPlot(report), ledgerTable(report)])}
${section("Rejected, filtered and merged by rule", [rejectPlot(report)])}
${section("Time", [durationPlot(report)])}
</main>
</body>
</html>
`;
  return page.text;
}
function fallbackSection({ fallbacks = [] }) {
  if (fallbacks.length === 0) return void 0;
  const items = fallbacks.map(
    (use) => html`<li><code>${use.source}</code>: ${fallbackText(use)}, because of ${use.error}</li>`
  );
  return section("Sources that were not read", [html`<ul>${items}</ul>`]);
}
function driftSection(report) {
  const table4 = driftTable(report);
  return table4 && section("Columns of the input", [table4]);
}
function section(title, parts) {
  const shown7 = parts.filter((part) => part !== void 0);
  return html`<section><h2>${title}</h2>${shown7.length > 0 ? shown7 : html`<p class="faint">none</p>`}</section>`;
}
function tile(name3, value2) {
  return html`<div><dt>${name3}</dt><dd>${value2}</dd></div>`;
}
function triggerOf2({ trigger: trigger2 }) {
  if (trigger2.kind === "file") return trigger2.key;
  if (trigger2.kind === "event") return `the event ${trigger2.id}`;
  if (trigger2.kind === "batch") return `files of ${trigger2.place}, batch ${trigger2.number}`;
  if (trigger2.kind === "folder") return `the files of ${trigger2.folder}`;
  if (trigger2.kind === "replay") return `a replay of rejects of ${trigger2.of}`;
  if (trigger2.kind === "backfill") return `slice ${trigger2.slice} of the backfill ${trigger2.of}`;
  if (trigger2.kind === "pipeline") return `the completion of ${trigger2.run}`;
  return trigger2.kind === "schedule" ? `the schedule of ${trigger2.time}` : `hand (${trigger2.requestId})`;
}
var gateWords;
var init_page = __esm({
  "lib/runtime/report/page.ts"() {
    "use strict";
    init_fallback_text();
    init_markup();
    init_figures();
    init_plots();
    init_style();
    init_tables();
    gateWords = {
      pass: "passed the gate",
      review: "waits for a review",
      fail: "failed the gate"
    };
  }
});

// lib/core/errors/run-missing-error.ts
var RunMissingError;
var init_run_missing_error = __esm({
  "lib/core/errors/run-missing-error.ts"() {
    "use strict";
    init_terminal_error();
    RunMissingError = class extends TerminalError {
      static kind = "not-found";
      name = "RunMissingError";
      code = "RUN_MISSING";
    };
  }
});

// lib/core/errors/run-state-error.ts
var RunStateError;
var init_run_state_error = __esm({
  "lib/core/errors/run-state-error.ts"() {
    "use strict";
    init_terminal_error();
    RunStateError = class extends TerminalError {
      name = "RunStateError";
      code = "RUN_STATE";
    };
  }
});

// lib/runtime/run/enter.ts
async function requireRun(ports, run) {
  const record15 = await ports.runs.find(run);
  if (record15) return record15;
  throw new RunMissingError({
    problem: "there is no such run",
    received: run,
    change: "take an id from the list of runs; records of old runs expire"
  });
}
async function enter(ports, change2) {
  if (await ports.runs.change({ ...change2, at: ports.clock.now() })) return;
  const { state: state2, phase } = await requireRun(ports, change2.run);
  throw new RunStateError({
    problem: `run "${change2.run}" can not become ${shown6(change2.to)}`,
    received: shown6({ state: state2, phase }),
    allowed: change2.from.map(shown6),
    change: "start a new run, or wait until this one has come so far"
  });
}
function shown6({ state: state2, phase }) {
  return phase ? `${state2} (${phase})` : state2;
}
var init_enter = __esm({
  "lib/runtime/run/enter.ts"() {
    "use strict";
    init_run_missing_error();
    init_run_state_error();
  }
});

// lib/runtime/assess/alerts.ts
async function raiseAlerts(ports, input, { rules, gate, drift = [] }) {
  const { report } = runKeys(input.pipeline, input.run);
  if (drift.length > 0)
    await ports.bus.publish({
      type: "SchemaDrifted",
      pipeline: input.pipeline,
      run: input.run,
      at: ports.clock.now(),
      detail: { drift: drift.slice(0, mostColumns), columns: drift.length, report }
    });
  const broken = rules.filter((rule3) => rule3.broken);
  await concurrently(
    broken,
    4,
    ({ rule: rule3, dimension, table: table4, share, atLeast, onBreak, observed, allowed }) => ports.bus.publish({
      type: "QualityAlert",
      pipeline: input.pipeline,
      run: input.run,
      at: ports.clock.now(),
      detail: {
        rule: rule3,
        dimension,
        table: table4,
        share,
        threshold: atLeast,
        severity: onBreak,
        gate,
        ...observed !== void 0 && { observed },
        ...allowed !== void 0 && { allowed },
        report
      }
    })
  );
}
var mostColumns;
var init_alerts = __esm({
  "lib/runtime/assess/alerts.ts"() {
    "use strict";
    init_concurrently();
    init_keys2();
    mostColumns = 50;
  }
});

// lib/runtime/assess/check-ledger.ts
function checkLedger(plan, planned, entries, counts) {
  checkChunks(plan, planned, entries);
  for (const step of counts.values()) checkBalance(where, step);
  for (const node of plan.nodes) {
    const feeders = inputsOf2(node).map((id) => counts.get(id));
    if (feeders.length > 0) checkEdge(where, feeders, counts.get(node.id));
  }
  checkRoutes(where, plan, counts);
  checkFiles(
    plan,
    planned.some((item) => item.solo),
    entries,
    counts
  );
}
function checkChunks(plan, planned, entries) {
  const expected = planned.map(({ stage, chunk }) => `${stage}/${chunk}`);
  if (planned.length > 0) expected.push(...referenceNodes2(plan).map((node) => `${extractStage}/${node}`));
  const found = entries.map(({ stage, chunk }) => `${stage}/${chunk}`);
  const unseen2 = new Set(expected);
  const surplus = found.filter((chunk) => !unseen2.delete(chunk));
  const missing3 = [...unseen2];
  if (missing3.length > 0) throw imbalance(where, "chunks are missing", first2(missing3));
  if (surplus.length > 0) throw imbalance(where, "there are chunks that nobody planned", first2(surplus));
}
function checkFiles(plan, solo, entries, counts) {
  const files = entries.flatMap((entry) => entry.files);
  for (const { id, table: table4 } of outputs(plan)) {
    checkRows(where, `files of table "${table4}"`, rowsOf(files, "table", id), counts.get(id).rowsOut);
  }
  for (const { id, node } of solo ? [] : plan.stages.flatMap((stage) => stage.exchanges)) {
    checkRows(where, `files of exchange "${id}"`, rowsOf(files, "exchange", id), counts.get(node).rowsOut);
  }
  const rejected = entries.flatMap((entry) => entry.steps).reduce((sum3, step) => sum3 + step.rejected, 0);
  checkRows(where, "files of rejects", rowsOf(files, "rejects"), rejected);
}
function checkReplay(plan, trigger2, counts) {
  if (trigger2.kind !== "replay" || trigger2.whole) return;
  const read = mainSources(plan).reduce((rows3, { id }) => rows3 + counts.get(id).rowsIn, 0);
  const taken2 = trigger2.inputs.reduce((sum3, { rows: rows3 }) => sum3 + rows3, 0);
  checkRows(where, `rejects of ${trigger2.of} that are replayed`, taken2, read);
}
function first2(names4) {
  const shown7 = names4.slice(0, 5).join(", ");
  return names4.length > 5 ? `${shown7} and ${names4.length - 5} more` : shown7;
}
var where;
var init_check_ledger = __esm({
  "lib/runtime/assess/check-ledger.ts"() {
    "use strict";
    init_keys2();
    init_check_steps();
    init_pipeline_code();
    where = "ledger of the run";
  }
});

// lib/runtime/assess/history.ts
async function earlierRuns(ports, input, most) {
  const found = [];
  let cursor;
  for (let seen = 0; found.length < most && seen < mostRecords; seen += pageSize) {
    const page = await ports.runs.list({ pipeline: input.pipeline, limit: pageSize, cursor });
    found.push(...page.runs.filter((record15) => isEarlier(record15, input)));
    cursor = page.cursor;
    if (cursor === void 0) break;
  }
  return found.slice(0, most);
}
function isEarlier({ run, state: state2, startedAt, totals: totals2, trigger: trigger2 }, input) {
  return run !== input.run && trigger2.kind !== "replay" && state2 === "Completed" && Date.parse(startedAt) <= Date.parse(input.startedAt) && (totals2?.inputFiles ?? 0) > 0;
}
var mostRecords, pageSize, mostReports, RunHistory;
var init_history = __esm({
  "lib/runtime/assess/history.ts"() {
    "use strict";
    init_keys2();
    mostRecords = 300;
    pageSize = 100;
    mostReports = 5;
    RunHistory = class _RunHistory {
      #runs;
      #reports;
      constructor(runs, reports) {
        this.#runs = runs;
        this.#reports = reports;
      }
      /** Reads as many runs as the rules ask for; none where no rule does. */
      static async read(ports, input, rules) {
        const wanted3 = rules.flatMap((rule3) => rule3.history ?? []);
        const runs = await earlierRuns(ports, input, Math.max(0, ...wanted3.map((one) => one.runs)));
        const reports = [];
        for (const { run } of wanted3.some((one) => one.profile) ? runs.slice(0, mostReports) : []) {
          const text4 = await ports.objects.readText(runKeys(input.pipeline, run).report);
          if (text4 !== void 0) reports.push(JSON.parse(text4));
        }
        return new _RunHistory(runs, reports);
      }
      /** What a rule may know of the runs before. */
      of(table4, most) {
        return this.#runs.slice(0, most).map(({ run, totals: totals2 }) => ({ run, rows: totals2?.tables[table4] ?? 0 }));
      }
      /** The newest profile of this name. */
      profile(name3) {
        return this.#reports.map(({ profiles }) => profiles?.[name3]).find((profile) => profile !== void 0);
      }
    };
  }
});

// lib/runtime/assess/judge.ts
function judgeRules(pipeline4, input, history, measures2, rules) {
  const judgements = /* @__PURE__ */ new Map();
  for (const rule3 of rules) {
    const component = pipeline4.components[rule3.component];
    if (!component.judge) continue;
    const circumstances = {
      startedAt: startOf(input),
      earlier: history.of(outputOf(pipeline4, rule3).table, rule3.history?.runs ?? 0),
      profile: history.profile(profileName(pipeline4, rule3) ?? "")
    };
    judgements.set(rule3.id, component.judge(rule3.options, measures2.get(rule3.id), circumstances));
  }
  return judgements;
}
function judgedRules({ plan, components }, trigger2) {
  if (trigger2.kind !== "replay") return plan.quality;
  return plan.quality.filter((rule3) => !components[rule3.component].judge);
}
function profilesOf(pipeline4, measures2) {
  const profiles = pipeline4.plan.quality.flatMap((rule3) => {
    const name3 = profileName(pipeline4, rule3);
    const profile = measures2.get(rule3.id)?.profile;
    return name3 === void 0 || profile === void 0 ? [] : [[name3, profile]];
  });
  return Object.fromEntries(profiles);
}
function profileName(pipeline4, rule3) {
  const { table: table4, columns: columns2 } = outputOf(pipeline4, rule3);
  const measure = pipeline4.components[rule3.component].measure(rule3.options, columns2);
  return measure.form === "profile" ? `${table4}.${measure.column}` : void 0;
}
function outputOf({ plan }, rule3) {
  return outputs(plan).find(({ id }) => id === rule3.output);
}
function startOf({ trigger: trigger2, startedAt }) {
  return Date.parse(trigger2.kind === "schedule" ? trigger2.time : startedAt);
}
var init_judge = __esm({
  "lib/runtime/assess/judge.ts"() {
    "use strict";
    init_pipeline_code();
  }
});

// lib/iceberg/avro-file.ts
import { Readable } from "node:stream";
import avro from "avsc";
async function avroRecords(bytes3) {
  let schema35;
  const parseHook = (found) => {
    schema35 = found;
    return typeOf2(found);
  };
  const decoder = new avro.streams.BlockDecoder({ parseHook });
  const records = [];
  for await (const record15 of Readable.from([bytes3]).pipe(decoder)) records.push(unwrapped(schema35, record15));
  return records;
}
function typeOf2(schema35) {
  const text4 = JSON.stringify(schema35);
  const known2 = types.get(text4);
  if (known2) return known2;
  const options2 = { registry: { long: longs }, wrapUnions: true };
  const type = avro.Type.forSchema(schema35, options2);
  types.set(text4, type);
  if (types.size > mostTypes) types.delete(types.keys().next().value);
  return type;
}
function branchOf(union18) {
  const schema35 = union18.find((one) => one !== "null");
  return { schema: schema35, name: typeof schema35 === "string" ? schema35 : schema35.name ?? schema35.type };
}
function walk(schema35, value2, close2, open10) {
  if (Array.isArray(schema35)) {
    if (value2 === null || value2 === void 0) return null;
    const branch = branchOf(schema35);
    return close2(branch.name, walk(branch.schema, open10(branch.name, value2), close2, open10));
  }
  if (schema35.type === "record") {
    const fields2 = schema35.fields.map(({ name: name3, type }) => [name3, walk(type, value2[name3], close2, open10)]);
    return Object.fromEntries(fields2);
  }
  if (schema35.type === "array") return value2.map((item) => walk(schema35.items, item, close2, open10));
  return value2;
}
var longs, types, mostTypes, unwrapped;
var init_avro_file = __esm({
  "lib/iceberg/avro-file.ts"() {
    "use strict";
    longs = avro.types.LongType.__with({
      fromBuffer: (bytes3) => bytes3.readBigInt64LE(),
      toBuffer: (value2) => {
        const bytes3 = Buffer.alloc(8);
        bytes3.writeBigInt64LE(value2);
        return bytes3;
      },
      fromJSON: BigInt,
      toJSON: String,
      isValid: (value2) => typeof value2 === "bigint",
      compare: (a, b) => a < b ? -1 : a > b ? 1 : 0
    });
    types = /* @__PURE__ */ new Map();
    mostTypes = 32;
    unwrapped = (schema35, value2) => walk(
      schema35,
      value2,
      (_, inner2) => inner2,
      (branch, given4) => given4[branch]
    );
  }
});

// lib/iceberg/schema.ts
function decimalParts(type) {
  const match = /^decimal\((\d+), ?(\d+)\)$/.exec(type);
  return match ? { precision: Number(match[1]), scale: Number(match[2]) } : void 0;
}
var init_schema = __esm({
  "lib/iceberg/schema.ts"() {
    "use strict";
  }
});

// lib/iceberg/avro-value.ts
function fromAvro(type, value2) {
  if (value2 === null || value2 === void 0) return null;
  if (decimalParts(type)) {
    const bytes3 = value2;
    return BigInt.asIntN(bytes3.length * 8, BigInt(`0x${bytes3.toString("hex")}`));
  }
  if (type === "long") return BigInt(value2);
  if (type !== "uuid") return value2;
  return value2.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
var init_avro_value = __esm({
  "lib/iceberg/avro-value.ts"() {
    "use strict";
    init_schema();
  }
});

// lib/iceberg/manifest-schema.ts
function avroName(name3) {
  const safe = name3.replace(/[^A-Za-z0-9_]/g, (letter) => `_x${letter.codePointAt(0).toString(16).toUpperCase()}`);
  return /^\d/.test(safe) ? `_${safe}` : safe;
}
var required, optional, manifestListSchema;
var init_manifest_schema = __esm({
  "lib/iceberg/manifest-schema.ts"() {
    "use strict";
    required = (id, name3, type) => ({ name: name3, type, "field-id": id });
    optional = (id, name3, type) => ({
      name: name3,
      type: ["null", type],
      default: null,
      "field-id": id
    });
    manifestListSchema = {
      type: "record",
      name: "manifest_file",
      fields: [
        required(500, "manifest_path", "string"),
        required(501, "manifest_length", "long"),
        required(502, "partition_spec_id", "int"),
        required(517, "content", "int"),
        required(515, "sequence_number", "long"),
        required(516, "min_sequence_number", "long"),
        required(503, "added_snapshot_id", "long"),
        required(504, "added_files_count", "int"),
        required(505, "existing_files_count", "int"),
        required(506, "deleted_files_count", "int"),
        required(512, "added_rows_count", "long"),
        required(513, "existing_rows_count", "long"),
        required(514, "deleted_rows_count", "long"),
        optional(507, "partitions", {
          type: "array",
          "element-id": 508,
          items: {
            type: "record",
            name: "r508",
            fields: [
              required(509, "contains_null", "boolean"),
              optional(518, "contains_nan", "boolean"),
              optional(510, "lower_bound", "bytes"),
              optional(511, "upper_bound", "bytes")
            ]
          }
        }),
        optional(519, "key_metadata", "bytes")
      ]
    };
  }
});

// lib/iceberg/transform.ts
function resultType(transform, type) {
  if (transform === "identity" || transform.startsWith("truncate")) return type;
  return transform === "day" ? "date" : "int";
}
var init_transform = __esm({
  "lib/iceberg/transform.ts"() {
    "use strict";
  }
});

// lib/iceberg/partition-spec.ts
function partitionTypes(spec, schemas) {
  return spec.fields.map((field) => {
    const sources = schemas.flatMap((schema35) => schema35.fields.filter(({ id }) => id === field["source-id"]));
    return resultType(field.transform, sources.at(-1).type);
  });
}
var firstFieldId, noSpecs;
var init_partition_spec = __esm({
  "lib/iceberg/partition-spec.ts"() {
    "use strict";
    init_transform();
    firstFieldId = 1e3;
    noSpecs = { "partition-specs": [], "last-partition-id": firstFieldId - 1 };
  }
});

// lib/iceberg/manifest.ts
async function manifestEntries(layout, bytes3) {
  const types4 = partitionTypes(layout.spec, layout.schemas);
  const records = await avroRecords(bytes3);
  return records.map((record15) => ({
    status: statuses[record15.status],
    snapshotId: asNumber2(record15.snapshot_id),
    sequence: asNumber2(record15.sequence_number),
    fileSequence: asNumber2(record15.file_sequence_number),
    file: fileOf(record15.data_file, layout.spec, types4)
  }));
}
function fileOf(record15, spec, types4) {
  const columns2 = /* @__PURE__ */ new Map();
  const note = (pairs, as) => {
    for (const { key: key2, value: value2 } of pairs ?? []) columns2.set(key2, { ...columns2.get(key2), ...as(value2) });
  };
  note(record15.column_sizes, (value2) => ({ bytes: Number(value2) }));
  note(record15.value_counts, (value2) => ({ values: Number(value2) }));
  note(record15.null_value_counts, (value2) => ({ nulls: Number(value2) }));
  note(record15.nan_value_counts, (value2) => ({ nans: Number(value2) }));
  note(record15.lower_bounds, (lower) => ({ lower }));
  note(record15.upper_bounds, (upper) => ({ upper }));
  return {
    path: record15.file_path,
    rows: Number(record15.record_count),
    bytes: Number(record15.file_size_in_bytes),
    partition: spec.fields.map(({ name: name3 }, index) => fromAvro(types4[index], record15.partition[avroName(name3)])),
    columns: columns2
  };
}
var statuses, asNumber2;
var init_manifest = __esm({
  "lib/iceberg/manifest.ts"() {
    "use strict";
    init_avro_file();
    init_avro_value();
    init_manifest_schema();
    init_partition_spec();
    statuses = ["existing", "added", "deleted"];
    asNumber2 = (value2) => value2 === null ? void 0 : Number(value2);
  }
});

// lib/iceberg/manifest-list.ts
async function manifestsOf(bytes3) {
  const records = await avroRecords(bytes3);
  return records.map((record15) => ({
    path: record15.manifest_path,
    bytes: Number(record15.manifest_length),
    specId: record15.partition_spec_id,
    sequence: Number(record15.sequence_number),
    minSequence: Number(record15.min_sequence_number),
    snapshotId: Number(record15.added_snapshot_id),
    files: {
      added: record15.added_files_count,
      existing: record15.existing_files_count,
      deleted: record15.deleted_files_count
    },
    rows: {
      added: Number(record15.added_rows_count),
      existing: Number(record15.existing_rows_count),
      deleted: Number(record15.deleted_rows_count)
    },
    partitions: (record15.partitions ?? []).map((range) => ({
      containsNull: range.contains_null,
      containsNan: range.contains_nan ?? false,
      lower: range.lower_bound ?? void 0,
      upper: range.upper_bound ?? void 0
    }))
  }));
}
var init_manifest_list = __esm({
  "lib/iceberg/manifest-list.ts"() {
    "use strict";
    init_avro_file();
  }
});

// lib/iceberg/table-metadata.ts
function currentSnapshot(table4) {
  return table4.snapshots.find((snapshot) => snapshot["snapshot-id"] === table4["current-snapshot-id"]);
}
var init_table_metadata = __esm({
  "lib/iceberg/table-metadata.ts"() {
    "use strict";
  }
});

// lib/iceberg/change-table.ts
async function aliveEntries(files, manifest, layout) {
  const entries = await manifestEntries(layout, await files.read(manifest.path));
  return entries.filter(({ status }) => status !== "deleted").map((entry) => ({
    ...entry,
    status: "existing",
    snapshotId: entry.snapshotId ?? manifest.snapshotId,
    sequence: entry.sequence ?? manifest.sequence,
    fileSequence: entry.fileSequence ?? manifest.sequence
  }));
}
var init_change_table = __esm({
  "lib/iceberg/change-table.ts"() {
    "use strict";
    init_manifest();
  }
});

// lib/component/field-id.ts
import { createHash as createHash4 } from "node:crypto";
function fieldId(path, type) {
  const digest = createHash4("sha256").update(JSON.stringify([...path, familyOf(type)])).digest();
  return 1 + digest.readUInt32LE() % (ids - 1);
}
function familyOf(type) {
  if (elementType(type) !== void 0) return "list";
  if (structFields(type)) return "struct";
  if (type === "INTEGER" || type === "BIGINT") return "integer";
  if (type === "FLOAT" || type === "DOUBLE") return "float";
  return type.replace(/^DECIMAL\(\d+,/, "DECIMAL(");
}
var ids;
var init_field_id = __esm({
  "lib/component/field-id.ts"() {
    "use strict";
    init_column_types();
    init_struct_type();
    ids = 2 ** 30;
  }
});

// lib/iceberg/column-type.ts
function sqlType(type) {
  if (typeof type !== "string") {
    if (type.type === "list") return `${sqlType(type.element)}[]`;
    return `STRUCT(${type.fields.map((field) => `${quoted(field.name)} ${sqlType(field.type)}`).join(", ")})`;
  }
  const decimal4 = decimalParts(type);
  if (decimal4) return `DECIMAL(${decimal4.precision},${decimal4.scale})`;
  const found = sqlTypes.get(type);
  if (found !== void 0) return found;
  throw new TableTypeUnknownError({
    problem: "the table has a column of a type that cannot be read here",
    received: type,
    allowed: [...sqlTypes.keys(), "decimal(p, s)", "lists and structures of them"],
    change: "let the writer that added the column give it another type"
  });
}
var TableTypeUnknownError, types2, sqlTypes;
var init_column_type = __esm({
  "lib/iceberg/column-type.ts"() {
    "use strict";
    init_shape();
    init_terminal_error();
    init_schema();
    TableTypeUnknownError = class extends TerminalError {
      name = "TableTypeUnknownError";
      code = "TABLE_TYPE_UNKNOWN";
    };
    types2 = {
      BOOLEAN: "boolean",
      INTEGER: "int",
      BIGINT: "long",
      FLOAT: "float",
      DOUBLE: "double",
      DATE: "date",
      TIME: "time",
      TIMESTAMP: "timestamp",
      "TIMESTAMP WITH TIME ZONE": "timestamptz",
      VARCHAR: "string",
      UUID: "uuid",
      BLOB: "binary"
    };
    sqlTypes = new Map(Object.entries(types2).map(([sql, type]) => [type, sql]));
  }
});

// lib/iceberg/print-value.ts
function printValue(type, value2) {
  const decimal4 = decimalParts(type);
  if (decimal4) return scaled(value2, decimal4.scale);
  switch (type) {
    case "date":
      return day2(value2);
    case "time":
      return timeOfDay(value2);
    case "timestamp":
      return moment(value2);
    case "timestamptz":
      return `${moment(value2)}+00`;
    default:
      return String(value2);
  }
}
function scaled(value2, scale) {
  const digits2 = String(value2 < 0n ? -value2 : value2).padStart(scale + 1, "0");
  const whole3 = digits2.slice(0, digits2.length - scale);
  return `${value2 < 0n ? "-" : ""}${whole3}${scale > 0 ? `.${digits2.slice(-scale)}` : ""}`;
}
function day2(days2) {
  return new Date(days2 * millisecondsPerDay).toISOString().slice(0, 10);
}
function timeOfDay(microseconds) {
  const two = (value2) => String(value2).padStart(2, "0");
  const seconds = microseconds / 1000000n;
  const fraction2 = String(microseconds % 1000000n).padStart(6, "0");
  return `${two(seconds / 3600n)}:${two(seconds / 60n % 60n)}:${two(seconds % 60n)}.${fraction2}`;
}
function moment(microseconds) {
  const perDay = BigInt(millisecondsPerDay) * 1000n;
  const rest = (microseconds % perDay + perDay) % perDay;
  return `${day2(Number((microseconds - rest) / perDay))} ${timeOfDay(rest)}`;
}
var millisecondsPerDay;
var init_print_value = __esm({
  "lib/iceberg/print-value.ts"() {
    "use strict";
    init_schema();
    millisecondsPerDay = 864e5;
  }
});

// lib/runtime/table/errors.ts
var TableVersionUnknownError;
var init_errors2 = __esm({
  "lib/runtime/table/errors.ts"() {
    "use strict";
    init_terminal_error();
    TableVersionUnknownError = class extends TerminalError {
      name = "TableVersionUnknownError";
      code = "TABLE_VERSION_UNKNOWN";
    };
  }
});

// lib/runtime/table/table-state.ts
function snapshotOf(table4, metadata, wanted3) {
  const { snapshots } = metadata;
  const found = "version" in wanted3 ? snapshots.find((one) => one["sequence-number"] === wanted3.version || one["snapshot-id"] === wanted3.version) : atTime(metadata, wanted3.at);
  if (found) return found;
  const first4 = metadata["snapshot-log"][0];
  throw new TableVersionUnknownError({
    problem: "version" in wanted3 && wanted3.version <= metadata["last-sequence-number"] ? `the version of the table "${table4}" was removed by expire, and cannot be read any more` : `the table "${table4}" has no such version`,
    received: "version" in wanted3 ? wanted3.version : new Date(wanted3.at).toISOString(),
    allowed: "version" in wanted3 ? snapshots.map((one) => one["sequence-number"]) : `a time from ${first4 ? new Date(first4["timestamp-ms"]).toISOString() : "its first run"} on`,
    change: "take one that `penstock table log` names"
  });
}
function atTime(metadata, at) {
  const seen = metadata["snapshot-log"].findLast((entry) => entry["timestamp-ms"] <= at);
  return seen && metadata.snapshots.find((one) => one["snapshot-id"] === seen["snapshot-id"]);
}
var init_table_state = __esm({
  "lib/runtime/table/table-state.ts"() {
    "use strict";
    init_errors2();
  }
});

// lib/core/errors/retryable-error.ts
var RetryableError;
var init_retryable_error = __esm({
  "lib/core/errors/retryable-error.ts"() {
    "use strict";
    init_penstock_error();
    RetryableError = class extends PenstockError {
      static kind = "transient";
      static manner = "back-off";
      disposition = "retryable";
    };
  }
});

// lib/core/errors/service-unavailable-error.ts
var ServiceUnavailableError;
var init_service_unavailable_error = __esm({
  "lib/core/errors/service-unavailable-error.ts"() {
    "use strict";
    init_retryable_error();
    ServiceUnavailableError = class extends RetryableError {
      name = "ServiceUnavailableError";
      code = "SERVICE_UNAVAILABLE";
    };
  }
});

// lib/runtime/publish/table-files.ts
function tableFiles(objects) {
  return {
    async read(path) {
      const bytes3 = await objects.readBytes(keyOf(objects, path));
      if (bytes3) return bytes3;
      throw metadataGone(path);
    },
    async create(path, bytes3) {
      await objects.createBytes(keyOf(objects, path), bytes3);
    }
  };
}
function keyOf(objects, uri) {
  const lake2 = `${objects.uri}/`;
  if (uri.startsWith(lake2)) return uri.slice(lake2.length);
  throw new ServiceUnavailableError({
    problem: "a file of a table lies outside of the lake",
    received: uri,
    allowed: `${lake2}\u2026`,
    change: "let writers of the table keep its files at its location"
  });
}
function metadataGone(path) {
  return new ServiceUnavailableError({
    problem: "the metadata of a table version can not be read",
    received: path,
    change: "check that nothing removes objects below curated/ and exports/"
  });
}
var init_table_files = __esm({
  "lib/runtime/publish/table-files.ts"() {
    "use strict";
    init_service_unavailable_error();
  }
});

// lib/runtime/publish/read-table.ts
async function readMetadata(objects, key2) {
  const text4 = await objects.readText(key2);
  if (text4 === void 0) throw metadataGone(key2);
  return JSON.parse(text4);
}
async function readTable(objects, key2, earlier) {
  const latest = await readMetadata(objects, key2);
  const snapshot = earlier ? snapshotOf(earlier.table, latest, earlier.state) : currentSnapshot(latest);
  const metadata = earlier && snapshot ? { ...latest, "current-schema-id": snapshot["schema-id"] } : latest;
  const layout = metadata.properties[layoutProperty];
  return {
    metadata,
    columns: columnsOf(metadata),
    partitionBy: identities(currentSpec(metadata), metadata).map(({ name: name3 }) => name3),
    files: snapshot ? await filesOf(objects, metadata, snapshot) : [],
    ...layout && { layout: JSON.parse(layout) }
  };
}
async function filesOf(objects, metadata, snapshot) {
  const files = tableFiles(objects);
  const manifests = await manifestsOf(await files.read(snapshot["manifest-list"]));
  const schema35 = currentSchema(metadata);
  const listed2 = await concurrently(manifests, 8, async (manifest) => {
    const spec = metadata["partition-specs"].find((one) => one["spec-id"] === manifest.specId);
    const entries = await aliveEntries(files, manifest, { spec, schemas: metadata.schemas, schema: schema35 });
    return entries.map(({ file: { path, rows: rows3, bytes: bytes3, partition: partition2, columns: columns2 } }) => ({
      key: keyOf(objects, path),
      rows: rows3,
      bytes: bytes3,
      partition: partition2,
      partitionValues: Object.fromEntries(
        identities(spec, metadata).map(({ name: name3, type, index }) => {
          const value2 = partition2[index];
          return [name3, value2 === null ? null : printValue(type, value2)];
        })
      ),
      spec: manifest.specId,
      columns: columns2
    }));
  });
  return listed2.flat();
}
function identities(spec, metadata) {
  return spec.fields.flatMap(({ "source-id": source, transform }, index) => {
    const column3 = currentSchema(metadata).fields.find(({ id }) => id === source);
    if (transform !== "identity" || typeof column3?.type !== "string") return [];
    return [{ name: column3.name, type: column3.type, index }];
  });
}
function currentSpec(metadata) {
  return metadata["partition-specs"].find((spec) => spec["spec-id"] === metadata["default-spec-id"]);
}
function currentSchema(metadata) {
  return metadata.schemas.find((schema35) => schema35["schema-id"] === metadata["current-schema-id"]);
}
function columnsOf(metadata) {
  return currentSchema(metadata).fields.map(({ name: name3, type, required: required2 }) => ({
    name: name3,
    type: sqlType(type),
    nullable: !required2
  }));
}
var layoutProperty;
var init_read_table = __esm({
  "lib/runtime/publish/read-table.ts"() {
    "use strict";
    init_concurrently();
    init_change_table();
    init_column_type();
    init_manifest_list();
    init_print_value();
    init_table_metadata();
    init_table_state();
    init_table_files();
    layoutProperty = "penstock.layout";
  }
});

// lib/runtime/work-folder.ts
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as join3 } from "node:path";
async function withWorkFolder(work5) {
  const folder = await mkdtemp(join3(tmpdir(), "penstock-"));
  try {
    return await work5(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
var init_work_folder = __esm({
  "lib/runtime/work-folder.ts"() {
    "use strict";
  }
});

// lib/runtime/assess/rule-files.ts
import { mkdir } from "node:fs/promises";
import { join as join4 } from "node:path";
async function withRuleFiles(ports, pipeline4, { input, rules, entries, output = rules[0].output }, work5) {
  return withWorkFolder(async (folder) => {
    const workFolder = join4(folder, "work");
    await mkdir(workFolder);
    const here = /* @__PURE__ */ new Map();
    const fetch = (keys) => concurrently(keys, 8, (key2) => {
      const path = join4(folder, `${here.size}.parquet`);
      if (!here.has(key2))
        here.set(
          key2,
          ports.objects.download({ key: key2 }, path).then(() => path)
        );
      return here.get(key2);
    });
    const files = await fetch(tableFiles2(entries, output));
    const others = {};
    const missing3 = {};
    for (const rule3 of rules) {
      const keys = await otherFiles(ports, pipeline4, input, rule3, entries);
      if (typeof keys === "string") missing3[rule3.id] = keys;
      else if (keys) others[rule3.id] = await fetch(keys);
    }
    return work5({ files, others, missing: missing3, workFolder });
  });
}
function tableFiles2(entries, output) {
  return entries.flatMap((entry) => entry.files).filter((file2) => file2.kind === "table" && file2.of === output && file2.rows > 0).map((file2) => file2.rowsAt ?? file2.key);
}
async function otherFiles(ports, pipeline4, input, { side, against }, entries) {
  if (side !== void 0) return [runKeys(input.pipeline, input.run).reference(side)];
  if (against === void 0) return void 0;
  const own = outputs(pipeline4.plan).find(({ table: table4 }) => table4 === against);
  const keys = [
    ...own ? tableFiles2(entries, own.id) : [],
    ...own && replaces(pipeline4, own) ? [] : await publishedFiles(ports, against)
  ];
  return keys.length > 0 ? keys : `the table "${against}" has no rows yet`;
}
function replaces(pipeline4, output) {
  return sinkSide(pipeline4, output).mode(output.options) === "replace";
}
async function publishedFiles(ports, table4) {
  const { metadata } = await ports.tables.pointer(table4);
  if (metadata === void 0) return [];
  return (await readTable(ports.objects, metadata)).files.map(({ key: key2 }) => key2);
}
var init_rule_files = __esm({
  "lib/runtime/assess/rule-files.ts"() {
    "use strict";
    init_concurrently();
    init_keys2();
    init_pipeline_code();
    init_read_table();
    init_work_folder();
  }
});

// lib/runtime/assess/measure.ts
async function measureRules(ports, pipeline4, input, entries) {
  const { quality: quality2 } = pipeline4.plan;
  const measures2 = /* @__PURE__ */ new Map();
  const counted3 = Map.groupBy(
    entries.flatMap((entry) => entry.quality),
    ({ rule: rule3 }) => rule3
  );
  for (const rule3 of quality2) {
    const own = counted3.get(rule3.id);
    if (own)
      measures2.set(
        rule3.id,
        own.reduce((sum3, one) => added2(pipeline4, rule3, sum3, one))
      );
  }
  const left = quality2.filter(({ id }) => !measures2.has(id));
  for (const output of new Set(left.map((rule3) => rule3.output))) {
    const rules = left.filter((rule3) => rule3.output === output);
    for (const measure of await measureFiles(ports, pipeline4, input, rules, entries))
      measures2.set(measure.rule, measure);
  }
  return measures2;
}
function added2({ plan, components }, rule3, a, b) {
  const counts = { rule: rule3.id, total: a.total + b.total, passed: a.passed + b.passed };
  if (!a.values || !b.values) return counts;
  const { columns: columns2 } = plan.nodes.find(({ id }) => id === rule3.output);
  const measure = components[rule3.component].measure(rule3.options, columns2);
  const merges = measure.form === "values" ? measure.values : {};
  const values3 = Object.entries(a.values).map(([name3, value2]) => {
    const both = [value2, b.values[name3] ?? null].filter((one) => one !== null);
    return [name3, both.length === 0 ? null : merged[merges[name3].merge](both)];
  });
  return { ...counts, values: Object.fromEntries(values3) };
}
async function measureFiles(ports, pipeline4, input, rules, entries) {
  const { plan, components } = pipeline4;
  const total = entries.flatMap((entry) => entry.files).filter((file2) => file2.kind === "table" && file2.of === rules[0].output).reduce((rows3, file2) => rows3 + file2.rows, 0);
  if (total === 0) return rules.map(({ id }) => ({ rule: id, total: 0, passed: 0 }));
  return withRuleFiles(ports, pipeline4, { input, rules, entries }, async ({ files, others, missing: missing3, workFolder }) => {
    const measurable = rules.filter(({ id }) => missing3[id] === void 0);
    const unmeasured = rules.flatMap(
      ({ id }) => missing3[id] === void 0 ? [] : [{ rule: id, total, passed: 0, unmeasured: missing3[id] }]
    );
    if (measurable.length === 0) return unmeasured;
    const request = { plan, components, rules: measurable, files, others, workFolder, ...ports.machine };
    return [...unmeasured, ...await ports.engine.measureQuality(request)];
  });
}
var merged;
var init_measure = __esm({
  "lib/runtime/assess/measure.ts"() {
    "use strict";
    init_rule_files();
    merged = {
      sum: (values3) => values3.reduce((sum3, value2) => sum3 + value2, 0),
      max: (values3) => Math.max(...values3),
      min: (values3) => Math.min(...values3)
    };
  }
});

// lib/runtime/assess/quality-report.ts
function driftOf(ledger) {
  return ledger.flatMap(({ node, drift = [] }) => drift.map((one) => ({ source: node, ...one })));
}
function writtenTables(plan, entries) {
  const files = entries.flatMap((entry) => entry.files).filter(({ kind }) => kind === "table");
  const written = outputs(plan).map(({ id, table: table4 }) => {
    const own = files.filter(({ of }) => of === id);
    const sum3 = (pick) => own.reduce((total, file2) => total + pick(file2), 0);
    return [table4, { rows: sum3(({ rows: rows3 }) => rows3), bytes: sum3(({ bytes: bytes3 }) => bytes3), files: own.length }];
  });
  return Object.fromEntries(written);
}
function stageFigures(entries) {
  const figures = {};
  for (const entry of entries) {
    const sum3 = figures[entry.stage] ?? { chunks: 0, milliseconds: {}, peakMemoryBytes: 0 };
    const milliseconds2 = { ...sum3.milliseconds };
    for (const [phase, spent] of Object.entries(entry.milliseconds))
      milliseconds2[phase] = (milliseconds2[phase] ?? 0) + spent;
    figures[entry.stage] = {
      chunks: sum3.chunks + 1,
      milliseconds: milliseconds2,
      peakMemoryBytes: Math.max(sum3.peakMemoryBytes, entry.peakMemoryBytes)
    };
  }
  return figures;
}
var init_quality_report = __esm({
  "lib/runtime/assess/quality-report.ts"() {
    "use strict";
    init_pipeline_code();
  }
});

// lib/runtime/assess/samples.ts
async function sampleRules(ports, pipeline4, { input, quality: quality2, entries }) {
  const { plan, components } = pipeline4;
  const shown7 = quality2.rules.filter(({ broken, share }) => broken || quality2.gate !== "pass" && share < 1);
  const rules = plan.quality.filter((rule3) => shown7.some((one) => one.rule === rule3.id && one.total > one.passed));
  const samples = {};
  for (const output of new Set(rules.map((rule3) => rule3.output))) {
    const ofOutput = rules.filter((rule3) => rule3.output === output);
    await withRuleFiles(ports, pipeline4, { input, rules: ofOutput, entries }, async (here) => {
      if (here.files.length === 0) return;
      const { files, others, workFolder } = here;
      const request = { plan, components, rules: ofOutput, files, others, workFolder, limit: samplesPerRule };
      Object.assign(samples, await ports.engine.sampleQuality({ ...request, ...ports.machine }));
    });
  }
  return samples;
}
var samplesPerRule;
var init_samples = __esm({
  "lib/runtime/assess/samples.ts"() {
    "use strict";
    init_rule_files();
    samplesPerRule = 20;
  }
});

// lib/runtime/assess/score.ts
function scoreQuality(plan, measures2, judgements = /* @__PURE__ */ new Map()) {
  const rules = plan.quality.map((rule3) => ({
    ...ruleScore(rule3, measures2.get(rule3.id), judgements.get(rule3.id)),
    table: plan.nodes.find((node) => node.id === rule3.output).table
  }));
  const dimensions = {};
  for (const dimension of new Set(rules.map((rule3) => rule3.dimension))) {
    dimensions[dimension] = mean2(rules.filter((rule3) => rule3.dimension === dimension).map((rule3) => rule3.share));
  }
  const score = mean2(Object.values(dimensions));
  const verdicts = rules.filter((rule3) => rule3.broken).map((rule3) => rule3.onBreak);
  return { gate: worst([verdictOf(plan.gate, score), ...verdicts]), score, dimensions, rules };
}
function ruleScore({ id, component, dimension, output, options: options2, atLeast, onBreak }, measure, judgement) {
  const total = judgement ? 1 : measure.total;
  const passed = judgement ? Number(judgement.holds) : measure.passed;
  const share = total === 0 ? 1 : passed / total;
  const words = judgement ? { observed: judgement.observed, allowed: judgement.allowed } : measure.unmeasured !== void 0 && { observed: measure.unmeasured };
  const rule3 = { rule: id, component, dimension, output, options: options2 };
  return { ...rule3, total, passed, share, atLeast, broken: share < atLeast, onBreak, ...words };
}
function verdictOf(gate, score) {
  if (score >= gate.pass) return "pass";
  return score >= gate.review ? "review" : "fail";
}
function worst(verdicts) {
  return severity[Math.max(...verdicts.map((verdict) => severity.indexOf(verdict)))];
}
function mean2(values3) {
  return values3.length === 0 ? 1 : values3.reduce((sum3, value2) => sum3 + value2, 0) / values3.length;
}
var severity;
var init_score = __esm({
  "lib/runtime/assess/score.ts"() {
    "use strict";
    severity = ["pass", "review", "fail"];
  }
});

// lib/runtime/assess/assess.ts
async function assess(ports, code2, input) {
  requirePlan(code2.plan, input.planDigest);
  const pipeline4 = pipelineOf(code2, input.trigger);
  const { extract: extract2, fallbacks } = await requireRun(ports, input.run);
  const keys = runKeys(input.pipeline, input.run);
  if (!extract2) throw lost("the run was never cut into chunks", input.run);
  const report = await storedReport(ports, input, await makeReport(ports, pipeline4, input, { extract: extract2, fallbacks }));
  await ports.objects.createText(keys.page, reportPage(report, pipeline4.plan.gate));
  const spent = { rejected: report.totals.rejected, rows: rowsRead(pipeline4.plan, report.ledger) };
  requireBudget(pipeline4.plan, input.trigger, spent);
  const output = {
    gate: report.gate,
    score: report.score,
    report: keys.report
  };
  await raiseAlerts(ports, input, report);
  await enter(ports, {
    run: input.run,
    from: [
      { state: "Running", phase: "Executing" },
      { state: "Running", phase: "Assessing" }
    ],
    to: { state: "Running", phase: "Assessing" },
    facts: { assess: { ...output, dimensions: report.dimensions }, totals: report.totals }
  });
  ports.meter.count("QualityScore", report.score);
  ports.logger.info("run assessed", { run: input.run, gate: report.gate, score: report.score });
  return output;
}
async function storedReport(ports, input, report) {
  const key2 = runKeys(input.pipeline, input.run).report;
  if (await ports.objects.createText(key2, JSON.stringify(report)) === "written") return report;
  const earlier = await ports.objects.readText(key2);
  return earlier === void 0 ? report : JSON.parse(earlier);
}
async function makeReport(ports, pipeline4, input, { extract: extract2, fallbacks }) {
  const { plan } = pipeline4;
  const entries = await readLedger(ports, input.run);
  const counts = countsByNode(plan, entries);
  checkLedger(plan, await plannedChunks(ports, extract2), entries, counts);
  checkReplay(plan, input.trigger, counts);
  const measures2 = await measureRules(ports, pipeline4, input, entries);
  const judged5 = extract2.inputFiles > 0 ? judgedRules(pipeline4, input.trigger) : [];
  const history = await RunHistory.read(ports, input, judged5);
  const quality2 = scoreQuality(plan, measures2, judgeRules(pipeline4, input, history, measures2, judged5));
  const ledger = plan.nodes.map((node) => counts.get(node.id));
  const drift = driftOf(ledger);
  return {
    reportVersion: 1,
    pipeline: input.pipeline,
    run: input.run,
    planDigest: input.planDigest,
    trigger: input.trigger,
    ...quality2,
    totals: runTotals(plan, entries, extract2),
    tables: writtenTables(plan, entries),
    ledger,
    ...fallbacks && { fallbacks },
    ...drift.length > 0 && { drift },
    stages: stageFigures(entries),
    profiles: input.trigger.kind === "replay" ? {} : profilesOf(pipeline4, measures2),
    samples: await sampleRules(ports, pipeline4, { input, quality: quality2, entries }),
    startedAt: input.startedAt,
    assessedAt: new Date(ports.clock.now()).toISOString()
  };
}
async function plannedChunks(ports, extract2) {
  const manifests = await concurrently(Object.values(extract2.stages), 8, async ({ manifest, chunks }) => {
    const text4 = await ports.objects.readText(manifest);
    const items = text4 === void 0 ? void 0 : JSON.parse(text4);
    if (items?.length !== chunks) throw lost("a manifest is gone or changed", manifest);
    return items;
  });
  return manifests.flat();
}
function lost(problem, received) {
  return new LedgerImbalanceError({
    problem,
    received,
    change: "start the run again; keep staged data for longer than a run takes"
  });
}
var init_assess = __esm({
  "lib/runtime/assess/assess.ts"() {
    "use strict";
    init_concurrently();
    init_ledger_imbalance_error();
    init_keys2();
    init_ledger();
    init_reject_budget();
    init_totals();
    init_pipeline_code();
    init_narrowed_plan();
    init_page();
    init_enter();
    init_alerts();
    init_check_ledger();
    init_history();
    init_judge();
    init_measure();
    init_quality_report();
    init_samples();
    init_score();
  }
});

// lib/engine/components.ts
function componentOf(components, name3) {
  const found = components[name3];
  if (!found) throw new TypeError(`the worker was bundled without the component ${name3}`);
  return found;
}
var init_components = __esm({
  "lib/engine/components.ts"() {
    "use strict";
  }
});

// lib/engine/errors.ts
var InputMalformedError, SchemaMismatchError, LookupNotUniqueError, KeyTwiceError, StepFailedError, CountMismatchError;
var init_errors3 = __esm({
  "lib/engine/errors.ts"() {
    "use strict";
    init_terminal_error();
    InputMalformedError = class extends TerminalError {
      static kind = "data";
      name = "InputMalformedError";
      code = "INPUT_MALFORMED";
    };
    SchemaMismatchError = class extends TerminalError {
      static kind = "data";
      name = "SchemaMismatchError";
      code = "SCHEMA_MISMATCH";
    };
    LookupNotUniqueError = class extends TerminalError {
      static kind = "data";
      name = "LookupNotUniqueError";
      code = "LOOKUP_NOT_UNIQUE";
    };
    KeyTwiceError = class extends TerminalError {
      static kind = "data";
      name = "KeyTwiceError";
      code = "KEY_TWICE";
    };
    StepFailedError = class extends TerminalError {
      name = "StepFailedError";
      code = "STEP_FAILED";
    };
    CountMismatchError = class extends TerminalError {
      name = "CountMismatchError";
      code = "COUNT_MISMATCH";
    };
  }
});

// lib/engine/hot-keys.ts
async function hotKeys(session, relation, { keys, partitions }) {
  const many = Math.max(leastRows, Math.ceil(relation.rows / partitions / 2));
  if (partitions < 2 || relation.rows < many) return void 0;
  const every3 = Math.max(1, Math.floor(many / sampledRows));
  const columns2 = keys.map(quoted);
  const present = columns2.map((key2) => `${key2} IS NOT NULL`).join(" AND ");
  const names4 = columns2.map((_, index) => `key_${index}`);
  const table4 = session.newName("hot");
  await session.run(
    `CREATE TABLE ${table4} AS SELECT ${columns2.map((key2, index) => `${key2} AS ${names4[index]}`).join(", ")}, min(${rowColumn}) AS first FROM ${relation.name} WHERE ${present} AND hash(${rowColumn}) % ${every3} = 0 GROUP BY ALL HAVING count(*) * ${every3} > ${many}`
  );
  const [found] = await session.counts(`SELECT count(*) FROM ${table4}`);
  if (found === 0) return void 0;
  const same2 = columns2.map((key2, index) => `all_rows.${key2} = hot.${names4[index]}`).join(" AND ");
  return {
    from: `(SELECT all_rows.*, coalesce(hot.first <> all_rows.${rowColumn}, false) AS __hot FROM ${relation.name} all_rows LEFT JOIN ${table4} hot ON ${same2})`,
    isHot: "__hot"
  };
}
var leastRows, sampledRows;
var init_hot_keys = __esm({
  "lib/engine/hot-keys.ts"() {
    "use strict";
    init_shape();
    init_relation();
    leastRows = 256;
    sampledRows = 32;
  }
});

// lib/engine/search-sql.ts
function searchSql(search, from2 = 0, to = search.count - 1) {
  if (from2 === to) return search.value(from2);
  const middle = from2 + to + 1 >> 1;
  return `CASE WHEN ${search.below(middle)} THEN ${searchSql(search, from2, middle - 1)} ELSE ${searchSql(search, middle, to)} END`;
}
var init_search_sql = __esm({
  "lib/engine/search-sql.ts"() {
    "use strict";
  }
});

// lib/engine/ranges.ts
function sortKey(order2) {
  const columns2 = order2.map(
    ({ column: column3, descending }) => `${quoted(column3)}, '${descending ? "DESC" : "ASC"} NULLS LAST'`
  );
  return `create_sort_key(${[...columns2, `${rowColumn}, 'ASC NULLS LAST'`].join(", ")})`;
}
async function cutRanges(session, relation, { order: order2, most }) {
  const count3 = Math.max(1, Math.min(most, Math.floor(relation.rows / leastRows2)));
  const every3 = Math.max(1, Math.floor(relation.rows / (count3 * sampledRows2)));
  const key2 = sortKey(order2);
  const [ends] = await session.rows(`SELECT hex(min(${key2})) AS first, hex(max(${key2})) AS last FROM ${relation.name}`);
  const sampled2 = `SELECT ${key2} AS key FROM ${relation.name} WHERE hash(${rowColumn}) % ${every3} = 0`;
  const cuts = await session.rows(
    `SELECT DISTINCT hex(key[:${mostKeyBytes}]) AS cut FROM (SELECT min(key) AS key FROM (SELECT key, ntile(${count3}) OVER (ORDER BY key) AS part FROM (${sampled2})) WHERE part > 1 GROUP BY part) ORDER BY cut`
  );
  const first4 = ends?.first?.slice(0, mostKeyBytes * 2) ?? "";
  const bounds = cuts.map(({ cut: cut2 }) => cut2).filter((cut2) => cut2 > first4);
  const last = ends?.last ?? null;
  const end = last !== null && last.length <= mostKeyBytes * 2 ? `${last}00` : void 0;
  const ranges2 = [first4, ...bounds].map((from2, index) => ({ from: from2, to: bounds[index] ?? end }));
  const number16 = searchSql({
    count: ranges2.length,
    below: (index) => `${keyColumn} < ${bytes2(bounds[index - 1])}`,
    value: String
  });
  return { ranges: ranges2, number: number16 };
}
function inRange(order2, { from: from2, to }) {
  const key2 = sortKey(order2);
  const above = from2 === void 0 ? [] : [`${key2} >= ${bytes2(from2)}`];
  return [...above, ...to === void 0 ? [] : [`${key2} < ${bytes2(to)}`]].join(" AND ") || "true";
}
function bytes2(hex2) {
  return `unhex('${hex2}')`;
}
var leastRows2, sampledRows2, mostKeyBytes, keyColumn;
var init_ranges = __esm({
  "lib/engine/ranges.ts"() {
    "use strict";
    init_shape();
    init_relation();
    init_search_sql();
    leastRows2 = 256;
    sampledRows2 = 64;
    mostKeyBytes = 256;
    keyColumn = "__key";
  }
});

// lib/engine/outgoing-rows.ts
function storedRows(relation, columns2, made) {
  const own = made.map(({ name: name3, expression }) => {
    const { type } = columns2.find((column3) => column3.name === name3);
    return `(${expression.sql}
)::${type} AS ${quoted(name3)}`;
  });
  return `SELECT ${[...relation.columns.map(stored), ...own].join(", ")} FROM ${relation.name}`;
}
function mergedRows(select, {
  columns: columns2,
  exchange,
  partitions
}) {
  const kept = columns2.map(stored).filter((sql) => sql.includes(" AS "));
  const replaced = kept.length > 0 ? ` REPLACE (${kept.join(", ")})` : "";
  return `SELECT *${replaced}, (${partitionHash(exchange)} % ${partitions})::INTEGER AS ${partitionColumn} FROM (${select})`;
}
function travellingRows(relation, exchange, { partitions, hot }) {
  const columns2 = relation.columns.filter(({ name: name3 }) => exchange.columns.includes(name3));
  const hash2 = `(${partitionHash(exchange)} % ${partitions})::INTEGER`;
  const number16 = hot ? `${hash2} + CASE WHEN ${hot.isHot} THEN ${partitions} ELSE 0 END` : hash2;
  return `SELECT ${[...columns2.map(stored), rowColumn].join(", ")}, ${number16} AS ${partitionColumn} FROM ${hot?.from ?? relation.name}`;
}
function rangedRows(relation, { columns: travelling, ranges: ranges2 = [] }, { number: number16 }) {
  const columns2 = relation.columns.filter(({ name: name3 }) => travelling.includes(name3));
  const keyed = `SELECT *, ${sortKey(ranges2)} AS ${keyColumn} FROM ${relation.name}`;
  return `SELECT ${[...columns2.map(stored), rowColumn].join(", ")}, ${number16} AS ${partitionColumn} FROM (${keyed})`;
}
function partitionHash({ keys, spread }) {
  const list = keys.map(quoted);
  if (spread === "all") return `hash(${rowColumn})`;
  if (list.length === 0) return "0";
  if (spread !== "nulls") return `hash(${list.join(", ")})`;
  return `CASE WHEN ${list.map((key2) => `${key2} IS NULL`).join(" OR ")} THEN hash(${rowColumn}) ELSE hash(${list.join(", ")}) END`;
}
function stored({ name: name3, type }) {
  const kept = storableType(type) ?? type;
  return kept === type ? quoted(name3) : `${quoted(name3)}::${kept} AS ${quoted(name3)}`;
}
var partitionColumn;
var init_outgoing_rows = __esm({
  "lib/engine/outgoing-rows.ts"() {
    "use strict";
    init_shape();
    init_ranges();
    init_relation();
    init_stored_type();
    partitionColumn = "__partition";
  }
});

// lib/engine/row-groups.ts
async function partitionRowGroup(request) {
  const { session, sizes, rows: rows3 } = request;
  if (rows3 === void 0 || sizes?.rowGroupRows !== void 0 || sizes?.rowGroupBytes !== void 0) return void 0;
  const handed = Math.min(session.heldRows, rows3 / session.threads);
  if (handed <= leastRows3 / 2) return void 0;
  const partitions = request.partitions ?? await sampledPartitions(request);
  const size = Math.max(leastRows3, Math.ceil(2 * handed / Math.max(1, partitions)));
  return size < usualRows ? size : void 0;
}
async function sampledPartitions({
  session,
  select,
  partitionBy
}) {
  const columns2 = partitionBy.map(quoted).join(", ");
  const [partitions] = await session.counts(
    `SELECT count(*) FROM (SELECT DISTINCT ${columns2} FROM (SELECT ${columns2} FROM (${select}) LIMIT ${sampledRows3}))`
  );
  return partitions;
}
var sampledRows3, usualRows, leastRows3;
var init_row_groups = __esm({
  "lib/engine/row-groups.ts"() {
    "use strict";
    init_shape();
    sampledRows3 = 5e4;
    usualRows = 122880;
    leastRows3 = 2048;
  }
});

// lib/engine/field-ids.ts
function fieldIds(columns2) {
  return `FIELD_IDS {${columns2.map((column3) => member([], column3)).join(", ")}}`;
}
function member(outer, { name: name3, type }) {
  const path = [...outer, name3];
  const element = elementType(type);
  const inner2 = element === void 0 ? structFields(type) : [{ name: "element", type: element }];
  const id = fieldId(path, type);
  if (!inner2) return `${quoted(name3)}: ${id}`;
  const members = inner2.map((one) => member(path, one));
  return `${quoted(name3)}: {__duckdb_field_id: ${id}, ${members.join(", ")}}`;
}
var init_field_ids = __esm({
  "lib/engine/field-ids.ts"() {
    "use strict";
    init_column_types();
    init_field_id();
    init_shape();
    init_struct_type();
  }
});

// lib/engine/write-request.ts
function parquetOptions({
  session,
  lasting,
  metadata,
  sizes,
  stored: stored3
}) {
  const pairs = Object.entries(metadata ?? {}).map(([key2, value2]) => `${key2}: ${literal(value2)}`);
  const kept = pairs.length > 0 ? `, KV_METADATA {${pairs.join(", ")}}` : "";
  const size = session.rowGroupBytes === void 0 ? "" : `, ROW_GROUP_SIZE_BYTES ${session.rowGroupBytes}`;
  const rows3 = sizes?.rowGroupRows === void 0 ? "" : `, ROW_GROUP_SIZE ${sizes.rowGroupRows}`;
  const level2 = lasting ? "" : ", COMPRESSION_LEVEL 1, WRITE_BLOOM_FILTER false";
  const ids2 = stored3 ? `, ${fieldIds(stored3)}` : "";
  return `FORMAT parquet, COMPRESSION zstd${level2}, RETURN_STATS true${rows3}${size}${kept}${ids2}`;
}
function orderSql({ order: order2 = [] }) {
  const columns2 = order2.map(({ column: column3, descending }) => `${quoted(column3)} ${descending ? "DESC" : "ASC"} NULLS LAST`);
  return columns2.length > 0 ? ` ORDER BY ${columns2.join(", ")}` : "";
}
var init_write_request = __esm({
  "lib/engine/write-request.ts"() {
    "use strict";
    init_shape();
    init_field_ids();
  }
});

// lib/engine/sized.ts
import { mkdirSync as mkdirSync2, rmSync, statSync } from "node:fs";
import { dirname as dirname2, join as join5 } from "node:path";
async function sized(request, { paths, rows: rows3, ordered: ordered2 }) {
  const { fileBytes } = request.sizes ?? {};
  const together3 = paths.length === 1 && (ordered2 || orderSql(request) === "");
  const path = together3 ? paths[0] : await rewrite(request, { paths, order: orderSql(request), path: join5(dirname2(paths[0]), "whole.parquet") });
  const parts = fileBytes === void 0 ? 1 : partsOf4(statSync(path).size, { rows: rows3, fileBytes });
  if (parts > 1) return split(request, { path, rows: rows3, parts });
  return [{ path: await regrouped(request, path, rows3), rows: rows3, part: "" }];
}
function partsOf4(bytes3, { rows: rows3, fileBytes }) {
  return Math.max(1, Math.min(rows3, Math.ceil(bytes3 / fileBytes)));
}
async function split(request, { path, rows: rows3, parts }) {
  const { session } = request;
  const columns2 = await session.columns(`FROM ${parquet([path])}`);
  const order2 = `${orderSql(request) || " ORDER BY"}${orderSql(request) && ","} ${columns2.map(({ name: name3 }) => quoted(name3)).join(", ")}`;
  const each2 = Math.ceil(rows3 / parts);
  const folder = `${path}-parts`;
  mkdirSync2(folder);
  const numbered2 = `SELECT *, ((row_number() OVER (${order2}) - 1) // ${each2})::BIGINT AS ${partColumn} FROM ${parquet([path])}`;
  const written = await session.rows(
    `COPY (${numbered2}) TO ${literal(folder)} (${parquetOptions(request)}, PARTITION_BY (${partColumn}))`
  );
  rmSync(path);
  const byPart = Map.groupBy(written, (row) => Number(row.partition_keys[0].value));
  const files = [];
  for (const [index, found] of [...byPart].sort(([a], [b]) => a - b)) {
    const held = found.reduce((sum3, row) => sum3 + Number(row.count), 0);
    const part = byPart.size > 1 ? `-${index + 1}-of-${byPart.size}` : "";
    const paths = found.map((row) => row.filename);
    const one = await rewrite(request, { paths, order: order2, path: join5(folder, `${index}.parquet`) });
    files.push({ path: await regrouped(request, one, held), rows: held, part });
  }
  return files;
}
async function regrouped(request, path, rows3) {
  const { rowGroupBytes } = request.sizes ?? {};
  if (rowGroupBytes === void 0) return path;
  const fitting2 = rows3 * rowGroupBytes / statSync(path).size;
  const rowGroupRows = Math.max(vectorRows, Math.round(fitting2 / vectorRows) * vectorRows);
  const [largest2, groups] = await request.session.counts(
    `SELECT max(row_group_num_rows), count(DISTINCT row_group_id) FROM parquet_metadata(${literal(path)})`
  );
  if (largest2 <= rowGroupRows && groups <= Math.ceil(rows3 / rowGroupRows)) return path;
  const sizes = { ...request.sizes, rowGroupRows };
  return rewrite({ ...request, sizes }, { paths: [path], order: orderSql(request), path: `${path}-grouped.parquet` });
}
async function rewrite(request, { paths, order: order2, path }) {
  await request.session.run(`COPY (FROM ${parquet(paths)}${order2}) TO ${literal(path)} (${parquetOptions(request)})`);
  for (const old of paths) rmSync(old);
  return path;
}
function parquet(paths) {
  return `read_parquet([${paths.map(literal).join(", ")}], hive_partitioning = false)`;
}
function measured3({ path, rows: rows3 }) {
  return { path, rows: rows3, bytes: statSync(path).size };
}
var vectorRows, partColumn;
var init_sized = __esm({
  "lib/engine/sized.ts"() {
    "use strict";
    init_shape();
    init_write_request();
    vectorRows = 2048;
    partColumn = "__part";
  }
});

// lib/engine/partitions.ts
import { createHash as createHash5 } from "node:crypto";
import { mkdirSync as mkdirSync3, rmSync as rmSync2, statSync as statSync2 } from "node:fs";
async function writePartitions(request) {
  const { kind, of, name: name3, partitionBy } = request;
  const files = [];
  const folders = foldersOf(request);
  const partitions = await byValue(request, folders) ?? await byNumber(request, folders);
  for (const { paths, rows: rows3, values: values3 } of partitions) {
    const folder = partitionBy.map((column3, index) => `${escaped4(column3)}=${folderValue(values3[index])}`).join("/");
    const partitionValues = Object.fromEntries(partitionBy.map((column3, index) => [column3, values3[index]]));
    for (const file2 of await sized(request, { paths, rows: rows3, ordered: false }))
      files.push({ kind, of, name: `${folder}/${name3}${file2.part}.parquet`, ...measured3(file2), partitionValues });
  }
  return {
    files: files.sort((a, b) => a.name < b.name ? -1 : 1),
    told: partitions.flatMap((partition2) => partition2.told)
  };
}
function foldersOf({ select, partitionBy, hidden = {} }) {
  if (Object.keys(hidden).length === 0) return { select, columns: partitionBy, stored: true };
  const columns2 = partitionBy.map((_, index) => `__folder_${index}`);
  const made = partitionBy.map((name3, index) => `${hidden[name3] ?? quoted(name3)} AS ${columns2[index]}`);
  return { select: `SELECT *, ${made.join(", ")} FROM (${select})`, columns: columns2, stored: false };
}
async function byValue(request, folders) {
  const { session } = request;
  let written;
  try {
    written = await copyTo({ ...request, select: folders.select, partitionBy: folders.columns }, folders);
  } catch (cause) {
    if (!/^IO Error/.test(cause.message)) throw cause;
    session.throwIfStopped();
    return void 0;
  }
  const partitions = partitionsOf(written);
  const paths = partitions.flatMap((partition2) => partition2.paths);
  const files = new Set(paths.map((path) => statSync2(path).ino));
  return files.size === paths.length ? partitions : void 0;
}
async function byNumber(request, folders) {
  const { session, folder } = request;
  const { select, columns: names4, stored: stored3 } = folders;
  rmSync2(folder, { recursive: true });
  mkdirSync3(folder);
  const columns2 = names4.map(quoted);
  const numbers2 = session.newName("partitions");
  await session.run(
    `CREATE TABLE ${numbers2} AS SELECT row_number() OVER () AS __number, * FROM (SELECT DISTINCT ${columns2.join(", ")} FROM (${select}))`
  );
  const same2 = columns2.map((column3) => `written.${column3} IS NOT DISTINCT FROM numbers.${column3}`).join(" AND ");
  const beside = stored3 ? "" : ` EXCLUDE (${columns2.join(", ")})`;
  const numbered2 = `SELECT written.*${beside}, __number FROM (${select}) written JOIN ${numbers2} numbers ON ${same2}`;
  const given4 = { ...request, select, partitionBy: names4 };
  const written = await copyTo(given4, { select: numbered2, columns: ["__number"], stored: false });
  const values3 = new Map(
    (await session.rows(
      `SELECT __number::VARCHAR AS __number, [${columns2.map((one) => `${one}::VARCHAR`)}] AS combination FROM ${numbers2}`
    )).map((row) => [row.__number, row.combination])
  );
  return partitionsOf(written).map((partition2) => ({ ...partition2, values: values3.get(partition2.values[0]) }));
}
async function copyTo(request, { select, columns: columns2, stored: stored3 }) {
  const { session, folder, name: name3 } = request;
  const rowGroupRows = await partitionRowGroup(request);
  const sizes = { ...request.sizes, ...rowGroupRows !== void 0 && { rowGroupRows } };
  const by2 = `PARTITION_BY (${columns2.map(quoted).join(", ")})`;
  const all2 = [
    parquetOptions({ ...request, sizes }),
    by2,
    `FILENAME_PATTERN ${literal(`${name3}-{i}`)}`,
    "OVERWRITE true",
    `WRITE_PARTITION_COLUMNS ${stored3}`
  ];
  return session.rows(`COPY (${select}) TO ${literal(folder)} (${all2.join(", ")})`);
}
function partitionsOf(written) {
  const keys = (row) => row.partition_keys;
  return [...Map.groupBy(written, (row) => JSON.stringify(keys(row))).values()].map((rows3) => ({
    paths: rows3.map((row) => row.filename),
    rows: rows3.reduce((sum3, row) => sum3 + Number(row.count), 0),
    values: keys(rows3[0]).map(({ value: value2 }) => value2),
    told: rows3
  }));
}
function folderValue(value2) {
  if (value2 === null) return nothing3;
  if (value2 === nothing3) return `%5F${value2.slice(1)}`;
  const text4 = escaped4(value2);
  if (text4.length <= longestValue) return text4;
  return `${text4.slice(0, longestValue - 17)}~${createHash5("sha256").update(value2).digest("hex").slice(0, 16)}`;
}
function escaped4(text4) {
  const bytes3 = [...Buffer.from(text4)];
  return bytes3.map((byte) => String.fromCharCode(byte)).map(
    (letter) => /[A-Za-z0-9_.-]/.test(letter) ? letter : `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`
  ).join("");
}
var longestValue, nothing3;
var init_partitions = __esm({
  "lib/engine/partitions.ts"() {
    "use strict";
    init_shape();
    init_row_groups();
    init_sized();
    init_write_request();
    longestValue = 120;
    nothing3 = "__HIVE_DEFAULT_PARTITION__";
  }
});

// lib/engine/file-statistics.ts
async function fileStatistics(session, paths, columns2) {
  const plain2 = plainColumns(columns2);
  if (paths.length === 0 || plain2.length === 0) return /* @__PURE__ */ new Map();
  const facts = plain2.map(({ name: name3, type }, index) => {
    const of = `FILTER (WHERE path_in_schema = ${literal(name3)})`;
    const bound3 = (which) => {
      const stated = `stats_${which}_value`;
      const unknown3 = `count(*) FILTER (WHERE path_in_schema = ${literal(name3)} AND ${stated} IS NULL AND coalesce(stats_null_count, 0) < num_values)`;
      return `CASE WHEN ${unknown3} = 0 THEN ${which}(TRY_CAST(${stated} AS ${type})) ${of}::VARCHAR END`;
    };
    return `{bytes: sum(total_compressed_size) ${of}::BIGINT, nulls: sum(stats_null_count) ${of}::BIGINT, min: ${bound3("min")}, max: ${bound3("max")}} AS column_${index}`;
  });
  const list = `[${paths.map(literal).join(", ")}]`;
  const rows3 = await session.rows(
    `SELECT file_name, ${facts.join(", ")} FROM parquet_metadata(${list}) GROUP BY file_name`
  );
  return new Map(
    rows3.map((row) => [
      row.file_name,
      Object.fromEntries(
        plain2.map(({ name: name3, restricted }, index) => [name3, factsOf(row[`column_${index}`], restricted)])
      )
    ])
  );
}
function plainColumns(columns2) {
  return columns2.filter(({ type }) => elementType(type) === void 0 && !structFields(type));
}
function factsOf({ bytes: bytes3, nulls, min, max }, restricted = false) {
  return {
    ...bytes3 !== null && { bytes: Number(bytes3) },
    ...nulls !== null && { nulls: Number(nulls) },
    ...min !== null && !restricted && { min: String(min) },
    ...max !== null && !restricted && { max: String(max) }
  };
}
var init_file_statistics = __esm({
  "lib/engine/file-statistics.ts"() {
    "use strict";
    init_column_types();
    init_shape();
    init_struct_type();
  }
});

// lib/engine/written-statistics.ts
async function writtenStatistics(session, paths, { columns: columns2, told: told2 }) {
  const plain2 = plainColumns(columns2);
  const known2 = new Map(told2.map((file2) => [file2.filename, factsTold(file2)]));
  const isKnown = (path) => {
    const facts = known2.get(path);
    return facts !== void 0 && plain2.every(({ name: name3, type }) => alike.test(type) && isComplete(facts.get(quoted(name3))));
  };
  const { here = [], read = [] } = Object.groupBy(paths, (path) => isKnown(path) ? "here" : "read");
  const unbounded = plain2.some(({ type }) => floating3.test(type)) ? await unboundedColumns(session, here) : /* @__PURE__ */ new Set();
  const all2 = new Map(await fileStatistics(session, read, columns2));
  for (const path of here) {
    const facts = plain2.map(({ name: name3, type, restricted }) => {
      const of = known2.get(path).get(quoted(name3));
      const bound3 = (value2) => {
        if (value2 === void 0 || floating3.test(type) && endless.test(value2)) return null;
        return type === "BOOLEAN" ? String(value2 === "1") : value2;
      };
      const [min, max] = unbounded.has(`${path} ${name3}`) ? [null, null] : [bound3(of.min), bound3(of.max)];
      return [name3, factsOf({ bytes: of.column_size_bytes, nulls: of.null_count, min, max }, restricted)];
    });
    all2.set(path, Object.fromEntries(facts));
  }
  return all2;
}
function factsTold({ column_statistics: statistics }) {
  return new Map(
    statistics.map((column3) => [column3.key, Object.fromEntries(column3.value.map(({ key: key2, value: value2 }) => [key2, value2]))])
  );
}
function isComplete(told2) {
  if (told2?.column_size_bytes === void 0 || told2.null_count === void 0) return false;
  return told2.min !== void 0 || told2.null_count === told2.num_values;
}
async function unboundedColumns(session, paths) {
  if (paths.length === 0) return /* @__PURE__ */ new Set();
  const list = `[${paths.map(literal).join(", ")}]`;
  const rows3 = await session.rows(
    `SELECT DISTINCT file_name, path_in_schema FROM parquet_metadata(${list}) WHERE stats_min_value IS NULL AND stats_max_value IS NULL AND coalesce(stats_null_count, 0) < num_values`
  );
  return new Set(rows3.map((row) => `${row.file_name} ${row.path_in_schema}`));
}
var alike, floating3, endless;
var init_written_statistics = __esm({
  "lib/engine/written-statistics.ts"() {
    "use strict";
    init_shape();
    init_file_statistics();
    alike = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\)|VARCHAR|DATE|TIME|TIMESTAMP( WITH TIME ZONE)?|UUID|BOOLEAN)$/;
    floating3 = /^(FLOAT|DOUBLE)$/;
    endless = /^-?inf/;
  }
});

// lib/engine/write.ts
import { mkdirSync as mkdirSync4 } from "node:fs";
import { join as join6 } from "node:path";
async function writeParquet(request) {
  const { session, select, kind, of, folder, name: name3, partitionBy, order: order2 = [], ties = [] } = request;
  mkdirSync4(folder, { recursive: true });
  try {
    if (partitionBy.length > 0) {
      const { files: files2, told: told2 } = await writePartitions(request);
      return await described(request, files2, told2);
    }
    const path = join6(folder, `${name3}.parquet`);
    const [row] = await session.rows(
      `COPY (${select}${orderSql({ order: [...order2, ...ties] })}) TO ${literal(path)} (${parquetOptions(request)})`
    );
    const rows3 = Number(row?.count ?? 0);
    if (rows3 === 0) return [];
    const files = await sized(request, { paths: [path], rows: rows3, ordered: true });
    const made = files.map((file2) => ({ kind, of, name: `${name3}${file2.part}.parquet`, ...measured3(file2) }));
    return await described(request, made, [row]);
  } catch (cause) {
    if (cause instanceof PenstockError || cause instanceof TypeError) throw cause;
    throw new StepFailedError({
      problem: `the rows of ${of} cannot be written: ${String(cause.message).split("\n")[0]}`,
      received: of,
      allowed: "values that fit the type of their column, e.g. 38 digits for sums of integers",
      change: "use a TRY_ function or a filter before it, so that such rows are set aside",
      cause
    });
  }
}
async function described({ session, stored: stored3 }, files, told2) {
  if (!stored3) return [...files];
  const paths = files.map(({ path }) => path);
  const statistics = await writtenStatistics(session, paths, { columns: stored3, told: told2 });
  return files.map((file2) => ({ ...file2, columns: statistics.get(file2.path) ?? {} }));
}
var init_write = __esm({
  "lib/engine/write.ts"() {
    "use strict";
    init_shape();
    init_penstock_error();
    init_errors3();
    init_partitions();
    init_sized();
    init_write_request();
    init_written_statistics();
  }
});

// lib/engine/exchange.ts
async function fileNames(session, files) {
  if (files.length === 0) return [];
  const list = files.map((file2) => literal(file2.path)).join(", ");
  const found = await session.rows(
    `SELECT DISTINCT decode(value) AS names FROM parquet_kv_metadata([${list}]) WHERE decode(key) = ${literal(filesKey)}`
  );
  return found.map((row) => JSON.parse(row.names));
}
async function arrivedRows(session, { exchange, columns: known2, files }) {
  const columns2 = exchange.columns.map((name4) => known2.find((column3) => column3.name === name4));
  const name3 = relationName(exchange.id);
  const relation = { node: exchange.node, name: name3, columns: columns2 };
  if (files.length === 0) {
    const none = columns2.map((column3) => `NULL::${column3.type} AS ${quoted(column3.name)}`);
    await session.run(`CREATE VIEW ${name3} AS SELECT ${[...none, `0::BIGINT AS ${rowColumn}`].join(", ")} WHERE false`);
    return { ...relation, rows: 0 };
  }
  const copied = files.some(({ copy: copy2 }) => copy2);
  const from2 = copied ? `(${[false, true].map((copy2) => withCopies(files, copy2)).join(" UNION ALL BY NAME ")})` : filesOf2(files.map(({ path }) => path));
  const [range] = files.map((file2) => file2.range);
  const found = await session.columns(`FROM ${from2}`);
  const present = columns2.filter((column3) => found.some((one) => one.name === column3.name));
  const typed = present.map((column3) => `${quoted(column3.name)}::${column3.type} AS ${quoted(column3.name)}`);
  const all2 = `SELECT *${typed.length > 0 ? ` REPLACE (${typed.join(", ")})` : ""} FROM ${from2}`;
  const own = exchange.ranges && range ? `SELECT * FROM (${all2}) WHERE ${inRange(exchange.ranges, range)}` : all2;
  await session.run(`CREATE VIEW ${name3} AS ${own}`);
  const counted3 = exchange.merges ? `sum(${weightColumn})` : "count(*)";
  const [rows3] = await session.counts(`SELECT ${counted3} FROM ${name3}${copied ? ` WHERE NOT ${copyColumn}` : ""}`);
  const forked = found.some((one) => one.name === rowColumn && one.type === "BIGINT[]");
  return {
    ...relation,
    rows: rows3,
    ...forked && { forked },
    ...copied && { copied },
    ...exchange.merges && { merged: true }
  };
}
function withCopies(files, copies) {
  const own = files.filter(({ copy: copy2 = false }) => copy2 === copies).map(({ path }) => path);
  const some = own.length > 0 ? own : [files[0].path];
  return `SELECT *, ${copies} AS ${copyColumn} FROM ${filesOf2(some)}${own.length > 0 ? "" : " WHERE false"}`;
}
async function sendRows(departure) {
  const { session, exchange, relation, merged: merged2, partitions, folder, chunk, names: names4 } = departure;
  const { ranges: order2 } = exchange;
  const cuts = order2 && await cutRanges(session, relation, { order: order2, most: partitions });
  const hot = exchange.parts && await hotKeys(session, relation, { keys: exchange.keys, partitions });
  const files = await writeParquet({
    session,
    select: merged2 !== void 0 ? await withPartition(departure) : cuts ? rangedRows(relation, exchange, cuts) : travellingRows(relation, exchange, { partitions, hot }),
    kind: "exchange",
    of: exchange.id,
    folder,
    name: chunk,
    partitionBy: [partitionColumn],
    rows: relation.rows,
    partitions: cuts ? cuts.ranges.length : hot ? 2 * partitions : partitions,
    // A row keeps its place in the source, whose name only this chunk knows.
    metadata: { [filesKey]: JSON.stringify(names4) }
  });
  const parted = files.map((file2) => {
    const number16 = Number(file2.partitionValues[partitionColumn]);
    if (cuts) return { ...file2, partition: number16, range: cuts.ranges[number16] };
    return { ...file2, partition: number16 % partitions, ...number16 >= partitions && { hot: true } };
  });
  return merged2 === void 0 ? parted : weighed(session, parted);
}
async function withPartition({ session, exchange, relation, merged: merged2, partitions }) {
  const found = await session.columns(merged2);
  const columns2 = relation.columns.filter(({ name: name3 }) => found.some((one) => one.name === name3));
  return mergedRows(merged2, { columns: columns2, exchange, partitions });
}
async function weighed(session, files) {
  if (files.length === 0) return [];
  const list = files.map(({ path }) => literal(path)).join(", ");
  const found = await session.rows(
    `SELECT __file, sum(${weightColumn})::BIGINT AS weight FROM read_parquet([${list}], hive_partitioning = false, filename = '__file') GROUP BY __file`
  );
  const weights = new Map(found.map((row) => [row.__file, Number(row.weight)]));
  return files.map((file2) => ({ ...file2, rows: weights.get(file2.path) }));
}
function filesOf2(paths) {
  return `read_parquet([${paths.map(literal).join(", ")}], hive_partitioning = false, union_by_name = true)`;
}
var filesKey;
var init_exchange = __esm({
  "lib/engine/exchange.ts"() {
    "use strict";
    init_shape();
    init_group_query();
    init_hot_keys();
    init_outgoing_rows();
    init_ranges();
    init_relation();
    init_write();
    filesKey = "files";
  }
});

// lib/engine/ledger.ts
function stepCount(node, counts) {
  return { node, rowsIn: 0, multiplied: 0, rowsOut: 0, rejected: 0, filtered: 0, merged: 0, rules: {}, ...counts };
}
var init_ledger2 = __esm({
  "lib/engine/ledger.ts"() {
    "use strict";
  }
});

// lib/engine/numbered-rows.ts
async function numberedRows(session, path) {
  const file2 = `read_parquet(${literal(path)}, hive_partitioning = false`;
  const columns2 = await session.columns(`SELECT * FROM ${file2})`);
  const has = (name4) => columns2.some((column3) => sameName(column3.name, name4));
  let name3 = "__number";
  while (has(name3)) name3 += "_";
  const number16 = quoted(name3);
  const rows3 = has(given) ? `SELECT *, row_number() OVER () - 1 AS ${number16} FROM ${file2})` : `SELECT * RENAME (${given} AS ${number16}) FROM ${file2}, ${given} = true)`;
  return { from: `(${rows3})`, columns: columns2, number: number16 };
}
var given;
var init_numbered_rows = __esm({
  "lib/engine/numbered-rows.ts"() {
    "use strict";
    init_shape();
    init_column_names();
    given = "file_row_number";
  }
});

// lib/component/output-file.ts
function endingOf2(format2) {
  return format2.kind === "parquet" ? ".parquet" : `.${format2.kind}${endings[format2.compression]}`;
}
var endings;
var init_output_file = __esm({
  "lib/component/output-file.ts"() {
    "use strict";
    endings = { none: "", gzip: ".gz", zstd: ".zst" };
  }
});

// lib/component/output-place.ts
function placeOf2({ place: place2, table: table4 }) {
  return place2 ?? `curated/${table4}/`;
}
function isExport(table4) {
  return table4.includes("/");
}
var init_output_place = __esm({
  "lib/component/output-place.ts"() {
    "use strict";
  }
});

// lib/engine/parts-in-memory.ts
import { join as join7 } from "node:path";
async function partsInMemory({ session, relation, order: order2, folder }) {
  const bytes3 = await rowBytes(session, relation) * relation.rows;
  const parts = Math.min(mostParts, Math.ceil(bytes3 / (session.memoryBytes * memoryShare3)));
  if (parts < 2) return [relation];
  const exchange = {
    id: session.newName("sorted"),
    node: relation.node,
    keys: [],
    columns: relation.columns.map(({ name: name3 }) => name3),
    toStage: "",
    feeds: { step: relation.node, input: 0 },
    ranges: order2
  };
  const place2 = { partitions: parts, folder: join7(folder, exchange.id), chunk: "part" };
  const files = await sendRows({ session, exchange, relation, ...place2, names: {} });
  const inOrder2 = files.toSorted((a, b) => a.partition - b.partition);
  const relations = [];
  for (const [index, { path }] of inOrder2.entries()) {
    const input = { path, key: path, of: exchange.id, file: index };
    const id = `${exchange.id} ${index}`;
    relations.push(
      await arrivedRows(session, { exchange: { ...exchange, id }, columns: relation.columns, files: [input] })
    );
  }
  return relations;
}
async function rowBytes(session, { name: name3, columns: columns2, rows: rows3 }) {
  if (rows3 === 0) return 0;
  const texts3 = columns2.filter(
    ({ type }) => !/^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|BOOLEAN|FLOAT|DOUBLE|DATE|TIME.*|DECIMAL.*|UUID)$/.test(type)
  );
  const fixed = 16 * (columns2.length + 1);
  if (texts3.length === 0) return fixed;
  const lengths = texts3.map(
    ({ name: column3, type }) => type === "BLOB" ? `octet_length(${quoted(column3)})` : `strlen(${quoted(column3)}::VARCHAR)`
  );
  const every3 = Math.max(1, Math.floor(rows3 / sampledRows4));
  const [mean3] = await session.counts(
    `SELECT avg(${lengths.map((length) => `coalesce(${length}, 0)`).join(" + ")}) FROM ${name3} WHERE hash(${rowColumn}) % ${every3} = 0`
  );
  return fixed + (mean3 ?? 0);
}
var memoryShare3, sampledRows4, mostParts;
var init_parts_in_memory = __esm({
  "lib/engine/parts-in-memory.ts"() {
    "use strict";
    init_shape();
    init_exchange();
    init_relation();
    memoryShare3 = 1 / 4;
    sampledRows4 = 4096;
    mostParts = 256;
  }
});

// lib/engine/quality/rows-of-files.ts
function rowsOfFiles(paths, { differ = false } = {}) {
  const union18 = differ ? ", union_by_name = true" : "";
  return `read_parquet([${paths.map(literal).join(", ")}]${union18}, hive_partitioning = false)`;
}
var init_rows_of_files = __esm({
  "lib/engine/quality/rows-of-files.ts"() {
    "use strict";
    init_shape();
  }
});

// lib/engine/render.ts
async function render({ session, columns: columns2, format: format2, select, path }) {
  const cells = columns2.map((column3) => `${cellOf(column3, format2)} AS ${quoted(nameOf3(column3, format2))}`);
  const [row] = await session.rows(
    `COPY (SELECT ${cells.join(", ")} FROM (${select})) TO ${literal(path)} (${optionsOf2(format2)})`
  );
  return Number(row?.Count ?? 0);
}
function optionsOf2(format2) {
  const compression = `COMPRESSION ${format2.compression}`;
  if (format2.kind !== "csv") return `FORMAT json, ARRAY ${format2.kind === "json"}, ${compression}`;
  const { delimiter, header, nullText, lineEnd: lineEnd2 } = format2;
  const lines2 = lineEnd2 === "crlf" ? ", NEW_LINE '\\r\\n'" : "";
  return `FORMAT csv, HEADER ${header}, DELIMITER ${literal(delimiter)}, QUOTE '"', ESCAPE '"', NULLSTR ${literal(nullText)}${lines2}, ${compression}`;
}
function nameOf3({ name: name3 }, format2) {
  return format2.kind === "csv" && format2.neutraliseFormulas && startsFormula.test(name3) ? `'${name3}` : name3;
}
function cellOf({ name: name3, type }, format2) {
  const sql = quoted(name3);
  if (format2.kind !== "csv") return jsonOf(sql, type, { longNumbers: format2.longNumbers });
  const text4 = isNested2(type) ? `to_json(${jsonOf(sql, type, { longNumbers: "number" })})::VARCHAR` : plainOf(sql, type);
  const couldStart = type === "VARCHAR" || type === "BLOB";
  return format2.neutraliseFormulas && couldStart ? neutral(text4) : text4;
}
function neutral(text4) {
  return `CASE WHEN regexp_matches(${text4}, ${literal(startsFormula.source)}) THEN '''' || ${text4} ELSE ${text4} END`;
}
function plainOf(sql, type) {
  if (type === "BLOB") return `to_base64(${sql})`;
  if (type === "TIMESTAMP") return isoTime(`${sql}::VARCHAR`);
  if (type === "TIMESTAMP WITH TIME ZONE") return `regexp_replace(${isoTime(`${sql}::VARCHAR`)}, '\\+00$', 'Z')`;
  return sql;
}
function jsonOf(sql, type, { longNumbers, depth = 0 }) {
  const element = elementType(type);
  if (element !== void 0) {
    const name3 = `__element_${depth}`;
    const inner2 = jsonOf(name3, element, { longNumbers, depth: depth + 1 });
    return inner2 === name3 ? sql : `list_transform(${sql}, lambda ${name3}: ${inner2})`;
  }
  const members = structFields(type);
  if (members) {
    const inner2 = members.map((member2) => {
      const value2 = `(${sql}).${quoted(member2.name)}`;
      return { name: member2.name, value: value2, json: jsonOf(value2, member2.type, { longNumbers, depth }) };
    });
    if (inner2.every(({ value: value2, json: json2 }) => value2 === json2)) return sql;
    const packed = inner2.map(({ name: name3, json: json2 }) => `${quoted(name3)} := ${json2}`).join(", ");
    return `CASE WHEN ${sql} IS NOT NULL THEN struct_pack(${packed}) END`;
  }
  if (longNumbers === "text" && /^(BIGINT|DECIMAL)/.test(type)) return `${sql}::VARCHAR`;
  if (type === "DOUBLE" || type === "FLOAT") {
    const text4 = `CASE WHEN isnan(${sql}) THEN 'NaN' WHEN ${sql} > 0 THEN 'Infinity' ELSE '-Infinity' END`;
    return `CASE WHEN isfinite(${sql}) THEN to_json(${sql}) WHEN ${sql} IS NOT NULL THEN to_json(${text4}) END`;
  }
  return plainOf(sql, type);
}
var starters, startsFormula, isNested2, isoTime;
var init_render = __esm({
  "lib/engine/render.ts"() {
    "use strict";
    init_column_types();
    init_shape();
    init_struct_type();
    starters = "=+@\\t\\r\\n\uFF1D\uFF0B\uFF0D\uFF20-";
    startsFormula = new RegExp(`^'*[${starters}]`);
    isNested2 = (type) => elementType(type) !== void 0 || structFields(type) !== void 0;
    isoTime = (text4) => `regexp_replace(${text4}, '^([0-9-]+) ([0-9])', '\\1T\\2')`;
  }
});

// lib/engine/stored-columns.ts
function storedColumns(node) {
  const closed = restrictedColumns(node);
  return node.columns.map(({ name: name3, type }) => ({
    name: name3,
    type: storableType(type) ?? type,
    ...closed.has(name3) && { restricted: true }
  }));
}
var init_stored_columns = __esm({
  "lib/engine/stored-columns.ts"() {
    "use strict";
    init_restricted_columns();
    init_stored_type();
  }
});

// lib/engine/output.ts
import { statSync as statSync3 } from "node:fs";
import { join as join8 } from "node:path";
async function writeOutput(request) {
  const { session, node, sink, input, folder, name: name3 } = request;
  const format2 = sink.format?.(node.options) ?? { kind: "parquet" };
  const sizes = sink.sizes?.(node.options);
  const order2 = sink.sortBy?.(node.options, node.columns) ?? node.sorts;
  const partitionBy = sink.partitionBy(node.options);
  const made = sink.partitions?.(node.options) ?? [];
  const parts = await inParts(request, order2);
  const rows3 = [];
  for (const [index, part] of parts.entries())
    rows3.push(
      ...await writeParquet({
        session,
        select: storedRows(part, node.columns, made),
        kind: "table",
        of: node.id,
        folder: join8(folder, `rows-${index}`),
        name: parts.length === 1 ? name3 : `${name3}-${String(index).padStart(3, "0")}`,
        partitionBy,
        ...!part.slow && { rows: part.rows },
        hidden: hiddenPartitions(sink, node),
        ...!isExport(node.table) && { stored: storedColumns(node) },
        ...order2 && { order: order2 },
        // Equal rows in the order of their source, as they are from file to file.
        ...order2 && partitionBy.length === 0 && { ties: [{ column: rowColumn, descending: false }] },
        // The size of text is not known before it is written.
        ...format2.kind === "parquet" && sizes && { sizes }
      })
    );
  const from2 = rows3.length > 0 ? rowsOfFiles(rows3.map(({ path }) => path)) : `(${storedRows(input, node.columns, made)})`;
  if (format2.kind === "parquet") return { files: rows3, from: from2 };
  return { files: await asText(request, { rows: rows3, format: format2, order: order2, fileBytes: sizes?.fileBytes }), from: from2 };
}
function hiddenPartitions(sink, { options: options2, columns: columns2 }) {
  const transforms = sink.transforms?.(options2) ?? [];
  return Object.fromEntries(
    transforms.map((one) => {
      const { type } = columns2.find(({ name: name3 }) => name3 === one.column);
      return [one.name, transformSql(one, type)];
    })
  );
}
async function inParts({ session, input, folder }, order2) {
  const known2 = order2?.every(({ column: column3 }) => input.columns.some(({ name: name3 }) => name3 === column3));
  return order2 && known2 ? partsInMemory({ session, relation: input, order: order2, folder: join8(folder, "sorted") }) : [input];
}
async function asText(request, { rows: rows3, format: format2, order: order2, fileBytes }) {
  const { session, node, folder, name: name3, whole: whole3, sink, readAgain: readAgain2 } = request;
  const files = [];
  const write = async (file2) => {
    const made = await renderFile(request, { file: file2, format: format2, order: order2 });
    return readAgain2 ? { ...made, rowsPath: file2.path } : made;
  };
  for (const file2 of rows3) {
    const made = await write(file2);
    const parts = fileBytes === void 0 ? 1 : partsOf4(made.bytes, { rows: file2.rows, fileBytes });
    if (parts === 1) files.push(made);
    else for (const part of await splitFile(session, { file: file2, parts, order: order2 })) files.push(await write(part));
  }
  if (rows3.length > 0 || !whole3 || sink.partitionBy(node.options).length > 0) return files;
  const path = join8(folder, "empty.text");
  const none = node.columns.map((column3) => `NULL::${column3.type} AS ${quoted(column3.name)}`).join(", ");
  await render({ session, columns: node.columns, format: format2, select: `SELECT ${none} WHERE false`, path });
  return [
    { kind: "table", of: node.id, name: `${name3}${endingOf2(format2)}`, path, rows: 0, bytes: statSync3(path).size }
  ];
}
async function splitFile(session, { file: file2, parts, order: order2 }) {
  const cut2 = await split({ session, ...order2 && { order: order2 } }, { ...file2, parts });
  return cut2.map(({ part, ...one }) => ({
    ...file2,
    ...one,
    bytes: statSync3(one.path).size,
    name: file2.name.replace(/\.parquet$/, `${part}.parquet`)
  }));
}
async function renderFile({ session, node }, { file: file2, format: format2, order: order2 }) {
  const path = file2.path.replace(/\.parquet$/, ".text");
  const select = order2 ? inOrder(file2, node, order2) : `FROM ${rowsOfFiles([file2.path])}`;
  const count3 = await render({ session, columns: node.columns, format: format2, select, path });
  if (count3 !== file2.rows)
    throw new CountMismatchError({
      problem: `${node.id} wrote ${count3} rows of text where there are ${file2.rows}`,
      received: count3,
      allowed: file2.rows,
      change: "report this with the plan: what is written and what is read disagree"
    });
  return { ...file2, path, name: file2.name.replace(/\.parquet$/, endingOf2(format2)), bytes: statSync3(path).size };
}
function inOrder({ path }, { columns: columns2 }, order2) {
  const number16 = "file_row_number";
  if (columns2.some(({ name: name3 }) => sameName(name3, number16))) return `FROM ${rowsOfFiles([path])}${orderSql({ order: order2 })}`;
  return `SELECT * EXCLUDE (${number16}) FROM read_parquet(${literal(path)}, hive_partitioning = false, ${number16} = true) ORDER BY ${number16}`;
}
var init_output = __esm({
  "lib/engine/output.ts"() {
    "use strict";
    init_output_file();
    init_output_place();
    init_partition_transform();
    init_shape();
    init_column_names();
    init_errors3();
    init_outgoing_rows();
    init_parts_in_memory();
    init_rows_of_files();
    init_relation();
    init_render();
    init_sized();
    init_stored_columns();
    init_write();
    init_write_request();
  }
});

// lib/engine/quality/groups.ts
function groupsSql({ by: by2, own, other, within: within3 }, from2, others) {
  const keys = by2.map(quoted);
  const side = (rows3, aggregate) => `(SELECT ${[...keys, `(${aggregate}
) AS value`, "true AS here"].join(", ")} FROM ${rows3}${keys.length > 0 ? ` GROUP BY ${keys.join(", ")}` : ""})`;
  const on = keys.map((key2) => `own.${key2} IS NOT DISTINCT FROM other.${key2}`).join(" AND ");
  const near = within3 > 0 ? `abs(own.value - other.value) <= ${within3} * greatest(abs(own.value), abs(other.value))` : "own.value = other.value";
  const agree = `own.here AND other.here AND (own.value IS NULL AND other.value IS NULL OR ${near})`;
  const list = [...keys.map((key2) => `coalesce(own.${key2}, other.${key2}) AS ${key2}`)];
  return `SELECT ${[...list, "own.value AS own", "other.value AS other", `coalesce(${agree}, false) AS agree`].join(", ")} FROM ${side(from2, own)} own FULL JOIN ${side(others, other)} other ON ${on || "true"}`;
}
var init_groups = __esm({
  "lib/engine/quality/groups.ts"() {
    "use strict";
    init_shape();
  }
});

// lib/engine/quality/holds-surely.ts
function holdsSurely(condition) {
  return `coalesce(struct_extract(TRY(struct_pack(v := coalesce((${condition}
), true))), 'v'), false)`;
}
var init_holds_surely = __esm({
  "lib/engine/quality/holds-surely.ts"() {
    "use strict";
  }
});

// lib/engine/quality/members.ts
function membersSql({ columns: columns2, among }, from2, others) {
  const pairs = columns2.map((column3, index) => `own.${quoted(column3)} = other.${quoted(among[index])}`);
  const present = columns2.map((column3) => `${quoted(column3)} IS NOT NULL`);
  return `(SELECT * FROM ${from2} WHERE ${present.join(" AND ")}) own ANTI JOIN (SELECT DISTINCT ${among.map(quoted).join(", ")} FROM ${others}) other ON ${pairs.join(" AND ")}`;
}
var init_members = __esm({
  "lib/engine/quality/members.ts"() {
    "use strict";
    init_shape();
  }
});

// lib/engine/quality/profile.ts
async function profileOf(session, measure, from2) {
  return measure.as === "categories" ? categories(session, measure, from2) : quantiles(session, measure, from2);
}
async function categories(session, { value: value2 }, from2) {
  const counted3 = await session.rows(
    `SELECT value, count(*) AS counted, sum(count(*)) OVER () AS all_rows FROM (SELECT left((${value2}
), ${longestCategory}) AS value FROM ${from2}) WHERE value IS NOT NULL GROUP BY value ORDER BY counted DESC, value LIMIT ${mostCategories}`
  );
  const counts = counted3.map((row) => [String(row.value), Number(row.counted)]);
  const rows3 = Number(counted3[0]?.all_rows ?? 0);
  return { kind: "categories", rows: rows3, counts, others: counts.reduce((left, [, count3]) => left - count3, rows3) };
}
async function quantiles(session, { value: value2 }, from2) {
  const ranks = Array.from({ length: steps - 1 }, (_, step) => (step + 1) / steps);
  const [row] = await session.rows(
    `SELECT count(value) AS counted, min(value) AS least, max(value) AS largest, approx_quantile(value, [${ranks.join(", ")}]) AS inner_values FROM (SELECT (${value2}
)::DOUBLE AS value FROM ${from2}) WHERE isfinite(value)`
  );
  const { counted: counted3, least: least2, largest: largest2, inner_values: inner2 } = row;
  const rows3 = Number(counted3);
  return { kind: "quantiles", rows: rows3, quantiles: rows3 === 0 ? [] : [least2, ...inner2, largest2].map(Number) };
}
var mostCategories, longestCategory, steps;
var init_profile = __esm({
  "lib/engine/quality/profile.ts"() {
    "use strict";
    mostCategories = 100;
    longestCategory = 80;
    steps = 100;
  }
});

// lib/engine/quality/measure-rules.ts
async function measureRules2(input) {
  const planned = input.rules.map((one) => {
    const { measure } = input.components[one.rule.component];
    return { ...one, measure: measure(one.rule.options, input.columns) };
  });
  const together3 = planned.filter(({ measure }) => columnsOf2(measure, input) !== void 0);
  const measures2 = [...await inOneQuery(input, together3)];
  for (const one of planned) {
    const measured5 = await guarded(one.rule, () => alone2(input, one));
    if (measured5) measures2.push(measured5);
  }
  return measures2;
}
function columnsOf2(measure, { session, whole: whole3, total }) {
  if (measure.form === "count") return { passed: `count(*) FILTER (coalesce((${measure.holds}
), true))` };
  if (measure.form === "values")
    return Object.fromEntries(Object.entries(measure.values).map(([name3, { aggregate }]) => [name3, aggregate]));
  if (measure.form === "distinct" && whole3 && passesFor(session, total) === 1)
    return { hashes: `count(DISTINCT hash(${keyOf2(measure.key)}))` };
  return void 0;
}
async function inOneQuery(input, planned) {
  if (planned.length === 0) return [];
  const parts = planned.flatMap(
    ({ measure: measure2 }, place2) => Object.entries(columnsOf2(measure2, input)).map(([name3, sql]) => `${sql} AS ${quoted(`${place2} ${name3}`)}`)
  );
  const select = `SELECT ${parts.join(", ")} FROM ${input.from}`;
  if (planned.length > 1) {
    try {
      return await measured4(input, planned, (await input.session.rows(select))[0]);
    } catch {
      input.session.throwIfStopped();
      const measures2 = [];
      for (const one of planned) measures2.push(...await inOneQuery(input, [one]));
      return measures2;
    }
  }
  const [{ rule: rule3, measure }] = planned;
  return guarded(rule3, async () => {
    try {
      return await measured4(input, planned, (await input.session.rows(select))[0]);
    } catch (cause) {
      input.session.throwIfStopped();
      if (measure.form !== "count") throw cause;
      const [passed] = await input.session.counts(
        `SELECT count(*) FROM ${input.from} WHERE ${holdsSurely(measure.holds)}`
      );
      return [{ rule: rule3.id, total: input.total, passed }];
    }
  });
}
function measured4(input, planned, row) {
  const { total } = input;
  return Promise.all(
    planned.map(async ({ rule: rule3, measure }, place2) => {
      const value2 = (name3) => row[`${place2} ${name3}`];
      if (measure.form === "values") {
        const names4 = Object.keys(measure.values);
        const values3 = names4.map((name3) => [name3, value2(name3) === null ? null : Number(value2(name3))]);
        return { rule: rule3.id, total, passed: total, values: Object.fromEntries(values3) };
      }
      if (measure.form === "distinct") return distinct(input, rule3.id, measure.key, Number(value2("hashes")));
      return { rule: rule3.id, total, passed: Number(value2("passed")) };
    })
  );
}
async function distinct({ session, from: from2, total }, rule3, key2, hashes) {
  if (hashes === total) return { rule: rule3, total, passed: total };
  const keys = await inPasses(
    session,
    total,
    (where2) => `SELECT count(*) FROM (SELECT DISTINCT ${keyOf2(key2)} FROM ${from2} WHERE ${where2(`hash(${keyOf2(key2)})`)})`
  );
  return { rule: rule3, total, passed: keys };
}
function passesFor({ memoryBytes }, rows3) {
  return Math.max(1, Math.ceil(rows3 * hashBytes / (memoryBytes * hashShare)));
}
async function inPasses(session, rows3, sql) {
  const passes = passesFor(session, rows3);
  let sum3 = 0;
  for (let pass = 0; pass < passes; pass++) {
    const [counted3] = await session.counts(sql((hash2) => `(${hash2} >> 16) % ${passes} = ${pass}`));
    sum3 += counted3;
  }
  return sum3;
}
async function alone2(input, { rule: rule3, others, measure }) {
  const { session, from: from2, total, whole: whole3 } = input;
  switch (measure.form) {
    case "distinct": {
      if (!whole3 || passesFor(session, total) === 1) return void 0;
      const key2 = `hash(${keyOf2(measure.key)})`;
      const hashes = await inPasses(
        session,
        total,
        (where2) => `SELECT count(DISTINCT ${key2}) FROM ${from2} WHERE ${where2(key2)}`
      );
      return distinct(input, rule3.id, measure.key, hashes);
    }
    case "members": {
      if (others === void 0) return void 0;
      const [strangers] = await session.counts(`SELECT count(*) FROM ${membersSql(measure, from2, others)}`);
      return { rule: rule3.id, total, passed: total - strangers };
    }
    case "groups": {
      if (others === void 0 || !whole3) return void 0;
      const groups = `(${groupsSql(measure, from2, others)})`;
      const [all2, agreeing] = await session.counts(`SELECT count(*), count(*) FILTER (agree) FROM ${groups}`);
      return { rule: rule3.id, total: all2, passed: agreeing };
    }
    case "profile":
      if (!whole3) return void 0;
      return { rule: rule3.id, total, passed: total, profile: await profileOf(session, measure, from2) };
    default:
      return void 0;
  }
}
async function guarded(rule3, measure) {
  try {
    return await measure();
  } catch (cause) {
    if (cause instanceof StepFailedError || cause.name === "AbortError") throw cause;
    throw new StepFailedError({
      problem: `quality rule ${rule3.id} failed on the data: ${String(cause.message).split("\n")[0]}`,
      received: rule3.options,
      allowed: "expressions that hold for every row of the table",
      change: "use a TRY_ function in it",
      cause
    });
  }
}
function keyOf2(key2) {
  return key2.map(quoted).join(", ");
}
var hashBytes, hashShare;
var init_measure_rules = __esm({
  "lib/engine/quality/measure-rules.ts"() {
    "use strict";
    init_shape();
    init_errors3();
    init_groups();
    init_holds_surely();
    init_members();
    init_profile();
    hashBytes = 64;
    hashShare = 1 / 3;
  }
});

// lib/component/shape-of-step.ts
function shapeOfStep({ nodes }, operator, step) {
  const columnsOf3 = (id) => nodes.find((one) => one.id === id)?.columns ?? [];
  const inputs = [step.input, ...step.others ?? []].map((node) => ({ node, columns: columnsOf3(node) }));
  const side = step.side === void 0 ? inputs[1]?.columns : columnsOf3(step.side);
  return operator.shape(step.options, { input: inputs[0].columns, side, inputs });
}
function rowsMeetIn(shape) {
  if (shape.form === "join") return shape.how === "right" || shape.how === "full";
  return ["first", "group", "window", "draw"].includes(shape.form);
}
var init_shape_of_step = __esm({
  "lib/component/shape-of-step.ts"() {
    "use strict";
  }
});

// lib/engine/row-as-json.ts
function rowAsJson(columns2) {
  const members = columns2.map(({ name: name3, type, sql = quoted(name3) }) => `${literal(name3)}, ${jsonOf2(sql, type)}`);
  return `json_object(${members.join(", ")})::VARCHAR`;
}
function jsonOf2(sql, type) {
  if (type === "VARCHAR" || type === "BOOLEAN" || integer2.test(type)) return sql;
  if (type === "DOUBLE" || type === "FLOAT")
    return `CASE WHEN isfinite(${sql}) THEN to_json(${sql}) ELSE to_json(${sql}::VARCHAR) END`;
  if (!nested.test(type)) return `${sql}::VARCHAR`;
  const json2 = `to_json(${sql})`;
  if (!lossy.test(type)) return json2;
  const texts3 = withLeaves(type, (leaf2) => lossy.test(leaf2) ? "VARCHAR" : leaf2);
  const exact = `TRY_CAST(${json2} AS ${type}) IS NOT DISTINCT FROM ${sql} AND NOT regexp_matches(${json2}::VARCHAR, 'NaN|Infinity')`;
  return `CASE WHEN ${exact} THEN ${json2} ELSE to_json(${sql}::${texts3}) END`;
}
var integer2, nested, lossy;
var init_row_as_json = __esm({
  "lib/engine/row-as-json.ts"() {
    "use strict";
    init_nested_type();
    init_shape();
    integer2 = /^U?(TINY|SMALL|BIG)?INT(EGER)?$/;
    nested = /\]$|^(STRUCT|MAP)/;
    lossy = /DECIMAL|HUGEINT|DOUBLE|FLOAT/;
  }
});

// lib/engine/recover-raw.ts
async function recoverRaw(recovery) {
  const { plan, rejects, relations, travelled = false } = recovery;
  const steps2 = plan.nodes.filter((node) => node.kind === "step");
  const origins = new Map(
    steps2.map((node) => [node.id, goesAnotherWay(plan, node.id) ? [] : originsOf2(recovery, node)])
  );
  if (travelled) {
    await rejects.markPlaces(steps2.filter(({ id }) => origins.get(id).length > 0).map(({ id }) => id));
    return;
  }
  for (const source of plan.nodes.filter((node) => node.kind === "source")) {
    const relation = relations.get(source.id);
    if (!relation) continue;
    const nodes = steps2.filter(({ id }) => origins.get(id).includes(source)).map(({ id }) => id);
    await rejects.fillRaw(nodes, (ids2) => {
      const record15 = rowAsJson(relation.columns);
      return `SELECT ${rowColumn} AS source_id, ${record15} AS source_raw FROM ${relation.name} WHERE ${rowColumn} IN (${ids2})`;
    });
  }
}
function goesAnotherWay(plan, step) {
  return plan.nodes.some((node) => {
    if (node.kind !== "step" || !node.others) return false;
    const ways = [node.input, ...node.others].map((id) => upstream3(plan, id));
    const through = ways.filter((way) => way.has(step));
    const past = ways.filter((way) => !way.has(step));
    const isSource = (id) => plan.nodes.some((one) => one.id === id && one.kind === "source");
    return through.some((way) => past.some((other) => [...way].some((id) => isSource(id) && other.has(id))));
  });
}
function upstream3(plan, id) {
  const node = plan.nodes.find((one) => one.id === id);
  const inputs = node.kind === "source" ? [] : [node.input, ...node.kind === "step" ? node.others ?? [] : []];
  return /* @__PURE__ */ new Set([id, ...inputs.flatMap((input) => [...upstream3(plan, input)])]);
}
function originsOf2(recovery, step) {
  const { plan, relations } = recovery;
  const origins = [step.input, ...step.others ?? []].flatMap((id) => {
    const input = plan.nodes.find((one) => one.id === id);
    if (input.kind === "source") return [input];
    if (input.kind !== "step" || relations.get(id)?.forked) return [];
    return rowByRow.has(formOf2(recovery, input)) ? originsOf2(recovery, input) : [];
  });
  return new Set(origins).size === origins.length ? origins : [];
}
function formOf2({ plan, components }, step) {
  return shapeOfStep(plan, componentOf(components, step.component), step).form;
}
var rowByRow;
var init_recover_raw = __esm({
  "lib/engine/recover-raw.ts"() {
    "use strict";
    init_shape_of_step();
    init_components();
    init_relation();
    init_row_as_json();
    rowByRow = /* @__PURE__ */ new Set(["project", "keep", "first", "window", "lookup", "union", "call"]);
  }
});

// lib/engine/rejects.ts
function namesOf(files) {
  return Object.fromEntries(files.map(({ file: file2, of: source, key: key2, version: version2 }) => [file2, { source, key: key2, version: version2 }]));
}
function anyBad(checks) {
  return checks.map((check2) => `coalesce(${check2.bad}, false)`).join(" OR ");
}
var usual, nowhere, nothing4, table2, longestRawCharacters, Rejects;
var init_rejects = __esm({
  "lib/engine/rejects.ts"() {
    "use strict";
    init_restricted_columns();
    init_shape();
    init_relation();
    usual = "major";
    nowhere = { tables: {}, meets: {} };
    nothing4 = { rejected: 0, rules: {} };
    table2 = "rejects";
    longestRawCharacters = 65536;
    Rejects = class _Rejects {
      #session;
      #stage;
      #files;
      #plan;
      #count = 0;
      /** Of all that were ever put into the table. */
      #written = 0;
      constructor(session, stage, files, plan) {
        this.#session = session;
        this.#stage = stage;
        this.#files = { ...files };
        this.#plan = plan;
      }
      /** @param plan says which values stand in nothing but the record itself */
      static async open(session, stage, files, plan = { nodes: [] }) {
        await session.run(
          `CREATE TABLE ${table2} (id BIGINT, node VARCHAR, rule VARCHAR, severity VARCHAR, "column" VARCHAR, value VARCHAR, reason VARCHAR, raw VARCHAR, form VARCHAR, names VARCHAR, seen VARCHAR)`
        );
        return new _Rejects(session, stage, files, plan);
      }
      /** Names of more files, and all that are known. */
      name(files) {
        return Object.assign(this.#files, files);
      }
      /** Columns of a node whose values stand in rows only. */
      closedIn(node) {
        return restrictedAt(this.#plan, node);
      }
      get count() {
        return this.#count;
      }
      /** Sets aside the rows of `from` that break a check. */
      async take(node, from2, checks, kept) {
        if (checks.length === 0) return nothing4;
        if (!kept.allBad) {
          const [bad] = await this.#session.counts(`SELECT count(*) FILTER (${anyBad(checks)}) FROM ${from2}`);
          if (bad === 0) return nothing4;
        }
        const closed = this.closedIn(node);
        const isClosed = (check2) => closed.size > 0 && (check2.ofRow === true || this.#isSource(node) || closed.has(check2.column));
        const shown7 = (check2) => isClosed(check2) ? literal(check2.message) : `coalesce('"' || left((${check2.value})::VARCHAR, 200) || '" ', '') || ${literal(check2.message)}`;
        const reasons = checks.map(
          (check2, index) => `CASE WHEN __found[${index + 1}] THEN ${literal(`${check2.column}: `)} || ${shown7(check2)} END`
        );
        const ofFirst = (what) => `([${checks.map((check2) => literal(what(check2))).join(", ")}])[__first]`;
        const values3 = checks.flatMap(
          (check2, index) => isClosed(check2) ? [] : [`WHEN ${index + 1} THEN left((${check2.value})::VARCHAR, 1000)`]
        );
        const [raw, form, seen] = "raw" in kept ? [kept.raw, literal(kept.form), "NULL::VARCHAR"] : ["NULL::VARCHAR", "NULL::VARCHAR", kept.seen];
        const found = `[${checks.map((check2) => `coalesce(${check2.bad}, false)`).join(", ")}]`;
        const judged5 = `SELECT *, list_position(__found, true) AS __first FROM (SELECT *, ${found} AS __found, ${raw} AS __kept_raw, ${seen} AS __kept_seen FROM ${from2} WHERE ${anyBad(checks)})`;
        return this.#add(
          node,
          `SELECT ${rowColumn} AS id, ${ofFirst(({ rule: rule3 }) => rule3)} AS rule, ${ofFirst(({ severity: severity2 = usual }) => severity2)} AS severity, ${ofFirst(({ column: column3 }) => column3)} AS "column", ${values3.length > 0 ? `CASE __first ${values3.join(" ")} END` : "NULL::VARCHAR"} AS value, concat_ws('; ', ${reasons.join(", ")}) AS reason, __kept_raw AS raw, ${form} AS form, NULL::VARCHAR AS names, __kept_seen AS seen FROM (${judged5})`
        );
      }
      /**
       * Sets aside records that could not be read at all: rows of `id, rule, column, value, reason, raw, form, names`, where
       * `names` is a JSON list of the columns that a text record should have had.
       */
      addRead(node, select) {
        return this.#add(
          node,
          `SELECT id, rule, ${literal(usual)} AS severity, "column", value, reason, raw, form, names, NULL::VARCHAR AS seen FROM (${select})`
        );
      }
      /**
       * Forgets records of a source that were set aside and are read elsewhere.
       * @param ids SQL of their numbers
       */
      async leaveOut(node, ids2) {
        const where2 = `node = ${literal(node)} AND id IN (${ids2})`;
        const rows3 = await this.#session.rows(`SELECT rule, count(*) AS n FROM ${table2} WHERE ${where2} GROUP BY rule`);
        await this.#session.run(`UPDATE ${table2} SET node = NULL WHERE ${where2}`);
        const rules = Object.fromEntries(rows3.map(({ rule: rule3, n }) => [rule3, Number(n)]));
        const rejected = Object.values(rules).reduce((sum3, one) => sum3 + one, 0);
        this.#count -= rejected;
        return { rejected, rules };
      }
      /**
       * Gives rows that later steps rejected the record that they were at their source.
       * @param nodes steps to which each row of the source comes as one row
       * @param records SQL of the source's rows: `source_id` and the text `source_raw` of form `values`
       */
      async fillRaw(nodes, records) {
        if (nodes.length === 0) return;
        const open10 = `node IN (${nodes.map(literal).join(", ")}) AND raw IS NULL`;
        const [left] = await this.#session.counts(`SELECT count(*) FROM ${table2} WHERE ${open10}`);
        if (left === 0) return;
        const ids2 = `SELECT id FROM ${table2} WHERE ${open10}`;
        await this.#session.run(
          `UPDATE ${table2} SET raw = source_raw, form = 'values' FROM (${records(ids2)}) WHERE id = source_id AND ${open10}`
        );
      }
      /** Marks rows of steps whose record is not here, but is still the one at their place in the file. */
      async markPlaces(nodes) {
        if (nodes.length === 0) return;
        const list = nodes.map(literal).join(", ");
        await this.#session.run(`UPDATE ${table2} SET form = 'place' WHERE node IN (${list}) AND raw IS NULL`);
      }
      /**
       * SQL of all of them as they are written, in an order that every attempt shares.
       * @param at milliseconds since the epoch
       * @param ways by the node that rejected them: the tables that the rows were on their way to, and those of them in whose
       *   rows others have a part
       */
      rows(at, { tables, meets } = nowhere) {
        const files = Object.entries(this.#files).map(
          ([position, { source, key: key2, version: version2 }]) => `(${position}, ${literal(source)}, ${literal(key2)}, ${version2 === void 0 ? "NULL" : literal(version2)})`
        );
        const names4 = files.length > 0 ? files.join(", ") : "(-1, '', '', NULL)";
        const ways = Object.entries(tables).map(
          ([node, names5]) => `(${literal(node)}, ${literal(JSON.stringify(names5))}, ${literal(JSON.stringify(meets[node] ?? []))})`
        );
        const shown7 = this.#plan.nodes.flatMap(({ id }) => {
          const open10 = openColumns(this.#plan, id);
          return open10 ? [`(${literal(id)}, ${literal(JSON.stringify(open10))})`] : [];
        });
        const whole3 = `(form = 'place' OR length(raw) <= ${longestRawCharacters})`;
        return `SELECT file.key AS file, file.version::VARCHAR AS version, id & ${2n ** BigInt(rowBits) - 1n} AS "row", ${literal(this.#stage)} AS stage, rejects.node, rule, severity, "column", value, reason, left(coalesce(raw, seen), ${longestRawCharacters}) AS raw, CASE WHEN ${whole3} THEN form END AS form, names, left(seen, ${longestRawCharacters}) AS seen, make_timestamptz(${BigInt(Math.round(at)) * 1000n}) AS "time", file.source AS source, coalesce(way.tables, '[]') AS tables, coalesce(way.meets, '[]') AS meets, CASE WHEN raw IS NULL THEN step.open WHEN record.open IS NOT NULL AND rejects.node = file.source THEN '[]' ELSE record.open END AS open_raw, step.open AS open_seen FROM ${table2} LEFT JOIN (VALUES ${names4}) file(position, source, key, version) ON id >> ${rowBits} = file.position LEFT JOIN (VALUES ${["('', '[]', '[]')", ...ways].join(", ")}) way(node, tables, meets) ON way.node = rejects.node LEFT JOIN (VALUES ${["(NULL, NULL)", ...shown7].join(", ")}) record(node, open) ON record.node = file.source LEFT JOIN (VALUES ${["(NULL, NULL)", ...shown7].join(", ")}) step(node, open) ON step.node = rejects.node WHERE rejects.node IS NOT NULL ORDER BY file, version, "row", rejects.node, rejects.raw, rejects.seen`;
      }
      #isSource(node) {
        return this.#plan.nodes.some(({ id, kind }) => id === node && kind === "source");
      }
      async #add(node, select) {
        const before2 = this.#written;
        await this.#session.run(
          `INSERT INTO ${table2} SELECT id, ${literal(node)}, rule, severity, "column", value, reason, raw, form, names, seen FROM (${select})`
        );
        const rows3 = await this.#session.rows(
          `SELECT rule, count(*) AS n, count(*) FILTER (severity = 'critical') AS critical FROM ${table2} WHERE rowid >= ${before2} GROUP BY rule ORDER BY rule`
        );
        const rules = Object.fromEntries(rows3.map((row) => [row.rule, Number(row.n)]));
        const rejected = Object.values(rules).reduce((sum3, one) => sum3 + one, 0);
        const critical = rows3.reduce((sum3, row) => sum3 + Number(row.critical), 0);
        this.#count += rejected;
        this.#written += rejected;
        return { rejected, rules, ...critical > 0 && { critical } };
      }
    };
  }
});

// lib/engine/pass-over.ts
async function passOver(session, all2, { by: by2, type, lagSeconds }, after3) {
  const column3 = quoted(by2);
  const lag = lagSeconds > 0 ? ` - INTERVAL ${lagSeconds} SECOND` : "";
  const others = after3 === void 0 ? void 0 : `${column3} > CAST(${literal(after3)} AS ${type})${lag}`;
  const which = others ? ` FILTER (${others})` : "";
  const [row] = await session.rows(
    `SELECT count(*)${which} AS others, count(*) AS whole, max(${column3})${which}::VARCHAR AS reached FROM (${all2})`
  );
  const { others: kept, whole: whole3, reached } = row;
  return {
    rows: Number(whole3) - Number(kept),
    ...reached !== null && { reached },
    ...others && { others }
  };
}
var passedOverRule;
var init_pass_over = __esm({
  "lib/engine/pass-over.ts"() {
    "use strict";
    init_shape();
    passedOverRule = "passed over: at or below the cursor";
  }
});

// lib/engine/source-files.ts
async function reading(request, read) {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof PenstockError || cause.name === "AbortError") throw cause;
    throw new InputMalformedError({
      problem: `${request.file.key} cannot be read as ${request.format.kind}: ${firstLine(cause)}`,
      received: request.file.key,
      allowed: `a whole ${request.format.kind} file`,
      change: "send the file again, or correct the format of the source",
      cause
    });
  }
}
function firstLine(error) {
  return String(error.message ?? error).split("\n")[0];
}
var init_source_files = __esm({
  "lib/engine/source-files.ts"() {
    "use strict";
    init_penstock_error();
    init_errors3();
  }
});

// lib/engine/read/scanner.ts
function withoutMark(bytes3) {
  return bytes3[0] === 239 && bytes3[1] === 187 && bytes3[2] === 191 ? bytes3.subarray(3) : bytes3;
}
var longestRecordBytes, tooLong, notText, lineFeed, carriageReturn;
var init_scanner = __esm({
  "lib/engine/read/scanner.ts"() {
    "use strict";
    longestRecordBytes = 16 * 1024 * 1024;
    tooLong = `is longer than ${longestRecordBytes} bytes`;
    notText = "is not UTF-8 text";
    lineFeed = 10;
    carriageReturn = 13;
  }
});

// lib/engine/read/csv-header.ts
import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
async function csvHeader(path, key2, format2) {
  let bytes3 = Buffer.alloc(0);
  for await (const piece of createReadStream(path)) {
    bytes3 = Buffer.concat([bytes3, piece]);
    const header = firstRecord(bytes3, format2);
    if (header) return namesIn(header, key2, format2);
    if (bytes3.length > longestHeaderBytes) throw noHeader(key2, "has no line end in its first megabyte", bytes3);
  }
  return withoutMark(bytes3).length === 0 ? void 0 : namesIn(bytes3, key2, format2);
}
function firstRecord(bytes3, format2) {
  const found = parseRecord(bytes3.toString("latin1"), format2);
  return found && bytes3.subarray(0, found.length);
}
function namesIn(header, key2, format2) {
  if (!isUtf8(header)) throw noHeader(key2, "does not begin with UTF-8 text", header);
  const { fields: fields2 } = parseRecord(`${withoutMark(header).toString("utf8")}
`, format2);
  return fields2.map((name3, index) => name3 || `__unnamed_${index + 1}`);
}
function noHeader(key2, why, bytes3) {
  return new InputMalformedError({
    problem: `${key2} ${why}`,
    // No more: without a header these are the bytes of a row.
    received: `the bytes ${bytes3.subarray(0, 4).toString("hex")}\u2026`,
    allowed: "a CSV file in UTF-8 with a header line",
    change: "correct the delimiter and quote of the source, or send CSV in UTF-8"
  });
}
function parseRecord(text4, { delimiter, quote: quote2 }) {
  const fields2 = [];
  let field = "";
  let inside = false;
  for (let index = 0; index < text4.length; index++) {
    const letter = text4[index];
    if (inside) {
      if (letter !== quote2) field += letter;
      else if (text4[index + 1] === quote2) field += text4[++index];
      else inside = false;
    } else if (letter === quote2 && field.trim() === "") {
      inside = true;
      field = "";
    } else if (letter === delimiter) {
      fields2.push(field);
      field = "";
    } else if (letter === "\n" || letter === "\r") return { fields: [...fields2, field], length: index };
    else field += letter;
  }
  return void 0;
}
var longestHeaderBytes;
var init_csv_header = __esm({
  "lib/engine/read/csv-header.ts"() {
    "use strict";
    init_errors3();
    init_scanner();
    longestHeaderBytes = 1024 * 1024;
  }
});

// lib/engine/read/csv-scanner.ts
import { isUtf8 as isUtf82 } from "node:buffer";
function lineEnd(text4, from2) {
  const feed = text4.indexOf(lineFeed, from2);
  const slice = feed < 0 ? text4.subarray(from2) : text4.subarray(from2, feed);
  const back = slice.indexOf(carriageReturn);
  return back < 0 ? feed : from2 + back;
}
var space2, fieldStart, plain, quoted2, afterQuote, fresh, CsvScanner;
var init_csv_scanner = __esm({
  "lib/engine/read/csv-scanner.ts"() {
    "use strict";
    init_scanner();
    space2 = 32;
    fieldStart = 0;
    plain = 1;
    quoted2 = 2;
    afterQuote = 3;
    fresh = { bytes: 0, state: fieldStart, fields: 1, filled: 0 };
    CsvScanner = class {
      #delimiter;
      #quote;
      #columns;
      #rest = Buffer.alloc(0);
      /** Offset in the file at which the rest begins. */
      #offset = 0;
      #headerEnd = 0;
      #number = 0;
      #began;
      #headerPending;
      #skipping = false;
      /** How far the record at the start of the rest has been looked at. */
      #seen = fresh;
      /**
       * @param columns of the file; absent: as many as its header names
       * @param inside true for bytes from within a file, at whose start a byte order mark is text. Default false
       */
      constructor(format2, columns2, inside = false) {
        this.#began = inside;
        this.#delimiter = format2.delimiter.charCodeAt(0);
        this.#quote = format2.quote.charCodeAt(0);
        this.#columns = columns2;
        this.#headerPending = format2.header;
      }
      /** Offset in the file at which its first record begins. */
      get headerEnd() {
        return this.#headerEnd;
      }
      push(bytes3) {
        return this.#scan(bytes3, false);
      }
      end() {
        return this.#scan(Buffer.alloc(0), true);
      }
      *#scan(bytes3, last) {
        const all2 = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes3]) : bytes3;
        if (!this.#began && all2.length < 3 && !last) {
          this.#rest = Buffer.from(all2);
          return;
        }
        const text4 = this.#began ? all2 : withoutMark(all2);
        this.#offset += all2.length - text4.length;
        this.#began = true;
        let start2 = 0;
        while (start2 < text4.length) {
          if (this.#skipping) {
            const line2 = this.#firstLine(text4, start2, last, tooLong);
            if (!line2) start2 = text4.at(-1) === carriageReturn ? text4.length - 1 : text4.length;
            if (!line2) break;
            start2 = line2.next;
            this.#skipping = false;
            continue;
          }
          const found = this.#record(text4, start2, last);
          if (!found) break;
          const record15 = this.#judged(text4, start2, found);
          start2 = found.next;
          if (record15) yield record15;
        }
        if (text4.length - start2 > longestRecordBytes) {
          this.#skipping = true;
          this.#seen = fresh;
          yield { number: ++this.#number, bytes: text4.subarray(start2), next: this.#offset + text4.length, problem: tooLong };
          start2 = text4.length;
        }
        this.#rest = Buffer.from(text4.subarray(start2));
        this.#offset += start2;
      }
      /** The record that starts here, or undefined where its end has not come yet. */
      #record(text4, start2, last) {
        const [delimiter, quote2] = [this.#delimiter, this.#quote];
        let { state: state2, fields: fields2, filled } = this.#seen;
        const from2 = start2 + this.#seen.bytes;
        this.#seen = fresh;
        for (let index = from2; index < text4.length; index++) {
          const byte = text4[index];
          if (state2 === quoted2) {
            if (byte !== quote2) {
              filled = fields2;
              continue;
            }
            if (index + 1 === text4.length && !last) return this.#later({ bytes: index - start2, state: state2, fields: fields2, filled });
            if (text4[index + 1] !== quote2) {
              state2 = afterQuote;
              continue;
            }
            index++;
            filled = fields2;
          } else if (byte === delimiter) {
            fields2++;
            state2 = fieldStart;
          } else if (byte === lineFeed || byte === carriageReturn) {
            if (byte === carriageReturn && index + 1 === text4.length && !last)
              return this.#later({ bytes: index - start2, state: state2, fields: fields2, filled });
            const pair = byte === carriageReturn && text4[index + 1] === lineFeed;
            return { end: index, next: index + (pair ? 2 : 1), fields: fields2, filled };
          } else if (state2 === fieldStart) {
            if (byte === quote2) {
              state2 = quoted2;
              continue;
            }
            filled = fields2;
            if (byte !== space2) state2 = plain;
          } else if (state2 === afterQuote && byte !== space2) {
            const line2 = this.#firstLine(text4, start2, last, "has text after a closing quote");
            return line2 && { ...line2, seen: index + 1 };
          }
        }
        if (state2 === quoted2 && (last || text4.length - start2 > longestRecordBytes)) {
          const line2 = this.#firstLine(text4, start2, last, "has a quote that is not closed");
          return line2 && { ...line2, seen: text4.length };
        }
        if (last) return { end: text4.length, next: text4.length, fields: fields2, filled };
        return this.#later({ bytes: text4.length - start2, state: state2, fields: fields2, filled });
      }
      #later(seen) {
        this.#seen = seen;
      }
      #firstLine(text4, start2, last, problem) {
        const end = lineEnd(text4, start2);
        if (end < 0) return last ? { end: text4.length, next: text4.length, fields: 0, filled: 0, problem } : void 0;
        if (text4[end] === carriageReturn && end + 1 === text4.length && !last) return void 0;
        const pair = text4[end] === carriageReturn && text4[end + 1] === lineFeed;
        return { end, next: end + (pair ? 2 : 1), fields: 0, filled: 0, problem };
      }
      #judged(text4, start2, found) {
        const { end, fields: fields2, filled, problem } = found;
        const next = this.#offset + found.next;
        const bytes3 = text4.subarray(start2, end);
        if (this.#headerPending) {
          this.#headerPending = false;
          this.#headerEnd = next;
          this.#columns ??= fields2;
          return void 0;
        }
        const columns2 = this.#columns ?? fields2;
        if (bytes3.length === 0 && columns2 > 1) return void 0;
        const number16 = ++this.#number;
        const seen = found.seen === void 0 ? void 0 : this.#offset + found.seen;
        if (problem !== void 0) return { number: number16, bytes: bytes3, next, seen, problem };
        if (fields2 < columns2 || filled > columns2)
          return { number: number16, bytes: bytes3, next, problem: `has ${fields2} ${fields2 === 1 ? "field" : "fields"}, not ${columns2}` };
        if (bytes3.length > longestRecordBytes) return { number: number16, bytes: bytes3, next, problem: tooLong };
        return isUtf82(bytes3) ? { number: number16, bytes: bytes3, next } : { number: number16, bytes: bytes3, next, problem: notText };
      }
    };
  }
});

// lib/engine/read/fit-columns.ts
function fitColumns(request, present) {
  const { node } = request;
  const { fields: fields2 } = node.contract;
  const free = present.filter(({ name: name3 }) => !fields2.some((field) => field.name === name3));
  const sources = {};
  const differences = [];
  for (const field of fields2) {
    const own = present.find(({ name: name3 }) => name3 === field.name);
    const other = own ? void 0 : otherName(request, field.name, free);
    if (other) {
      free.splice(free.indexOf(other), 1);
      differences.push(renamed(request, field.name, other.name));
    } else if (!own) differences.push(missing2(request, field, free));
    const source = own ?? other;
    sources[field.name] = source?.name;
    if (source?.type !== void 0 && isAnotherKind(source.type, field.type))
      differences.push(retyped(request, field, source.type));
  }
  const { evolution: evolution2 } = node.contract;
  if (evolution2 || node.contract.unknownColumns === "reject")
    differences.push(...free.map(({ name: name3 }) => added3(request, name3)));
  const told2 = differences.filter(({ action }) => evolution2 || action === "stop");
  return { sources, ...settle(request, told2) };
}
function asInFile(node, fit) {
  if (!fit) return node;
  const fields2 = node.contract.fields.flatMap((field) => {
    const name3 = fit.sources[field.name];
    return name3 === void 0 ? [] : [{ ...field, name: name3 }];
  });
  return { ...node, contract: { ...node.contract, fields: fields2 } };
}
function settle(request, differences) {
  const fatal = differences.find(({ action }) => action === "stop");
  if (fatal) throw mismatch(request, fatal);
  const { key: key2 } = request.file;
  return {
    drift: differences.map(({ change: change2, column: column3, found, action }) => ({
      change: change2,
      column: column3,
      ...found !== void 0 && { found },
      action,
      files: [key2]
    })),
    checks: differences.filter(({ action }) => action === "quarantine").map(({ change: change2, column: column3, message }) => {
      return { rule: `schema: ${column3} is ${change2}`, column: column3, bad: "true", value: "NULL", message };
    })
  };
}
function retypedText(request, { name: name3, type }) {
  const { evolution: evolution2 } = request.node.contract;
  const action = evolution2?.retyped === "stop" ? "stop" : "quarantine";
  const message = `holds no ${type} in this file`;
  return {
    change: "retyped",
    column: name3,
    found: `no ${type}`,
    action,
    message,
    advice: `send "${name3}" as ${type}, or change the contract`
  };
}
function retyped({ node }, { name: name3, type }, found) {
  return {
    change: "retyped",
    column: name3,
    found,
    action: node.contract.evolution?.retyped ?? "evolve",
    message: `is ${found} in the file, not ${type}`,
    advice: `send "${name3}" as ${type}, change the contract, or let retyped columns evolve`
  };
}
function renamed({ node }, column3, found) {
  const { evolution: evolution2, aliases = {} } = node.contract;
  const isAlias = Object.hasOwn(aliases, column3) && aliases[column3].includes(found);
  return {
    change: "renamed",
    column: column3,
    found,
    action: evolution2?.renamed ?? (isAlias ? "evolve" : "stop"),
    message: `is called "${found}" in the file`,
    advice: `the file has "${found}": was it renamed? change the contract or the file, or let renamed columns evolve`
  };
}
function missing2({ node, format: format2 }, { name: name3, nullable }, free) {
  const { evolution: evolution2 } = node.contract;
  const isJson = format2.kind === "json" || format2.kind === "ndjson";
  const usual2 = isJson && (nullable || !evolution2) ? "evolve" : "stop";
  const guess = nearest(
    name3,
    free.map((column3) => column3.name)
  );
  return {
    change: "missing",
    column: name3,
    action: evolution2?.missing ?? usual2,
    message: "is not in the file",
    advice: guess ? `the file has "${guess}": was it renamed? change the contract or the file` : "send a file with that column, or take it out of the contract"
  };
}
function added3({ node }, name3) {
  const { evolution: evolution2, unknownColumns } = node.contract;
  return {
    change: "added",
    column: name3,
    action: evolution2?.added ?? (unknownColumns === "reject" ? "stop" : "evolve"),
    message: "is not in the contract",
    advice: 'add it to the contract, or set unknownColumns to "ignore"'
  };
}
function otherName({ node }, field, free) {
  const { aliases = {}, fields: fields2 } = node.contract;
  const given4 = Object.hasOwn(aliases, field) ? aliases[field] : [];
  const alias = given4.flatMap((name3) => free.find((column3) => column3.name === name3) ?? [])[0];
  if (alias) return alias;
  const same2 = free.filter(({ name: name3 }) => wordsOf(name3) === wordsOf(field));
  const twins = fields2.filter(({ name: name3 }) => wordsOf(name3) === wordsOf(field));
  return same2.length === 1 && twins.length === 1 ? same2[0] : void 0;
}
function wordsOf(name3) {
  return name3.toLowerCase().replace(/[\s_.-]+/g, "");
}
function isAnotherKind(found, wanted3) {
  const kindOf3 = (type) => Object.entries(kinds4).find(([, pattern2]) => pattern2.test(type))?.[0] ?? type;
  const [from2, to] = [kindOf3(found), kindOf3(wanted3)];
  return from2 !== to && !(from2 === "integer" && to === "fraction") && !(from2 === "date" && to === "moment");
}
function mismatch({ node, file: file2 }, { change: change2, column: column3, message, advice }) {
  const names4 = node.contract.fields.map((field) => field.name);
  const problem = {
    missing: `${file2.key} has no column "${column3}", which the contract of "${node.id}" promises`,
    added: `${file2.key} has a column "${column3}" that the contract of "${node.id}" does not know`,
    renamed: `${file2.key} has no column "${column3}", which the contract of "${node.id}" promises: it ${message}`,
    retyped: `the column "${column3}" of ${file2.key} is not as the contract of "${node.id}" promises: it ${message}`
  }[change2];
  return new SchemaMismatchError({ problem, received: column3, allowed: names4, change: advice });
}
var kinds4;
var init_fit_columns = __esm({
  "lib/engine/read/fit-columns.ts"() {
    "use strict";
    init_nearest();
    init_errors3();
    kinds4 = {
      integer: /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/,
      fraction: /^(DECIMAL.*|FLOAT|DOUBLE)$/,
      text: /^(VARCHAR|ENUM.*|UUID|JSON)$/,
      date: /^DATE$/,
      moment: /^TIMESTAMP.*$/
    };
  }
});

// lib/engine/read/hidden-columns.ts
function hiddenColumns(columns2, fields2) {
  const named3 = new Set(fields2.map(({ name: name3 }) => name3));
  const others = Object.fromEntries(
    columns2.filter((name3) => !named3.has(name3)).map((name3, index) => [name3, `__other_${index}`])
  );
  return { others, needs: Object.entries(others).map(([name3, hidden]) => `${quoted(name3)} AS ${hidden}`) };
}
var init_hidden_columns = __esm({
  "lib/engine/read/hidden-columns.ts"() {
    "use strict";
    init_shape();
  }
});

// lib/engine/read/line-ends.ts
function hasLoneReturn(bytes3) {
  for (let back = bytes3.indexOf(carriageReturn); back >= 0; back = bytes3.indexOf(carriageReturn, back + 1))
    if (back + 1 < bytes3.length && bytes3[back + 1] !== lineFeed) return true;
  return false;
}
var LineEnds;
var init_line_ends = __esm({
  "lib/engine/read/line-ends.ts"() {
    "use strict";
    init_scanner();
    LineEnds = class {
      #lines = 0;
      #feeds = 0;
      #pairs = 0;
      /** A carriage return occurs that no line feed follows. */
      #isLone = false;
      /** Bytes so far of the line that is not at its end, and the last of them. */
      #begun = 0;
      #last;
      push(bytes3) {
        if (bytes3.length === 0) return;
        if (this.#last === carriageReturn && bytes3[0] !== lineFeed) this.#isLone = true;
        let start2 = -this.#begun;
        for (let feed = bytes3.indexOf(lineFeed); feed >= 0; feed = bytes3.indexOf(lineFeed, start2)) {
          const isPair = (feed > 0 ? bytes3[feed - 1] : this.#last) === carriageReturn;
          this.#feeds++;
          if (isPair) this.#pairs++;
          if (feed - start2 > (isPair ? 1 : 0)) this.#lines++;
          start2 = feed + 1;
        }
        this.#isLone ||= hasLoneReturn(bytes3);
        this.#begun = bytes3.length - start2;
        this.#last = bytes3.at(-1);
      }
      end() {
        const isLone = this.#isLone || this.#last === carriageReturn;
        const isAllPairs = this.#pairs === this.#feeds;
        const returns = isLone ? "mixed" : this.#pairs === 0 ? "none" : isAllPairs ? "pairs" : "mixed";
        return { returns, lines: this.#lines + (this.#begun > 0 ? 1 : 0) };
      }
    };
  }
});

// lib/engine/read/look-at-text.ts
import { isUtf8 as isUtf83 } from "node:buffer";
import { closeSync, openSync, readSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
async function lookAtText(path, quote2, signal) {
  const quoteByte = quote2 === "" ? void 0 : quote2.charCodeAt(0);
  let [quoted3, longestLine, place2] = [false, pieceBytes, 0];
  let ends;
  let begun = Buffer.alloc(0);
  const tell = (sound) => ({ quoted: quoted3, returns: "none", ...ends?.end(), longestLine, sound });
  const file2 = openSync(path, "r");
  try {
    const buffer = Buffer.allocUnsafe(pieceBytes);
    for (let piece = 1; ; piece++) {
      if (piece % piecesAtOnce === 0) await setImmediate();
      signal?.throwIfAborted();
      const bytes3 = buffer.subarray(0, readSync(file2, buffer, 0, pieceBytes, null));
      if (bytes3.length === 0) return tell(isUtf83(begun));
      quoted3 ||= quoteByte !== void 0 && bytes3.includes(quoteByte);
      if (!ends && (quoted3 || bytes3.includes(carriageReturn))) ends = endsBefore(path, place2);
      ends?.push(bytes3);
      place2 += bytes3.length;
      const first4 = bytes3.indexOf(lineFeed);
      const last = bytes3.lastIndexOf(lineFeed);
      const line2 = Buffer.concat([begun, first4 < 0 ? bytes3 : bytes3.subarray(0, first4)]);
      longestLine = Math.max(longestLine, line2.length);
      if (line2.length > longestRecordBytes) return tell(false);
      begun = first4 < 0 ? line2 : Buffer.from(bytes3.subarray(last + 1));
      if (first4 >= 0 && !(isUtf83(line2) && isUtf83(bytes3.subarray(first4, last)))) return tell(false);
    }
  } finally {
    closeSync(file2);
  }
}
function endsBefore(path, place2) {
  const ends = new LineEnds();
  const file2 = openSync(path, "r");
  try {
    const buffer = Buffer.allocUnsafe(Math.min(place2, pieceBytes));
    for (let from2 = 0; from2 < place2; from2 += pieceBytes)
      ends.push(buffer.subarray(0, readSync(file2, buffer, 0, Math.min(pieceBytes, place2 - from2), from2)));
    return ends;
  } finally {
    closeSync(file2);
  }
}
var pieceBytes, piecesAtOnce;
var init_look_at_text = __esm({
  "lib/engine/read/look-at-text.ts"() {
    "use strict";
    init_line_ends();
    init_scanner();
    pieceBytes = 1024 * 1024;
    piecesAtOnce = 16;
  }
});

// lib/engine/read/lines.ts
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
var flushBytes, newline, Lines;
var init_lines = __esm({
  "lib/engine/read/lines.ts"() {
    "use strict";
    flushBytes = 256 * 1024;
    newline = Buffer.from("\n");
    Lines = class {
      #file;
      #parts = [];
      #bytes = 0;
      constructor(path) {
        this.#file = createWriteStream(path);
      }
      /** Adds one line. */
      add(...parts) {
        for (const part of [...parts, newline]) {
          this.#parts.push(part);
          this.#bytes += part.length;
        }
      }
      /** Writes what has gathered, if it is at least this much. */
      async flush(least2 = flushBytes) {
        if (this.#bytes < least2) return;
        const all2 = Buffer.concat(this.#parts);
        this.#parts = [];
        this.#bytes = 0;
        if (!this.#file.write(all2)) await once(this.#file, "drain");
      }
      async close() {
        await this.flush(1);
        this.#file.end();
        await finished(this.#file);
      }
    };
  }
});

// lib/engine/read/record-lines.ts
import { open } from "node:fs/promises";
async function* recordLines(path, places, signal) {
  let [place2, wanted3] = [0, 0];
  let begun = Buffer.alloc(0);
  const file2 = await open(path);
  try {
    for (let last = false; !last && wanted3 < places.length; ) {
      signal?.throwIfAborted();
      const { buffer, bytesRead } = await file2.read(Buffer.allocUnsafe(pieceBytes2), 0, pieceBytes2);
      last = bytesRead === 0;
      const bytes3 = last ? Buffer.concat([begun, Buffer.of(lineFeed)]) : Buffer.concat([begun, buffer.subarray(0, bytesRead)]);
      let start2 = 0;
      for (let feed = bytes3.indexOf(lineFeed); feed >= 0; feed = bytes3.indexOf(lineFeed, start2)) {
        const end = feed > start2 && bytes3[feed - 1] === carriageReturn ? feed - 1 : feed;
        if (end > start2) {
          if (place2 === places[wanted3]) {
            yield { place: place2, bytes: bytes3.subarray(start2, end) };
            wanted3++;
          }
          place2++;
        }
        start2 = feed + 1;
      }
      begun = bytes3.subarray(start2);
    }
  } finally {
    await file2.close();
  }
}
var pieceBytes2;
var init_record_lines = __esm({
  "lib/engine/read/record-lines.ts"() {
    "use strict";
    init_scanner();
    pieceBytes2 = 1024 * 1024;
  }
});

// lib/engine/read/record-problem.ts
function recordProblem(bytes3, format2, columns2) {
  const scanner = new CsvScanner({ ...format2, header: false }, columns2, true);
  const [record15, more] = [...scanner.push(bytes3)].concat([...scanner.end()]);
  if (more) return "is more than one record";
  return record15 ? record15.problem : "is empty";
}
var init_record_problem = __esm({
  "lib/engine/read/record-problem.ts"() {
    "use strict";
    init_csv_scanner();
  }
});

// lib/engine/read/sift.ts
import { isUtf8 as isUtf84 } from "node:buffer";
import { createReadStream as createReadStream2 } from "node:fs";
async function sift({ from: from2, good, bad, separator, scanner, signal }) {
  const [goods, bads] = [new Lines(good), new Lines(bad)];
  const write = async (records) => {
    for (const { number: number16, bytes: bytes3, problem } of records) {
      if (problem === void 0) goods.add(Buffer.from(`${number16}${separator}`), bytes3);
      else bads.add(badRecord({ number: number16, bytes: bytes3, problem }));
    }
    await goods.flush();
    await bads.flush();
  };
  try {
    const file2 = createReadStream2(from2, { highWaterMark: 1024 * 1024, signal });
    for await (const bytes3 of file2) await write(scanner.push(bytes3));
    await write(scanner.end());
  } finally {
    await goods.close();
    await bads.close();
  }
}
function badRecord({ number: number16, bytes: bytes3, problem }) {
  const raw = bytes3.subarray(0, longestRawBytes).toString("utf8");
  const whole3 = bytes3.length <= longestRawBytes && isUtf84(bytes3);
  return Buffer.from(JSON.stringify({ record: number16, problem, raw, whole: whole3 }));
}
var longestRawBytes;
var init_sift = __esm({
  "lib/engine/read/sift.ts"() {
    "use strict";
    init_lines();
    longestRawBytes = 65536;
  }
});

// lib/engine/read/text.ts
import { join as join9 } from "node:path";
function limits(longestLine) {
  const large = longestLine > longestRecordBytes / 16;
  const [line2, buffer] = large ? [longestRecordBytes, 2 * longestRecordBytes] : [2, 8].map((mega) => mega * 1024 * 1024);
  return [`max_line_size = ${line2}`, `buffer_size = ${buffer}`, "auto_detect = false"];
}
function textColumns(path, columns2, options2, longestLine = longestRecordBytes) {
  const types4 = columns2.map((column3) => `${quoted(column3)}: 'VARCHAR'`).join(", ");
  return `read_csv(${literal(path)}, columns = {${types4}}, ${[...limits(longestLine), ...options2].join(", ")})`;
}
async function siftText({ session, node, file: file2, rejects, workFolder, signal }, layout) {
  const { columns: columns2, dialect, separator, scanner } = layout;
  const stem = session.newName("sifted");
  const [good, bad] = [join9(workFolder, `${stem}-good`), join9(workFolder, `${stem}-bad.ndjson`)];
  await sift({ from: file2.path, good, bad, separator, scanner: scanner(), signal });
  const from2 = `(SELECT ${columns2.map(quoted).join(", ")}, ${firstRow(file2)} + __record::BIGINT - 1 AS ${rowColumn} FROM ${goodRecords(good, columns2, dialect)})`;
  return { from: from2, taken: await takeUnreadable({ node, file: file2, rejects }, layout, bad) };
}
function takeUnreadable({ node, file: file2, rejects }, layout, bad) {
  const fields2 = "columns = {'record': 'BIGINT', 'problem': 'VARCHAR', 'raw': 'VARCHAR', 'whole': 'BOOLEAN'}";
  return rejects.addRead(
    node.id,
    `SELECT ${firstRow(file2)} + record - 1 AS id, ${unreadable(layout, "whole")}, 'the record ' || problem AS reason, raw FROM read_ndjson(${literal(bad)}, ${fields2})`
  );
}
function goodRecords(path, columns2, dialect) {
  return textColumns(path, ["__record", ...columns2], [...dialect, "new_line = '\\n'", "header = false"]);
}
function unreadable({ form, columns: columns2 }, whole3 = "true") {
  const names4 = form === "text" ? literal(JSON.stringify(columns2)) : "NULL::VARCHAR";
  return `'record is readable' AS rule, NULL::VARCHAR AS "column", NULL::VARCHAR AS value, CASE WHEN ${whole3} THEN ${literal(form)} END AS form, ${names4} AS names`;
}
var init_text = __esm({
  "lib/engine/read/text.ts"() {
    "use strict";
    init_shape();
    init_relation();
    init_scanner();
    init_sift();
  }
});

// lib/engine/read/take-lines.ts
import { join as join10 } from "node:path";
async function takeLines(request, layout, format2, from2) {
  const { session, file: file2, workFolder, signal, row } = request;
  if (row !== void 0) return void 0;
  const rows3 = await session.rows(
    `SELECT ${rowColumn} - (${firstRow(file2)}) AS place FROM ${from2} ORDER BY place LIMIT ${mostBroken + 1}`
  );
  if (rows3.length > mostBroken) return void 0;
  const header = layout.header ? 1 : 0;
  const places = rows3.map(({ place: place2 }) => Number(place2) + header);
  const bad = join10(workFolder, session.newName("broken"));
  const bads = new Lines(bad);
  let found = 0;
  try {
    for await (const { place: place2, bytes: line2 } of recordLines(file2.path, places, signal)) {
      const bytes3 = place2 === 0 ? withoutMark(line2) : line2;
      const problem = recordProblem(bytes3, format2, layout.columns.length);
      if (problem === void 0) return void 0;
      bads.add(badRecord({ number: place2 - header + 1, bytes: bytes3, problem }));
      await bads.flush();
      found++;
    }
  } finally {
    await bads.close();
  }
  return found === places.length ? takeUnreadable(request, layout, bad) : void 0;
}
var mostBroken;
var init_take_lines = __esm({
  "lib/engine/read/take-lines.ts"() {
    "use strict";
    init_relation();
    init_lines();
    init_record_lines();
    init_record_problem();
    init_scanner();
    init_sift();
    init_text();
    mostBroken = 1e4;
  }
});

// lib/engine/read/unpack.ts
import { createReadStream as createReadStream3, createWriteStream as createWriteStream2 } from "node:fs";
import { open as open2 } from "node:fs/promises";
import { Transform } from "node:stream";
import { pipeline as pipeline2 } from "node:stream/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";
async function unpacked(path, to, key2, signal) {
  const unpack = await unpackerOf(path);
  if (!unpack) return path;
  const file2 = createReadStream3(path, { highWaterMark: 1024 * 1024 });
  try {
    await pipeline2(file2, unpack, bombGuard(file2, key2), createWriteStream2(to), { signal });
  } catch (cause) {
    if (cause instanceof InputMalformedError || signal?.aborted) throw cause;
    const code2 = cause.code ?? "";
    if (!code2.startsWith("Z_") && !code2.startsWith("ZSTD_")) throw cause;
    throw new InputMalformedError({
      problem: `${key2} cannot be unpacked: ${cause.message}`,
      received: key2,
      allowed: "a whole gzip or zstd file",
      change: "send the file again: it was cut short or damaged on its way",
      cause
    });
  }
  return to;
}
async function unpackerOf(path) {
  const file2 = await open2(path);
  try {
    const { buffer } = await file2.read(Buffer.alloc(4), 0, 4, 0);
    if (buffer[0] === 31 && buffer[1] === 139) return createGunzip();
    return buffer.readUInt32LE() === 4247762216 ? createZstdDecompress() : void 0;
  } finally {
    await file2.close();
  }
}
function bombGuard(file2, key2) {
  let bytes3 = 0;
  return new Transform({
    transform(chunk, _encoding, done) {
      bytes3 += chunk.length;
      if (bytes3 <= harmlessBytes || bytes3 <= file2.bytesRead * mostGrowth) return done(null, chunk);
      const error = new InputMalformedError({
        problem: `${key2} unpacks to more than ${mostGrowth} times its size`,
        received: `${bytes3} bytes out of ${file2.bytesRead}`,
        allowed: `${mostGrowth} times the packed size`,
        change: "send the file unpacked, if it is meant"
      });
      done(error);
    }
  });
}
var mostGrowth, harmlessBytes;
var init_unpack = __esm({
  "lib/engine/read/unpack.ts"() {
    "use strict";
    init_errors3();
    mostGrowth = 250;
    harmlessBytes = 256 * 1024 * 1024;
  }
});

// lib/engine/read/csv.ts
import { join as join11 } from "node:path";
function readCsv(request) {
  return reading(request, async () => {
    const { format: format2, node, session, signal } = request;
    if (format2.kind !== "csv") throw new TypeError("not CSV");
    const path = await unpacked(
      request.file.path,
      join11(request.workFolder, session.newName("unpacked")),
      request.file.key,
      signal
    );
    const file2 = { ...request.file, path };
    const fields2 = node.contract.fields.map((field) => field.name);
    const columns2 = format2.header ? await csvHeader(path, file2.key, format2) : fields2;
    if (columns2 === void 0) return nothingOf(fields2);
    refuseTwins(request, columns2);
    const fit = fitColumns(
      request,
      columns2.map((name3) => ({ name: name3 }))
    );
    const scan = await scanCsv(
      { ...request, file: file2, node: asInFile(node, fit) },
      {
        columns: columns2,
        separator: format2.delimiter,
        header: format2.header,
        form: "text",
        dialect: csvDialect(format2),
        scanner: () => new CsvScanner(format2, columns2.length)
      },
      format2
    );
    return withFit(scan, fit);
  });
}
function withFit({ strict, sifted, ...scan }, fit) {
  return {
    ...scan,
    fit,
    ...strict && { strict: () => withFit(strict(), fit) },
    ...sifted && { sifted: async () => withFit(await sifted(), fit) }
  };
}
async function scanCsv(request, layout, format2) {
  const { file: file2, signal } = request;
  const look = await lookAtText(file2.path, format2.quote, signal);
  if (!look.sound) return siftCsv(request, layout);
  if (layout.columns.length === 1) return strictScan(request, layout);
  return paddedScan(request, { layout, format: format2, look });
}
function strictScan(request, layout) {
  const { node, file: file2 } = request;
  const { others, needs } = hiddenColumns(layout.columns, node.contract.fields);
  const columns2 = [...node.contract.fields.map(({ name: name3 }) => quoted(name3)), ...needs].join(", ");
  return {
    ...plainScan,
    ...scanOf(request),
    columns: layout.columns,
    others,
    from: `(SELECT ${columns2} FROM ${textColumns(file2.path, layout.columns, optionsOf3(layout))})`,
    sifted: () => siftCsv(request, layout)
  };
}
function scanOf({ file: file2, row }) {
  return { row: row ?? `${firstRow(file2)} + __number`, numbered: false };
}
function optionsOf3({ dialect, header }) {
  return [...dialect, `header = ${header}`];
}
function paddedScan(request, { layout, format: format2, look }) {
  const { node, file: file2 } = request;
  const { columns: columns2 } = layout;
  const texts3 = Object.fromEntries(columns2.map((name3, index) => [name3, `__text_${index}`]));
  const fields2 = node.contract.fields.map(({ name: name3 }) => `nullif(${quoted(name3)}, '') AS ${quoted(name3)}`);
  const word = `CASE WHEN ${quoted(columns2.at(-1))} IS NULL OR ${spareColumns.map((name3) => `${name3} <> ''`).join(" OR ")} THEN 'width' END`;
  const padded = [...optionsOf3(layout), "null_padding = true", "nullstr = '\n'", "allow_quoted_nulls = false"];
  const others = Object.keys(hiddenColumns(columns2, node.contract.fields).others);
  const longest = look.quoted ? void 0 : look.longestLine;
  return {
    ...plainScan,
    ...scanOf(request),
    columns: columns2,
    others: Object.fromEntries(others.map((name3) => [name3, `nullif(${texts3[name3]}, '')`])),
    from: `(SELECT ${[...fields2, ...columns2.map((name3) => `${quoted(name3)} AS ${texts3[name3]}`), ...spareColumns].join(", ")}, ${word} AS __broken FROM ${textColumns(file2.path, [...columns2, ...spareColumns], padded, longest)})`,
    broken: {
      word: "__broken",
      // What was in quotes cannot be told any more: such a record is read again where it lies.
      raw: look.quoted ? "NULL::VARCHAR" : `concat_ws(${[literal(layout.separator), ...Object.values(texts3), ...spareColumns].join(", ")})`
    },
    takeBroken: async (from2) => {
      if (look.returns === "mixed") return void 0;
      return look.quoted ? takeLines(request, layout, format2, from2) : takeWrongWidths(request, layout, from2);
    },
    // DuckDB takes some broken quotes for good ones, and what is behind them for a part of the same record.
    ...look.quoted && {
      expected: look.lines - (layout.header ? 1 : 0),
      strict: () => strictScan(request, layout)
    },
    sifted: () => siftCsv(request, layout)
  };
}
function takeWrongWidths({ node, rejects }, layout, from2) {
  const found = `length(raw) - length(replace(raw, ${literal(layout.separator)}, '')) + 1`;
  return rejects.addRead(
    node.id,
    `SELECT id, ${unreadable(layout)}, 'the record has ' || found || CASE found WHEN 1 THEN ' field' ELSE ' fields' END || ', not ${layout.columns.length}' AS reason, raw FROM (SELECT *, ${found} AS found FROM (SELECT ${rowColumn} AS id, __raw_text AS raw FROM ${from2}))`
  );
}
async function siftCsv(request, layout) {
  return numberedScan(request, layout.columns, await siftText(request, layout));
}
function csvDialect({ delimiter, quote: quote2 }) {
  return [`delim = ${literal(delimiter)}`, `quote = ${literal(quote2)}`, `escape = ${literal(quote2)}`];
}
function numberedScan({ node }, columns2, { from: from2, taken: taken2 }) {
  const { fields: fields2 } = node.contract;
  const { others, needs } = hiddenColumns(columns2, fields2);
  const list = [...fields2.map(({ name: name3 }) => quoted(name3)), ...needs, rowColumn].join(", ");
  return {
    ...plainScan,
    columns: columns2,
    others,
    from: `(SELECT ${list} FROM ${from2})`,
    taken: taken2,
    row: rowColumn,
    numbered: true
  };
}
function nothingOf(fields2) {
  const empty = fields2.map((field) => `NULL::VARCHAR AS ${quoted(field)}`).join(", ");
  const from2 = `(SELECT ${empty}, 0::BIGINT AS ${rowColumn} WHERE false)`;
  return { ...plainScan, columns: fields2, from: from2, row: rowColumn, numbered: true };
}
function refuseTwins({ file: file2, node }, names4) {
  const same2 = (a, b) => a.toLowerCase() === b.toLowerCase();
  const twin = names4.find((name3, index) => names4.findIndex((other) => same2(name3, other)) !== index);
  if (twin === void 0) return;
  const closed = restrictedColumns(node).size > 0;
  throw new SchemaMismatchError({
    problem: `${file2.key} names ${closed ? "a column" : `the column "${twin}"`} twice`,
    received: closed ? `${names4.length} names` : names4,
    allowed: "a header in which each name occurs once, upper and lower case being the same",
    change: "rename one of the columns in the file"
  });
}
var plainScan, spareColumns;
var init_csv = __esm({
  "lib/engine/read/csv.ts"() {
    "use strict";
    init_restricted_columns();
    init_shape();
    init_errors3();
    init_relation();
    init_source_files();
    init_csv_header();
    init_csv_scanner();
    init_fit_columns();
    init_hidden_columns();
    init_look_at_text();
    init_take_lines();
    init_text();
    init_unpack();
    plainScan = { others: {}, checks: [], sure: [], taken: { rejected: 0, rules: {} } };
    spareColumns = ["__spare_1", "__spare_2", "__spare_3", "__spare_4"];
  }
});

// lib/engine/read/json-nesting.ts
function isBlank(byte) {
  return byte === space3 || byte === newline2 || byte === carriageReturn2 || byte === tab;
}
function isMark(byte) {
  return byte === 239 || byte === 187 || byte === 191;
}
var open3, close, openObject, closeObject, quote, backslash, comma2, newline2, carriageReturn2, space3, tab, JsonNesting;
var init_json_nesting = __esm({
  "lib/engine/read/json-nesting.ts"() {
    "use strict";
    [open3, close, openObject, closeObject, quote, backslash, comma2, newline2, carriageReturn2, space3] = [
      ...'[]{}"\\,\n\r '
    ].map((letter) => letter.charCodeAt(0));
    tab = 9;
    JsonNesting = class {
      /** 0 outside of the array, 1 between its elements and in those that are no lists and objects. */
      depth = 0;
      inString = false;
      #escaped = false;
      /** A byte of an element. */
      take(byte) {
        if (this.inString) {
          if (this.#escaped) this.#escaped = false;
          else if (byte === backslash) this.#escaped = true;
          else if (byte === quote) this.inString = false;
          return;
        }
        if (byte === quote) this.inString = true;
        else if (byte === open3 || byte === openObject) this.depth++;
        else if (byte === close || byte === closeObject) this.depth = Math.max(1, this.depth - 1);
      }
    };
  }
});

// lib/engine/read/json-array.ts
import { once as once2 } from "node:events";
import { createReadStream as createReadStream4, createWriteStream as createWriteStream3 } from "node:fs";
import { finished as finished2 } from "node:stream/promises";
async function splitJsonArray(from2, to, key2) {
  const output = createWriteStream3(to);
  const splitter = new Splitter(key2);
  try {
    for await (const chunk of createReadStream4(from2, { highWaterMark: 1024 * 1024 })) {
      const lines2 = splitter.push(chunk);
      if (lines2.length > 0 && !output.write(lines2)) await once2(output, "drain");
    }
    splitter.end();
  } finally {
    output.end();
    await finished2(output);
  }
}
function jsonArrayLines(bytes3, key2) {
  const splitter = new Splitter(key2);
  const lines2 = splitter.push(bytes3);
  splitter.end();
  return lines2;
}
var verticalTab, Splitter;
var init_json_array = __esm({
  "lib/engine/read/json-array.ts"() {
    "use strict";
    init_errors3();
    init_json_nesting();
    init_scanner();
    verticalTab = 11;
    Splitter = class {
      #key;
      #nesting = new JsonNesting();
      #done = false;
      #began = false;
      #elementBytes = 0;
      /** True after a comma, until the element that it promises begins. */
      #promised = false;
      constructor(key2) {
        this.#key = key2;
      }
      /** The part of the output that these bytes give: elements as they are, each ended by a line feed. */
      push(chunk) {
        const bytes3 = Buffer.allocUnsafe(chunk.length * 2);
        const nesting = this.#nesting;
        let length = 0;
        for (let index = 0; index < chunk.length; index++) {
          const byte = chunk[index];
          if (nesting.depth === 0) {
            this.#outside(byte);
          } else if (nesting.depth === 1 && !nesting.inString && (byte === comma2 || byte === close)) {
            if (this.#elementBytes === 0 && (byte === comma2 || this.#promised)) bytes3[length++] = comma2;
            if (this.#elementBytes > 0 || byte === comma2 || this.#promised) bytes3[length++] = newline2;
            this.#elementBytes = 0;
            this.#promised = byte === comma2;
            if (byte === comma2) continue;
            nesting.depth = 0;
            this.#done = true;
          } else {
            const line2 = byte === newline2 || byte === carriageReturn2;
            const kept = line2 ? nesting.inString ? verticalTab : space3 : byte;
            nesting.take(byte);
            if (this.#elementBytes === 0 && (kept === space3 || kept === tab)) continue;
            bytes3[length++] = kept;
            if (++this.#elementBytes > longestRecordBytes)
              throw this.#malformed(`an element is longer than ${longestRecordBytes} bytes`);
          }
        }
        return bytes3.subarray(0, length);
      }
      end() {
        if (!this.#began) throw this.#malformed("it is empty");
        if (!this.#done) throw this.#malformed("it ends inside the array: it was cut short");
      }
      #outside(byte) {
        if (isBlank(byte)) return;
        if (!this.#began && isMark(byte)) return;
        if (this.#done) throw this.#malformed("something follows the end of the array");
        if (byte !== open3) throw this.#malformed(`it begins with "${String.fromCharCode(byte)}", not with "["`);
        this.#began = true;
        this.#nesting.depth = 1;
      }
      #malformed(why) {
        return new InputMalformedError({
          problem: `${this.#key} is not a JSON array: ${why}`,
          received: why,
          allowed: "one JSON array of objects",
          change: "send the whole file again, or set the format of the source to ndjson"
        });
      }
    };
  }
});

// lib/component/exact-json.ts
function mayHoldLongNumber(text4) {
  return `regexp_matches(${text4}, '[0-9][0-9.]{16,}')`;
}
function longFractionsAsText(text4) {
  const isLong = `__piece[1] <> '"' AND length(__piece) > 16 AND contains(__piece, '.')`;
  const written = `list_transform(regexp_extract_all(${text4}, ${pieces}), lambda __piece: CASE WHEN ${isLong} THEN '"' || __piece || '"' ELSE __piece END)`;
  return `array_to_string(${written}, '')`;
}
var pieces;
var init_exact_json = __esm({
  "lib/component/exact-json.ts"() {
    "use strict";
    init_shape();
    pieces = literal('"(?:[^"\\\\]|\\\\.)*"|-?[0-9][0-9.eE+-]*|[^"0-9-]+|-');
  }
});

// lib/engine/read/json-digits.ts
function surelyNoNumber({ name: name3 }) {
  const column3 = quoted(name3);
  return `(${column3} IS NULL OR ${noNumber(column3)})`;
}
function noNumber(column3) {
  return `(${column3} >= ':' AND ${column3} < '[') OR (${column3} >= '\\' AND ${column3} < '{') OR ${column3} >= '|'`;
}
function digitChecks(texts3, line2, keyOf4 = (field) => field) {
  return texts3.map(({ name: field }) => {
    const column3 = quoted(field);
    const type = `json_type(${line2}, ${literal(`/${keyOf4(field).replaceAll("~", "~0").replaceAll("/", "~1")}`)})`;
    const verbatim = [",", "}", " "].map((end) => `contains(${line2}, ${column3} || '${end}')`).join(" OR ");
    const long = `regexp_matches(${column3}, '[0-9.]{16,}')`;
    const rounded = `(${type} = 'DOUBLE' OR (${type} IN ('ARRAY', 'OBJECT') AND ${long})) AND NOT (${verbatim} OR (${type} = 'DOUBLE' AND ${holdsNumber(line2, column3)}))`;
    const bad = [
      `CASE WHEN ${column3} IS NULL OR ${noNumber(column3)} THEN false`,
      `WHEN NOT ${mayHoldLongNumber(line2)} THEN false ELSE ${rounded} END`
    ];
    return {
      rule: `${field} keeps its digits`,
      column: field,
      bad: bad.join(" "),
      value: column3,
      message: "is what would be left of a longer number"
    };
  });
}
function losesDigits({ type }) {
  return /DECIMAL/.test(type) || isNested(type) && /VARCHAR/.test(type);
}
function mayBeRounded(line2, key2, read) {
  const name3 = JSON.stringify(key2);
  const verbatim = [":", ": "].flatMap((colon) => [",", "}"].map((end) => `contains(${line2}, ${literal(name3 + colon)} || ${read} || '${end}')`)).join(" OR ");
  return `CASE WHEN ${read} IS NULL OR ${verbatim} THEN false ELSE ${mayHoldLongNumber(line2)} END`;
}
var init_json_digits = __esm({
  "lib/engine/read/json-digits.ts"() {
    "use strict";
    init_exact_json();
    init_nested_type();
    init_shape();
    init_significand();
  }
});

// lib/engine/read/line-scanner.ts
import { isUtf8 as isUtf85 } from "node:buffer";
var LineScanner;
var init_line_scanner = __esm({
  "lib/engine/read/line-scanner.ts"() {
    "use strict";
    init_scanner();
    LineScanner = class {
      #rest = Buffer.alloc(0);
      /** Offset in the file at which the rest begins. */
      #offset = 0;
      #number = 0;
      /** True while the rest of a line that was too long goes by. */
      #skipping = false;
      *push(bytes3) {
        const all2 = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes3]) : bytes3;
        const text4 = this.#number === 0 && !this.#skipping ? withoutMark(all2) : all2;
        this.#offset += all2.length - text4.length;
        let start2 = 0;
        for (let end = text4.indexOf(lineFeed); end >= 0; end = text4.indexOf(lineFeed, start2)) {
          if (this.#skipping) this.#skipping = false;
          else yield this.#record(text4.subarray(start2, end), this.#offset + end + 1);
          start2 = end + 1;
        }
        const rest = text4.subarray(start2);
        if (!this.#skipping && rest.length > longestRecordBytes) {
          this.#skipping = true;
          yield { number: ++this.#number, bytes: rest, next: this.#offset + text4.length, problem: tooLong };
        }
        this.#rest = this.#skipping ? Buffer.alloc(0) : Buffer.from(rest);
        this.#offset += text4.length - this.#rest.length;
      }
      *end() {
        const rest = this.#number === 0 ? withoutMark(this.#rest) : this.#rest;
        if (rest.length > 0) yield this.#record(rest, this.#offset + this.#rest.length);
      }
      #record(line2, next) {
        const bytes3 = line2.at(-1) === carriageReturn ? line2.subarray(0, -1) : line2;
        const number16 = ++this.#number;
        if (bytes3.length > longestRecordBytes) return { number: number16, bytes: bytes3, next, problem: tooLong };
        return isUtf85(bytes3) ? { number: number16, bytes: bytes3, next } : { number: number16, bytes: bytes3, next, problem: notText };
      }
    };
  }
});

// lib/engine/read/sample-keys.ts
import { open as open4 } from "node:fs/promises";
async function sampleKeys(path) {
  const file2 = await open4(path);
  try {
    const { size } = await file2.stat();
    const last = Math.max(0, size - sampleBytes);
    const places = [.../* @__PURE__ */ new Set([0, Math.floor(last / 2), last])];
    const found = [];
    for (const place2 of places) {
      const { buffer, bytesRead } = await file2.read(Buffer.alloc(sampleBytes), 0, sampleBytes, place2);
      for (const line2 of buffer.toString("utf8", 0, bytesRead).split("\n")) found.push(...keysOf(line2));
    }
    const [first4, ...others] = found;
    if (!first4?.length || !first4.every((name3) => plainName.test(name3))) return void 0;
    if (new Set(first4.map((name3) => name3.toLowerCase())).size !== first4.length) return void 0;
    return others.every((keys) => sameKeys(keys, first4)) ? first4 : void 0;
  } finally {
    await file2.close();
  }
}
function keysOf(line2) {
  try {
    const value2 = JSON.parse(line2);
    return typeof value2 === "object" && value2 !== null && !Array.isArray(value2) ? [Object.keys(value2)] : [];
  } catch {
    return [];
  }
}
function sameKeys(keys, others) {
  if (keys.length !== others.length) return false;
  return keys.every((key2, index) => key2 === others[index]) || keys.every((key2) => others.includes(key2));
}
var sampleBytes, plainName;
var init_sample_keys = __esm({
  "lib/engine/read/sample-keys.ts"() {
    "use strict";
    sampleBytes = 128 * 1024;
    plainName = /^[\p{L}\p{N}_ .-]{1,100}$/u;
  }
});

// lib/engine/read/json-lines.ts
async function scanJsonLines(request) {
  const { file: file2, signal } = request;
  const keys = await sampleKeys(file2.path);
  const { sound, longestLine } = await lookAtText(file2.path, "", signal);
  if (!sound) return siftLines(request, keys);
  const from2 = textColumns(file2.path, lines.columns, [...lines.dialect, "header = false"], longestLine);
  return {
    ...await scanOf2(request, from2, keys),
    row: request.row ?? `${firstRow(file2)} + __number`,
    numbered: false,
    taken: { rejected: 0, rules: {} },
    sifted: () => siftLines(request, keys)
  };
}
async function scanRecords(request, from2, form) {
  const scan = await scanOf2(request, from2, void 0, [rowColumn], form);
  return { ...scan, form, row: rowColumn, numbered: true, taken: { rejected: 0, rules: {} } };
}
async function siftLines(request, keys) {
  const { from: from2, taken: taken2 } = await siftText(request, lines);
  return { ...await scanOf2(request, from2, keys, [rowColumn]), row: rowColumn, numbered: true, taken: taken2 };
}
async function scanOf2(given4, from2, keys, own = [], form = "json") {
  const fit = await fitKeys(given4, from2);
  const request = { ...given4, node: asInFile(given4.node, fit) };
  const texts3 = given4.node.contract.fields.filter((field) => field.type === "VARCHAR");
  return {
    fit,
    from: recordsOf(request, from2, keys, own),
    columns: [],
    others: {},
    line: "__line",
    broken: { word: "__broken", raw: "__line" },
    checks: digitChecks(texts3, "__line", (field) => fit?.sources[field] ?? field),
    sure: texts3.map(surelyNoNumber),
    takeBroken: (broken) => takeBroken(request, broken, form)
  };
}
async function fitKeys({ session, ...request }, from2) {
  const { evolution: evolution2, aliases, fields: fields2 } = request.node.contract;
  if (!evolution2 && !aliases) return void 0;
  const keys = `CASE WHEN json_valid(line) AND json_type(line) = 'OBJECT' THEN json_keys(line) END`;
  const rows3 = await session.rows(`SELECT DISTINCT unnest(${keys}) AS name FROM ${from2} ORDER BY name`);
  if (rows3.length === 0) return void 0;
  const fit = fitColumns(
    request,
    rows3.map(({ name: name3 }) => ({ name: name3 }))
  );
  const sources = Object.fromEntries(fields2.map(({ name: name3 }) => [name3, fit.sources[name3] ?? name3]));
  return { ...fit, sources };
}
function recordsOf({ node }, from2, keys, own) {
  const fields2 = node.contract.fields.map((field) => field.name);
  const refuses = node.contract.unknownColumns === "reject";
  const usual2 = keys && !(refuses && keys.some((key2) => !fields2.includes(key2))) ? keys : void 0;
  const strict = usual2 ? `CASE WHEN line LIKE '{%}' THEN TRY(json_transform_strict(line, ${structure(usual2)})) END` : "NULL";
  const names4 = "json_keys(line)";
  const broken = [
    ...usual2 ? ["WHEN strict IS NOT NULL THEN NULL"] : [],
    `WHEN trim(coalesce(line, ''), ' 	\r') = '' THEN ''`,
    `WHEN NOT json_valid(line) THEN 'text'`,
    `WHEN json_type(line) <> 'OBJECT' THEN 'kind'`,
    `WHEN len(${names4}) <> len(list_distinct(${names4})) THEN 'twins'`,
    ...refuses ? [`WHEN len(${unknownNames("line", fields2)}) > 0 THEN 'unknown'`] : []
  ];
  const close2 = `CASE WHEN ${usual2 ? "strict IS NULL AND " : ""}__broken IS NULL THEN from_json(line, ${structure(fields2)}) END`;
  const read = (name3) => usual2?.includes(name3) ? `coalesce(strict.${quoted(name3)}, close.${quoted(name3)})` : `close.${quoted(name3)}`;
  const long = node.contract.fields.filter(losesDigits).map(({ name: name3 }) => name3);
  const rounded = long.map((name3) => mayBeRounded("line", name3, read(name3)));
  const exact = long.length > 0 ? `CASE WHEN __broken IS NULL AND (${rounded.join(" OR ")}) THEN from_json(${longFractionsAsText("line")}, ${structure(long)}) END` : "NULL";
  const values3 = fields2.map(
    (name3) => `${long.includes(name3) ? `coalesce(exact.${quoted(name3)}, ${read(name3)})` : read(name3)} AS ${quoted(name3)}`
  );
  const more = own.map((name3) => `, ${name3}`).join("");
  return `(SELECT ${values3.join(", ")}, __broken, line AS __line${more} FROM (SELECT *, ${exact} AS exact FROM (SELECT *, ${close2} AS close FROM (SELECT *, CASE ${broken.join(" ")} END AS __broken FROM (SELECT line${more}, ${strict} AS strict FROM ${from2})))))`;
}
function structure(names4) {
  return literal(JSON.stringify(Object.fromEntries(names4.map((name3) => [name3, "VARCHAR"]))));
}
function unknownNames(line2, fields2) {
  return `list_filter(json_keys(${line2}), lambda name : name NOT IN (${fields2.map(literal).join(", ")}))`;
}
async function takeBroken({ session, rejects, node, file: file2 }, from2, form) {
  const fields2 = node.contract.fields.map((field) => field.name);
  const [unknown3] = await session.rows(
    `SELECT unnest(${unknownNames("__raw_text", fields2)}) AS name FROM ${from2} WHERE __broken = 'unknown' ORDER BY name LIMIT 1`
  );
  if (unknown3)
    throw new SchemaMismatchError({
      problem: `${file2.key} has a key "${unknown3.name}" that the contract of "${node.id}" does not know`,
      received: unknown3.name,
      allowed: fields2,
      change: 'add it to the contract, or set unknownColumns to "ignore"'
    });
  const check2 = (rule3, word, message) => {
    return { rule: rule3, column: "record", bad: `__broken = '${word}'`, value: "left(__raw_text, 80)", message, ofRow: true };
  };
  const checks = [
    check2("record is JSON", "text", "is not JSON"),
    check2("record is an object", "kind", "is not an object"),
    check2("keys are unique", "twins", "names a key twice")
  ];
  return rejects.take(node.id, from2, checks, { raw: "__raw_text", form });
}
var lines;
var init_json_lines = __esm({
  "lib/engine/read/json-lines.ts"() {
    "use strict";
    init_exact_json();
    init_shape();
    init_errors3();
    init_relation();
    init_fit_columns();
    init_json_digits();
    init_line_scanner();
    init_look_at_text();
    init_sample_keys();
    init_text();
    lines = {
      columns: ["line"],
      separator: "",
      form: "json",
      dialect: ["delim = ''", "quote = ''", "escape = ''"],
      scanner: () => new LineScanner()
    };
  }
});

// lib/engine/read/json.ts
import { join as join12 } from "node:path";
function readNdjson(request) {
  return reading(request, async () => scanJsonLines(withPath(request, await plainFile(request))));
}
function readJson(request) {
  return reading(request, async () => {
    const lines2 = join12(request.workFolder, request.session.newName("elements"));
    await splitJsonArray(await plainFile(request), lines2, request.file.key);
    return scanJsonLines(withPath(request, lines2));
  });
}
function withPath(request, path) {
  return { ...request, file: { ...request.file, path } };
}
function plainFile({ file: file2, workFolder, session, signal }) {
  return unpacked(file2.path, join12(workFolder, session.newName("unpacked")), file2.key, signal);
}
var init_json = __esm({
  "lib/engine/read/json.ts"() {
    "use strict";
    init_source_files();
    init_json_array();
    init_json_lines();
    init_unpack();
  }
});

// lib/component/field-conversion.ts
function fieldConversion(column3, from2, to) {
  if (from2 !== "VARCHAR" || !isNested(to)) return conversion(column3, from2, to);
  const json2 = `TRY_CAST(${column3} AS JSON)`;
  const { value: value2, good } = jsonConversion(json2, jsonTypeOf(to), column3);
  const kept = () => `coalesce(json_valid(${column3}) AND ${good}, false)`;
  return { value: `${value2}::${to}`, kept, surelyKept: (given4) => `(${given4} IS NOT NULL AND ${kept()})` };
}
var init_field_conversion = __esm({
  "lib/component/field-conversion.ts"() {
    "use strict";
    init_conversion();
    init_json_value();
    init_nested_type();
  }
});

// lib/engine/field-check.ts
function typedFields(fields2, types4, fit) {
  const select = [];
  const checks = [];
  const sure = [];
  const givenOf = /* @__PURE__ */ Object.create(null);
  for (const [index, field] of fields2.entries()) {
    const column3 = quoted(field.name);
    const source = fit ? fit.sources[field.name] : field.name;
    if (source === void 0) {
      select.push(`NULL::${field.type} AS ${column3}`);
      checks.push(...checksOf(field, { given: column3, kept: void 0 }));
      if (!field.nullable) sure.push("false");
      continue;
    }
    const read = quoted(source);
    const type = types4[source];
    const same2 = type === field.type;
    const given4 = same2 ? column3 : `__given_${index}`;
    givenOf[source] = given4;
    const { value: value2 } = fieldConversion(read, type, field.type);
    const { kept, surelyKept } = fieldConversion(given4, type, field.type);
    select.push(
      same2 ? source === field.name ? column3 : `${read} AS ${column3}` : `${value2} AS ${column3}, ${read} AS ${given4}`
    );
    checks.push(...checksOf(field, { given: given4, kept: same2 ? void 0 : kept(column3) }));
    const tests = testsOf(field, same2 ? {} : { kept: surelyKept(column3), text: type === "VARCHAR" });
    if (!field.nullable) sure.push(...same2 ? [`${column3} IS NOT NULL`] : [], ...tests);
    else if (tests.length > 0) sure.push(`(${given4} IS NULL OR (${tests.join(" AND ")}))`);
  }
  return { select: select.join(", "), checks, sure, given: givenOf };
}
function checksOf(field, { given: given4, kept }) {
  const column3 = quoted(field.name);
  const checks = [];
  const check2 = (rule3, bad, message) => checks.push({ rule: rule3, column: field.name, bad, value: given4, message });
  if (!field.nullable) check2(`${field.name} is present`, `${given4} IS NULL`, "is missing");
  if (kept !== void 0)
    check2(`${field.name} is ${field.type}`, `${given4} IS NOT NULL AND NOT ${kept}`, `is not ${article(field.type)}`);
  if (finiteTypes.has(field.type)) check2(`${field.name} is finite`, `NOT isfinite(${column3})`, "is not finite");
  for (const rule3 of field.rules)
    check2(rule3.name, `${column3} IS NOT NULL AND NOT (${rule3.expression}
)`, rule3.message);
  return checks;
}
function testsOf(field, { kept, text: text4 = false }) {
  const tests = kept === void 0 ? [] : [kept];
  if (finiteTypes.has(field.type) && !(text4 && momentTypes.has(field.type)))
    tests.push(`isfinite(${quoted(field.name)})`);
  return [...tests, ...field.rules.map((rule3) => `(${rule3.expression}
)`)];
}
function article(type) {
  return `${/^[AEIOU]/.test(type) ? "an" : "a"} ${type}`;
}
var momentTypes, finiteTypes;
var init_field_check = __esm({
  "lib/engine/field-check.ts"() {
    "use strict";
    init_field_conversion();
    init_shape();
    momentTypes = /* @__PURE__ */ new Set(["DATE", "TIMESTAMP"]);
    finiteTypes = /* @__PURE__ */ new Set(["FLOAT", "DOUBLE", ...momentTypes]);
  }
});

// lib/engine/read/type-text.ts
async function typeText(request, scan, typed) {
  const { session } = request;
  const { strict, sifted } = scan;
  if (!sifted) return reading(request, async () => await typeScan(request, scan, typed));
  const part = await typeScan(request, scan, typed);
  if (part) return part;
  await session.run(`DROP TABLE IF EXISTS ${typed}`);
  return typeText(request, strict?.() ?? await reading(request, sifted), typed);
}
async function typeScan(request, scan, typed) {
  const { session, rejects, node, signal } = request;
  const { fit } = scan;
  const read = asInFile(node, fit).contract.fields;
  const texts3 = Object.fromEntries(read.map(({ name: name3 }) => [name3, "VARCHAR"]));
  const fields2 = typedFields(node.contract.fields, texts3, fit);
  const checks = [...fit?.checks ?? [], ...fields2.checks, ...scan.checks];
  try {
    await session.run(tableOf(request, { scan, typed, fields: fields2, checks }));
  } catch (cause) {
    if (!scan.sifted || signal?.aborted) throw cause;
    return void 0;
  }
  const { all: all2, bad, broken, skipped } = await countsOf(request, typed);
  if (scan.expected !== void 0 && all2 !== scan.expected) return void 0;
  const aside = session.newName("bad");
  if (bad + broken > 0) await session.run(badRows(request, { scan, typed, fields: fields2, checks }, aside));
  const unread = broken > 0 ? await scan.takeBroken?.(`(SELECT * FROM ${aside} WHERE __state = ${state.broken})`) : nothing5;
  if (!unread) return void 0;
  const form = scan.form ?? (scan.line === void 0 ? "values" : "json");
  const unfit = bad > 0 ? await rejects.take(node.id, `(SELECT * FROM ${aside} WHERE __state = ${state.bad})`, checks, {
    raw: "__raw_text",
    form,
    allBad: true
  }) : nothing5;
  const taken2 = [scan.taken, unread, unfit];
  const retyped2 = bad > 0 ? await retypedColumns(request, { typed, aside, fields: fields2 }) : [];
  await session.run(`DROP TABLE IF EXISTS ${aside}`);
  const rows3 = `SELECT ${columnList(node.contract.fields)}, ${scan.row} AS ${rowColumn} FROM ${numbered(request, typed)}`;
  return {
    select: `${rows3}${bad + broken + skipped > 0 ? ` WHERE __state = ${state.good}` : ""}`,
    records: all2 - skipped + scan.taken.rejected,
    rejected: taken2.reduce((sum3, one) => sum3 + one.rejected, 0),
    rules: Object.assign({}, ...taken2.map((one) => one.rules)),
    drift: [...fit?.drift ?? [], ...retyped2]
  };
}
async function retypedColumns(request, { typed, aside, fields: { given: given4 } }) {
  const { fields: fields2, evolution: evolution2 } = request.node.contract;
  if (!evolution2) return [];
  const kept = new Set(Object.values(given4));
  const read = fields2.flatMap((field, index) => kept.has(`__given_${index}`) ? [{ field, index }] : []);
  if (read.length === 0) return [];
  const { session } = request;
  const good = await session.counts(
    `SELECT ${read.map(({ field, index }) => `count(${quoted(field.name)}) AS good_${index}`).join(", ")} FROM ${numbered(request, typed)}`
  );
  const bad = await session.counts(
    `SELECT ${read.map(({ index }) => `count(__given_${index})`).join(", ")} FROM ${aside} WHERE __state = ${state.bad}`
  );
  const retyped2 = read.filter((_, place2) => good[place2] === 0 && bad[place2] > 1);
  return settle(
    request,
    retyped2.map(({ field }) => retypedText(request, field))
  ).drift;
}
async function countsOf({ session }, typed) {
  const counted3 = [state.bad, state.broken, state.skipped].map((one) => `count(*) FILTER (__state = ${one})`);
  const [all2, bad, broken, skipped] = await session.counts(
    `SELECT count(*) AS "all", ${counted3.map((sql, place2) => `${sql} AS counted_${place2}`).join(", ")} FROM ${typed}`
  );
  return { all: all2, bad, broken, skipped };
}
function tableOf({ node }, { scan, typed, fields: fields2, checks }) {
  const { broken, fit } = scan;
  const own = scan.numbered ? [rowColumn] : [];
  const quarantined = fit && fit.checks.length > 0 ? ["false"] : [];
  const sure = [...quarantined, ...broken ? [`${broken.word} IS NULL`] : [], ...fields2.sure, ...scan.sure];
  const cases = [
    `WHEN ${sure.join(" AND ") || "false"} THEN ${state.good}`,
    ...broken ? [`WHEN ${broken.word} = '' THEN ${state.skipped} WHEN ${broken.word} IS NOT NULL THEN ${state.broken}`] : [],
    ...checks.length > 0 ? [`WHEN ${anyBad(checks)} THEN ${state.bad}`] : []
  ];
  const kept = keptOf(scan, fields2).map(({ sql }) => sql);
  const columns2 = node.contract.fields.map(({ name: name3 }) => isRowid(name3) ? `${quoted(name3)} AS __rowid` : quoted(name3));
  return `CREATE TABLE ${typed} AS SELECT ${[...columns2, ...own].join(", ")}, __state, CASE WHEN __state IN (${state.bad}, ${state.broken}) THEN [${kept.join(", ")}] END AS __bad FROM (SELECT *, (CASE ${cases.join(" ")} ELSE ${state.good} END)::UTINYINT AS __state FROM (SELECT ${fields2.select}, * EXCLUDE (${columnList(asInFile(node, fit).contract.fields)}) FROM ${scan.from}))`;
}
function numbered({ node }, typed) {
  const own = node.contract.fields.find(({ name: name3 }) => isRowid(name3));
  return `(SELECT *${own ? ` RENAME (__rowid AS ${quoted(own.name)})` : ""}, rowid AS __number FROM ${typed})`;
}
function badRows(request, { scan, typed, fields: fields2 }, aside) {
  const kept = keptOf(scan, fields2);
  const own = kept.filter(({ hidden }) => hidden).map(({ name: name3 }) => name3);
  const texts3 = kept.map(({ name: name3 }, place2) => `__bad[${place2 + 1}] AS ${name3}`);
  return `CREATE TABLE ${aside} AS SELECT ${[fields2.select, ...own, "__state", rowColumn].join(", ")} FROM (SELECT ${texts3.join(", ")}, __state, ${scan.row} AS ${rowColumn} FROM ${numbered(request, typed)} WHERE __state IN (${state.bad}, ${state.broken}))`;
}
function keptOf(scan, fields2) {
  const { broken, line: line2, checks } = scan;
  const record15 = line2 ?? rowAsJson(membersOf3(scan, fields2));
  const raw = broken ? `CASE WHEN ${broken.word} IS NULL THEN ${record15} ELSE ${broken.raw} END` : record15;
  return [
    ...Object.entries(fields2.given).map(([name3, sql]) => ({ name: quoted(name3), sql })),
    { name: "__raw_text", sql: raw, hidden: true },
    ...broken ? [{ name: "__broken", sql: broken.word, hidden: true }] : [],
    ...line2 !== void 0 && checks.length > 0 ? [{ name: line2, sql: line2, hidden: true }] : []
  ];
}
function membersOf3({ columns: columns2, others }, { given: given4 }) {
  return columns2.map((name3) => ({ name: name3, type: "VARCHAR", sql: given4[name3] ?? others[name3] }));
}
var nothing5, state, isRowid;
var init_type_text = __esm({
  "lib/engine/read/type-text.ts"() {
    "use strict";
    init_shape();
    init_column_names();
    init_field_check();
    init_rejects();
    init_relation();
    init_row_as_json();
    init_source_files();
    init_fit_columns();
    nothing5 = { rejected: 0, rules: {} };
    state = { good: 0, bad: 1, broken: 2, skipped: 3 };
    isRowid = (name3) => sameName(name3, "rowid");
  }
});

// lib/engine/read/read-pool.ts
async function readPool(request, { path, members }) {
  const { session, format: format2 } = request;
  let records = 0;
  const firsts = members.map((member2) => {
    const first4 = records;
    records += member2.records;
    return first4;
  });
  const row = searchSql({
    count: members.length,
    below: (index) => `__number < ${firsts[index]}`,
    value: (index) => `__number + ${firstRow(members[index].file)} - ${firsts[index]}`
  });
  const own = { ...request, row, file: { ...members[0].file, path } };
  const typed = session.newName("typed");
  try {
    let scan = await (format2.kind === "csv" ? readCsv : readNdjson)(own);
    for (; scan && !scan.numbered; scan = scan.strict?.()) {
      const part = await typeScan(own, { ...scan, expected: records }, typed);
      if (part) return part;
      await session.run(`DROP TABLE IF EXISTS ${typed}`);
    }
    return void 0;
  } catch (cause) {
    if (cause instanceof InputMalformedError) return void 0;
    throw cause;
  }
}
var init_read_pool = __esm({
  "lib/engine/read/read-pool.ts"() {
    "use strict";
    init_errors3();
    init_relation();
    init_search_sql();
    init_csv();
    init_json();
    init_type_text();
  }
});

// lib/engine/read/rejected.ts
import { writeFileSync } from "node:fs";
import { join as join13 } from "node:path";
async function* readRejected(request) {
  const { session, file: file2, rejects, node } = request;
  const { evolution: evolution2, aliases } = node.contract;
  const all2 = session.newName("rejected");
  const range = file2.rows ? ` WHERE file_row_number >= ${file2.rows.from} AND file_row_number < ${file2.rows.to}` : "";
  const names4 = await reading({ file: file2, format: { kind: "parquet" } }, async () => {
    await session.run(
      `CREATE TABLE ${all2} AS SELECT raw AS line, form, names, (position::BIGINT << ${rowBits}) + "row" AS ${rowColumn} FROM read_parquet(${literal(file2.path)}, file_row_number = true)${range}`
    );
    return session.rows(`SELECT DISTINCT position, file, version FROM read_parquet(${literal(file2.path)})`);
  });
  rejects.name(Object.fromEntries(names4.map((one) => [Number(one.position), nameOf4(one, node.id)])));
  const forms4 = await session.rows(`SELECT DISTINCT form, names FROM ${all2} ORDER BY ALL`);
  for (const { form, names: columns2 } of forms4) {
    const lines2 = session.newName("raw");
    const same2 = `form = ${literal(form)} AND names IS NOT DISTINCT FROM ${columns2 === null ? "NULL" : literal(columns2)}`;
    await session.run(`CREATE VIEW ${lines2} AS SELECT line, ${rowColumn} FROM ${all2} WHERE ${same2}`);
    if (form === "values" && !evolution2 && !aliases) await requireValues(request, lines2);
    yield form === "text" ? await scanTexts(request, lines2, JSON.parse(columns2)) : await scanRecords(request, lines2, form);
  }
}
function nameOf4({ file: key2, version: version2 }, source) {
  return { source, key: key2, ...version2 !== null && { version: version2 } };
}
async function requireValues({ session, node, file: file2 }, lines2) {
  const fields2 = node.contract.fields.map((field) => field.name);
  const keys = `CASE WHEN json_valid(line) AND json_type(line) = 'OBJECT' THEN json_keys(line) END`;
  const [lacking] = await session.rows(
    `SELECT name FROM (SELECT unnest([${fields2.map(literal).join(", ")}]) AS name), (SELECT DISTINCT ${keys} AS keys FROM ${lines2}) WHERE NOT list_contains(keys, name) LIMIT 1`
  );
  if (!lacking) return;
  throw new SchemaMismatchError({
    problem: `rejects of ${file2.key} were kept without the column "${lacking.name}", which the contract of "${node.id}" promises now`,
    received: lacking.name,
    allowed: fields2,
    change: "export the rejects, add the column to their raw records, and replay the corrected file"
  });
}
async function scanTexts(request, lines2, columns2) {
  const { session, node, format: format2, rejects, workFolder, file: file2 } = request;
  if (format2.kind !== "csv")
    throw new SchemaMismatchError({
      problem: `rejects of ${file2.key} are CSV, and the source "${node.id}" reads ${format2.kind} now`,
      received: "records of CSV",
      allowed: format2.kind,
      change: "set the format of the source back, or correct the file itself and drop it again"
    });
  const fit = fitColumns(
    request,
    columns2.map((name3) => ({ name: name3 }))
  );
  const good = [];
  const bad = [];
  for (const { line: line2, id } of await session.rows(
    `SELECT line, ${rowColumn}::VARCHAR AS id FROM ${lines2} ORDER BY ${rowColumn}`
  )) {
    const problem = recordProblem(Buffer.from(line2), format2, columns2.length);
    if (problem === void 0) good.push(`${id}${format2.delimiter}${line2}`);
    else bad.push(JSON.stringify({ id, problem, raw: line2 }));
  }
  const [goods, bads] = [join13(workFolder, session.newName("good")), join13(workFolder, session.newName("bad"))];
  writeFileSync(goods, good.map((line2) => `${line2}
`).join(""));
  writeFileSync(bads, bad.map((line2) => `${line2}
`).join(""));
  const fields2 = "columns = {'id': 'BIGINT', 'problem': 'VARCHAR', 'raw': 'VARCHAR'}";
  const taken2 = await rejects.addRead(
    node.id,
    `SELECT id, ${unreadable({ form: "text", columns: columns2 })}, 'the record ' || problem AS reason, raw FROM read_ndjson(${literal(bads)}, ${fields2})`
  );
  const from2 = `(SELECT ${columns2.map(quoted).join(", ")}, __record::BIGINT AS ${rowColumn} FROM ${goodRecords(goods, columns2, csvDialect(format2))})`;
  return { ...numberedScan({ ...request, node: asInFile(node, fit) }, columns2, { from: from2, taken: taken2 }), fit };
}
var init_rejected = __esm({
  "lib/engine/read/rejected.ts"() {
    "use strict";
    init_shape();
    init_errors3();
    init_relation();
    init_source_files();
    init_csv();
    init_fit_columns();
    init_json_lines();
    init_record_problem();
    init_text();
  }
});

// lib/engine/read/small-files.ts
import { isUtf8 as isUtf86 } from "node:buffer";
import { open as open5, readFile } from "node:fs/promises";
import { join as join14 } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
async function poolSmallFiles(files, { format: format2, workFolder, newName }) {
  const alone3 = [];
  const filling = /* @__PURE__ */ new Map();
  const full = [];
  for (const file2 of files) {
    const records = files.length > 1 && isWhole(file2) ? await recordsOf2(file2.path, format2) : void 0;
    if (!records) {
      alone3.push(file2);
      continue;
    }
    const form = `${records.quoted} ${records.header?.toString("base64")}`;
    let pool = filling.get(form);
    if (!pool) {
      const path = join14(workFolder, newName());
      pool = { path, output: new Lines(path), members: [] };
      if (records.header) pool.output.add(records.header);
      filling.set(form, pool);
    }
    for (const line2 of records.lines) pool.output.add(line2);
    await pool.output.flush();
    pool.members.push({ file: file2, records: records.lines.length });
    if (pool.members.length === mostFiles2) {
      full.push(pool);
      filling.delete(form);
    }
  }
  const pools = [...full, ...filling.values()];
  for (const { output } of pools) await output.close();
  return { pools, alone: alone3 };
}
function isWhole({ rejects, rows: rows3, recordsBefore = 0 }) {
  return !rejects && rows3 === void 0 && recordsBefore === 0;
}
async function recordsOf2(path, format2) {
  const bytes3 = await smallContent(path);
  if (!bytes3 || !isUtf86(bytes3)) return void 0;
  if (format2.kind === "csv") return csvRecords(bytes3, format2);
  try {
    return jsonRecords(format2.kind === "json" ? jsonArrayLines(bytes3, path) : withoutMark(bytes3));
  } catch (cause) {
    if (cause instanceof InputMalformedError) return void 0;
    throw cause;
  }
}
async function smallContent(path) {
  const file2 = await open5(path);
  try {
    if ((await file2.stat()).size > smallBytes) return void 0;
  } finally {
    await file2.close();
  }
  const bytes3 = await readFile(path);
  try {
    if (bytes3[0] === 31 && bytes3[1] === 139) return gunzipSync(bytes3, { maxOutputLength: smallBytes });
    if (bytes3.length >= 4 && bytes3.readUInt32LE() === 4247762216)
      return zstdDecompressSync(bytes3, { maxOutputLength: smallBytes });
  } catch {
    return void 0;
  }
  return bytes3;
}
function csvRecords(bytes3, format2) {
  const quoted3 = bytes3.includes(format2.quote);
  const text4 = withoutMark(bytes3);
  const scanner = new CsvScanner(format2);
  const lines2 = [];
  for (const records of [scanner.push(text4), scanner.end()]) {
    for (const { bytes: line2, problem } of records) {
      if (problem !== void 0 && (quoted3 || problem === tooLong || problem === notText)) return void 0;
      if (line2.includes(0) || !quoted3 && line2.includes("\r")) return void 0;
      lines2.push(Buffer.from(line2));
    }
  }
  if (!format2.header) return { lines: lines2, quoted: quoted3 };
  const header = text4.subarray(0, scanner.headerEnd).toString("utf8").replace(/[\r\n]+$/, "");
  return header === "" ? void 0 : { lines: lines2, header: Buffer.from(header), quoted: quoted3 };
}
function jsonRecords(text4) {
  if (text4.includes("\r") || text4.includes(0)) return void 0;
  const lines2 = [];
  for (let from2 = 0; from2 < text4.length; ) {
    const end = text4.indexOf(10, from2);
    lines2.push(text4.subarray(from2, end < 0 ? text4.length : end));
    from2 = end < 0 ? text4.length : end + 1;
  }
  return { lines: lines2, quoted: false };
}
var smallBytes, mostFiles2;
var init_small_files = __esm({
  "lib/engine/read/small-files.ts"() {
    "use strict";
    init_errors3();
    init_csv_scanner();
    init_json_array();
    init_lines();
    init_scanner();
    smallBytes = 256 * 1024;
    mostFiles2 = 1e3;
  }
});

// lib/engine/read/parquet.ts
function readParquet(request) {
  const { session, file: file2, name: name3 } = request;
  return reading(request, async () => {
    const { from: from2, columns: columns2, number: number16 } = await numberedRows(session, file2.path);
    const fit = fitColumns(request, columns2);
    const range = file2.rows ? ` WHERE ${number16} >= ${file2.rows.from} AND ${number16} < ${file2.rows.to}` : "";
    await session.run(`CREATE VIEW ${name3} AS SELECT * FROM ${from2}${range}`);
    const [records] = await session.counts(`SELECT count(*) FROM ${name3}`);
    return {
      types: Object.fromEntries(columns2.map((column3) => [column3.name, column3.type])),
      records,
      fit,
      row: `(${file2.file}::BIGINT << ${rowBits}) + ${number16} + 1`
    };
  });
}
var init_parquet = __esm({
  "lib/engine/read/parquet.ts"() {
    "use strict";
    init_numbered_rows();
    init_relation();
    init_source_files();
    init_fit_columns();
  }
});

// lib/engine/read/type-view.ts
async function typeView(request, typed) {
  const { session, rejects, node, name: name3 } = request;
  const { types: types4, records, fit, row } = await readParquet(request);
  const { select, given: given4, ...typing } = typedFields(node.contract.fields, types4, fit);
  const checks = [...fit.checks, ...typing.checks];
  const { others, needs } = hiddenColumns(Object.keys(types4), asInFile(node, fit).contract.fields);
  const members = Object.entries(types4).map(([name4, type]) => ({ name: name4, type, sql: given4[name4] ?? others[name4] }));
  await session.run(
    `CREATE VIEW ${typed} AS SELECT ${[select, ...needs, `${row} AS ${rowColumn}`].join(", ")} FROM ${name3}`
  );
  const kept = { raw: rowAsJson(members), form: "values" };
  const taken2 = await reading(request, () => rejects.take(node.id, typed, checks, kept));
  const bad = taken2.rejected > 0 ? ` WHERE NOT (${anyBad(checks)})` : "";
  return {
    select: `SELECT ${columnList(node.contract.fields, rowColumn)} FROM ${typed}${bad}`,
    records,
    ...taken2,
    drift: fit.drift
  };
}
var init_type_view = __esm({
  "lib/engine/read/type-view.ts"() {
    "use strict";
    init_field_check();
    init_rejects();
    init_relation();
    init_row_as_json();
    init_source_files();
    init_fit_columns();
    init_hidden_columns();
    init_parquet();
  }
});

// lib/engine/source.ts
async function readSource(input) {
  const { session, node, files } = input;
  const name3 = relationName(node.id);
  const rules = {};
  let rowsIn = 0;
  let rejected = 0;
  const parts = [];
  const drift = [];
  for (const part of await readFiles(input, files)) {
    for (const [rule3, rows3] of Object.entries(part.rules)) rules[rule3] = (rules[rule3] ?? 0) + rows3;
    rowsIn += part.records;
    rejected += part.rejected;
    parts.push(part);
    drift.push(...part.drift);
  }
  const all2 = union16(parts, node);
  const replaced = await leaveOut(input, all2);
  const present = (of) => replaced ? `SELECT * FROM (${union16(of, node)}) WHERE ${replaced.others}` : union16(of, node);
  const again = parts.filter((part) => part.again);
  const others = present(parts.filter((part) => !part.again));
  const passed = node.incremental ? await passOver(session, others, node.incremental, input.after) : { rows: 0 };
  await session.run(
    `CREATE VIEW ${name3} AS ${passed.others ? `SELECT * FROM (${others}) WHERE ${passed.others} UNION ALL ${present(again)}` : present(parts)}`
  );
  const rowsOut = rowsIn - rejected - (replaced?.good ?? 0) - passed.rows;
  for (const [rule3, rows3] of Object.entries(replaced?.bad.rules ?? {})) rules[rule3] -= rows3;
  const gone = replaced ? replaced.good + replaced.bad.rejected : 0;
  return {
    relation: { node: node.id, name: name3, columns: node.columns, rows: rowsOut },
    count: stepCount(node.id, {
      rowsIn,
      rowsOut,
      rejected: rejected - (replaced?.bad.rejected ?? 0),
      filtered: gone + passed.rows,
      rules: Object.fromEntries([
        ...Object.entries(rules).filter(([, rows3]) => rows3 > 0),
        ...gone > 0 ? [[replacedRule, gone]] : [],
        ...passed.rows > 0 ? [[passedOverRule, passed.rows]] : []
      ]),
      ...passed.reached !== void 0 && { reached: passed.reached },
      ...drift.length > 0 && { drift: mergeDrift(drift) }
    })
  };
}
async function leaveOut({ session, rejects, node, files }, all2) {
  const paths = [...new Set(files.flatMap((file2) => file2.replaced ?? []))];
  if (paths.length === 0) return void 0;
  const names4 = files.filter((file2) => file2.replaced).map(
    ({ file: file2, key: key2, version: version2 }) => `(${file2}, ${literal(key2)}, ${version2 === void 0 ? "NULL" : literal(version2)})`
  );
  const table4 = session.newName("replaced");
  await session.run(
    `CREATE TABLE ${table4} AS SELECT DISTINCT (named.position::BIGINT << ${rowBits}) + record."row" AS id FROM read_parquet([${paths.map(literal).join(", ")}]) record JOIN (VALUES ${names4.join(", ")}) named(position, file, version) ON record.file = named.file AND record.version IS NOT DISTINCT FROM named.version::VARCHAR`
  );
  const ids2 = `SELECT id FROM ${table4}`;
  const [good] = await session.counts(`SELECT count(*) FROM (${all2}) WHERE ${rowColumn} IN (${ids2})`);
  return { good, bad: await rejects.leaveOut(node.id, ids2), others: `${rowColumn} NOT IN (${ids2})` };
}
async function readFiles(input, files) {
  const { alone: alone3, parts: pooled } = await readSmallFiles(input, files);
  const parts = [...pooled];
  for (const file2 of alone3)
    parts.push(...file2.rejects ? await readAgain(input, file2) : [await readFile2(input, file2)]);
  return parts;
}
async function readSmallFiles(input, files) {
  const { session, rejects, node, connector: connector2, workFolder, signal } = input;
  const format2 = connector2.source.format(node.options);
  const { evolution: evolution2, aliases, unknownColumns } = node.contract;
  if (format2.kind === "parquet" || evolution2 || aliases || unknownColumns === "reject")
    return { alone: files, parts: [] };
  const pooled = await poolSmallFiles(files, { format: format2, workFolder, newName: () => session.newName("pool") });
  const alone3 = [...pooled.alone];
  const parts = [];
  for (const pool of pooled.pools) {
    const name3 = session.newName("file");
    const part = await readPool({ session, node, format: format2, rejects, name: name3, workFolder, signal }, pool);
    if (part) parts.push(part);
    else alone3.push(...pool.members.map(({ file: file2 }) => file2));
  }
  return { alone: alone3, parts };
}
async function readAgain(input, file2) {
  const { session, rejects, node, connector: connector2, workFolder, signal } = input;
  const format2 = connector2.source.format(node.options);
  const request = { session, node, format: format2, file: file2, rejects, name: "", workFolder, signal };
  const parts = [];
  for await (const scan of readRejected(request))
    parts.push({ ...await typeText(request, scan, session.newName("typed")), again: true });
  return parts;
}
async function readFile2({ session, rejects, node, connector: connector2, workFolder, signal }, file2) {
  const format2 = connector2.source.format(node.options);
  const name3 = session.newName("file");
  const typed = session.newName("typed");
  const request = { session, node, format: format2, file: file2, rejects, name: name3, workFolder, signal };
  return format2.kind === "parquet" ? typeView(request, typed) : typeText(request, await readers2[format2.kind](request), typed);
}
function union16(parts, node) {
  return parts.length > 0 ? parts.map(({ select }) => select).join(" UNION ALL ") : emptySelect(node);
}
function emptySelect(node) {
  const columns2 = node.contract.fields.map((field) => `NULL::${field.type} AS ${quoted(field.name)}`);
  return `SELECT ${columns2.join(", ")}, 0::BIGINT AS ${rowColumn} WHERE false`;
}
var readers2, replacedRule;
var init_source = __esm({
  "lib/engine/source.ts"() {
    "use strict";
    init_shape();
    init_ledger2();
    init_merge_drift();
    init_pass_over();
    init_csv();
    init_json();
    init_read_pool();
    init_rejected();
    init_small_files();
    init_type_text();
    init_type_view();
    init_relation();
    readers2 = {
      csv: readCsv,
      ndjson: readNdjson,
      json: readJson
    };
    replacedRule = "replaced by a record of a replay";
  }
});

// lib/engine/step-input.ts
function stepInput(node, { plan, components, find }) {
  const ids2 = [node.input, ...node.others ?? []];
  const [input, ...others] = ids2.map(find);
  const side = node.side === void 0 ? void 0 : find(node.side, ids2.length);
  const shape = componentOf(components, node.component).shape(node.options, {
    input: input.columns,
    side: (side ?? others[0])?.columns,
    inputs: [input, ...others].map(({ node: node2, columns: columns2 }) => ({ node: node2, columns: columns2 }))
  });
  const ordinal = plan.nodes.indexOf(node);
  return { node, ordinal, shape, input, side, others, sharesRows: others.length > 0 && shareSource(plan, ids2) };
}
function shareSource(plan, ids2) {
  const sources = ids2.map((id) => sourcesOf2(plan, id));
  return sources.some((own, index) => sources.slice(0, index).some((earlier) => !own.isDisjointFrom(earlier)));
}
function sourcesOf2(plan, id) {
  const node = plan.nodes.find((one) => one.id === id);
  if (node.kind === "source") return /* @__PURE__ */ new Set([id]);
  const inputs = [node.input, ...node.kind === "step" ? node.others ?? [] : []];
  return inputs.reduce((all2, one) => all2.union(sourcesOf2(plan, one)), /* @__PURE__ */ new Set());
}
var init_step_input = __esm({
  "lib/engine/step-input.ts"() {
    "use strict";
    init_components();
  }
});

// lib/engine/steps/step.ts
function relationOf(node, rows3, input) {
  const { forked, slow } = input;
  const name3 = relationName(node.id);
  return { node: node.id, name: name3, columns: node.columns, rows: rows3, ...forked && { forked }, ...slow && { slow } };
}
var init_step = __esm({
  "lib/engine/steps/step.ts"() {
    "use strict";
    init_relation();
  }
});

// lib/engine/steps/draw.ts
async function draw({ session, node, shape, input }) {
  const { count: count3, rule: rule3 } = shape;
  const drawn = quoted(`drawn ${node.id}`);
  await session.run(
    `CREATE TABLE ${drawn} AS SELECT ${rowColumn} FROM (SELECT ${rowColumn}, ${placeSql(shape)} AS __place FROM ${values2(input, shape)}) WHERE __place <= ${count3}`
  );
  const [rowsOut] = await session.counts(`SELECT count(*) FROM ${drawn}`);
  const filtered = input.rows - rowsOut;
  const relation = relationOf(node, rowsOut, input);
  await session.run(
    `CREATE VIEW ${relation.name} AS SELECT ${columnList(input.columns, rowColumn)} FROM ${input.name} SEMI JOIN ${besideRows(drawn)} USING (${rowColumn})`
  );
  const rules = filtered > 0 ? { [rule3]: filtered } : {};
  return { relation, count: stepCount(node.id, { rowsIn: input.rows, rowsOut, filtered, rules }) };
}
async function drawEarly({ session, node, shape, input }) {
  const { count: count3 } = shape;
  const drawn = quoted(`drawn early ${node.id}`);
  const rows3 = `SELECT ${rowColumn}, ${placeSql(shape)} AS __place, count(*) OVER (${keySql(shape)}) AS __rows FROM ${values2(input, shape)}`;
  await session.run(
    `CREATE TABLE ${drawn} AS SELECT ${rowColumn}, CASE WHEN __place = 1 THEN greatest(__rows - ${count3}, 0) + 1 ELSE 1 END AS ${weightColumn} FROM (${rows3}) WHERE __place <= ${count3}`
  );
  return `SELECT ${columnList(input.columns, rowColumn, weightColumn)} FROM ${input.name} JOIN ${besideRows(drawn)} USING (${rowColumn})`;
}
function placeSql(shape) {
  return `row_number() OVER (${keySql(shape)} ORDER BY __order, ${rowColumn})`;
}
function values2({ name: name3 }, { key: key2, order: order2 }) {
  return `(SELECT ${[...key2.map(quoted), `${order2.sql} AS __order`, rowColumn].join(", ")} FROM ${name3})`;
}
function keySql({ key: key2 }) {
  return key2.length > 0 ? `PARTITION BY ${key2.map(quoted).join(", ")}` : "";
}
var init_draw = __esm({
  "lib/engine/steps/draw.ts"() {
    "use strict";
    init_shape();
    init_group_query();
    init_ledger2();
    init_relation();
    init_step();
  }
});

// lib/engine/steps/first.ts
async function first3(step) {
  const { session, node, shape, input } = step;
  const { ranked } = await rank(step);
  const losers = quoted(`losers ${node.id}`);
  await session.run(`CREATE TABLE ${losers} AS SELECT ${rowColumn} FROM ${ranked} WHERE __place > 1`);
  await session.run(`DROP TABLE ${ranked}`);
  const [lost2] = await session.counts(`SELECT count(*) FROM ${losers}`);
  const [there] = input.merged ? await session.counts(`SELECT count(*) FROM ${input.name}`) : [input.rows];
  const rowsOut = there - lost2;
  const relation = relationOf(node, rowsOut, input);
  await session.run(
    `CREATE VIEW ${relation.name} AS SELECT ${columnList(input.columns, rowColumn)} FROM ${input.name}${lost2 > 0 ? ` ANTI JOIN ${besideRows(losers)} USING (${rowColumn})` : ""}`
  );
  const merged2 = input.rows - rowsOut;
  const rules = merged2 > 0 ? { [`same ${shape.key.join(", ")}`]: merged2 } : {};
  return { relation, count: stepCount(node.id, { rowsIn: input.rows, rowsOut, merged: merged2, rules }) };
}
async function firstEarly(step) {
  const { ranked } = await rank(step);
  const columns2 = columnList(step.input.columns, rowColumn);
  return `SELECT ${columns2}, coalesce(__twins, 1) AS ${weightColumn} FROM ${step.input.name} LEFT JOIN ${besideRows(ranked)} USING (${rowColumn}) WHERE coalesce(__place, 1) = 1`;
}
async function rank({ session, node, shape, input }) {
  const key2 = shape.key.map(quoted).join(", ");
  const hash2 = `hash(${key2})`;
  const tie = shape.order.some((one) => one.descending) ? "DESC" : "ASC";
  const order2 = [
    ...shape.order.map(({ column: column3, descending }) => `${quoted(column3)} ${descending ? "DESC" : "ASC"} NULLS LAST`),
    `${rowColumn} ${tie}`
  ];
  const shared = quoted(`shared ${node.id}`);
  const ranked = quoted(`ranked ${node.id}`);
  await session.run(
    `CREATE TABLE ${shared} AS SELECT key_hash FROM (SELECT ${hash2} AS key_hash FROM ${input.name}) GROUP BY key_hash HAVING count(*) > 1`
  );
  await session.run(
    `CREATE TABLE ${ranked} AS SELECT ${rowColumn}, row_number() OVER (PARTITION BY ${key2} ORDER BY ${order2.join(", ")}) AS __place, count(*) OVER (PARTITION BY ${key2}) AS __twins FROM ${input.name} WHERE ${hash2} IN (SELECT key_hash FROM ${shared})`
  );
  await session.run(`DROP TABLE ${shared}`);
  return { ranked };
}
var init_first = __esm({
  "lib/engine/steps/first.ts"() {
    "use strict";
    init_shape();
    init_group_query();
    init_ledger2();
    init_relation();
    init_step();
  }
});

// lib/engine/steps/group.ts
async function group({ session, node, shape, input }) {
  const name3 = relationName(node.id);
  await session.run(`CREATE TABLE ${name3} AS ${await groupQuery(session, shape, input)}`);
  const [rowsOut] = await session.counts(`SELECT count(*) FROM ${name3}`);
  const merged2 = input.rows - rowsOut;
  const rule3 = shape.keys.length > 0 ? `group by ${shape.keys.map((one) => one.name).join(", ")}` : "one group of all rows";
  return {
    relation: relationOf(node, rowsOut, { ...input, slow: false }),
    count: stepCount(node.id, {
      rowsIn: input.rows,
      rowsOut,
      merged: merged2,
      rules: merged2 > 0 ? { [rule3]: merged2 } : {}
    })
  };
}
function groupEarly({ session, shape, input }) {
  return mergedGroups(session, shape, input);
}
var init_group = __esm({
  "lib/engine/steps/group.ts"() {
    "use strict";
    init_group_query();
    init_ledger2();
    init_relation();
    init_step();
  }
});

// lib/engine/aggregates/window-query.ts
async function windowQuery(session, shape, input) {
  const inner2 = [];
  const outer = [];
  for (const column3 of shape.columns) {
    const [call3] = await floatingSum2(session, column3, input);
    if (!call3) {
      inner2.push(`${windowSql(shape, column3)} AS ${quoted(column3.name)}`);
      outer.push(quoted(column3.name));
      continue;
    }
    const { states, result: result2 } = callStates({ ...call3, prefix: `__${shape.columns.indexOf(column3)}_` });
    for (const { name: name3, sql } of states)
      inner2.push(`${sql.startsWith("NULL") ? sql : `${sql} ${overSql(shape, column3)}`} AS ${quoted(name3)}`);
    outer.push(`${result2} AS ${quoted(column3.name)}`);
  }
  const own = columnList(input.columns);
  return `SELECT ${[own, ...outer, rowColumn].join(", ")} FROM (SELECT ${[own, ...inner2, rowColumn].join(", ")} FROM ${input.name})`;
}
async function floatingSum2(session, { name: name3, call: call3 }, input) {
  if (!/^\s*(sum|avg|mean|fsum|favg|kahan_sum|sumkahan)\s*\(/i.test(call3.sql)) return [];
  const shape = { form: "group", keys: [], measures: [{ name: name3, expression: call3 }] };
  const [measure] = await measuresOf(session, shape, input);
  return measure.calls.filter(isFloatingSum);
}
var init_window_query = __esm({
  "lib/engine/aggregates/window-query.ts"() {
    "use strict";
    init_shape();
    init_relation();
    init_window_sql();
    init_aggregate_states();
    init_group_query();
  }
});

// lib/engine/steps/window.ts
async function window({ session, node, shape, input }) {
  const all2 = await windowQuery(session, shape, input);
  const { keep: keep3 } = shape;
  if (!keep3) {
    const wide = isWide(input);
    const relation2 = relationOf(node, input.rows, wide ? input : { ...input, slow: true });
    const select = wide ? await besides({ session, node, shape, input }, all2) : all2;
    await session.run(`CREATE VIEW ${relation2.name} AS ${select}`);
    return { relation: relation2, count: stepCount(node.id, { rowsIn: input.rows, rowsOut: input.rows }) };
  }
  const winners = quoted(`winners ${node.id}`);
  const names4 = shape.columns.map(({ name: name3 }) => quoted(name3)).join(", ");
  await session.run(
    `CREATE TABLE ${winners} AS SELECT ${names4}, ${rowColumn} FROM (${all2}) WHERE ${quoted(keep3.column)} <= ${keep3.atMost}`
  );
  const [rowsOut] = await session.counts(`SELECT count(*) FROM ${winners}`);
  const filtered = input.rows - rowsOut;
  const relation = relationOf(node, rowsOut, input);
  await session.run(
    `CREATE VIEW ${relation.name} AS SELECT ${columnList(input.columns)}, ${names4}, ${rowColumn} FROM ${input.name} JOIN ${besideRows(winners)} USING (${rowColumn})`
  );
  const rules = filtered > 0 ? { [keep3.rule]: filtered } : {};
  return { relation, count: stepCount(node.id, { rowsIn: input.rows, rowsOut, filtered, rules }) };
}
async function besides({ session, node, shape, input }, all2) {
  const names4 = shape.columns.map((column3) => quoted(column3.name));
  const values3 = quoted(`values ${node.id}`);
  await session.run(`CREATE TABLE ${values3} AS SELECT ${[...names4, rowColumn].join(", ")} FROM (${all2})`);
  return `SELECT ${[columnList(input.columns), ...names4, rowColumn].join(", ")} FROM ${input.name} JOIN ${besideRows(values3)} USING (${rowColumn})`;
}
function isWide({ columns: columns2 }) {
  return columns2.length > manyColumns || columns2.some(({ type }) => /VARCHAR|BLOB|JSON|BIT|[[(]/.test(type));
}
async function windowEarly({ session, node, shape, input }) {
  const { column: column3, atMost } = shape.keep;
  const place2 = quoted(column3);
  const keys = shape.keys.map(quoted);
  const ranked = quoted(`ranked ${node.id}`);
  await session.run(
    `CREATE TABLE ${ranked} AS SELECT ${[rowColumn, ...keys, place2].join(", ")} FROM (${await windowQuery(session, shape, input)})`
  );
  const by2 = keys.length > 0 ? ` GROUP BY ${keys.join(", ")}` : "";
  const firsts = `SELECT min_by(${rowColumn}, (${place2}, ${rowColumn})) AS ${rowColumn}, count(*) FILTER (${place2} > ${atMost}) AS __others FROM ${ranked}${by2}`;
  const staying = quoted(`staying ${node.id}`);
  await session.run(
    `CREATE TABLE ${staying} AS SELECT ${rowColumn}, 1 + coalesce(__others, 0) AS ${weightColumn} FROM ${ranked} LEFT JOIN (${firsts}) USING (${rowColumn}) WHERE ${place2} <= ${atMost}`
  );
  await session.run(`DROP TABLE ${ranked}`);
  return `SELECT ${columnList(input.columns, rowColumn, weightColumn)} FROM ${input.name} JOIN ${besideRows(staying)} USING (${rowColumn})`;
}
var manyColumns;
var init_window2 = __esm({
  "lib/engine/steps/window.ts"() {
    "use strict";
    init_shape();
    init_group_query();
    init_window_query();
    init_ledger2();
    init_relation();
    init_step();
    manyColumns = 16;
  }
});

// lib/engine/steps/merge-early.ts
function mergeEarly(input) {
  const form = forms2[input.shape.form];
  if (!form) throw new TypeError(`rows of step ${input.node.id} cannot be merged before they travel`);
  return form(input);
}
var forms2;
var init_merge_early = __esm({
  "lib/engine/steps/merge-early.ts"() {
    "use strict";
    init_draw();
    init_first();
    init_group();
    init_window2();
    forms2 = {
      group: groupEarly,
      first: firstEarly,
      window: windowEarly,
      draw: drawEarly
    };
  }
});

// lib/engine/steps/call-values.ts
function givenSql({ name: name3, type }) {
  const given4 = withLeaves(type, (leaf2) => asTheyAre2.test(leaf2) ? leaf2 : "VARCHAR");
  return given4 === type ? quoted(name3) : `${quoted(name3)}::${given4}`;
}
function crossingOf(type) {
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type)) return "integer";
  if (type === "DOUBLE") return "fraction";
  return type === "BOOLEAN" ? "truth" : "text";
}
function returnedColumn({ name: name3, type }) {
  return { name: name3, crossing: crossingOf(type), isOfAll: name3 in Object.prototype };
}
function rowMaker(names4) {
  const Row = function Row2() {
  };
  Row.prototype = /* @__PURE__ */ Object.create(null);
  return (columns2, index) => {
    const row = new Row();
    for (let at = 0; at < names4.length; at++) row[names4[at]] = friendly(columns2[at][index]);
    return row;
  };
}
function columnsMaker(names4) {
  return (columns2, from2, to) => {
    const given4 = /* @__PURE__ */ Object.create(null);
    for (const [at, name3] of names4.entries()) given4[name3] = columns2[at].slice(from2, to).map(friendly);
    return given4;
  };
}
function callRow({ userFunction, returns }, row) {
  try {
    const returned = mapping(userFunction(row), "a row");
    return crossed(
      returns.map((column3) => memberOf2(returned, column3)),
      returns
    );
  } catch (cause) {
    return thrown(cause);
  }
}
function callColumns({ userFunction, returns }, columns2, rows3) {
  try {
    const returned = mapping(userFunction(columns2, rows3), "columns");
    const lists = returns.map((column3) => listOf(memberOf2(returned, column3), column3.name, rows3));
    return Array.from({ length: rows3 }, (_, row) => {
      try {
        return crossed(
          lists.map((list) => list?.[row]),
          returns
        );
      } catch (cause) {
        return thrown(cause);
      }
    });
  } catch (cause) {
    return thrown(cause);
  }
}
function mapping(returned, wanted3) {
  if (typeof returned !== "object" || returned === null || Array.isArray(returned))
    throw new TypeError(`the function returned ${kindOf2(returned)}, not ${wanted3}`);
  if (typeof returned.then === "function")
    throw new TypeError(`the function returned a promise, not ${wanted3}: it must not be async`);
  return returned;
}
function listOf(member2, name3, rows3) {
  if (member2 === void 0 || member2 === null) return void 0;
  const list = member2;
  if (!Array.isArray(member2) && !ArrayBuffer.isView(member2))
    throw new TypeError(`the function returned ${kindOf2(member2)} for the column "${name3}", not a list of values`);
  if (list.length !== rows3)
    throw new TypeError(`the function returned ${list.length} values of the column "${name3}" for ${rows3} rows`);
  return list;
}
function crossed(members, returns) {
  const values3 = exactValues(members, returns);
  return values3 ? { values: values3 } : { texts: members.map(text3) };
}
function thrown(cause) {
  return { error: String(cause?.message ?? cause) };
}
function kindOf2(value2) {
  if (value2 === null) return "null";
  return Array.isArray(value2) ? "an array" : typeof value2;
}
function memberOf2(row, { name: name3, isOfAll }) {
  return isOfAll && !Object.hasOwn(row, name3) ? void 0 : row[name3];
}
function exactValues(members, returns) {
  const values3 = [];
  for (let index = 0; index < members.length; index++) {
    const value2 = exactValue(members[index], returns[index].crossing);
    if (value2 === void 0) return void 0;
    values3.push(value2);
  }
  return values3;
}
function exactValue(value2, crossing) {
  if (crossing === "text") return text3(value2) ?? null;
  if (value2 === void 0 || value2 === null) return Number.NaN;
  if (crossing === "truth") return typeof value2 === "boolean" ? Number(value2) : void 0;
  const isExact = crossing === "integer" ? Number.isSafeInteger(value2) : Number.isFinite(value2);
  return isExact ? value2 + 0 : void 0;
}
function friendly(value2) {
  if (typeof value2 === "bigint") return Number.isSafeInteger(Number(value2)) ? Number(value2) : value2;
  if (typeof value2 !== "object" || value2 === null || ArrayBuffer.isView(value2)) return value2;
  const inside = value2;
  for (const key2 of Object.keys(inside)) inside[key2] = friendly(inside[key2]);
  return inside;
}
function text3(value2) {
  if (value2 === void 0 || value2 === null) return void 0;
  if (typeof value2 === "string") {
    if (value2.isWellFormed()) return value2;
    throw new TypeError("a text with half a character is no value");
  }
  if (Number.isSafeInteger(value2)) return String(value2);
  if (value2 instanceof Date) return value2.toISOString();
  if (isLongInteger(value2)) return String(BigInt(value2));
  if (typeof value2 === "object") return JSON.stringify(value2, exactMember);
  if (typeof value2 === "function" || typeof value2 === "symbol") throw new TypeError(`a ${typeof value2} is no value`);
  return String(value2);
}
function isLongInteger(value2) {
  return Number.isInteger(value2) && !Number.isSafeInteger(value2) && Math.abs(value2) < 2 ** 127;
}
function exactMember(key2, value2) {
  if (typeof value2 === "bigint" || isLongInteger(value2)) return rawJSON(String(BigInt(value2)));
  if (typeof value2 === "number" && !Number.isFinite(value2)) return String(value2);
  if (typeof value2 === "function" || typeof value2 === "symbol") throw new TypeError(`a ${typeof value2} is no value`);
  if (this[key2] instanceof Date) return this[key2].toISOString();
  return value2;
}
var asTheyAre2, orNothing, crossings, rawJSON;
var init_call_values = __esm({
  "lib/engine/steps/call-values.ts"() {
    "use strict";
    init_nested_type();
    init_shape();
    asTheyAre2 = /^(BOOLEAN|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|VARCHAR|BLOB|MAP.*)$/;
    orNothing = (column3) => `nullif(${column3}, 'nan'::DOUBLE)`;
    crossings = {
      integer: { type: "BIGINT", value: (column3) => `${orNothing(column3)}::BIGINT` },
      fraction: { type: "DOUBLE", value: orNothing },
      truth: { type: "BOOLEAN", value: (column3) => `${orNothing(column3)}::BOOLEAN` },
      text: { type: "VARCHAR", value: (column3) => column3 }
    };
    ({ rawJSON } = JSON);
  }
});

// lib/engine/steps/batch-caller.ts
import { createContext, Script } from "node:vm";
var defaultDeadlineSeconds, mostStopped, BatchCaller;
var init_batch_caller = __esm({
  "lib/engine/steps/batch-caller.ts"() {
    "use strict";
    init_errors3();
    init_call_values();
    defaultDeadlineSeconds = 10;
    mostStopped = 10;
    BatchCaller = class {
      #call;
      #step;
      #deadlineSeconds;
      #script = new Script("work()");
      #context = createContext({ work: () => {
      } });
      #stopped = 0;
      /** @param step id, for errors */
      constructor(call3, step, deadlineSeconds = defaultDeadlineSeconds) {
        this.#call = call3;
        this.#step = step;
        this.#deadlineSeconds = deadlineSeconds;
      }
      /** What became of each row. Throws `StepFailedError` where the function had to be stopped again and again. */
      call(rows3, rowAt) {
        const results = [];
        const one = () => results.push(callRow(this.#call, rowAt(results.length)));
        const rest = () => {
          while (results.length < rows3) one();
        };
        while (!this.#inTime(rest)) {
          const row = results.length;
          if (row === rows3 || this.#inTime(one) || results.length > row) continue;
          results.push(this.#stoppedRow());
        }
        return results;
      }
      /**
       * The same for a function that is given columns. A batch that throws is halved until the rows at fault are alone; of one
       * that was stopped each row is tried alone.
       *
       * @param columnsOf columns of the rows `from` to `to`, exclusive
       */
      callBatch(rows3, columnsOf3) {
        const results = [];
        const attempt2 = (from2, to) => {
          let outcome;
          this.#inTime(() => {
            outcome = callColumns(this.#call, columnsOf3(from2, to), to - from2);
          });
          const alone3 = to - from2 === 1;
          if (outcome && !("error" in outcome)) results.push(...outcome);
          else if (alone3) results.push(outcome ?? this.#stoppedRow());
          else if (outcome) {
            const middle = Math.ceil((from2 + to) / 2);
            attempt2(from2, middle);
            attempt2(middle, to);
          } else for (let row = from2; row < to; row++) attempt2(row, row + 1);
        };
        if (rows3 > 0) attempt2(0, rows3);
        return results;
      }
      #stoppedRow() {
        if (++this.#stopped > mostStopped) throw this.#endless();
        return { error: `the function did not return within ${this.#deadlineSeconds} s and was stopped` };
      }
      #inTime(work5) {
        this.#context.work = work5;
        try {
          this.#script.runInContext(this.#context, { timeout: Math.ceil(this.#deadlineSeconds * 1e3) });
          return true;
        } catch (cause) {
          if (cause.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return false;
          throw cause;
        }
      }
      #endless() {
        return new StepFailedError({
          problem: `the function of step ${this.#step} had to be stopped for more than ${mostStopped} rows of one chunk`,
          received: `${this.#deadlineSeconds} s each`,
          allowed: "a function that comes to an end for every row",
          change: "look for a loop without an end or a regular expression that backtracks, or raise deadlineSeconds"
        });
      }
    };
  }
});

// lib/engine/steps/returned-rows.ts
function tablesOf({ node }) {
  return [`returned ${node}`, `returned as text ${node}`];
}
function appendText(appender, value2) {
  if (value2 === void 0) appender.appendNull();
  else appender.appendVarchar(value2);
}
var ReturnedRows;
var init_returned_rows = __esm({
  "lib/engine/steps/returned-rows.ts"() {
    "use strict";
    init_shape();
    init_relation();
    init_call_values();
    ReturnedRows = class _ReturnedRows {
      #columns;
      #crossings;
      #exact;
      #others;
      #forked;
      #driver;
      #types;
      #appender;
      #otherAppender;
      #exactRows = 0;
      #otherRows = 0;
      constructor(step, driver, appenders) {
        this.#columns = step.columns;
        this.#crossings = step.columns.map(({ type }) => crossingOf(type));
        [this.#exact, this.#others] = tablesOf(step);
        this.#forked = step.forked ?? false;
        this.#driver = driver;
        const { DOUBLE, VARCHAR, BIGINT } = driver;
        this.#types = [
          ...this.#crossings.map((crossing) => crossing === "text" ? VARCHAR : DOUBLE),
          step.forked ? VARCHAR : BIGINT
        ];
        [this.#appender, this.#otherAppender] = appenders;
      }
      static async open(session, step) {
        const driver = await import("@duckdb/node-api");
        const writer = await session.connect();
        const [exact, others] = tablesOf(step);
        const row = `${rowColumn} ${step.forked ? "VARCHAR" : "BIGINT"}`;
        const crossing = ({ name: name3, type }) => `${quoted(name3)} ${crossingOf(type) === "text" ? "VARCHAR" : "DOUBLE"}`;
        const texts3 = step.columns.map(({ name: name3 }) => `${quoted(name3)} VARCHAR`);
        await session.run(`CREATE TABLE ${quoted(exact)} (${[...step.columns.map(crossing), row].join(", ")})`);
        await session.run(`CREATE TABLE ${quoted(others)} (${[...texts3, "__error VARCHAR", row].join(", ")})`);
        return new _ReturnedRows(step, driver, [await writer.createAppender(exact), await writer.createAppender(others)]);
      }
      /**
       * @param results of a vector at the most
       * @param ids of the rows that were given, in the same order
       */
      append(results, ids2) {
        const exact = [];
        const exactIds = [];
        for (const [index, result2] of results.entries()) {
          if ("values" in result2) {
            exact.push(result2.values);
            exactIds.push(ids2[index]);
          } else this.#appendOther(result2, ids2[index]);
        }
        if (exact.length === 0) return;
        const chunk = this.#driver.DuckDBDataChunk.create(this.#types, exact.length);
        for (let column3 = 0; column3 < this.#columns.length; column3++)
          chunk.setColumnValues(
            column3,
            exact.map((values3) => values3[column3])
          );
        chunk.setColumnValues(this.#columns.length, exactIds);
        this.#appender.appendDataChunk(chunk);
        this.#exactRows += exact.length;
      }
      #appendOther(result2, row) {
        const appender = this.#otherAppender;
        for (let index = 0; index < this.#columns.length; index++)
          appendText(appender, "texts" in result2 ? result2.texts[index] : void 0);
        appendText(appender, "error" in result2 ? result2.error : void 0);
        if (typeof row === "string") appender.appendVarchar(row);
        else appender.appendBigInt(row);
        appender.endRow();
        this.#otherRows++;
      }
      /** Ends the appending. */
      close() {
        this.#appender.closeSync();
        this.#otherAppender.closeSync();
        const values3 = this.#columns.map(({ name: name3 }, index) => {
          return `${crossings[this.#crossings[index]].value(quoted(name3))} AS ${quoted(name3)}`;
        });
        const exactTypes = this.#columns.map(({ name: name3 }, index) => [name3, crossings[this.#crossings[index]].type]);
        const row = this.#forked ? `${rowColumn}::BIGINT[] AS ${rowColumn}` : rowColumn;
        const names4 = this.#columns.map(({ name: name3 }) => quoted(name3));
        return [
          {
            from: `(SELECT ${[...values3, "NULL::VARCHAR AS __error", row].join(", ")} FROM ${quoted(this.#exact)})`,
            types: Object.fromEntries(exactTypes),
            rows: this.#exactRows
          },
          {
            from: `(SELECT ${[...names4, "__error", row].join(", ")} FROM ${quoted(this.#others)})`,
            types: Object.fromEntries(this.#columns.map(({ name: name3 }) => [name3, "VARCHAR"])),
            rows: this.#otherRows
          }
        ];
      }
    };
  }
});

// lib/engine/steps/call.ts
async function call2(step) {
  const { session, node, input } = step;
  const { called, returned } = await callRows(step);
  if (called !== input.rows) throw new TypeError(`step ${node.id} read ${called} of ${input.rows} rows`);
  let rejected = 0;
  const rules = {};
  const parts = [];
  for (const one of returned.filter(({ rows: rows4 }) => rows4 > 0)) {
    const part = await check(step, one);
    rejected += part.rejected;
    for (const [rule3, rows4] of Object.entries(part.rules)) rules[rule3] = (rules[rule3] ?? 0) + rows4;
    parts.push(part);
  }
  const relation = relationOf(node, input.rows - rejected, input);
  const rows3 = parts.map(({ select }) => select).join(" UNION ALL ") || emptySelect2(step, returned);
  const kind = parts.every(({ isReady }) => isReady) ? "VIEW" : "TABLE";
  await session.run(`CREATE ${kind} ${relation.name} AS ${rows3}`);
  return { relation, count: stepCount(node.id, { rowsIn: input.rows, rowsOut: relation.rows, rejected, rules }) };
}
async function check({ rejects, node, shape, input }, { from: from2, types: types4 }) {
  const { select, checks: fieldChecks } = typedFields(shape.columns, types4);
  const thrown2 = {
    rule: "function returns",
    column: "row",
    bad: "__error IS NOT NULL",
    value: "__error",
    message: "was thrown",
    ofRow: true
  };
  const checks = [thrown2, ...fieldChecks.map((check2) => ({ ...check2, bad: `__error IS NULL AND (${check2.bad})` }))];
  const typed = `(SELECT ${select}, __error, ${rowColumn} FROM ${from2}) returned`;
  const bySource = `(SELECT ${select}, __error, ${rowColumn} AS __given, ${rowColumn}[1] AS ${rowColumn} FROM ${from2}) returned`;
  const same2 = `given.${rowColumn} = returned.${input.forked ? "__given" : rowColumn}`;
  const seen = `(SELECT ${rowAsJson(input.columns)} FROM ${input.name} given WHERE ${same2})`;
  const { rejected, rules } = await rejects.take(node.id, input.forked ? bySource : typed, checks, { seen });
  const good = rejected > 0 ? ` WHERE NOT (${anyBad(checks)})` : "";
  return {
    select: `SELECT ${columnList(shape.columns, rowColumn)} FROM ${typed}${good}`,
    rejected,
    rules,
    isReady: rejected === 0 && shape.columns.every(({ name: name3, type }) => types4[name3] === type)
  };
}
function emptySelect2({ shape }, [first4]) {
  const columns2 = shape.columns.map(({ name: name3, type }) => `${quoted(name3)}::${type} AS ${quoted(name3)}`);
  return `SELECT ${[...columns2, rowColumn].join(", ")} FROM ${first4.from}`;
}
async function callRows({ session, node, shape, input, call: userFunction }) {
  if (!userFunction) throw new TypeError(`step ${node.id} has no function: was the worker bundled with its pipeline?`);
  const { JSDuckDBValueConverter } = await import("@duckdb/node-api");
  const reader = await session.connect();
  const back = await ReturnedRows.open(session, { node: node.id, columns: shape.columns, forked: input.forked });
  const names4 = input.columns.map((column3) => column3.name);
  const [makeRow, makeColumns] = [rowMaker(names4), columnsMaker(names4)];
  const returns = shape.columns.map(returnedColumn);
  const caller = new BatchCaller({ userFunction, returns }, node.id, shape.deadlineSeconds);
  let called = 0;
  const result2 = await reader.stream(
    `SELECT ${[...input.columns.map(givenSql), input.forked ? `${rowColumn}::VARCHAR` : rowColumn].join(", ")} FROM ${input.name}`
  );
  for (let chunk = await result2.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result2.fetchChunk()) {
    session.throwIfStopped();
    const columns2 = chunk.convertColumns(JSDuckDBValueConverter);
    const ids2 = columns2.at(-1);
    back.append(
      shape.per === "batch" ? caller.callBatch(ids2.length, (from2, to) => makeColumns(columns2, from2, to)) : caller.call(ids2.length, (index) => makeRow(columns2, index)),
      ids2
    );
    called += ids2.length;
  }
  return { called, returned: back.close() };
}
var init_call = __esm({
  "lib/engine/steps/call.ts"() {
    "use strict";
    init_shape();
    init_field_check();
    init_ledger2();
    init_rejects();
    init_relation();
    init_row_as_json();
    init_batch_caller();
    init_call_values();
    init_returned_rows();
    init_step();
  }
});

// lib/engine/steps/explode.ts
async function explode({ session, node, shape, input }) {
  const { column: column3, as, position, empty, rule: rule3 } = shape;
  const type = elementType(input.columns.find(({ name: name3 }) => name3 === column3).type);
  const list = `${quoted(column3)}::${type}[]`;
  const filled = `coalesce(len(${list}), 0) > 0`;
  const [elements, full] = await session.counts(
    `SELECT coalesce(sum(len(${list})), 0), count(*) FILTER (${filled}) FROM ${input.name}`
  );
  const empties = input.rows - full;
  const filtered = empty === "drop" ? empties : 0;
  const relation = relationOf(node, elements + empties - filtered, { ...input, forked: true });
  const [values3, places] = [list, `range(1, len(${list}) + 1)`].map((some, index) => {
    const one = index === 0 ? `[NULL]::${type}[]` : "[NULL]::BIGINT[]";
    return empty === "keep" ? `CASE WHEN ${filled} THEN ${some} ELSE ${one} END` : some;
  });
  const others = input.columns.filter(({ name: name3 }) => name3 !== column3).map(({ name: name3 }) => quoted(name3));
  const parted = [...others, rowColumn, `unnest(${values3}) AS __element`, `unnest(${places}) AS __place`].join(", ");
  const columns2 = input.columns.map(({ name: name3 }) => name3 === column3 ? `__element AS ${quoted(as)}` : quoted(name3));
  if (position !== void 0) columns2.push(`__place AS ${quoted(position)}`);
  const row = input.forked ? rowColumn : `[${rowColumn}]`;
  columns2.push(`list_append(${row}, coalesce(__place, 1)) AS ${rowColumn}`);
  await session.run(
    `CREATE VIEW ${relation.name} AS SELECT ${columns2.join(", ")} FROM (SELECT ${parted} FROM ${input.name})`
  );
  return {
    relation,
    count: stepCount(node.id, {
      rowsIn: input.rows,
      rowsOut: relation.rows,
      multiplied: elements - full,
      filtered,
      rules: filtered > 0 ? { [rule3]: filtered } : {}
    })
  };
}
var init_explode2 = __esm({
  "lib/engine/steps/explode.ts"() {
    "use strict";
    init_column_types();
    init_shape();
    init_ledger2();
    init_relation();
    init_step();
  }
});

// lib/engine/steps/never-fails.ts
function neverFails(tree, columns2) {
  const parts = partsOf5(tree);
  if (!parts?.every((part) => neverFails(part, columns2))) return false;
  if (tree.class === "CAST") return tree.try_cast === true || everyValueCasts(tree, columns2);
  if (tree.class !== "FUNCTION") return true;
  const name3 = String(tree.function_name).toLowerCase();
  if (arithmetic.has(name3)) return parts.length === 2 && parts.some((part) => isDouble(part, columns2));
  return harmless.has(name3);
}
function partsOf5(tree) {
  const one = (name3) => tree[name3];
  switch (tree.class) {
    case "CONSTANT":
    case "COLUMN_REF":
      return [];
    case "CAST":
      return [one("child")];
    case "COMPARISON":
      return [one("left"), one("right")];
    case "BETWEEN":
      return [one("input"), one("lower"), one("upper")];
    case "CONJUNCTION":
    case "FUNCTION":
      return tree.children;
    case "OPERATOR":
      if (tree.type === "OPERATOR_TRY") return [];
      return /^(OPERATOR_(NOT|IS_NULL|IS_NOT_NULL|COALESCE|NULLIF)|COMPARE_(NOT_)?IN)$/.test(String(tree.type)) ? tree.children : void 0;
    case "CASE": {
      const checks = tree.case_checks;
      return [...checks.flatMap(({ when_expr, then_expr }) => [when_expr, then_expr]), one("else_expr")];
    }
    default:
      return void 0;
  }
}
function everyValueCasts({ child, cast_type }, columns2) {
  const to = String(cast_type.id);
  if (child.class === "CONSTANT") return true;
  const from2 = typeOf3(child, columns2);
  if (from2 === void 0) return false;
  if (from2 === to || to === "VARCHAR") return true;
  if (from2 === "TIMESTAMP") return to === "DATE";
  const [narrow, wide] = [integers3.indexOf(from2), integers3.indexOf(to)];
  return narrow >= 0 && (wide > narrow || to === "DOUBLE");
}
function isDouble(tree, columns2) {
  if (tree.class === "CAST") return tree.cast_type.id === "DOUBLE";
  if (tree.class !== "FUNCTION") return typeOf3(tree, columns2) === "DOUBLE";
  const name3 = String(tree.function_name);
  if (name3 === "/") return true;
  return arithmetic.has(name3) && tree.children.some((part) => isDouble(part, columns2));
}
function typeOf3(tree, columns2) {
  const names4 = tree.class === "COLUMN_REF" ? tree.column_names : [];
  return names4.length === 1 ? columns2.find((column3) => sameName(column3.name, names4[0]))?.type : void 0;
}
var harmless, arithmetic, integers3;
var init_never_fails = __esm({
  "lib/engine/steps/never-fails.ts"() {
    "use strict";
    init_column_names();
    harmless = new Set(
      "lower upper ucase lcase trim ltrim rtrim length len strlen char_length character_length contains starts_with ends_with prefix suffix replace reverse concat concat_ws left right substr substring coalesce ifnull nullif greatest least round floor ceil ceiling year month day hour minute second quarter week weekday dayofweek dayofyear md5 sha256 hash isfinite isnan isinf list_contains list_value row struct_pack param || / ~~ !~~ ~~* !~~*".split(" ")
    );
    arithmetic = /* @__PURE__ */ new Set(["+", "-", "*"]);
    integers3 = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"];
  }
});

// lib/engine/steps/failing-rows.ts
async function withoutFailing({ session, rejects, node, shape, input }) {
  const all2 = { input, taken: nothing6, routed: 0 };
  const risky = [];
  for (const one of computedBy(shape)) {
    const tree = await readTree(session, one.sql);
    if (!neverFails(tree, input.columns)) risky.push({ ...one, of: firstColumn(tree, input.columns) });
  }
  if (risky.length === 0 || input.rows === 0) return all2;
  const failing = risky.map(({ sql }) => `TRY(struct_pack(v := (${sql}
))) IS NULL`);
  const from2 = whole(input);
  const [count3] = await session.counts(`SELECT count(*) FROM ${from2} WHERE ${failing.join(" OR ")}`);
  if (count3 === 0) return all2;
  const name3 = quoted(`computable ${node.id}`);
  await session.run(`CREATE TABLE ${name3} AS SELECT * FROM ${from2} WHERE NOT (${failing.join(" OR ")})`);
  const left = { ...input, name: name3, rows: input.rows - count3 };
  if (shape.form === "route" && shape.to !== shape.otherwise)
    return { input: left, taken: { rejected: 0, rules: { "routes can be computed": count3 } }, routed: count3 };
  const aside = quoted(`failing ${node.id}`);
  await session.run(`CREATE TABLE ${aside} AS SELECT * FROM ${from2} WHERE ${failing.join(" OR ")}`);
  for (const [index, condition] of failing.entries()) {
    await session.run(`ALTER TABLE ${aside} ADD COLUMN __fails_${index} BOOLEAN DEFAULT false`);
    const fail2 = `SELECT ${rowColumn} FROM ${whole({ ...input, name: aside })} WHERE ${condition}`;
    await session.run(`UPDATE ${aside} SET __fails_${index} = true WHERE ${rowColumn} IN (${fail2})`);
  }
  const checks = risky.map(
    ({ rule: rule3, use, severity: severity2, of }, index) => ({
      rule: rule3,
      severity: severity2,
      column: of ?? rule3,
      bad: `__fails_${index}`,
      value: of === void 0 ? "NULL" : quoted(of),
      message: `cannot be used for ${use}`
    })
  );
  const kept = { seen: rowAsJson(input.columns), allBad: true };
  const taken2 = await rejects.take(node.id, rowsBySource({ ...input, name: aside }), checks, kept);
  await session.run(`DROP TABLE ${aside}`);
  return { input: left, taken: taken2, routed: 0 };
}
function whole({ name: name3, columns: columns2 }) {
  const nested2 = columns2.filter(({ type }) => type.includes("STRUCT(")).map((column3) => quoted(column3.name));
  if (nested2.length === 0) return name3;
  return `(SELECT * REPLACE (${nested2.map((column3) => `coalesce(${column3}, NULL) AS ${column3}`).join(", ")}) FROM ${name3})`;
}
function computedBy(shape) {
  switch (shape.form) {
    case "project": {
      if (shape.lets) return [];
      const columns2 = shape.columns.flatMap(
        ({ name: name3, expression }) => byUser(expression, `${name3} can be computed`, (sql) => `${name3} = ${sql}`)
      );
      const rules = (shape.rejections ?? []).flatMap(
        ({ rule: rule3, holds, severity: severity2 }) => byUser(holds, rule3, (sql) => `the rule "${rule3}": ${sql}`).map((one) => ({ ...one, severity: severity2 }))
      );
      return [...columns2, ...rules];
    }
    case "keep":
      return byUser(shape.condition, `"${shape.rule}" can be computed`, (sql) => `the condition ${sql}`);
    case "route":
      return shape.routes.flatMap(
        ({ name: name3, condition }) => byUser(condition, `route ${name3} can be computed`, (sql) => `the route ${name3}: ${sql}`)
      );
    default:
      return [];
  }
}
function byUser({ sql, path, shown: shown7 }, rule3, use) {
  return path ? [{ sql, rule: rule3, use: use(shown7 ?? sql) }] : [];
}
function firstColumn(tree, columns2) {
  if (typeof tree !== "object" || tree === null) return void 0;
  const { column_names: names4 = [] } = tree;
  for (const name3 of names4) {
    const column3 = columns2.find((one) => sameName(one.name, name3));
    if (column3) return column3.name;
  }
  for (const part of Object.values(tree)) {
    const found = firstColumn(part, columns2);
    if (found !== void 0) return found;
  }
  return void 0;
}
var nothing6;
var init_failing_rows = __esm({
  "lib/engine/steps/failing-rows.ts"() {
    "use strict";
    init_shape();
    init_expression_tree();
    init_column_names();
    init_relation();
    init_row_as_json();
    init_never_fails();
    nothing6 = { rejected: 0, rules: {} };
  }
});

// lib/engine/steps/join.ts
async function join15(step) {
  const { session, node, input, others } = step;
  const side = step.side ?? others[0];
  if (!side || !node.lookupKeys) throw new TypeError(`step ${node.id} has no second input`);
  const keys = node.lookupKeys;
  const matched = keys.input.map((key2, index) => `input.${quoted(key2)} = side.${quoted(keys.side[index])}`).join(" AND ");
  const parts = { step, side, keys, matched };
  const count3 = await counted2(parts);
  const forked = !existence.has(step.shape.how) || input.forked;
  const relation = relationOf(node, count3.rowsOut, { forked: forked ?? false, slow: true });
  await session.run(`CREATE VIEW ${relation.name} AS ${joinSelect(parts)}`);
  return { relation, count: count3 };
}
async function counted2({ step, side, keys }) {
  const { session, node, shape, input } = step;
  const names4 = keys.input.map((_, index) => `key_${index}`);
  const grouped = ({ name: name3, copied }, columns2) => `(SELECT ${columns2.map((column3, index) => `${quoted(column3)} AS ${names4[index]}`).join(", ")}, count(*) AS n, ${copied ? `count(*) FILTER (NOT ${copyColumn})` : "count(*)"} AS own FROM ${name3} GROUP BY ALL)`;
  const [pairs, own, other] = await session.counts(
    `SELECT sum(input.n * side.n), sum(input.own), sum(side.own) FROM ${grouped(input, keys.input)} input JOIN ${grouped(side, keys.side)} side USING (${names4.join(", ")})`
  );
  const { how, on } = shape;
  const alone3 = input.rows - own;
  const flows = node.side === void 0;
  const otherAlone = flows ? side.rows - other : 0;
  const asks = existence.has(how);
  const keepsOwn = how === "left" || how === "full" || how === "anti";
  const keepsOther = how === "right" || how === "full";
  const hasMatch = `${on.sql} has a match in ${side.node}`;
  const taken2 = {
    [hasMatch]: keepsOwn ? 0 : alone3,
    [`${on.sql} has no match in ${side.node}`]: how === "anti" ? own : 0,
    [`${on.sql} has a match in ${input.node}${input.node === side.node ? " (other side)" : ""}`]: keepsOther ? 0 : otherAlone
  };
  const filtered = Object.values(taken2).reduce((sum3, rows3) => sum3 + rows3, 0);
  const merged2 = flows ? other : 0;
  const rules = { ...taken2, [`joined to ${input.node}`]: merged2 };
  const multiplied = asks ? 0 : pairs - own;
  const rowsOut = (how === "anti" ? 0 : own) + multiplied + (keepsOwn ? alone3 : 0) + (keepsOther ? otherAlone : 0);
  return stepCount(node.id, {
    rowsIn: input.rows + (flows ? side.rows : 0),
    multiplied,
    rowsOut,
    filtered,
    merged: merged2,
    rules: Object.fromEntries(Object.entries(rules).filter(([, rows3]) => rows3 > 0))
  });
}
function joinSelect({ step, side, keys, matched }) {
  const { shape, input } = step;
  if (existence.has(shape.how))
    return `SELECT input.* FROM ${input.name} input ${shape.how.toUpperCase()} JOIN ${side.name} side ON ${matched}`;
  const own = input.columns.map(({ name: name3 }) => {
    const pair = keys.input.indexOf(name3);
    const here = `input.${quoted(name3)}`;
    return pair < 0 ? here : `coalesce(${here}, side.${quoted(keys.side[pair])}) AS ${quoted(name3)}`;
  });
  const taken2 = takenColumns(shape, side.columns, keys.side).map(
    ({ name: name3, column: column3 }) => `side.${quoted(column3)} AS ${quoted(name3)}`
  );
  const [between, behind] = [-2 * step.ordinal - 2, -2 * step.ordinal - 1];
  const both = `list_concat(${rowPath("input", input)}, [${between}], ${rowPath("side", side)})`;
  const row = `CASE WHEN input.${rowColumn} IS NULL THEN list_append(${rowPath("side", side)}, ${behind}) ELSE ${both} END`;
  return `SELECT ${[...own, ...taken2].join(", ")}, ${row} AS ${rowColumn} FROM ${input.name} input ${shape.how.toUpperCase()} JOIN ${side.name} side ON ${matched}${withoutCopies(input, side)}`;
}
function withoutCopies(input, side) {
  const conditions = [
    ...input.copied ? [`(side.${rowColumn} IS NOT NULL OR NOT input.${copyColumn})`] : [],
    ...side.copied ? [`(input.${rowColumn} IS NOT NULL OR NOT side.${copyColumn})`] : []
  ];
  return conditions.length > 0 ? ` WHERE ${conditions.join(" AND ")}` : "";
}
var existence;
var init_join2 = __esm({
  "lib/engine/steps/join.ts"() {
    "use strict";
    init_shape();
    init_ledger2();
    init_relation();
    init_join_types();
    init_step();
    existence = /* @__PURE__ */ new Set(["semi", "anti"]);
  }
});

// lib/engine/steps/keep.ts
async function keep({ session, node, shape, input }) {
  const condition = `coalesce((${shape.condition.sql}
), false)`;
  const [rowsOut] = await session.counts(`SELECT count(*) FILTER (${condition}) FROM ${input.name}`);
  const filtered = input.rows - rowsOut;
  const relation = relationOf(node, rowsOut, input);
  await session.run(
    `CREATE VIEW ${relation.name} AS SELECT * FROM ${input.name}${filtered > 0 ? ` WHERE ${condition}` : ""}`
  );
  return {
    relation,
    count: stepCount(node.id, {
      rowsIn: input.rows,
      rowsOut,
      filtered,
      rules: filtered > 0 ? { [shape.rule]: filtered } : {}
    })
  };
}
var init_keep = __esm({
  "lib/engine/steps/keep.ts"() {
    "use strict";
    init_ledger2();
    init_step();
  }
});

// lib/engine/steps/lookup.ts
async function lookup({
  session,
  rejects,
  node,
  shape,
  input,
  side
}) {
  if (!side) throw new TypeError(`step ${node.id} has no second input`);
  const sideColumns = node.lookupKeys?.side ?? [];
  await refuseTwins2({ session, node, side, keys: sideColumns, closed: rejects.closedIn(node.side) });
  const take = shape.take.map(({ name: name3, expression }) => `side.${expression.sql} AS ${quoted(name3)}`);
  const taken2 = new Set(shape.take.map(({ name: name3 }) => name3));
  const kept = input.columns.filter(({ name: name3 }) => !taken2.has(name3)).map(({ name: name3 }) => `input.${quoted(name3)}`);
  const matched = (node.lookupKeys?.input ?? []).map((key2, index) => `input.${quoted(key2)} = side.${quoted(sideColumns[index])}`).join(" AND ");
  const missing3 = `NOT EXISTS (SELECT 1 FROM ${side.name} side WHERE ${matched})`;
  let rejected = 0;
  let filtered = 0;
  let rules = {};
  const rule3 = `${shape.on.sql} has a match in ${node.side}`;
  if (shape.unmatched === "reject") {
    const column3 = node.lookupKeys.input[0];
    const from2 = `(SELECT input.*, ${missing3} AS __missing FROM ${rowsBySource(input)} input)`;
    const check2 = { rule: rule3, column: column3, bad: "__missing", value: quoted(column3), message: `has no match in ${node.side}` };
    const taken3 = await rejects.take(node.id, from2, [check2], { seen: rowAsJson(input.columns) });
    rejected = taken3.rejected;
    rules = taken3.rules;
  } else if (shape.unmatched === "drop") {
    [filtered] = await session.counts(`SELECT count(*) FROM ${input.name} input WHERE ${missing3}`);
    if (filtered > 0) rules = { [rule3]: filtered };
  }
  const join31 = shape.unmatched === "null" ? "LEFT JOIN" : "JOIN";
  const relation = relationOf(node, input.rows - rejected - filtered, input);
  await session.run(
    `CREATE VIEW ${relation.name} AS SELECT ${[...kept, ...take].join(", ")}, input.${rowColumn} FROM ${input.name} input ${join31} ${side.name} side ON ${matched}`
  );
  return {
    relation,
    count: stepCount(node.id, { rowsIn: input.rows, rowsOut: relation.rows, rejected, filtered, rules })
  };
}
async function refuseTwins2({
  session,
  node,
  side,
  keys,
  closed
}) {
  const list = keys.map(quoted).join(", ");
  const present = keys.map((key2) => `${quoted(key2)} IS NOT NULL`).join(" AND ");
  const twins = await session.rows(
    `SELECT ${list} FROM ${side.name} WHERE ${present} GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 3`
  );
  if (twins.length === 0) return;
  throw new LookupNotUniqueError({
    problem: `"${node.side}" has several rows for one key of ${keys.join(", ")}, so enriching with it would depend on chance`,
    received: twins.map((row) => keys.map((key2) => closed.has(key2) ? withheld : row[key2]).join(", ")),
    allowed: `each ${keys.join(", ")} once`,
    change: `pipe "${node.side}" through deduplicate({ key: [${keys.map((key2) => `'${key2}'`).join(", ")}] }) first`
  });
}
var init_lookup = __esm({
  "lib/engine/steps/lookup.ts"() {
    "use strict";
    init_restricted_columns();
    init_shape();
    init_errors3();
    init_ledger2();
    init_relation();
    init_row_as_json();
    init_step();
  }
});

// lib/engine/steps/project.ts
async function project({ session, rejects, node, shape, input }) {
  const checks = (shape.rejections ?? []).map(({ rule: rule3, column: column3, holds, message, severity: severity2 }) => ({
    rule: rule3,
    severity: severity2,
    column: column3,
    bad: `NOT (${holds.sql}
)`,
    value: quoted(column3),
    message
  }));
  const lets = (shape.lets ?? []).map(({ name: name3, expression }) => `(${expression.sql}
) AS ${quoted(name3)}`);
  const values3 = quoted(`values ${node.id}`);
  if (lets.length > 0) await session.run(`CREATE TABLE ${values3} AS SELECT *, ${lets.join(", ")} FROM ${input.name}`);
  const from2 = { ...input, ...lets.length > 0 && { name: values3 } };
  const kept = { seen: rowAsJson(input.columns) };
  const taken2 = await rejects.take(node.id, rowsBySource(from2), checks, kept);
  const columns2 = shape.columns.map(({ name: name3, expression }) => `(${expression.sql}
) AS ${quoted(name3)}`);
  const where2 = taken2.rejected > 0 ? ` WHERE NOT (${anyBad(checks)})` : "";
  const relation = relationOf(node, input.rows - taken2.rejected, input);
  await session.run(
    `CREATE ${lets.length > 0 ? "TABLE" : "VIEW"} ${relation.name} AS SELECT ${columns2.join(", ")}, ${rowColumn} FROM ${from2.name}${where2}`
  );
  if (lets.length > 0) await session.run(`DROP TABLE ${values3}`);
  return {
    relation,
    count: stepCount(node.id, { rowsIn: input.rows, rowsOut: relation.rows, ...taken2 })
  };
}
var init_project = __esm({
  "lib/engine/steps/project.ts"() {
    "use strict";
    init_shape();
    init_ledger2();
    init_rejects();
    init_relation();
    init_row_as_json();
    init_step();
  }
});

// lib/engine/steps/route.ts
async function route({ session, node, shape, input }) {
  const { routes, otherwise: otherwise2, to } = shape;
  const taken2 = routes.map(({ name: name3, condition }) => `WHEN (${condition.sql}
) THEN ${literal(name3)}`);
  const way = `CASE ${taken2.join(" ")} ELSE ${literal(otherwise2)} END`;
  const found = await session.rows(`SELECT ${way} AS way, count(*) AS n FROM ${input.name} GROUP BY ALL ORDER BY way`);
  const ways = found.map((row) => [row.way, Number(row.n)]);
  const rowsOut = ways.find(([name3]) => name3 === to)?.[1] ?? 0;
  const relation = relationOf(node, rowsOut, input);
  await session.run(`CREATE VIEW ${relation.name} AS SELECT * FROM ${input.name} WHERE ${way} = ${literal(to)}`);
  const others = ways.filter(([name3]) => name3 !== to);
  return {
    relation,
    count: stepCount(node.id, {
      rowsIn: input.rows,
      rowsOut,
      routed: input.rows - rowsOut,
      rules: Object.fromEntries(others.map(([name3, rows3]) => [`takes route ${name3}`, rows3]))
    })
  };
}
var init_route2 = __esm({
  "lib/engine/steps/route.ts"() {
    "use strict";
    init_shape();
    init_ledger2();
    init_step();
  }
});

// lib/engine/steps/sort.ts
async function sort({ session, node, input }) {
  const relation = relationOf(node, input.rows, input);
  await session.run(`CREATE VIEW ${relation.name} AS SELECT * FROM ${input.name}`);
  return { relation, count: stepCount(node.id, { rowsIn: input.rows, rowsOut: input.rows }) };
}
var init_sort2 = __esm({
  "lib/engine/steps/sort.ts"() {
    "use strict";
    init_ledger2();
    init_step();
  }
});

// lib/engine/steps/union.ts
async function union17({
  session,
  node,
  shape,
  input,
  others,
  sharesRows
}) {
  const inputs = [input, ...others];
  const forked = sharesRows || inputs.some((one) => one.forked);
  const { origin } = shape;
  const selects = inputs.map((one, index) => {
    const columns2 = node.columns.map(({ name: name3, type }) => {
      if (name3 === origin?.column) return `${literal(origin.names[index])} AS ${quoted(name3)}`;
      const own = one.columns.find((column3) => sameName(column3.name, name3));
      return `${own ? quoted(own.name) : "NULL"}::${type} AS ${quoted(name3)}`;
    });
    return `SELECT ${[...columns2, `${rowOf(one, index)} AS ${rowColumn}`].join(", ")} FROM ${one.name} input`;
  });
  const rows3 = inputs.reduce((sum3, one) => sum3 + one.rows, 0);
  const relation = relationOf(node, rows3, { forked: forked ?? false, slow: inputs.some((one) => one.slow) });
  await session.run(`CREATE VIEW ${relation.name} AS ${selects.join(" UNION ALL ")}`);
  return { relation, count: stepCount(node.id, { rowsIn: rows3, rowsOut: rows3 }) };
  function rowOf(one, index) {
    if (!forked) return rowColumn;
    return sharesRows ? `list_append(${rowPath("input", one)}, ${index})` : rowPath("input", one);
  }
}
var init_union2 = __esm({
  "lib/engine/steps/union.ts"() {
    "use strict";
    init_shape();
    init_column_names();
    init_ledger2();
    init_relation();
    init_step();
  }
});

// lib/engine/steps/run-step.ts
async function runStep(input) {
  try {
    const { input: rows3, taken: taken2, routed } = await withoutFailing(input);
    const { relation, count: count3 } = await forms3[input.shape.form]({ ...input, input: rows3 });
    return { relation, count: together2(count3, taken2, routed) };
  } catch (cause) {
    if (cause instanceof PenstockError || cause instanceof TypeError || cause.name === "AbortError")
      throw cause;
    throw new StepFailedError({
      problem: `step ${input.node.id} failed on the data: ${String(cause.message).split("\n")[0]}`,
      received: input.node.options,
      allowed: "expressions that hold for every row that reaches the step",
      change: "use a TRY_ function or a filter before it, so that such rows are set aside",
      cause
    });
  }
}
function together2(count3, taken2, routed) {
  if (taken2.rejected + routed === 0) return count3;
  const critical = (count3.critical ?? 0) + (taken2.critical ?? 0);
  const rules = { ...count3.rules };
  for (const [rule3, rows3] of Object.entries(taken2.rules)) rules[rule3] = (rules[rule3] ?? 0) + rows3;
  return {
    ...count3,
    rowsIn: count3.rowsIn + taken2.rejected + routed,
    rejected: count3.rejected + taken2.rejected,
    ...count3.routed !== void 0 && { routed: count3.routed + routed },
    rules,
    ...critical > 0 && { critical }
  };
}
var forms3;
var init_run_step = __esm({
  "lib/engine/steps/run-step.ts"() {
    "use strict";
    init_penstock_error();
    init_errors3();
    init_call();
    init_draw();
    init_explode2();
    init_failing_rows();
    init_first();
    init_group();
    init_join2();
    init_keep();
    init_lookup();
    init_project();
    init_route2();
    init_sort2();
    init_union2();
    init_window2();
    forms3 = {
      project,
      keep,
      first: first3,
      group,
      window,
      sort,
      lookup,
      join: join15,
      union: union17,
      call: call2,
      explode,
      draw,
      route
    };
  }
});

// lib/engine/tables-beyond.ts
function tablesBeyond(plan) {
  return fromTheEnd(plan, (node, beyond) => node.kind === "output" ? [node.table] : beyond);
}
function tablesOfMeetings(plan, components) {
  const all2 = tablesBeyond(plan);
  return fromTheEnd(plan, (node, beyond) => {
    if (node.kind !== "step") return beyond;
    const shape = shapeOfStep(plan, componentOf(components, node.component), node);
    return rowsMeetIn(shape) ? all2[node.id] : beyond;
  });
}
function fromTheEnd({ nodes }, own) {
  const behind = /* @__PURE__ */ new Map();
  const said2 = {};
  for (const node of [...nodes].reverse()) {
    const tables = [...new Set(own(node, behind.get(node.id) ?? []))].sort();
    said2[node.id] = node.kind === "source" && node.use !== "main" ? [] : tables;
    if (node.kind === "source") continue;
    for (const input of [node.input, ...node.kind === "step" ? node.others ?? [] : []])
      behind.set(input, [...behind.get(input) ?? [], ...tables]);
  }
  return said2;
}
var init_tables_beyond = __esm({
  "lib/engine/tables-beyond.ts"() {
    "use strict";
    init_shape_of_step();
    init_components();
  }
});

// lib/engine/chunk-run.ts
import { join as join16 } from "node:path";
async function executeChunk(request) {
  const stage = request.plan.stages.find((one) => one.id === request.stage);
  if (!stage) throw new TypeError(`the plan has no stage ${request.stage}`);
  const folders = /* @__PURE__ */ new Set([
    request.workFolder,
    ...[...request.inputs.map((one) => one.path), ...Object.values(request.references)].map((path) => join16(path, ".."))
  ]);
  const session = await Session.open({
    folders: [...folders],
    memoryMegabytes: request.memoryMegabytes,
    threads: request.threads,
    signal: request.signal,
    discreet: holdsRestricted(request.plan),
    keepsOrder: readsText(request, stage)
  });
  try {
    if (request.secrets) await openKeys(session, request.secrets);
    await openParameters(session, request.plan);
    const rejects = await Rejects.open(
      session,
      request.stage,
      stage.reads ? {} : namesOf(request.inputs.filter(({ rejects: rejects2 }) => !rejects2)),
      request.plan
    );
    return await new ChunkRun(request, session, rejects).run(stage);
  } catch (error) {
    request.signal?.throwIfAborted();
    throw error;
  } finally {
    session.close();
  }
}
function readsText({ plan, inputs, components }, stage) {
  if (stage.reads) return false;
  const read = new Set(inputs.map((input) => input.of));
  return plan.nodes.some((node) => {
    if (node.kind !== "source" || !read.has(node.id)) return false;
    return componentOf(components, node.component).source.format(node.options).kind !== "parquet";
  });
}
function sumRows(of, files, expected) {
  const rows3 = files.reduce((sum3, file2) => sum3 + file2.rows, 0);
  if (rows3 === expected) return rows3;
  throw new CountMismatchError({
    problem: `${of} wrote ${rows3} rows where ${expected} were counted`,
    received: rows3,
    allowed: expected,
    change: "report this with the plan: the count and the query disagree"
  });
}
var ChunkRun;
var init_chunk_run = __esm({
  "lib/engine/chunk-run.ts"() {
    "use strict";
    init_restricted_columns();
    init_components();
    init_errors3();
    init_exchange();
    init_keys();
    init_ledger2();
    init_numbered_rows();
    init_output();
    init_parameters2();
    init_measure_rules();
    init_recover_raw();
    init_rejects();
    init_relation();
    init_session();
    init_source();
    init_step_input();
    init_merge_early();
    init_run_step();
    init_tables_beyond();
    init_write();
    ChunkRun = class {
      #request;
      #session;
      #rejects;
      #nodes;
      #relations = /* @__PURE__ */ new Map();
      /** Rows that have come from another stage, by the step and the number of the input that they are for. */
      #arrived = /* @__PURE__ */ new Map();
      #steps = [];
      #files = [];
      #quality = [];
      #milliseconds = {};
      constructor(request, session, rejects) {
        this.#request = request;
        this.#session = session;
        this.#rejects = rejects;
        this.#nodes = new Map(request.plan.nodes.map((node) => [node.id, node]));
      }
      async run(stage) {
        const { plan, solo } = this.#request;
        for (const [node, path] of Object.entries(this.#request.references)) await this.#openReference(node, path);
        for (const exchange of stage.reads ?? []) await this.#openExchange(exchange);
        const stages = solo ? plan.stages : [stage];
        for (const id of stages.flatMap((one) => one.nodes)) await this.#timed(id, () => this.#runNode(id));
        if (!solo) for (const exchange of stage.exchanges) await this.#timed(exchange.id, () => this.#send(exchange));
        await this.#timed("rejects", () => this.#writeRejects());
        return { steps: this.#steps, files: this.#files, quality: this.#quality, milliseconds: this.#milliseconds };
      }
      #runNode(id) {
        const node = this.#nodes.get(id);
        if (!node) throw new TypeError(`the plan has no node ${id}`);
        if (node.kind === "source") return this.#runSource(node);
        return node.kind === "step" ? this.#runStep(node) : this.#runOutput(node);
      }
      async #runSource(node) {
        const { inputs, workFolder, signal, cursors } = this.#request;
        const after3 = cursors?.[node.id];
        const files = inputs.filter((input) => input.of === node.id);
        const connector2 = this.#component(node.component);
        this.#keep(
          await readSource({
            session: this.#session,
            rejects: this.#rejects,
            node,
            connector: connector2,
            files,
            workFolder,
            signal,
            ...after3 !== void 0 && { after: after3 }
          })
        );
      }
      async #runStep(node) {
        const find = (id, index) => this.#arrived.get(`${node.id} ${index}`) ?? this.#relation(id);
        const step = stepInput(node, { find, plan: this.#request.plan, components: this.#request.components });
        const call3 = this.#request.functions?.[node.id];
        this.#keep(await runStep({ session: this.#session, rejects: this.#rejects, call: call3, ...step }));
      }
      async #runOutput(node) {
        const { plan, chunk, stage, workFolder } = this.#request;
        const input = this.#arrived.get(`${node.id} 0`) ?? this.#relation(node.input);
        const sink = this.#component(node.component).sink;
        const rules = plan.quality.filter((rule3) => rule3.output === node.id);
        const { files, from: from2 } = await writeOutput({
          session: this.#session,
          node,
          sink,
          input,
          folder: join16(workFolder, "tables", node.id),
          name: `${stage}-${chunk}`,
          readAgain: plan.quality.length > 0,
          whole: this.#request.solo
        });
        this.#files.push(...files);
        this.#steps.push(stepCount(node.id, { rowsIn: input.rows, rowsOut: sumRows(node.id, files, input.rows) }));
        const measured5 = await measureRules2({
          session: this.#session,
          rules: rules.map((rule3) => ({ rule: rule3, others: this.#relations.get(rule3.side ?? "")?.name })),
          columns: node.columns,
          from: from2,
          total: input.rows,
          whole: this.#request.solo,
          components: this.#request.components
        });
        this.#quality.push(...measured5);
      }
      async #send(exchange) {
        const { chunk, partitions, workFolder } = this.#request;
        const relation = this.#relation(exchange.node);
        const files = await sendRows({
          session: this.#session,
          exchange,
          relation,
          merged: exchange.merges && await this.#mergeEarly(exchange, relation),
          partitions,
          folder: join16(workFolder, "exchanges", exchange.id),
          chunk,
          names: this.#rejects.name({})
        });
        sumRows(exchange.id, files, relation.rows);
        this.#files.push(...files);
      }
      #mergeEarly({ feeds }, relation) {
        const { plan, components } = this.#request;
        const step = stepInput(this.#nodes.get(feeds.step), { plan, components, find: () => relation });
        return mergeEarly({ session: this.#session, rejects: this.#rejects, ...step });
      }
      async #writeRejects() {
        const { chunk, stage, workFolder, plan, components, at } = this.#request;
        if (this.#rejects.count === 0) return;
        const travelled = plan.stages.find(({ id }) => id === stage)?.reads !== void 0;
        await recoverRaw({ plan, components, rejects: this.#rejects, relations: this.#relations, travelled });
        const files = await writeParquet({
          session: this.#session,
          select: this.#rejects.rows(at, { tables: tablesBeyond(plan), meets: tablesOfMeetings(plan, components) }),
          kind: "rejects",
          of: stage,
          folder: join16(workFolder, "rejects"),
          name: `${stage}-${chunk}`,
          partitionBy: []
        });
        sumRows("rejects", files, this.#rejects.count);
        this.#files.push(...files);
      }
      async #openReference(id, path) {
        const node = this.#nodes.get(id);
        if (!node) throw new TypeError(`the plan has no node ${id}`);
        const name3 = relationName(id);
        const { from: from2, number: number16 } = await numberedRows(this.#session, path);
        await this.#session.run(`CREATE VIEW ${name3} AS SELECT * RENAME (${number16} AS ${rowColumn}) FROM ${from2}`);
        const [rows3] = await this.#session.counts(`SELECT count(*) FROM ${name3}`);
        this.#relations.set(id, { node: id, name: name3, columns: node.columns, rows: rows3 });
      }
      async #openExchange(id) {
        const exchange = this.#request.plan.stages.flatMap((one) => one.exchanges).find((one) => one.id === id);
        const node = this.#nodes.get(exchange.node);
        const files = this.#request.inputs.filter((input2) => input2.of === exchange.id);
        for (const names4 of await fileNames(this.#session, files)) this.#rejects.name(names4);
        const { step, input } = exchange.feeds;
        this.#arrived.set(`${step} ${input}`, await arrivedRows(this.#session, { exchange, columns: node.columns, files }));
      }
      #component(name3) {
        return componentOf(this.#request.components, name3);
      }
      #relation(node) {
        const found = this.#relations.get(node);
        if (!found) throw new TypeError(`stage ${this.#request.stage} does not have the rows of ${node}`);
        return found;
      }
      #keep({ relation, count: count3 }) {
        this.#relations.set(relation.node, relation);
        this.#steps.push(count3);
      }
      async #timed(phase, work5) {
        const start2 = performance.now();
        await work5();
        this.#milliseconds[phase] = Math.round(performance.now() - start2);
      }
    };
  }
});

// lib/engine/inspect.ts
import { dirname as dirname3 } from "node:path";
async function inspectFile({
  path,
  key: key2
}) {
  const session = await Session.open({ folders: [dirname3(path)], memoryMegabytes: 512, threads: 1 });
  try {
    const groups = await session.rows(
      `SELECT any_value(row_group_num_rows) AS "rows", min(least(data_page_offset, coalesce(dictionary_page_offset, data_page_offset))) AS start, sum(total_compressed_size) AS size FROM parquet_metadata(${literal(path)}) GROUP BY row_group_id ORDER BY row_group_id`
    );
    return groups.map(({ rows: rows3, start: start2, size }) => ({
      rows: Number(rows3),
      bytes: { from: Number(start2), to: Number(start2) + Number(size) }
    }));
  } catch (cause) {
    throw new InputMalformedError({
      problem: `${key2} cannot be read as parquet: ${String(cause.message).split("\n")[0]}`,
      received: key2,
      allowed: "a whole Parquet file",
      change: "send the file again",
      cause
    });
  } finally {
    session.close();
  }
}
var init_inspect = __esm({
  "lib/engine/inspect.ts"() {
    "use strict";
    init_shape();
    init_errors3();
    init_session();
  }
});

// lib/engine/overlapping-files.ts
async function overlapping(session, rows3, keys, files) {
  if (files.length === 0) return [];
  const names4 = keys.map(({ name: name3 }) => quoted(name3));
  const sums2 = names4.map(
    (name3, key2) => `min(${name3}) AS least_${key2}, max(${name3}) AS most_${key2}, bool_or(${name3} IS NULL) AS nulls_${key2}`
  );
  const summed = `SELECT ${sums2.join(", ")} FROM (SELECT *, ntile(${ranges}) OVER (ORDER BY ${names4.join(", ")}) AS __range FROM ${rows3}) GROUP BY __range`;
  const values3 = files.map(
    ({ bounds }, index) => `(${[index, ...keys.flatMap((key2) => valuesOf2(key2, bounds[key2.name]))].join(", ")})`
  );
  const columns2 = keys.flatMap((_, key2) => [`known_${key2}`, `lower_${key2}`, `upper_${key2}`, `null_${key2}`]);
  const meets = keys.map(
    (_, key2) => `(NOT known_${key2} OR coalesce(least_${key2} <= upper_${key2} AND most_${key2} >= lower_${key2}, false) OR (nulls_${key2} AND null_${key2}))`
  );
  const found = await session.rows(
    `SELECT DISTINCT __index FROM (VALUES ${values3.join(", ")}) AS files(__index, ${columns2.join(", ")}) JOIN (${summed}) ON ${meets.join(" AND ")} ORDER BY __index`
  );
  return found.map((row) => files[Number(row.__index)]);
}
function valuesOf2({ type }, bounds) {
  const text4 = (value2) => `${value2 === void 0 ? "NULL" : literal(value2)}::${type}`;
  return [String(bounds !== void 0), text4(bounds?.lower), text4(bounds?.upper), String(bounds?.nulls ?? true)];
}
var ranges;
var init_overlapping_files = __esm({
  "lib/engine/overlapping-files.ts"() {
    "use strict";
    init_shape();
    ranges = 1e3;
  }
});

// lib/engine/merge-files.ts
import { dirname as dirname4 } from "node:path";
async function mergeFiles(request) {
  const { own, workFolder, memoryMegabytes, threads } = request;
  const folders = [workFolder, ...new Set(own.map(({ path }) => dirname4(path)))];
  const session = await Session.open({ folders, memoryMegabytes, threads });
  try {
    const merge = new Merge(session, request);
    await merge.take();
    for (const { id } of await merge.candidates()) await merge.apply(id);
    await merge.dropBeaten();
    return await merge.counts();
  } finally {
    session.close();
  }
}
function newer(by2) {
  if (by2 === void 0) return "false";
  const [there, incoming] = [`there.${quoted(by2)}`, `incoming.${quoted(by2)}`];
  return `coalesce(${there} > ${incoming}, ${there} IS NOT NULL AND ${incoming} IS NULL)`;
}
function parquet2(path) {
  return `read_parquet(${literal(path)}, hive_partitioning = false)`;
}
var Merge;
var init_merge_files = __esm({
  "lib/engine/merge-files.ts"() {
    "use strict";
    init_field_id();
    init_shape();
    init_errors3();
    init_numbered_rows();
    init_overlapping_files();
    init_session();
    init_write();
    Merge = class {
      #session;
      #request;
      #incoming;
      #found;
      #copies = 0;
      #removed = 0;
      constructor(session, request) {
        this.#session = session;
        this.#request = request;
        this.#incoming = session.newName("incoming");
        this.#found = session.newName("found");
      }
      /** Notes the keys of the rows that come; `place` 1 is the newest of its key. */
      async take() {
        const { own, merges } = this.#request;
        const names4 = [.../* @__PURE__ */ new Set([...merges.key, ...merges.by === void 0 ? [] : [merges.by]])].map(quoted);
        const parts = await Promise.all(
          own.map(async ({ path }, index) => {
            const { from: from2, number: number16 } = await numberedRows(this.#session, path);
            return `SELECT ${names4.join(", ")}, ${index} AS __file, ${number16} AS __row FROM ${from2}`;
          })
        );
        const newest = merges.by === void 0 ? "" : `${quoted(merges.by)} DESC NULLS LAST, `;
        const place2 = `row_number() OVER (PARTITION BY ${merges.key.map(quoted).join(", ")} ORDER BY ${newest}__file DESC, __row DESC)`;
        await this.#session.run(
          `CREATE TABLE ${this.#incoming} AS SELECT *, ${place2} AS __place FROM (${parts.join(" UNION ALL ")})`
        );
        await this.#session.run(`CREATE TABLE ${this.#found} (__file INTEGER, __row BIGINT, beaten BOOLEAN)`);
        const [twice] = await this.#session.counts(`SELECT count(*) FROM ${this.#incoming} WHERE __place > 1`);
        if (twice > 0 && merges.by === void 0)
          throw new KeyTwiceError({
            problem: "rows that are to be merged into a table have a key that other rows of the run have as well",
            received: `${twice} rows beyond the first of their key (${merges.key.join(", ")})`,
            allowed: "one row of each key, or a column that says which one is the newest",
            change: `give the sink \`by\`, or put deduplicate({ key: [${merges.key.map((name3) => `'${name3}'`).join(", ")}] }) before it`
          });
      }
      candidates() {
        const { there, merges, columns: columns2 } = this.#request;
        const keys = merges.key.map((name3) => columns2.find((column3) => column3.name === name3));
        return overlapping(this.#session, `${this.#incoming} WHERE __place = 1`, keys, there);
      }
      /** Takes out of a file of the table what the rows replace. */
      async apply(id) {
        const { merges } = this.#request;
        const path = await this.#request.fetch(id);
        const { from: from2, number: number16, columns: held } = await numberedRows(this.#session, path);
        const names4 = [...merges.key, ...merges.by === void 0 ? [] : [merges.by]];
        const read = names4.map((name3) => `${this.#heldAs(name3, held)} AS ${quoted(name3)}`);
        const same2 = merges.key.map((name3) => `there.${quoted(name3)} IS NOT DISTINCT FROM incoming.${quoted(name3)}`);
        const hits = this.#session.newName("hits");
        await this.#session.run(
          `CREATE TABLE ${hits} AS SELECT there.__number, incoming.__file, incoming.__row, ${newer(merges.by)} AS beaten FROM (SELECT ${[...new Set(read)].join(", ")}, ${number16} AS __number FROM ${from2}) there JOIN ${this.#incoming} incoming ON incoming.__place = 1 AND ${same2.join(" AND ")}`
        );
        await this.#session.run(`INSERT INTO ${this.#found} SELECT __file, __row, beaten FROM ${hits}`);
        this.#removed += await this.#without(id, path, `SELECT __number FROM ${hits} WHERE NOT beaten`);
        await this.#session.run(`DROP TABLE ${hits}`);
      }
      /** Takes out of the rows that come those of which there is a newer state. */
      async dropBeaten() {
        for (const [index, { id, path }] of this.#request.own.entries())
          await this.#without(id, path, `SELECT __row FROM (${this.#beaten()}) WHERE __file = ${index}`);
      }
      async counts() {
        const beaten = this.#beaten();
        const [all2, superseded, found] = await this.#session.counts(
          `SELECT (SELECT count(*) FROM ${this.#incoming}), (SELECT count(*) FROM (${beaten})), (SELECT count(*) FROM (SELECT DISTINCT __file, __row FROM ${this.#found} EXCEPT ${beaten}))`
        );
        return { inserted: all2 - superseded - found, updated: found, superseded, removed: this.#removed };
      }
      #beaten() {
        return `(SELECT __file, __row FROM ${this.#incoming} WHERE __place > 1 UNION SELECT __file, __row FROM ${this.#found} WHERE beaten)`;
      }
      /** SQL of a column in a file; one that the file has under another id is another column. */
      #heldAs(name3, held) {
        const { type } = this.#request.columns.find((column3) => column3.name === name3);
        const found = held.find((column3) => column3.name === name3);
        return found && fieldId([name3], found.type) === fieldId([name3], type) ? quoted(name3) : `NULL::${type}`;
      }
      /** Copies a file without some of its rows, where there are any of those. Returns how many. */
      async #without(id, path, numbers2) {
        const session = this.#session;
        const [gone] = await session.counts(`SELECT count(DISTINCT number) FROM (${numbers2}) lost(number)`);
        if (gone === 0) return 0;
        const [rows3] = await session.counts(`SELECT count(*) FROM ${parquet2(path)}`);
        const [state2] = await session.rows(
          `SELECT md5(string_agg(number::VARCHAR, ',' ORDER BY number)) AS digest FROM (SELECT DISTINCT number FROM (${numbers2}) lost(number))`
        );
        const { from: from2, number: number16, columns: columns2 } = await numberedRows(session, path);
        const [file2, ...more] = await writeParquet({
          session,
          select: `SELECT * EXCLUDE (${number16}) FROM ${from2} WHERE ${number16} NOT IN (${numbers2})`,
          stored: columns2,
          kind: "table",
          of: id,
          folder: `${this.#request.workFolder}/copy-${this.#copies++}`,
          name: "rows",
          partitionBy: []
        });
        const left = file2?.rows ?? 0;
        if (left + gone !== rows3 || more.length > 0)
          throw new CountMismatchError({
            problem: "a file of the table would not hold its other rows once some are replaced",
            received: left,
            allowed: rows3 - gone,
            change: "report this with the file: nothing was changed"
          });
        await this.#request.keep(id, file2, state2.digest);
        return gone;
      }
    };
  }
});

// lib/engine/quality/measure-files.ts
import { dirname as dirname5 } from "node:path";
function measureQuality(request) {
  const { rules, components } = request;
  return withFiles(request, async ({ session, from: from2, others, columns: columns2 }) => {
    const [total] = await session.counts(`SELECT count(*) FROM ${from2}`);
    const here = rules.map((rule3) => ({ rule: rule3, others: others(rule3.id) }));
    return measureRules2({ session, rules: here, columns: columns2, from: from2, total, whole: true, components });
  });
}
async function withFiles(request, work5) {
  const { plan, rules, files, workFolder, signal } = request;
  const all2 = [...files, ...Object.values(request.others).flat()];
  const session = await Session.open({
    ...request,
    folders: [.../* @__PURE__ */ new Set([workFolder, ...all2.map(dirname5)])],
    discreet: holdsRestricted(plan)
  });
  try {
    await openParameters(session, plan);
    const { columns: columns2 } = plan.nodes.find(
      (node) => node.id === (request.output ?? rules[0].output)
    );
    const others = (rule3) => {
      const own = request.others[rule3];
      return own && own.length > 0 ? rowsOfFiles(own, { differ: true }) : void 0;
    };
    return await work5({ session, columns: columns2, from: rowsOfFiles(files), others });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    session.close();
  }
}
var init_measure_files = __esm({
  "lib/engine/quality/measure-files.ts"() {
    "use strict";
    init_restricted_columns();
    init_parameters2();
    init_session();
    init_measure_rules();
    init_rows_of_files();
  }
});

// lib/engine/quality/hold-rows.ts
import { join as join17 } from "node:path";
function holdRows(request) {
  const { files, workFolder, rules, all: all2 } = request;
  return withFiles({ ...request, files: files.map(({ path }) => path) }, async (open10) => {
    const { session } = open10;
    const node = outputOf2(request);
    const parts = [];
    for (const [position, { path, key: key2 }] of files.entries()) {
      const { from: from2, number: number16 } = await numberedRows(session, path);
      parts.push(
        `SELECT * RENAME (${number16} AS __place), ${position} AS __file, ${literal(key2)} AS __key FROM ${from2}`
      );
    }
    await session.run(`CREATE VIEW numbered AS ${parts.join(" UNION ALL BY NAME ")}`);
    const selects = all2 ? [`SELECT __file, __place, 0 AS turn, ${literal(whole2)} AS rule FROM numbered`] : rules.flatMap((rule3, turn) => {
      const { measure } = request.components[rule3.component];
      const bad = brokenRows(measure(rule3.options, open10.columns), open10, rule3.id);
      return bad === void 0 ? [] : [`SELECT __file, __place, ${turn} AS turn, ${literal(rule3.id)} AS rule FROM ${bad}`];
    });
    await session.run(
      `CREATE TABLE ${table3} AS SELECT __file, __place, arg_min(rule, turn) AS __rule FROM (${selects.length > 0 ? selects.join(" UNION ALL ") : "SELECT 0 AS __file, 0::BIGINT AS __place, 0 AS turn, '' AS rule WHERE false"}) GROUP BY ALL`
    );
    const counted3 = await session.rows(
      `SELECT __rule AS rule, count(*) AS n FROM ${table3} GROUP BY rule ORDER BY rule`
    );
    const touched = await session.rows(`SELECT DISTINCT __file FROM ${table3} ORDER BY __file`);
    const kept = {};
    for (const { __file } of touched) {
      const select = `SELECT * EXCLUDE (__file, __key, __place) FROM (SELECT * FROM numbered WHERE __file = ${__file} ORDER BY __place) one ANTI JOIN ${besideRows(table3)} USING (__file, __place)`;
      const [file2] = await writeParquet({
        session,
        select,
        ...!isExport(node.table) && { stored: storedColumns(node) },
        kind: "table",
        of: request.output,
        folder: join17(workFolder, "kept", String(__file)),
        name: "rows",
        partitionBy: []
      });
      kept[Number(__file)] = file2 ? await asFormatted(open10, request, file2) : { rows: 0 };
    }
    const [rejects] = await writeParquet({
      session,
      select: rejectsSql(request, open10),
      kind: "rejects",
      of: "review",
      folder: join17(workFolder, "rejects"),
      name: "review",
      partitionBy: []
    });
    return {
      rules: Object.fromEntries(counted3.map(({ rule: rule3, n }) => [rule3, Number(n)])),
      kept,
      ...rejects && { rejects }
    };
  });
}
function outputOf2({ plan, output }) {
  return plan.nodes.find((node) => node.id === output);
}
async function asFormatted({ session }, request, file2) {
  const node = outputOf2(request);
  const sink = request.components[node.component].sink;
  const format2 = sink.format?.(node.options);
  if (format2 === void 0 || format2.kind === "parquet") return file2;
  return renderFile({ session, node }, { file: file2, format: format2, order: sink.sortBy?.(node.options, node.columns) });
}
function brokenRows(measure, { others }, rule3) {
  switch (measure.form) {
    case "count":
      return `(SELECT * FROM numbered WHERE NOT ${holdsSurely(measure.holds)})`;
    case "distinct": {
      const place2 = `row_number() OVER (PARTITION BY ${measure.key.map(quoted).join(", ")} ORDER BY __file, __place)`;
      return `(SELECT * FROM numbered QUALIFY ${place2} > 1)`;
    }
    case "members": {
      const elsewhere = others(rule3);
      return elsewhere === void 0 ? "numbered" : membersSql(measure, "numbered", elsewhere);
    }
    default:
      return void 0;
  }
}
function rejectsSql({ at, plan, output }, { columns: columns2 }) {
  const row = rowAsJson(columns2);
  const open10 = openColumns(plan, output);
  const names4 = open10 ? literal(JSON.stringify(open10)) : "NULL::VARCHAR";
  const { table: name3 } = outputOf2({ plan, output });
  return `SELECT __key AS file, NULL::VARCHAR AS version, __place + 1 AS "row", 'review' AS stage, ${literal(output)} AS node, __rule AS rule, 'major' AS severity, NULL::VARCHAR AS "column", NULL::VARCHAR AS value, 'held in review: ' || __rule AS reason, ${row} AS raw, NULL::VARCHAR AS form, NULL::VARCHAR AS names, ${row} AS seen, make_timestamptz(${BigInt(Math.round(at)) * 1000n}) AS "time", NULL::VARCHAR AS source, ${literal(JSON.stringify([name3]))} AS tables, ${names4} AS open_raw, ${names4} AS open_seen FROM numbered JOIN ${besideRows(table3)} USING (__file, __place) ORDER BY file, "row"`;
}
var table3, whole2;
var init_hold_rows = __esm({
  "lib/engine/quality/hold-rows.ts"() {
    "use strict";
    init_output_place();
    init_restricted_columns();
    init_shape();
    init_numbered_rows();
    init_output();
    init_relation();
    init_row_as_json();
    init_stored_columns();
    init_write();
    init_holds_surely();
    init_measure_files();
    init_members();
    table3 = "held";
    whole2 = "table is held";
  }
});

// lib/engine/quality/sample-files.ts
function sampleQuality(request) {
  return withFiles(request, async (open10) => {
    const closed = closedIn(request);
    const samples = {};
    for (const rule3 of request.rules) {
      const { measure } = request.components[rule3.component];
      const select = brokenSql(measure(rule3.options, open10.columns), open10, rule3.id);
      const rows3 = select === void 0 ? [] : await open10.session.rows(`${select} LIMIT ${request.limit}`);
      samples[rule3.id] = rows3.map((row) => shortened(row, closed));
    }
    return samples;
  });
}
function brokenSql(measure, { from: from2, others }, rule3) {
  const elsewhere = others(rule3);
  switch (measure.form) {
    case "count":
      return `SELECT * FROM ${from2} WHERE NOT ${holdsSurely(measure.holds)}`;
    case "distinct": {
      const key2 = measure.key.map(quoted);
      const twins = `SELECT ${key2.join(", ")} FROM ${from2} GROUP BY ALL HAVING count(*) > 1 LIMIT 20`;
      const on = key2.map((name3) => `own.${name3} IS NOT DISTINCT FROM twin.${name3}`).join(" AND ");
      return `SELECT own.* FROM ${from2} own SEMI JOIN (${twins}) twin ON ${on} ORDER BY ${key2.map((name3) => `own.${name3}`).join(", ")}`;
    }
    case "members":
      return elsewhere === void 0 ? `SELECT * FROM ${from2}` : `SELECT own.* FROM ${membersSql(measure, from2, elsewhere)}`;
    case "groups":
      return elsewhere && `SELECT * EXCLUDE agree FROM (${groupsSql(measure, from2, elsewhere)}) WHERE NOT agree`;
    default:
      return void 0;
  }
}
function shortened(row, closed) {
  const entries = Object.entries(row).map(([name3, value2]) => {
    if (closed.has(name3) && value2 !== null) return [name3, withheld];
    const text4 = typeof value2 === "string" ? value2 : void 0;
    return [name3, text4 !== void 0 && text4.length > longestText ? `${text4.slice(0, longestText)}\u2026` : value2];
  });
  return Object.fromEntries(entries);
}
function closedIn({ plan, output, rules }) {
  const node = plan.nodes.find(({ id }) => id === (output ?? rules[0].output));
  return /* @__PURE__ */ new Set([...restrictedColumns(node), ...holdsRestricted(plan) ? ["own", "other"] : []]);
}
var longestText;
var init_sample_files = __esm({
  "lib/engine/quality/sample-files.ts"() {
    "use strict";
    init_restricted_columns();
    init_shape();
    init_groups();
    init_holds_surely();
    init_measure_files();
    init_members();
    longestText = 200;
  }
});

// lib/engine/reference.ts
import { join as join18 } from "node:path";
async function captureReference(request) {
  const { plan, node, inputs, components, workFolder } = request;
  const folders = [workFolder, ...new Set(inputs.map((input) => join18(input.path, "..")))];
  const session = await Session.open({ ...request, folders, discreet: holdsRestricted(plan) });
  try {
    if (request.secrets) await openKeys(session, request.secrets);
    await openParameters(session, plan);
    const rejects = await Rejects.open(session, "extract", namesOf(inputs), plan);
    const steps2 = [];
    const relations = /* @__PURE__ */ new Map();
    for (const one of upstream4(plan, node)) {
      const { relation: relation2, count: count3 } = await runNode(one, { request, session, rejects, relations });
      relations.set(relation2.node, relation2);
      steps2.push(count3);
    }
    const relation = relations.get(node);
    const path = join18(workFolder, "reference.parquet");
    await session.run(
      `COPY (SELECT ${columnList(relation.columns)} FROM ${relation.name}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`
    );
    const files = [];
    if (rejects.count > 0) {
      await recoverRaw({ plan, components, rejects, relations });
      files.push(
        ...await writeParquet({
          session,
          select: rejects.rows(request.at),
          kind: "rejects",
          of: "extract",
          folder: join18(workFolder, "rejects"),
          name: `extract-${node}`,
          partitionBy: []
        })
      );
    }
    return { steps: steps2, files, quality: [], milliseconds: {}, path };
  } catch (error) {
    request.signal?.throwIfAborted();
    throw error;
  } finally {
    session.close();
  }
  async function runNode(one, context) {
    if (one.kind === "source") {
      const files = inputs.filter((input) => input.of === one.id);
      return readSource({
        ...context,
        node: one,
        connector: components[one.component],
        files,
        workFolder,
        signal: request.signal
      });
    }
    if (one.kind === "output") throw new TypeError(`output ${one.id} cannot be a reference`);
    const { session: session2, rejects, relations } = context;
    const step = stepInput(one, { plan, components, find: (id) => relations.get(id) });
    return runStep({ session: session2, rejects, call: request.functions?.[one.id], ...step });
  }
}
function upstream4(plan, id) {
  const wanted3 = /* @__PURE__ */ new Set([id]);
  for (const node of [...plan.nodes].reverse()) {
    if (!wanted3.has(node.id)) continue;
    if (node.kind !== "source") wanted3.add(node.input);
    if (node.kind === "step" && node.side !== void 0) wanted3.add(node.side);
    if (node.kind === "step") for (const other of node.others ?? []) wanted3.add(other);
  }
  return plan.nodes.filter((node) => wanted3.has(node.id));
}
var init_reference = __esm({
  "lib/engine/reference.ts"() {
    "use strict";
    init_restricted_columns();
    init_keys();
    init_parameters2();
    init_recover_raw();
    init_rejects();
    init_relation();
    init_session();
    init_source();
    init_step_input();
    init_run_step();
    init_write();
  }
});

// lib/engine/index.ts
var init_engine = __esm({
  "lib/engine/index.ts"() {
    "use strict";
    init_chunk_run();
    init_inspect();
    init_merge_files();
    init_hold_rows();
    init_measure_files();
    init_sample_files();
    init_reference();
  }
});

// lib/runtime/duckdb-engine.ts
var duckdbEngine;
var init_duckdb_engine = __esm({
  "lib/runtime/duckdb-engine.ts"() {
    "use strict";
    init_engine();
    duckdbEngine = {
      executeChunk,
      captureReference,
      inspectFile,
      measureQuality,
      holdRows,
      sampleQuality,
      mergeFiles
    };
  }
});

// lib/component/plan.ts
function fallsBack({ nodes }) {
  return nodes.some((node) => node.kind === "source" && node.fallback !== void 0);
}
function passesRepeatsOver({ triggers }) {
  return triggers.some(
    (trigger2) => trigger2.kind === "file" && trigger2.reupload !== "run" && !(trigger2.complete && "marker" in trigger2.complete)
  );
}
var init_plan = __esm({
  "lib/component/plan.ts"() {
    "use strict";
  }
});

// lib/component/plan-secrets.ts
function secretNames({ nodes, stages }) {
  const staged = new Set(stages.flatMap((stage) => stage.nodes));
  const of = (inStage) => {
    const steps2 = nodes.filter((node) => node.kind === "step" && staged.has(node.id) === inStage);
    return [...new Set(steps2.flatMap((node) => node.kind === "step" ? node.secrets ?? [] : []))].sort();
  };
  return { stages: of(true), references: of(false) };
}
var init_plan_secrets = __esm({
  "lib/component/plan-secrets.ts"() {
    "use strict";
  }
});

// lib/core/errors/cursor-moved-error.ts
var CursorMovedError;
var init_cursor_moved_error = __esm({
  "lib/core/errors/cursor-moved-error.ts"() {
    "use strict";
    init_terminal_error();
    CursorMovedError = class extends TerminalError {
      name = "CursorMovedError";
      code = "CURSOR_MOVED";
    };
  }
});

// lib/runtime/extract/pinned-inputs.ts
async function pinInputs(objects, input, selected) {
  const key2 = runKeys(input.pipeline, input.run).inputs;
  if (await objects.createText(key2, JSON.stringify(selected)) === "written") return selected;
  return pinnedInputs(objects, input);
}
async function pinnedInputs(objects, input) {
  const key2 = runKeys(input.pipeline, input.run).inputs;
  const text4 = await objects.readText(key2);
  if (text4 !== void 0) return JSON.parse(text4);
  throw new LedgerImbalanceError({
    problem: "the list of the files that this run reads is gone",
    received: key2,
    change: "start the run again; keep staged data for longer than a run takes"
  });
}
var init_pinned_inputs = __esm({
  "lib/runtime/extract/pinned-inputs.ts"() {
    "use strict";
    init_ledger_imbalance_error();
    init_keys2();
  }
});

// lib/runtime/publish/read-version.ts
async function readVersion(ports, key2) {
  const text4 = await ports.objects.readText(key2);
  if (text4 !== void 0) return JSON.parse(text4);
  throw metadataGone(key2);
}
var init_read_version = __esm({
  "lib/runtime/publish/read-version.ts"() {
    "use strict";
    init_table_files();
  }
});

// lib/runtime/cursor/cursor-facts.ts
function cursorFactOf(pipeline4, source) {
  return `${cursorFact}${pipeline4}.${source}`;
}
function cursorFactsOf(metadata) {
  const byId = new Map(metadata.snapshots.map((one) => [one["snapshot-id"], one]));
  let snapshot = currentSnapshot(metadata);
  while (snapshot) {
    const facts = Object.entries(snapshot.summary).filter(([name3]) => name3.startsWith(cursorFact));
    if (facts.length > 0) return Object.fromEntries(facts);
    const parent = snapshot["parent-snapshot-id"];
    snapshot = parent === void 0 ? void 0 : byId.get(parent);
  }
  return {};
}
var cursorFact;
var init_cursor_facts = __esm({
  "lib/runtime/cursor/cursor-facts.ts"() {
    "use strict";
    init_table_metadata();
    cursorFact = "penstock.cursor.";
  }
});

// lib/runtime/cursor/cursor-of-table.ts
async function cursorOfTable(ports, { table: table4, metadata }, { pipeline: pipeline4, source }) {
  if (metadata === void 0) return void 0;
  const facts = isExport(table4) ? (await readVersion(ports, metadata)).cursors ?? {} : cursorFactsOf(await readMetadata(ports.objects, metadata));
  return facts[cursorFactOf(pipeline4, source)];
}
var init_cursor_of_table = __esm({
  "lib/runtime/cursor/cursor-of-table.ts"() {
    "use strict";
    init_output_place();
    init_read_table();
    init_read_version();
    init_cursor_facts();
  }
});

// lib/runtime/cursor/cursors-of.ts
async function cursorsOf(ports, pipeline4, trigger2) {
  const { plan } = pipeline4;
  const sources = cursorSources(plan.nodes);
  if (sources.length === 0) return void 0;
  if (trigger2.kind === "replay") {
    const { cursors: cursors2 = {} } = await pinnedInputs(ports.objects, { pipeline: plan.pipeline, run: trigger2.of });
    return Object.fromEntries(Object.entries(cursors2).map(([source, one]) => [source, { ...one, stays: true }]));
  }
  if (trigger2.kind === "backfill") return Object.fromEntries(sources.map(({ id }) => [id, { stays: true }]));
  const cursors = {};
  for (const source of sources) {
    const position = leastFar(await positionsOf(ports, pipeline4, source), source);
    cursors[source.id] = position === void 0 ? {} : { position };
  }
  return cursors;
}
async function positionsOf(ports, pipeline4, { id }) {
  const place2 = { pipeline: pipeline4.plan.pipeline, source: id };
  return Promise.all(
    fedOutputs(pipeline4.plan.nodes, id).map(async (node) => {
      const position = await cursorOfTable(ports, await ports.tables.pointer(node.table), place2);
      return { table: node.table, appends: sinkSide(pipeline4, node).mode(node.options) !== "merge", position };
    })
  );
}
function leastFar(tables, { id, incremental: { type } }) {
  const [least2] = tables.toSorted((a, b) => comparePositions(type, a.position, b.position));
  const ahead = tables.find((one) => one.appends && comparePositions(type, one.position, least2?.position) > 0);
  if (!least2 || !ahead) return least2?.position;
  throw new CursorMovedError({
    problem: `the source "${id}" was taken further into "${ahead.table}" than into "${least2.table}", so "${ahead.table}" would get rows that it has`,
    received: `${ahead.table}: ${ahead.position}, ${least2.table}: ${least2.position ?? "nothing yet"}`,
    allowed: "tables that were taken equally far, or that are merged by a key",
    change: `bring both to the same place: roll "${ahead.table}" back, or merge it by a key`
  });
}
var init_cursors_of = __esm({
  "lib/runtime/cursor/cursors-of.ts"() {
    "use strict";
    init_cursor();
    init_fed_outputs();
    init_cursor_moved_error();
    init_pinned_inputs();
    init_pipeline_code();
    init_cursor_of_table();
  }
});

// lib/runtime/parquet-footer.ts
import { open as open6 } from "node:fs/promises";
async function readParquetFooter(ports, object2, path) {
  const footer = await footerOf(ports.objects, object2);
  if (!footer) return void 0;
  const file2 = await open6(path, "wx");
  try {
    await file2.truncate(object2.size);
    await file2.write(magic, 0, "latin1");
    await file2.write(footer, 0, footer.length, object2.size - footer.length);
  } finally {
    await file2.close();
  }
  return ports.engine.inspectFile({ path, key: object2.key });
}
async function footerOf(objects, object2) {
  const { size } = object2;
  if (size < magic.length + tailBytes) return void 0;
  const end = await objects.readRange(object2, Math.max(0, size - firstReadBytes), size);
  if (end.toString("latin1", end.length - magic.length) !== magic) return void 0;
  const footerBytes = end.readUInt32LE(end.length - tailBytes) + tailBytes;
  if (footerBytes > size - magic.length) return void 0;
  if (footerBytes <= end.length) return end.subarray(end.length - footerBytes);
  return objects.readRange(object2, size - footerBytes, size);
}
var magic, tailBytes, firstReadBytes;
var init_parquet_footer = __esm({
  "lib/runtime/parquet-footer.ts"() {
    "use strict";
    magic = "PAR1";
    tailBytes = 8;
    firstReadBytes = 64 * 1024;
  }
});

// lib/core/errors/secret-unusable-error.ts
var SecretUnusableError;
var init_secret_unusable_error = __esm({
  "lib/core/errors/secret-unusable-error.ts"() {
    "use strict";
    init_terminal_error();
    SecretUnusableError = class extends TerminalError {
      static kind = "configuration";
      name = "SecretUnusableError";
      code = "SECRET_UNUSABLE";
    };
  }
});

// lib/runtime/read-secrets.ts
async function currentVersions(secrets, names4) {
  if (names4.length === 0) return void 0;
  const found = names4.map(async (name3) => [name3, await secrets.current(name3)]);
  return Object.fromEntries(await Promise.all(found));
}
async function readSecrets(secrets, names4, versions2 = {}) {
  if (names4.length === 0) return void 0;
  const read = names4.map(async (name3) => [name3, strong(name3, await secrets.read(name3, versions2[name3]))]);
  return Object.fromEntries(await Promise.all(read));
}
function strong(name3, value2) {
  const bytes3 = Buffer.byteLength(value2);
  if (bytes3 >= leastBytes) return value2;
  throw new SecretUnusableError({
    problem: `the secret "${name3}" is too short for a key`,
    received: `${bytes3} bytes`,
    allowed: `at least ${leastBytes} bytes`,
    change: "give it a long random value, e.g. 32 random bytes in base64"
  });
}
var leastBytes;
var init_read_secrets = __esm({
  "lib/runtime/read-secrets.ts"() {
    "use strict";
    init_secret_unusable_error();
    leastBytes = 16;
  }
});

// lib/core/errors/chunk-differs-error.ts
var ChunkDiffersError;
var init_chunk_differs_error = __esm({
  "lib/core/errors/chunk-differs-error.ts"() {
    "use strict";
    init_terminal_error();
    ChunkDiffersError = class extends TerminalError {
      name = "ChunkDiffersError";
      code = "CHUNK_DIFFERS";
    };
  }
});

// lib/runtime/ledger/store-files.ts
async function storeFiles(objects, pipeline4, place2, files, signal) {
  const stored3 = await concurrently(files, 4, async (file2) => {
    const key2 = keyOf3(pipeline4, place2, file2);
    const bytes3 = await storeFile(objects, key2, file2, signal);
    const { kind, of, rows: rows3, partition: partition2, hot, range, partitionValues, columns: columns2, rowsPath } = file2;
    const rowsAt = rowsPath && runKeys(place2.pipeline, place2.run).rows(of, file2.name);
    if (rowsAt) await storeFile(objects, rowsAt, { path: rowsPath, rows: rows3, bytes: 0 }, signal);
    return {
      key: key2,
      kind,
      of,
      rows: rows3,
      bytes: bytes3,
      ...partition2 !== void 0 && { partition: partition2 },
      ...hot && { hot },
      ...range && { range },
      ...partitionValues && { partitionValues },
      ...columns2 && { columns: columns2 },
      ...rowsAt && { rowsAt }
    };
  });
  return stored3.sort((a, b) => a.key < b.key ? -1 : 1);
}
async function storeFile(objects, key2, file2, signal) {
  const metadata = { rows: String(file2.rows) };
  if (await objects.createFromFile(key2, file2.path, { metadata, signal }) === "written") return file2.bytes;
  const existing = await objects.find({ key: key2 }, signal);
  if (existing?.metadata?.rows === metadata.rows) return existing.size;
  throw new ChunkDiffersError({
    problem: `an earlier attempt at this chunk stored other rows as ${key2}`,
    received: `${file2.rows} rows`,
    allowed: `${existing?.metadata?.rows ?? "an unknown number of"} rows`,
    change: "make every step give the same rows for the same input: no clock, no chance, no order of arrival in expressions and functions"
  });
}
function keyOf3(pipeline4, place2, file2) {
  const keys = runKeys(place2.pipeline, place2.run);
  switch (file2.kind) {
    case "table":
      return `${dataPrefix(placeOf2(outputOf3(pipeline4, file2.of)), place2.run)}${file2.name}`;
    case "exchange":
      return keys.exchange(place2.stage, file2.of, `${file2.partition ?? 0}${file2.hot ? "-hot" : ""}`, place2.chunk);
    case "rejects":
      return keys.rejects(place2.stage === extractStage ? extractStage : file2.of, place2.chunk);
  }
}
function outputOf3(pipeline4, output) {
  const node = outputs(pipeline4.plan).find((candidate) => candidate.id === output);
  if (node) return node;
  throw new PlanInconsistentError({
    problem: "the engine wrote a file for an output that the plan does not have",
    received: output,
    allowed: outputs(pipeline4.plan).map((candidate) => candidate.id),
    change: "synthesize and deploy the pipeline again"
  });
}
var init_store_files = __esm({
  "lib/runtime/ledger/store-files.ts"() {
    "use strict";
    init_output_place();
    init_concurrently();
    init_chunk_differs_error();
    init_plan_inconsistent_error();
    init_keys2();
    init_pipeline_code();
  }
});

// lib/runtime/peak-memory.ts
function peakMemoryBytes() {
  return process.resourceUsage().maxRSS * 1024;
}
var init_peak_memory = __esm({
  "lib/runtime/peak-memory.ts"() {
    "use strict";
  }
});

// lib/runtime/extract/capture-references.ts
import { mkdir as mkdir2, stat } from "node:fs/promises";
import { join as join19 } from "node:path";
async function captureReferences(ports, pipeline4, input, pinned2, fallbacks) {
  let objects = pinned2.references;
  for (const node of referenceNodes2(pipeline4.plan)) {
    const earlier = await ports.runs.ledgerRecord(input.run, extractStage, node);
    if (earlier) {
      fallbacks.take(earlier.fallbacks);
      objects = earlier.read ?? objects;
      continue;
    }
    const capture = (references) => withWorkFolder(
      (folder) => captureReference2(
        ports,
        pipeline4,
        input,
        node,
        { ...pinned2, references },
        folder,
        usedFor(pipeline4, node, fallbacks)
      )
    );
    try {
      await capture(objects);
    } catch (error) {
      objects = await fallbacks.objectsInstead(node, objects, error);
      await capture(objects);
    }
  }
  return objects;
}
function usedFor({ plan }, node, { used }) {
  const sources = sourcesOf(plan, node).map(({ id }) => id);
  return used.filter(({ source }) => sources.includes(source));
}
async function captureReference2(ports, pipeline4, input, node, pinned2, folder, fallbacks) {
  const workFolder = join19(folder, "work");
  await mkdir2(workFolder);
  const { plan, components, functions } = pipeline4;
  const inputs = await fetchSources(ports, pipeline4, node, pinned2.references, folder);
  const own = {
    node,
    inputs,
    workFolder,
    secrets: await readSecrets(ports.secrets, secretNames(plan).references, pinned2.secrets),
    at: ports.clock.now()
  };
  const request = { plan, components, functions, ...own, ...ports.machine };
  const result2 = await ports.engine.captureReference(request);
  const place2 = { pipeline: input.pipeline, run: input.run, stage: extractStage, chunk: node };
  checkSteps(plan, place2, result2.steps, result2.files);
  const rows3 = result2.steps.find((step) => step.node === node)?.rowsOut ?? 0;
  const { size: bytes3 } = await stat(result2.path);
  await storeFile(ports.objects, runKeys(input.pipeline, input.run).reference(node), {
    path: result2.path,
    rows: rows3,
    bytes: bytes3
  });
  const files = await storeFiles(ports.objects, pipeline4, place2, result2.files);
  await addLedgerEntry(ports, {
    ...place2,
    steps: result2.steps,
    files,
    quality: result2.quality,
    milliseconds: result2.milliseconds,
    peakMemoryBytes: peakMemoryBytes(),
    at: ports.clock.now(),
    // A repeated Extract finds here what this one has read.
    ...fallbacks.length > 0 && { fallbacks, read: pinned2.references }
  });
  ports.logger.info("reference captured", { run: input.run, node, rows: rows3 });
}
async function fetchSources(ports, { plan }, node, objects, folder) {
  const sources = sourcesOf(plan, node).map(({ id }) => id);
  const own = objects.filter((object2) => sources.includes(object2.source));
  return concurrently(own, 8, async (object2, file2) => {
    const path = join19(folder, `input-${file2}`);
    await ports.objects.download(object2, path);
    return { path, key: object2.key, version: object2.versionId, of: object2.source, file: file2 };
  });
}
var init_capture_references = __esm({
  "lib/runtime/extract/capture-references.ts"() {
    "use strict";
    init_plan_secrets();
    init_concurrently();
    init_keys2();
    init_check_steps();
    init_ledger();
    init_store_files();
    init_peak_memory();
    init_pipeline_code();
    init_read_secrets();
    init_work_folder();
  }
});

// lib/engine/read/json-array-cutter.ts
var JsonArrayCutter;
var init_json_array_cutter = __esm({
  "lib/engine/read/json-array-cutter.ts"() {
    "use strict";
    init_json_nesting();
    JsonArrayCutter = class {
      #partBytes;
      #parts = [];
      #nesting = new JsonNesting();
      #state = "before";
      #header = 0;
      #at = 0;
      #from = 0;
      #recordsBefore = 0;
      /** Each ends a record, be it one that is missing. */
      #commas = 0;
      /** Place of the comma before which a part may end, once an element follows it: a missing one is told by its commas. */
      #cuttable = -1;
      /** @param partBytes what a part should have at least */
      constructor(partBytes) {
        this.#partBytes = partBytes;
      }
      push(bytes3) {
        for (let index = 0; index < bytes3.length; index++) {
          if (this.#state === "inside") this.#inside(bytes3[index], this.#at + index);
          else if (this.#state === "before") this.#before(bytes3[index], this.#at + index);
          else break;
        }
        this.#at += bytes3.length;
      }
      /** The parts, which together are all of the file; none where it is no array. */
      end(size) {
        if (this.#header === 0) return [];
        const last = { from: this.#from, to: size, recordsBefore: this.#recordsBefore };
        return [...this.#parts, last].map((part) => ({ ...part, header: this.#header }));
      }
      #before(byte, at) {
        if (isBlank(byte) || isMark(byte)) return;
        this.#state = byte === open3 ? "inside" : "no array";
        if (byte !== open3) return;
        this.#header = at + 1;
        this.#from = at + 1;
        this.#nesting.depth = 1;
      }
      #inside(byte, at) {
        const nesting = this.#nesting;
        if (nesting.depth > 1 || nesting.inString) {
          nesting.take(byte);
        } else if (byte === comma2) {
          this.#commas++;
          this.#cuttable = at - this.#from >= this.#partBytes ? at : -1;
        } else if (byte === close) {
          this.#state = "after";
        } else if (!isBlank(byte)) {
          if (this.#cuttable >= 0) this.#cut(this.#cuttable);
          nesting.take(byte);
        }
      }
      #cut(to) {
        this.#parts.push({ from: this.#from, to, recordsBefore: this.#recordsBefore, end: "]" });
        this.#from = to + 1;
        this.#recordsBefore = this.#commas;
        this.#cuttable = -1;
      }
    };
  }
});

// lib/engine/read/text-cutter.ts
function startsWithMark(bytes3) {
  return withoutMark(bytes3).length < bytes3.length;
}
var TextCutter;
var init_text_cutter = __esm({
  "lib/engine/read/text-cutter.ts"() {
    "use strict";
    init_csv_scanner();
    init_line_scanner();
    init_scanner();
    TextCutter = class {
      #scanner;
      #partBytes;
      #parts = [];
      #from = 0;
      #recordsBefore = 0;
      #records = 0;
      /** Where the last record ended, and whether a part may end there. */
      #next = 0;
      #cuttable = false;
      #seen = 0;
      /** Where the last record ended that nothing behind it can change. */
      #whole = { to: 0, records: 0 };
      /**
       * @param columns of a CSV file without a header
       * @param partBytes what a part should have at least
       */
      constructor(format2, columns2, partBytes) {
        this.#scanner = format2.kind === "csv" ? new CsvScanner(format2, format2.header ? void 0 : columns2) : new LineScanner();
        this.#partBytes = partBytes;
      }
      push(bytes3) {
        this.#take(this.#scanner.push(bytes3));
      }
      /** The parts, which together are all of the file. */
      end(size) {
        this.#take(this.#scanner.end());
        if (size > this.#from) this.#cut(size);
        const header = this.#scanner instanceof CsvScanner ? this.#scanner.headerEnd : 0;
        return this.#parts.map(
          (part, index) => index === 0 ? { ...part, from: Math.max(part.from, header), header } : { ...part, header }
        );
      }
      /**
       * The parts of the records that have ended, of a file that goes on to grow; and where they end, with which record. None
       * where no record has.
       */
      ended() {
        const header = this.#scanner instanceof CsvScanner ? this.#scanner.headerEnd : 0;
        const { to, records } = this.#whole;
        const rest = { from: this.#from, to, recordsBefore: this.#recordsBefore };
        const parts = to > this.#from ? [...this.#parts, rest] : this.#parts;
        const named3 = parts.map((part) => ({ ...part, from: Math.max(part.from, header), header }));
        return { parts: named3, to, records, header };
      }
      #take(records) {
        for (const { number: number16, bytes: bytes3, next, seen, problem } of records) {
          if (this.#cuttable && !startsWithMark(bytes3)) this.#cut(this.#next);
          [this.#records, this.#next] = [number16, next];
          this.#seen = Math.max(this.#seen, seen ?? next);
          if (next >= this.#seen && problem !== tooLong) this.#whole = { to: next, records: number16 };
          this.#cuttable = next - this.#from >= this.#partBytes && next >= this.#seen && problem !== tooLong;
        }
      }
      #cut(to) {
        this.#parts.push({ from: this.#from, to, recordsBefore: this.#recordsBefore });
        this.#from = to;
        this.#recordsBefore = this.#records;
      }
    };
  }
});

// lib/runtime/extract/in-pieces.ts
async function* inPieces(objects, object2, pieceBytes5) {
  const piece = Buffer.allocUnsafe(Math.min(pieceBytes5, object2.size));
  let filled = 0;
  for (let from2 = 0; from2 < object2.size; from2 += requestBytes) {
    const range = { from: from2, to: Math.min(from2 + requestBytes, object2.size) };
    for await (const bytes3 of objects.streamRange(object2, range)) {
      for (let taken2 = 0; taken2 < bytes3.length; ) {
        const part = bytes3.subarray(taken2, taken2 + piece.length - filled);
        piece.set(part, filled);
        filled += part.length;
        taken2 += part.length;
        if (filled < piece.length) continue;
        yield piece;
        filled = 0;
      }
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
var requestBytes;
var init_in_pieces = __esm({
  "lib/runtime/extract/in-pieces.ts"() {
    "use strict";
    requestBytes = 64 * 1024 * 1024;
  }
});

// lib/runtime/extract/cut-text.ts
async function cutText(objects, file2, { pipeline: pipeline4, source, chunkBytes }) {
  const format2 = sourceSide(pipeline4, source).format(source.options);
  if (format2.kind === "parquet" || await isPacked(objects, file2)) return [];
  const partBytes = Math.ceil(file2.size / Math.ceil(file2.size / chunkBytes));
  const cutter = format2.kind === "json" ? new JsonArrayCutter(partBytes) : new TextCutter(format2, source.contract.fields.length, partBytes);
  for await (const bytes3 of inPieces(objects, file2, pieceBytes3)) cutter.push(bytes3);
  return cutter.end(file2.size);
}
async function isPacked(objects, file2) {
  const start2 = await objects.readRange(file2, 0, 4);
  return start2[0] === 31 && start2[1] === 139 || start2.length === 4 && start2.readUInt32LE() === 4247762216;
}
var pieceBytes3;
var init_cut_text = __esm({
  "lib/runtime/extract/cut-text.ts"() {
    "use strict";
    init_json_array_cutter();
    init_text_cutter();
    init_pipeline_code();
    init_in_pieces();
    pieceBytes3 = 1024 * 1024;
  }
});

// lib/core/errors/input-missing-error.ts
var InputMissingError;
var init_input_missing_error = __esm({
  "lib/core/errors/input-missing-error.ts"() {
    "use strict";
    init_terminal_error();
    InputMissingError = class extends TerminalError {
      static kind = "not-found";
      name = "InputMissingError";
      code = "INPUT_MISSING";
    };
  }
});

// lib/core/errors/delayed-error.ts
var DelayedError;
var init_delayed_error = __esm({
  "lib/core/errors/delayed-error.ts"() {
    "use strict";
    init_retryable_error();
    DelayedError = class extends RetryableError {
      static kind = "throttled";
      static manner = "delay";
      retryAfterSeconds;
      constructor(parts) {
        super(parts);
        this.retryAfterSeconds = parts.retryAfterSeconds ?? 1;
      }
    };
  }
});

// lib/runtime/failure.ts
function failureOf(error) {
  const name3 = (error instanceof Error && error.name ? error.name : "UnknownError").slice(0, 256);
  if (!(error instanceof PenstockError)) return { error: name3, cause: JSON.stringify(anonymous(name3, error)) };
  const { code: code2, disposition, kind, message, problem, received, allowed, change: change2 } = error;
  const delay = error instanceof DelayedError && { retryAfterSeconds: error.retryAfterSeconds };
  const full = JSON.stringify({
    errorType: name3,
    errorMessage: message,
    code: code2,
    disposition,
    kind,
    problem,
    received,
    allowed,
    change: change2,
    ...delay
  });
  if (full.length <= mostCauseCharacters) return { error: name3, cause: full };
  const short = { errorType: name3, errorMessage: message.slice(0, 8e3), code: code2, disposition, kind, ...delay };
  return { error: name3, cause: JSON.stringify(short) };
}
function failureFields(error) {
  const { error: name3, cause } = failureOf(error);
  const { errorMessage, code: code2 } = JSON.parse(cause);
  return { error: name3, ...code2 !== void 0 && { code: code2 }, reason: errorMessage, frames: framesOf(error) };
}
function framesOf(error) {
  const stack = error instanceof Error ? error.stack ?? "" : "";
  return stack.split("\n").filter((line2) => /^\s+at /.test(line2)).map((line2) => line2.trim()).slice(0, 20);
}
function anonymous(name3, error) {
  return {
    errorType: name3,
    errorMessage: `unexpected ${name3}; its text is withheld because it may quote data`,
    trace: framesOf(error)
  };
}
var mostCauseCharacters;
var init_failure = __esm({
  "lib/runtime/failure.ts"() {
    "use strict";
    init_delayed_error();
    init_penstock_error();
    mostCauseCharacters = 32768;
  }
});

// lib/runtime/extract/is-mark.ts
function isMark2({ plan }, { key: key2, size }) {
  if (size === 0 && key2.endsWith("/")) return true;
  return plan.triggers.some((trigger2) => {
    if (trigger2.kind !== "file" || !trigger2.complete || !("marker" in trigger2.complete)) return false;
    return key2.startsWith(trigger2.prefix) && key2.slice(key2.lastIndexOf("/") + 1) === trigger2.complete.marker;
  });
}
var init_is_mark = __esm({
  "lib/runtime/extract/is-mark.ts"() {
    "use strict";
  }
});

// lib/runtime/extract/current-objects.ts
async function currentObjects(ports, pipeline4, source) {
  const selection = sourceSide(pipeline4, source).objects(source.options);
  if ("table" in selection) return publishedObjects(ports, source, selection.table);
  const found = [];
  for await (const object2 of ports.objects.list("key" in selection ? selection.key : selection.prefix)) {
    if (isMark2(pipeline4, object2) || "key" in selection && object2.key !== selection.key) continue;
    found.push(pinned(source, object2));
  }
  return found;
}
async function publishedObjects(ports, source, table4) {
  const { metadata } = await ports.tables.pointer(table4);
  if (metadata === void 0) return [];
  const { files } = await readTable(ports.objects, metadata);
  return files.map(({ key: key2, bytes: bytes3 }) => pinned(source, { key: key2, size: bytes3 }));
}
function pinned(source, object2) {
  return {
    source: source.id,
    key: object2.key,
    ...object2.versionId && { versionId: object2.versionId },
    size: object2.size
  };
}
var init_current_objects = __esm({
  "lib/runtime/extract/current-objects.ts"() {
    "use strict";
    init_pipeline_code();
    init_read_table();
    init_is_mark();
  }
});

// lib/runtime/extract/fallbacks.ts
async function noteLastGood({ objects }, { plan }, { pipeline: pipeline4, run }, read) {
  if (!fallsBack(plan)) return;
  const sources = plan.nodes.filter((node) => node.kind === "source" && node.fallback === "last-good");
  if (sources.length === 0) return;
  const noted = Object.fromEntries(sources.map(({ id }) => [id, read.filter(({ source }) => source === id)]));
  await objects.createText(lastGoodKey(pipeline4, run), JSON.stringify(noted));
}
var lookedThrough, Fallbacks;
var init_fallbacks = __esm({
  "lib/runtime/extract/fallbacks.ts"() {
    "use strict";
    init_plan();
    init_input_missing_error();
    init_failure();
    init_keys2();
    init_pipeline_code();
    init_current_objects();
    lookedThrough = 200;
    Fallbacks = class {
      #ports;
      #pipeline;
      #input;
      #used = /* @__PURE__ */ new Map();
      constructor(ports, pipeline4, input) {
        this.#ports = ports;
        this.#pipeline = pipeline4;
        this.#input = input;
      }
      /** In the order of the plan. */
      get used() {
        return this.#pipeline.plan.nodes.flatMap(({ id }) => this.#used.get(id) ?? []);
      }
      /** Takes in what an earlier attempt has used. */
      take(uses = []) {
        for (const use of uses) this.#used.set(use.source, use);
      }
      /** What a source holds; where that cannot be told, what stands in for it. Throws what went wrong where nothing does. */
      async objectsOf(source, read) {
        try {
          return await read();
        } catch (error) {
          if (!this.#isLast(source)) throw error;
          return this.#instead(source, error);
        }
      }
      /**
       * What is read in place of the sources of a captured dataset that could not be read, or whose rows were no good. Throws
       * what went wrong where nothing stands in for any of them, or all of that was in use already.
       */
      async objectsInstead(node, objects, error) {
        const sources = sourcesOf(this.#pipeline.plan, node).filter((one) => this.#isLast(one) && !this.#used.has(one.id));
        if (sources.length === 0) throw error;
        const replaced = await Promise.all(sources.map((source) => this.#instead(source, error)));
        const ids2 = sources.map(({ id }) => id);
        return [...objects.filter(({ source }) => !ids2.includes(source)), ...replaced.flat()];
      }
      #isLast({ fallback }) {
        return this.#input.fallback === true && fallback !== void 0;
      }
      async #instead(source, error) {
        const { fallback, id } = source;
        const found = await this.#find(source);
        const use = {
          source: id,
          used: typeof fallback === "object" ? "source" : fallback,
          ...typeof fallback === "object" && { component: fallback.component },
          ...found.run !== void 0 && { run: found.run },
          files: found.objects.length,
          error: failureOf(error).error,
          reason: String(failureFields(error).reason)
        };
        this.#used.set(id, use);
        this.#ports.logger.warn("source is not read, something else is", { ...use });
        return found.objects;
      }
      async #find(source) {
        const { fallback } = source;
        if (fallback === "empty") return { objects: [] };
        if (fallback === "last-good") return this.#lastGood(source);
        const objects = await currentObjects(this.#ports, this.#pipeline, { ...source, ...fallback });
        if (objects.length > 0) return { objects };
        throw new InputMissingError({
          problem: `what is read in place of the source "${source.id}" has no file either`,
          received: JSON.stringify(fallback.options),
          change: "put the file there and start the run again"
        });
      }
      /** What the newest completed run read of it, where that run noted it. */
      async #lastGood({ id }) {
        const { pipeline: pipeline4 } = this.#input;
        const { runs } = await this.#ports.runs.list({ pipeline: pipeline4, limit: lookedThrough });
        for (const { run, state: state2 } of runs) {
          if (state2 !== "Completed") continue;
          const text4 = await this.#ports.objects.readText(lastGoodKey(pipeline4, run));
          const noted = text4 === void 0 ? void 0 : JSON.parse(text4)[id];
          if (noted) return { objects: noted, run };
        }
        throw new InputMissingError({
          problem: `no completed run has read the source "${id}" yet, so there is no good copy of it`,
          received: `${runs.length} runs`,
          change: "bring the source back and start the run again"
        });
      }
    };
  }
});

// lib/core/errors/input-changed-error.ts
var InputChangedError;
var init_input_changed_error = __esm({
  "lib/core/errors/input-changed-error.ts"() {
    "use strict";
    init_terminal_error();
    InputChangedError = class extends TerminalError {
      static kind = "data";
      name = "InputChangedError";
      code = "INPUT_CHANGED";
    };
  }
});

// lib/runtime/extract/growth-claims.ts
function growthOf(claims) {
  const reached = claims.flatMap(({ versionId }) => {
    const [, digits2, digest] = /^reached (\d+ \d+ \d+ \d+) ([0-9a-f]+)$/.exec(versionId) ?? [];
    if (!digits2 || !digest) return [];
    const [step, bytes3, records, header] = digits2.split(" ").map(Number);
    return [{ step, bytes: bytes3, records, header, digest }];
  });
  return reached.sort((a, b) => b.step - a.step)[0];
}
var init_growth_claims = __esm({
  "lib/runtime/extract/growth-claims.ts"() {
    "use strict";
  }
});

// lib/runtime/extract/grown-files.ts
async function grownFiles(ports, pipeline4, { pipeline: name3, trigger: trigger2 }, files) {
  if (trigger2.kind === "replay" || trigger2.kind === "backfill") return [...files];
  const found = [];
  for (const file2 of files) {
    const source = pipeline4.plan.nodes.find((node) => node.id === file2.source);
    if (!source?.grows) found.push(file2);
    else {
      const before2 = growthOf(await ports.runs.claims(name3, file2.key));
      const grown2 = await grownPart(ports, pipeline4, { source, grows: source.grows, file: file2, before: before2 });
      if (grown2) found.push(grown2);
    }
  }
  return found;
}
async function grownPart({ objects }, pipeline4, growing) {
  const { source, grows, file: file2, before: before2 } = growing;
  await requireUnpacked(objects, file2);
  const same2 = !before2 || await isSame(objects, file2, before2);
  if (!same2 && grows.changed === "stop") throw changed(file2, before2);
  const from2 = same2 && before2 ? before2 : { bytes: 0, records: 0, header: 0 };
  const format2 = sourceSide(pipeline4, source).format(source.options);
  if (format2.kind !== "csv" && format2.kind !== "ndjson") throw new TypeError(`files of ${format2.kind} do not grow`);
  const cutter = new TextCutter(format2, source.contract.fields.length, pipeline4.plan.resources.chunkBytes);
  if (from2.header > 0) cutter.push(await objects.readRange(file2, 0, from2.header));
  const start2 = Math.max(from2.bytes, from2.header);
  for await (const bytes3 of objects.streamRange(file2, { from: start2, to: file2.size })) cutter.push(Buffer.from(bytes3));
  const { parts, to, records, header } = cutter.ended();
  if (parts.length === 0) return void 0;
  const moved = start2 - from2.header;
  const own = parts.map((part) => ({
    from: part.from + moved,
    to: part.to + moved,
    header,
    recordsBefore: part.recordsBefore + from2.records
  }));
  const end = to + moved;
  const growth = {
    step: (before2?.step ?? 0) + 1,
    bytes: end,
    records: from2.records + records,
    header,
    digest: await digestOf(objects, file2, end)
  };
  return { ...file2, size: header + end - own[0].from, grown: { parts: own, growth } };
}
async function isSame(objects, file2, { bytes: bytes3, digest }) {
  return file2.size >= bytes3 && await digestOf(objects, file2, bytes3) === digest;
}
async function digestOf(objects, file2, bytes3) {
  const head = await objects.readRange(file2, 0, Math.min(bytes3, comparedBytes));
  const tail = bytes3 > comparedBytes ? await objects.readRange(file2, bytes3 - comparedBytes, bytes3) : Buffer.alloc(0);
  return sha256(Buffer.concat([head, tail]).toString("latin1")).slice(0, 16);
}
async function requireUnpacked(objects, file2) {
  const start2 = file2.size >= 4 ? await objects.readRange(file2, 0, 4) : Buffer.alloc(4);
  if (!(start2[0] === 31 && start2[1] === 139) && start2.readUInt32LE() !== 4247762216) return;
  throw new InputChangedError({
    problem: "a packed file can not be read from where it was left",
    received: file2.key,
    allowed: "CSV or NDJSON that is not packed, where `incremental` has an offset",
    change: "drop it unpacked, or take `incremental` out"
  });
}
function changed({ key: key2, size }, before2) {
  return new InputChangedError({
    problem: "a file that only grows has other bytes now where it was read before, or fewer",
    received: `${key2}, of ${size} bytes`,
    allowed: `the ${before2?.bytes} bytes that were taken, and more behind them`,
    change: "put what was there back, or let such files be taken from their beginning: incremental: { offset: true, changed: 'again' }"
  });
}
var comparedBytes;
var init_grown_files = __esm({
  "lib/runtime/extract/grown-files.ts"() {
    "use strict";
    init_input_changed_error();
    init_sha256();
    init_text_cutter();
    init_pipeline_code();
    init_growth_claims();
    comparedBytes = 64 * 1024;
  }
});

// lib/core/partitions-for.ts
function partitionsFor(resources, inputBytes) {
  const chunks = Math.ceil(inputBytes / chunkBytesFor(resources, inputBytes));
  const large = Math.ceil(inputBytes / (resources.workerMemoryMegabytes * 1024 * 1024 * memoryShare4));
  return Math.min(Math.max(Math.min(chunks, enough), large, 1), resources.partitions);
}
var enough, memoryShare4;
var init_partitions_for = __esm({
  "lib/core/partitions-for.ts"() {
    "use strict";
    init_chunk_bytes();
    enough = 32;
    memoryShare4 = 1 / 4;
  }
});

// lib/runtime/extract/plan-chunks.ts
function planChunks(plan, files, cuts, {
  secrets: versions2 = {},
  cursors = {},
  fallbacks = []
} = {}) {
  const total = files.reduce((bytes3, file2) => bytes3 + file2.size, 0);
  const chunkBytes = chunkBytesFor(plan.resources, total);
  const pieces2 = files.flatMap((file2, position) => piecesOf(file2, position, cuts, chunkBytes));
  const chunks = pack(pieces2, chunkBytes);
  const solo = total <= chunkBytes && chunks.length <= 1;
  const partitions = partitionsFor(plan.resources, total);
  const names4 = secretNames(plan).stages;
  const secrets = Object.fromEntries(Object.entries(versions2).filter(([name3]) => names4.includes(name3)));
  const pinned2 = Object.keys(secrets).length > 0 ? { secrets } : {};
  const after3 = Object.fromEntries(
    Object.entries(cursors).flatMap(([source, { position }]) => position === void 0 ? [] : [[source, position]])
  );
  const taken2 = Object.keys(after3).length > 0 ? { cursors: after3 } : {};
  const items = {};
  for (const { id: stage, kind, nodes } of plan.stages) {
    if (kind === "process") {
      items[stage] = chunks.map((inputs, index) => {
        const replaced = fallbacks.map(({ source }) => source).filter((id) => inputs.some(({ source }) => source === id));
        const instead = replaced.length > 0 ? { instead: replaced } : {};
        return { stage, chunk: chunkId(index), solo, partitions, inputs, ...instead, ...pinned2, ...taken2 };
      });
    } else {
      const meeting2 = solo || chunks.length === 0 || nodes.length === 0 ? 0 : partitions;
      items[stage] = Array.from({ length: meeting2 }, (_, partition2) => {
        return { stage, chunk: chunkId(partition2), solo, partitions, partition: partition2, ...pinned2 };
      });
    }
  }
  return { solo, items };
}
function piecesOf(file2, position, cuts, chunkBytes) {
  const { source, key: key2, versionId, size, rejects } = file2;
  const input = {
    source,
    key: key2,
    ...versionId !== void 0 && { versionId },
    size,
    file: position,
    ...rejects && { rejects }
  };
  const parts = file2.grown?.parts ?? cuts.parts.get(position);
  if (parts && (parts.length > 1 || file2.grown))
    return parts.map((part) => ({ input: { ...input, part }, bytes: part.to - part.from }));
  const groups = cuts.rowGroups.get(position);
  if (!groups || groups.length < 2) return [{ input, bytes: size }];
  const pieces2 = [];
  let from2 = 0;
  let to = 0;
  let bytes3 = 0;
  const cut2 = () => {
    if (to > from2) pieces2.push({ input: { ...input, rows: { from: from2, to } }, bytes: bytes3 });
    from2 = to;
    bytes3 = 0;
  };
  for (const group2 of groups) {
    const groupBytes = group2.bytes.to - group2.bytes.from;
    if (bytes3 > 0 && bytes3 + groupBytes > chunkBytes) cut2();
    to += group2.rows;
    bytes3 += groupBytes;
  }
  cut2();
  return pieces2;
}
function pack(pieces2, chunkBytes) {
  const chunks = [];
  let bytes3 = 0;
  let itemBytes = 0;
  for (const piece of pieces2) {
    const last = chunks.at(-1);
    const pieceItemBytes = Buffer.byteLength(JSON.stringify(piece.input)) + 1;
    if (last && bytes3 + piece.bytes <= chunkBytes && itemBytes + pieceItemBytes <= mostItemBytes) {
      last.push(piece.input);
      bytes3 += piece.bytes;
      itemBytes += pieceItemBytes;
    } else {
      chunks.push([piece.input]);
      bytes3 = piece.bytes;
      itemBytes = pieceItemBytes;
    }
  }
  return chunks;
}
function chunkId(index) {
  return String(index).padStart(6, "0");
}
var mostItemBytes;
var init_plan_chunks = __esm({
  "lib/runtime/extract/plan-chunks.ts"() {
    "use strict";
    init_plan_secrets();
    init_chunk_bytes();
    init_partitions_for();
    mostItemBytes = 48 * 1024;
  }
});

// lib/core/errors/replay-impossible-error.ts
var ReplayImpossibleError;
var init_replay_impossible_error = __esm({
  "lib/core/errors/replay-impossible-error.ts"() {
    "use strict";
    init_terminal_error();
    ReplayImpossibleError = class extends TerminalError {
      name = "ReplayImpossibleError";
      code = "REPLAY_IMPOSSIBLE";
    };
  }
});

// lib/runtime/replay/replayed-objects.ts
async function replayedObjects(ports, pipeline4, { of, tables, inputs, whole: whole3 }) {
  const { plan } = pipeline4;
  const published = outputs(plan).map(({ table: table4 }) => table4);
  const lost2 = tables.find((table4) => !published.includes(table4));
  if (lost2 !== void 0)
    throw impossible(
      `the pipeline does not publish the table "${lost2}" any more, to which rejects of ${of} were on their way`,
      { received: lost2, allowed: published }
    );
  if (!whole3) requireAlone(pipeline4);
  const files = whole3 ? await filesOf3(ports, { pipeline: plan.pipeline, run: of }, tables) : [];
  const records = inputs.map(({ source, key: key2, size }) => ({ source, key: key2, size, rejects: true }));
  const sources = mainSources(plan).map(({ id }) => id);
  const missing3 = [...files, ...records].find(({ source }) => !sources.includes(source));
  if (missing3)
    throw impossible(`the pipeline has no source "${missing3.source}" any more, which read rejects of ${of}`, {
      received: missing3.source,
      allowed: sources
    });
  return [...files, ...records];
}
function requireAlone({ plan, components }) {
  const repeating = plan.nodes.find((node) => {
    if (node.kind !== "step") return false;
    const operator = components[node.component];
    const shape = operator && shapeOfStep(plan, operator, node);
    return shape?.form === "join" && rowsMeetIn(shape);
  });
  if (!repeating) return;
  throw impossible(
    `"${repeating.id}" hands on rows of its second input that match nothing, and a replay would publish them again`,
    { received: repeating.id, allowed: ["joins that are inner, left, semi or anti"] }
  );
}
async function filesOf3({ objects, runs }, run, tables) {
  const released = Object.values((await runs.find(run.run))?.review?.released ?? {});
  const held = released.find(({ table: table4, held: held2 }) => held2 > 0 && tables.includes(table4));
  if (held)
    throw impossible(`a person has held rows of ${run.run} back, which making "${held.table}" anew would publish`, {
      received: `${held.held} rows of ${held.table}`,
      allowed: ["runs that were published whole"]
    });
  return (await pinnedInputs(objects, run)).main;
}
function impossible(problem, { received, allowed }) {
  return new ReplayImpossibleError({
    problem,
    received,
    allowed,
    change: "correct the rows in their file and drop it again, or deploy a pipeline that fits them"
  });
}
var init_replayed_objects = __esm({
  "lib/runtime/replay/replayed-objects.ts"() {
    "use strict";
    init_shape_of_step();
    init_replay_impossible_error();
    init_pinned_inputs();
    init_pipeline_code();
  }
});

// lib/runtime/extract/without-repeats.ts
async function withoutRepeats({ arrivals, runs }, { plan }, { pipeline: pipeline4, run }, found) {
  if (!passesRepeatsOver(plan)) return found;
  const versions2 = found.flatMap(({ key: key2, versionId }) => versionId === void 0 ? [] : [{ key: key2, versionId }]);
  const repeats = await arrivals.repeats(pipeline4, versions2);
  const before2 = repeats.map(({ key: key2, of }) => ({ key: key2, versionId: of }));
  const published = new Set((await runs.consumed(pipeline4, run, before2)).map(nameOf5));
  const origins = new Map(repeats.map((one) => [nameOf5(one), one.of]));
  return found.flatMap((object2) => {
    const of = origins.get(nameOf5(object2));
    if (of === void 0) return [object2];
    return published.has(nameOf5({ key: object2.key, versionId: of })) ? [] : [{ ...object2, repeats: of }];
  });
}
function nameOf5({ key: key2, versionId }) {
  return JSON.stringify([key2, versionId]);
}
var init_without_repeats = __esm({
  "lib/runtime/extract/without-repeats.ts"() {
    "use strict";
    init_plan();
  }
});

// lib/runtime/extract/select-inputs.ts
async function selectInputs(ports, pipeline4, input, fallbacks) {
  const { trigger: trigger2 } = input;
  const found = await mainObjects(ports, pipeline4, input, fallbacks);
  const [main, whole3, references] = await Promise.all([
    trigger2.kind === "replay" || trigger2.kind === "backfill" ? found : withoutConsumed(ports, input, found),
    Promise.all(
      wholeSources2(pipeline4.plan).map(
        (source) => fallbacks.objectsOf(source, () => currentObjects(ports, pipeline4, source))
      )
    ),
    Promise.all(
      referenceSources(pipeline4.plan).map(
        (source) => fallbacks.objectsOf(source, () => referenceObjects(ports, pipeline4, source))
      )
    )
  ]);
  const { used } = fallbacks;
  return {
    main,
    whole: whole3.flat(),
    references: references.flat(),
    ...used.length > 0 && { fallbacks: used }
  };
}
async function mainObjects(ports, pipeline4, input, fallbacks) {
  const { trigger: trigger2 } = input;
  switch (trigger2.kind) {
    case "replay":
      return replayedObjects(ports, pipeline4, trigger2);
    case "file":
      return [await triggeringFile(ports, pipeline4, trigger2)];
    case "batch": {
      const { place: place2, number: number16 } = trigger2;
      const members = await ports.arrivals.members({ pipeline: input.pipeline, place: place2, number: number16 });
      return members.map((file2) => pinned(sourceOf(pipeline4, file2), file2));
    }
    case "folder":
      return folderObjects(ports, pipeline4, trigger2);
    default: {
      const sources = mainSources(pipeline4.plan);
      const found = sources.map((source) => fallbacks.objectsOf(source, () => currentObjects(ports, pipeline4, source)));
      const objects = (await Promise.all(found)).flat();
      return trigger2.kind === "backfill" ? objects : [...await withoutRepeats(ports, pipeline4, input, objects)];
    }
  }
}
function sourceOf(pipeline4, { key: key2, versionId = "" }) {
  const sources = mainSources(pipeline4.plan);
  const source = sources.find((candidate) => {
    const selection = sourceSide(pipeline4, candidate).objects(candidate.options);
    if ("table" in selection) return false;
    return "key" in selection ? selection.key === key2 : key2.startsWith(selection.prefix);
  });
  if (source) return source;
  throw new InputMissingError({
    problem: "no source of the pipeline reads the file that started this run",
    received: `${key2} in version ${versionId}`,
    allowed: sources.map((candidate) => JSON.stringify(candidate.options)),
    change: "let the trigger name a prefix that a source reads"
  });
}
async function triggeringFile(ports, pipeline4, { key: key2, versionId }) {
  const source = sourceOf(pipeline4, { key: key2, versionId });
  const object2 = await ports.objects.find({ key: key2, versionId });
  if (object2) return { source: source.id, key: key2, versionId, size: object2.size };
  throw new InputMissingError({
    problem: "the file that started this run is gone",
    received: `${key2} in version ${versionId}`,
    change: "put the file in its place again"
  });
}
async function folderObjects(ports, pipeline4, { folder }) {
  const found = [];
  for await (const object2 of ports.objects.list(folder)) {
    if (isMark2(pipeline4, object2) || object2.key.indexOf("/", folder.length) >= 0) continue;
    found.push(pinned(sourceOf(pipeline4, object2), object2));
  }
  return found;
}
async function referenceObjects(ports, pipeline4, source) {
  const found = await currentObjects(ports, pipeline4, source);
  if (found.length > 0) return found;
  const selection = sourceSide(pipeline4, source).objects(source.options);
  if ("table" in selection) return found;
  throw new InputMissingError({
    problem: `the reference source "${source.id}" has no file`,
    received: "key" in selection ? selection.key : `${selection.prefix}*`,
    change: "put the file there and start the run again"
  });
}
async function withoutConsumed(ports, input, found) {
  const versions2 = found.map(({ key: key2, versionId = "" }) => ({ key: key2, versionId }));
  const consumed = await ports.runs.consumed(input.pipeline, input.run, versions2);
  const gone = new Set(consumed.map(({ key: key2, versionId }) => JSON.stringify([key2, versionId])));
  return found.filter(({ key: key2, versionId = "" }) => !gone.has(JSON.stringify([key2, versionId])));
}
var init_select_inputs = __esm({
  "lib/runtime/extract/select-inputs.ts"() {
    "use strict";
    init_input_missing_error();
    init_pipeline_code();
    init_replayed_objects();
    init_current_objects();
    init_is_mark();
    init_without_repeats();
  }
});

// lib/runtime/extract/extract.ts
import { join as join20 } from "node:path";
async function extract(ports, code2, input) {
  requirePlan(code2.plan, input.planDigest);
  const pipeline4 = pipelineOf(code2, input.trigger);
  const { stages: inStages, references } = secretNames(pipeline4.plan);
  const secrets = await currentVersions(ports.secrets, [.../* @__PURE__ */ new Set([...inStages, ...references])]);
  const cursors = await cursorsOf(ports, pipeline4, input.trigger);
  const fallbacks = new Fallbacks(ports, pipeline4, input);
  const found = await selectInputs(ports, pipeline4, input, fallbacks);
  const main = await grownFiles(ports, pipeline4, input, found.main);
  const selected = { ...found, main, ...secrets && { secrets }, ...cursors && { cursors } };
  const inputs = await pinInputs(ports.objects, input, selected);
  fallbacks.take(inputs.fallbacks);
  if (chunkedFiles(pipeline4, inputs).length > 0) {
    const captured = await captureReferences(ports, pipeline4, input, inputs, fallbacks);
    await noteLastGood(ports, pipeline4, input, [...inputs.whole, ...captured]);
  }
  const files = chunkedFiles(pipeline4, inputs);
  const { solo, items } = planChunks(pipeline4.plan, files, await cutsOf(ports, pipeline4, files), inputs);
  const keys = runKeys(input.pipeline, input.run);
  const stages = {};
  for (const [stage, manifest] of Object.entries(items)) {
    await ports.objects.createText(keys.manifest(stage), JSON.stringify(manifest));
    stages[stage] = { chunks: manifest.length, manifest: keys.manifest(stage) };
  }
  const inputBytes = files.reduce((sum3, file2) => sum3 + file2.size, 0);
  const output = { solo, stages, inputFiles: files.length, inputBytes };
  await tellFallbacks(ports, input, fallbacks.used);
  await enter(ports, {
    run: input.run,
    from: [
      { state: "Running", phase: "Initializing" },
      { state: "Running", phase: "Executing" }
    ],
    to: { state: "Running", phase: "Executing" },
    facts: {
      extract: output,
      ...fallsBack(pipeline4.plan) && { fallbacks: fallbacks.used.length > 0 ? fallbacks.used : null }
    }
  });
  ports.logger.info("run extracted", { run: input.run, files: files.length, bytes: inputBytes, solo });
  return output;
}
async function tellFallbacks({ bus, clock }, { pipeline: pipeline4, run }, uses) {
  for (const use of uses)
    await bus.publish({ type: "FallbackUsed", pipeline: pipeline4, run, at: clock.now(), detail: { ...use } });
}
function chunkedFiles(pipeline4, { main, whole: whole3 }) {
  return main.length > 0 || mainSources(pipeline4.plan).length === 0 ? [...main, ...whole3] : [];
}
async function cutsOf(ports, pipeline4, files) {
  const total = files.reduce((bytes3, file2) => bytes3 + file2.size, 0);
  const chunkBytes = chunkBytesFor(pipeline4.plan.resources, total);
  const large = [...files.entries()].filter(([, file2]) => file2.size > chunkBytes && !file2.grown);
  const rowGroups = /* @__PURE__ */ new Map();
  const parts = /* @__PURE__ */ new Map();
  await withWorkFolder(async (folder) => {
    for (const [position, file2] of large) {
      const groups = await readParquetFooter(ports, file2, join20(folder, `${position}.parquet`));
      const source = groups || file2.rejects ? void 0 : sourcesOf(pipeline4.plan, file2.source)[0];
      if (groups) rowGroups.set(position, groups);
      else if (source) parts.set(position, await cutText(ports.objects, file2, { pipeline: pipeline4, source, chunkBytes }));
    }
  });
  return { rowGroups, parts };
}
var init_extract = __esm({
  "lib/runtime/extract/extract.ts"() {
    "use strict";
    init_plan();
    init_plan_secrets();
    init_chunk_bytes();
    init_cursors_of();
    init_keys2();
    init_parquet_footer();
    init_pipeline_code();
    init_read_secrets();
    init_narrowed_plan();
    init_enter();
    init_work_folder();
    init_capture_references();
    init_cut_text();
    init_fallbacks();
    init_grown_files();
    init_pinned_inputs();
    init_plan_chunks();
    init_select_inputs();
  }
});

// lib/component/lease-needs.ts
function leaseNeeds({
  pipeline: pipeline4,
  overlap,
  shares = {}
}) {
  const own = overlap ? [{ name: pipelineLease(pipeline4), limit: overlap.runs, policy: overlap.policy }] : [];
  const shared = Object.entries(shares).map(([resource, limit]) => {
    return { name: resourceLease(resource), limit, policy: "queue" };
  });
  return [...own, ...shared.sort((a, b) => a.name < b.name ? -1 : 1)];
}
function pipelineLease(pipeline4) {
  return `pipeline/${pipeline4}`;
}
function resourceLease(resource) {
  return `resource/${resource}`;
}
var init_lease_needs = __esm({
  "lib/component/lease-needs.ts"() {
    "use strict";
  }
});

// lib/core/errors/run-exists-error.ts
var RunExistsError;
var init_run_exists_error = __esm({
  "lib/core/errors/run-exists-error.ts"() {
    "use strict";
    init_terminal_error();
    RunExistsError = class extends TerminalError {
      name = "RunExistsError";
      code = "RUN_EXISTS";
    };
  }
});

// lib/runtime/admission/replace-run.ts
async function replaceRun(ports, run, by2) {
  const failure2 = {
    error: "RunCancelledError",
    code: "RUN_CANCELLED",
    message: `run ${by2} has taken its place`,
    state: "Initialize",
    disposition: "terminal",
    kind: "permanent"
  };
  const phases = ["Initializing", "Retrying", "Executing", "Assessing"];
  const shut = await ports.runs.change({
    run,
    from: [{ state: "Triggered" }, ...phases.map((phase2) => ({ state: "Running", phase: phase2 }))],
    to: { state: "Running", phase: "Compensating" },
    at: ports.clock.now(),
    facts: { failure: failure2 }
  });
  if (shut) ports.logger.info("run replaced", { run, by: by2 });
  if (shut) return true;
  const { state: state2, phase, failure: reason } = await ports.runs.find(run) ?? {};
  return state2 === "Running" && phase === "Compensating" && reason?.error === failure2.error;
}
var init_replace_run = __esm({
  "lib/runtime/admission/replace-run.ts"() {
    "use strict";
  }
});

// lib/runtime/admission/admit.ts
async function admit(ports, plan, input) {
  const { overlap, ...shared } = plan;
  for (const need of leaseNeeds(input.trigger.kind === "backfill" ? shared : plan)) {
    const hindrance = await takeLease(ports, need, input);
    if (hindrance === void 0) continue;
    const { leftTo, replaces: replaces2 } = hindrance;
    if (leftTo !== void 0) return { outcome: "skipped", by: leftTo };
    await ports.leases.wait(need.name, input.run, input.startedAt);
    return { outcome: "waiting", waitSeconds: patience(ports, input), ...replaces2 !== void 0 && { replaces: replaces2 } };
  }
  return { outcome: "admitted" };
}
async function takeLease(ports, { name: name3, limit, policy }, input) {
  await expireEnded(ports, name3, input.run);
  const lease = await ports.leases.find(name3);
  const { run } = input;
  const others = Object.keys(lease.holders).filter((holder) => holder !== run);
  const ahead = run in lease.holders || policy !== "queue" ? [] : waitingAhead(lease, input);
  if (others.length + ahead.length < limit && await ports.leases.take(name3, run, limit)) return void 0;
  if (policy === "queue") return {};
  const [first4] = others.length > 0 ? others : Object.keys((await ports.leases.find(name3)).holders);
  if (first4 === void 0) return {};
  return policy === "skip" ? { leftTo: first4 } : replaceOlder(ports, others, input);
}
function waitingAhead({ waiting }, { run, startedAt }) {
  const place2 = (of, since) => `${since} ${of}`;
  const mine = place2(run, startedAt);
  return Object.entries(waiting).flatMap(([other, since]) => place2(other, since) < mine ? [other] : []);
}
async function expireEnded(ports, name3, run) {
  const { holders, waiting } = await ports.leases.find(name3);
  for (const [holder, fence] of Object.entries(holders)) {
    if (holder !== run && await hasEnded(ports, holder)) await ports.leases.expire(name3, holder, fence);
  }
  const [first4] = Object.entries(waiting).toSorted(
    ([a, since], [b, then]) => `${since} ${a}` < `${then} ${b}` ? -1 : 1
  );
  if (first4 && first4[0] !== run && await hasEnded(ports, first4[0])) await ports.leases.release(name3, first4[0]);
}
async function hasEnded(ports, run) {
  const record15 = await ports.runs.find(run);
  return !record15 || record15.state === "Completed" || record15.state === "Failed" || record15.state === "Cancelled";
}
async function replaceOlder(ports, others, { run, startedAt }) {
  const replaced = [];
  for (const other of others) {
    const record15 = await ports.runs.find(other);
    if (!record15) continue;
    if (`${record15.startedAt} ${other}` > `${startedAt} ${run}`) return { leftTo: other };
    if (await replaceRun(ports, other, run)) replaced.push(other);
  }
  return replaced[0] === void 0 ? {} : { replaces: replaced[0] };
}
function patience({ clock }, { startedAt }) {
  const waited = (clock.now() - Date.parse(startedAt)) / second;
  return Math.round(Math.min(300, Math.max(5, waited / 10)));
}
var init_admit = __esm({
  "lib/runtime/admission/admit.ts"() {
    "use strict";
    init_lease_needs();
    init_durations();
    init_replace_run();
  }
});

// lib/runtime/admission/release-leases.ts
async function releaseLeases(ports, plan, run) {
  for (const { name: name3 } of leaseNeeds(plan).reverse()) await ports.leases.release(name3, run);
}
var init_release_leases = __esm({
  "lib/runtime/admission/release-leases.ts"() {
    "use strict";
    init_lease_needs();
  }
});

// lib/component/column-lineage.ts
function split2(from2) {
  const colon = from2.indexOf(":");
  return [from2.slice(0, colon), from2.slice(colon + 1)];
}
function united(origins) {
  const once3 = /* @__PURE__ */ new Map();
  for (const origin of origins) {
    const name3 = `${origin.source}:${origin.column}`;
    const same2 = once3.get(name3);
    const { masked: masked2, ...open10 } = origin;
    once3.set(
      name3,
      same2 ? {
        ...same2.masked ? origin : open10,
        derivation: stronger(same2.derivation, origin.derivation),
        through: [.../* @__PURE__ */ new Set([...same2.through, ...origin.through])]
      } : origin
    );
  }
  return [...once3.values()];
}
function stronger(a, b) {
  return strength[Math.max(strength.indexOf(a), strength.indexOf(b))];
}
var strength, ColumnLineage;
var init_column_lineage = __esm({
  "lib/component/column-lineage.ts"() {
    "use strict";
    strength = ["identity", "transformation", "aggregation"];
    ColumnLineage = class {
      #nodes;
      #known = /* @__PURE__ */ new Map();
      constructor({ nodes }) {
        this.#nodes = new Map(nodes.map((node) => [node.id, node]));
      }
      /** The columns of sources that a column of a node is made of, each once; none for a constant. */
      origins(node, column3) {
        const name3 = `${node}:${column3}`;
        const known2 = this.#known.get(name3) ?? united(this.#trace(this.#nodes.get(node), column3));
        this.#known.set(name3, known2);
        return known2;
      }
      /** The columns of sources by which rows are joined and grouped on their way to an output, each once. */
      influences(output) {
        const found = this.#upstream(output.input).flatMap((step) => this.#influencesOf(step));
        const once3 = new Map(found.map((one) => [`${one.by}:${one.source}:${one.column}`, one]));
        return [...once3.values()];
      }
      #trace(node, column3) {
        if (node.kind === "source") return [{ source: node.id, column: column3, derivation: "identity", through: [] }];
        if (node.kind === "output") return this.#traceOutput(node, column3);
        const own = node.keeps.includes(column3) ? "identity" : (
          // Only a column that a grouping keeps is the same for all rows of a group.
          node.meetBy === void 0 || node.lookupKeys ? "transformation" : "aggregation"
        );
        return (node.lineage[column3] ?? []).flatMap(
          (from2) => this.origins(...split2(from2)).map((origin) => ({
            ...origin,
            derivation: stronger(own, origin.derivation),
            through: own === "identity" ? origin.through : [...origin.through, node.id],
            ...node.masks?.includes(column3) && { masked: true }
          }))
        );
      }
      #traceOutput({ id, input, lineage = {} }, column3) {
        if (!Object.hasOwn(lineage, column3)) return [...this.origins(input, column3)];
        return lineage[column3].flatMap(
          (from2) => this.origins(...split2(from2)).map((origin) => ({
            ...origin,
            derivation: stronger("transformation", origin.derivation),
            through: [...origin.through, id]
          }))
        );
      }
      #influencesOf(step) {
        const of = (node, columns2, by2) => columns2.flatMap((column3) => this.origins(node, column3).map(({ source, column: column4 }) => ({ source, column: column4, by: by2 })));
        const { input, side, others, lookupKeys, meetBy } = step;
        const other = side ?? others?.[0];
        if (lookupKeys && other !== void 0)
          return [...of(input, lookupKeys.input, "join"), ...of(other, lookupKeys.side, "join")];
        return of(input, meetBy ?? [], "grouping");
      }
      /** Steps that a node is made by, first one first. */
      #upstream(id) {
        const node = this.#nodes.get(id);
        if (node.kind === "source") return [];
        if (node.kind === "output") return this.#upstream(node.input);
        const further = [...node.side === void 0 ? [] : [node.side], ...node.others ?? []];
        return [...[node.input, ...further].flatMap((one) => this.#upstream(one)), node];
      }
    };
  }
});

// lib/core/version.ts
var version;
var init_version = __esm({
  "lib/core/version.ts"() {
    "use strict";
    version = "0.1.0";
  }
});

// lib/runtime/lineage/dataset-name.ts
function datasetOf(pipeline4, node, lake2) {
  if (node.kind === "output") return { namespace: lake2, name: placeOf2(node).slice(0, -1) };
  if (node.kind === "step") return { namespace: lake2, name: node.id };
  const objects = sourceSide(pipeline4, node).objects(node.options);
  if ("table" in objects) return { namespace: lake2, name: `curated/${objects.table}` };
  const path = ("key" in objects ? objects.key : objects.prefix).replace(/\/+$/, "");
  return { namespace: lake2, name: /^curated\/[^/]+/.exec(path)?.[0] ?? path };
}
var init_dataset_name = __esm({
  "lib/runtime/lineage/dataset-name.ts"() {
    "use strict";
    init_output_place();
    init_pipeline_code();
  }
});

// lib/runtime/lineage/event-types.ts
var runEventSchemaUrl, facetSchemaUrls;
var init_event_types = __esm({
  "lib/runtime/lineage/event-types.ts"() {
    "use strict";
    runEventSchemaUrl = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";
    facetSchemaUrls = {
      columnLineage: "https://openlineage.io/spec/facets/1-2-0/ColumnLineageDatasetFacet.json#/$defs/ColumnLineageDatasetFacet",
      dataQualityAssertions: "https://openlineage.io/spec/facets/1-0-1/DataQualityAssertionsDatasetFacet.json#/$defs/DataQualityAssertionsDatasetFacet",
      dataQualityMetrics: "https://openlineage.io/spec/facets/1-0-0/DataQualityMetricsDatasetFacet.json#/$defs/DataQualityMetricsDatasetFacet",
      dataSource: "https://openlineage.io/spec/facets/1-0-1/DatasourceDatasetFacet.json#/$defs/DatasourceDatasetFacet",
      errorMessage: "https://openlineage.io/spec/facets/1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet",
      inputStatistics: "https://openlineage.io/spec/facets/1-0-0/InputStatisticsInputDatasetFacet.json#/$defs/InputStatisticsInputDatasetFacet",
      jobType: "https://openlineage.io/spec/facets/2-0-3/JobTypeJobFacet.json#/$defs/JobTypeJobFacet",
      nominalTime: "https://openlineage.io/spec/facets/1-0-1/NominalTimeRunFacet.json#/$defs/NominalTimeRunFacet",
      outputStatistics: "https://openlineage.io/spec/facets/1-0-2/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet",
      penstock_ledger: "urn:penstock:PenstockLedgerRunFacet:1#/$defs/PenstockLedgerRunFacet",
      processing_engine: "https://openlineage.io/spec/facets/1-1-1/ProcessingEngineRunFacet.json#/$defs/ProcessingEngineRunFacet",
      schema: "https://openlineage.io/spec/facets/1-1-1/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet",
      version: "https://openlineage.io/spec/facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet"
    };
  }
});

// lib/runtime/lineage/open-lineage.ts
function facet(name3, fields2) {
  return { _producer: producer, _schemaURL: facetSchemaUrls[name3], ...fields2 };
}
var producer;
var init_open_lineage = __esm({
  "lib/runtime/lineage/open-lineage.ts"() {
    "use strict";
    init_event_types();
    producer = "urn:penstock";
  }
});

// lib/runtime/lineage/quality-facets.ts
function qualityFacets(report, table4) {
  const rules = report.rules.filter((rule3) => rule3.table === table4);
  const { rows: rows3 = 0, bytes: bytes3 = 0, files = 0 } = report.tables?.[table4] ?? {};
  const metrics = { rowCount: rows3, bytes: bytes3, fileCount: files, columnMetrics: columnMetrics(report, rules, table4) };
  const assertions = rules.map((rule3) => {
    const column3 = columnOf2(rule3);
    return { assertion: rule3.rule, success: !rule3.broken, ...column3 !== void 0 && { column: column3 } };
  });
  return {
    dataQualityMetrics: facet("dataQualityMetrics", metrics),
    ...assertions.length > 0 && { dataQualityAssertions: facet("dataQualityAssertions", { assertions }) }
  };
}
function columnOf2({ options: options2 }) {
  const { column: column3, columns: columns2, key: key2 } = options2;
  const list = [column3, ...listOf2(columns2), ...listOf2(key2)].filter((name3) => typeof name3 === "string");
  return list.length === 1 ? list[0] : void 0;
}
function listOf2(value2) {
  return Array.isArray(value2) ? value2 : [];
}
function columnMetrics({ profiles = {} }, rules, table4) {
  const metrics = {};
  const add = (column3, more) => {
    metrics[column3] = { ...metrics[column3], ...more };
  };
  for (const [name3, profile] of Object.entries(profiles)) {
    if (name3.startsWith(`${table4}.`)) add(name3.slice(table4.length + 1), metricsOf(profile));
  }
  for (const rule3 of rules) {
    const column3 = columnOf2(rule3);
    if (column3 === void 0) continue;
    if (rule3.dimension === "completeness") add(column3, { nullCount: rule3.total - rule3.passed });
    if (rule3.dimension === "uniqueness") add(column3, { distinctCount: rule3.passed });
  }
  return metrics;
}
function metricsOf(profile) {
  if (profile.kind === "categories")
    return { count: profile.rows, ...profile.others === 0 && { distinctCount: profile.counts.length } };
  const { rows: rows3, quantiles: quantiles2 } = profile;
  if (quantiles2.length === 0) return { count: rows3 };
  const at = (share) => quantiles2[Math.round(share * (quantiles2.length - 1))];
  const some = shownQuantiles.map((share) => [String(share), at(share)]);
  return { count: rows3, min: at(0), max: at(1), quantiles: Object.fromEntries(some) };
}
var shownQuantiles;
var init_quality_facets = __esm({
  "lib/runtime/lineage/quality-facets.ts"() {
    "use strict";
    init_open_lineage();
    shownQuantiles = [0.05, 0.25, 0.5, 0.75, 0.95];
  }
});

// lib/runtime/lineage/schema-fields.ts
function schemaFields(columns2) {
  return columns2.map(({ name: name3, type }) => {
    const members = membersOf4(type);
    return { name: name3, type, ...members && { fields: schemaFields(members) } };
  });
}
function membersOf4(type) {
  const element = elementType(type);
  return element === void 0 ? structFields(type) : membersOf4(element);
}
var init_schema_fields = __esm({
  "lib/runtime/lineage/schema-fields.ts"() {
    "use strict";
    init_column_types();
    init_struct_type();
  }
});

// lib/runtime/lineage/run-event.ts
function runEvent(pipeline4, input, lake2, { eventType, at, report, released, failure: failure2 }) {
  const { plan } = pipeline4;
  const sources = plan.nodes.filter((node) => node.kind === "source");
  const nominal = input.trigger.kind === "schedule" ? new Date(input.trigger.time).toISOString() : void 0;
  return {
    eventType,
    eventTime: new Date(at).toISOString(),
    producer,
    schemaURL: runEventSchemaUrl,
    run: {
      runId: uuidOf(input.run),
      facets: {
        processing_engine: facet("processing_engine", { name: "Penstock", version }),
        ...nominal && { nominalTime: facet("nominalTime", { nominalStartTime: nominal }) },
        ...report && { penstock_ledger: facet("penstock_ledger", { steps: report.ledger.map(ledgerLine) }) },
        ...failure2 && {
          errorMessage: facet("errorMessage", {
            message: `${failure2.error} in ${failure2.state}: ${failure2.message}`,
            programmingLanguage: "JavaScript"
          })
        }
      }
    },
    job: {
      namespace: lake2.replace(/^\w+:/, "penstock:"),
      name: plan.pipeline,
      facets: { jobType: facet("jobType", { processingType: "BATCH", integration: "PENSTOCK", jobType: "PIPELINE" }) }
    },
    inputs: sources.map((node) => inputOf(pipeline4, node, lake2, report)),
    outputs: outputs(plan).map(
      (node) => outputOf4(pipeline4, node, lake2, eventType === "COMPLETE" ? { report, released } : {})
    )
  };
}
function inputOf(pipeline4, node, lake2, report) {
  const rows3 = report?.ledger.find((step) => step.node === node.id)?.rowsIn;
  const mains = pipeline4.plan.nodes.filter((one) => one.kind === "source" && one.use === "main");
  const files = node.use === "main" && mains.length === 1 ? report?.totals : void 0;
  return {
    ...datasetOf(pipeline4, node, lake2),
    facets: { ...described2(node.columns, lake2) },
    inputFacets: {
      ...rows3 !== void 0 && {
        inputStatistics: facet("inputStatistics", {
          rowCount: rows3,
          ...files && { size: files.inputBytes, fileCount: files.inputFiles }
        })
      }
    }
  };
}
function outputOf4(pipeline4, node, lake2, { report, released }) {
  const written = released?.[node.id] ?? report?.tables?.[node.table];
  return {
    ...datasetOf(pipeline4, node, lake2),
    facets: {
      ...described2(node.columns, lake2),
      columnLineage: columnLineage(pipeline4, node, lake2),
      ...report && qualityFacets(report, node.table),
      ...report && { version: facet("version", { datasetVersion: report.run }) }
    },
    outputFacets: {
      ...written && {
        outputStatistics: facet("outputStatistics", {
          rowCount: written.rows,
          size: written.bytes,
          fileCount: written.files
        })
      }
    }
  };
}
function described2(columns2, lake2) {
  return {
    schema: facet("schema", { fields: schemaFields(columns2) }),
    dataSource: facet("dataSource", { name: lake2, uri: lake2 })
  };
}
function columnLineage(pipeline4, node, lake2) {
  const lineage = new ColumnLineage(pipeline4.plan);
  const field = (source, column3) => ({
    ...datasetOf(pipeline4, pipeline4.plan.nodes.find(({ id }) => id === source), lake2),
    field: column3
  });
  const direct = (derivation) => ({ type: "DIRECT", subtype: subtypes[derivation] });
  const fields2 = node.columns.map(({ name: name3 }) => {
    const inputFields = lineage.origins(node.id, name3).map(({ source, column: column3, derivation, through, masked: masked2 }) => ({
      ...field(source, column3),
      transformations: [
        {
          ...direct(derivation),
          ...through.length > 0 && { description: through.join(", ") },
          ...masked2 && { masking: true }
        }
      ]
    }));
    return [name3, { inputFields }];
  });
  const dataset = lineage.influences(node).map(({ source, column: column3, by: by2 }) => ({
    ...field(source, column3),
    transformations: [{ type: "INDIRECT", subtype: influences[by2] }]
  }));
  return facet("columnLineage", { fields: Object.fromEntries(fields2), dataset });
}
function ledgerLine({ node, rules, routed = 0, ...counts }) {
  return { step: node, ...counts, routed };
}
function uuidOf(run) {
  const hex2 = sha256(`penstock run ${run}`);
  const variant = (Number.parseInt(hex2[16], 16) & 3 | 8).toString(16);
  return [
    hex2.slice(0, 8),
    hex2.slice(8, 12),
    `8${hex2.slice(13, 16)}`,
    variant + hex2.slice(17, 20),
    hex2.slice(20, 32)
  ].join("-");
}
var subtypes, influences;
var init_run_event = __esm({
  "lib/runtime/lineage/run-event.ts"() {
    "use strict";
    init_column_lineage();
    init_sha256();
    init_version();
    init_pipeline_code();
    init_dataset_name();
    init_event_types();
    init_open_lineage();
    init_quality_facets();
    init_schema_fields();
    subtypes = { identity: "IDENTITY", transformation: "TRANSFORMATION", aggregation: "AGGREGATION" };
    influences = { join: "JOIN", grouping: "GROUP_BY" };
  }
});

// lib/runtime/lineage/record-lineage.ts
async function announceLineage(ports, pipeline4, input) {
  const event3 = runEvent(pipeline4, input, ports.objects.uri, { eventType: "START", at: Date.parse(input.startedAt) });
  await publish(ports, input, event3);
}
async function publish(ports, { pipeline: pipeline4, run }, event3, lineage) {
  const fits = Buffer.byteLength(JSON.stringify(event3)) <= mostEventBytes;
  await ports.bus.publish({
    type: "LineageRecorded",
    pipeline: pipeline4,
    run,
    at: Date.parse(event3.eventTime),
    detail: { eventType: event3.eventType, ...lineage && { lineage }, ...fits && { event: event3 } }
  });
}
var mostEventBytes;
var init_record_lineage = __esm({
  "lib/runtime/lineage/record-lineage.ts"() {
    "use strict";
    init_run_event();
    mostEventBytes = 200 * 1024;
  }
});

// lib/runtime/same-moment.ts
function isSameMoment(left, right) {
  return Date.parse(left) === Date.parse(right);
}
var init_same_moment = __esm({
  "lib/runtime/same-moment.ts"() {
    "use strict";
  }
});

// lib/runtime/schedule-pipeline.ts
async function schedulePipeline({ pipelines, clock }, code2) {
  const { pipeline: pipeline4, digest: planDigest2 } = code2.plan;
  const record15 = await pipelines.find(pipeline4);
  if (record15?.state === "Paused") return;
  if (record15?.state === "Scheduled" && record15.planDigest === planDigest2) return;
  const move = (from2, to, problem) => pipelines.change({
    pipeline: pipeline4,
    from: from2,
    to,
    by,
    at: clock.now(),
    planDigest: planDigest2,
    ...problem !== void 0 && { problem }
  });
  if (!record15) await move([void 0], "Created");
  await move(looked, "Validating");
  const missing3 = missingConnectors(code2);
  if (missing3.length > 0) {
    await move(["Validating"], "Invalid", `the bundle lacks ${missing3.join(", ")}`);
    throw new PlanInconsistentError({
      problem: `the bundle of the pipeline "${pipeline4}" lacks connectors that its plan names`,
      received: missing3,
      allowed: Object.keys(code2.components),
      change: "synthesize and deploy the pipeline again"
    });
  }
  await move(["Validating"], "Validated");
  await move(["Validated"], "Scheduled");
}
function missingConnectors({ plan, components }) {
  const named3 = plan.nodes.filter(({ kind }) => kind !== "step").map(({ component }) => component);
  return [...new Set(named3)].filter((name3) => components[name3] === void 0);
}
var by, looked;
var init_schedule_pipeline = __esm({
  "lib/runtime/schedule-pipeline.ts"() {
    "use strict";
    init_plan_inconsistent_error();
    by = "its first run";
    looked = ["Created", "Validating", "Validated", "Invalid", "Scheduled"];
  }
});

// lib/runtime/initialize.ts
async function initialize(ports, pipeline4, input) {
  requirePlan(pipeline4.plan, input.planDigest);
  const { run, pipeline: name3, planDigest: planDigest2, trigger: trigger2, startedAt } = input;
  const parameters3 = requireParameters(pipeline4.plan, trigger2.parameters);
  const record15 = {
    run,
    pipeline: name3,
    planDigest: planDigest2,
    trigger: trigger2,
    startedAt,
    ...pipeline4.plan.parameters && { parameters: parameters3 },
    state: "Triggered",
    transitions: [{ state: "Triggered", at: ports.clock.now() }]
  };
  if (await ports.runs.create(record15) === "exists") {
    const existing = await requireSameExecution(ports, input);
    const by2 = existing.failure?.skippedFor;
    if (by2 !== void 0) return skip(ports, input, by2);
    if (existing.redrives !== void 0) await ports.runs.forgetFailedAttempts(run);
  }
  await schedulePipeline(ports, pipeline4);
  const limited2 = leaseNeeds(pipeline4.plan).length > 0;
  const admission = limited2 ? await admit(ports, pipeline4.plan, input) : void 0;
  if (admission?.outcome === "skipped") return skip(ports, input, admission.by);
  if (admission?.outcome === "waiting") return { run, admission };
  const to = { state: "Running", phase: "Initializing" };
  const from2 = [{ state: "Triggered" }, { state: "Running", phase: "Retrying" }];
  const begun = await ports.runs.change({ run, from: from2, to, at: ports.clock.now(), facts: { failure: null } });
  if (!begun) await requireRunning(ports, pipeline4, run);
  await ports.objects.createText(planKey(name3, planDigest2), JSON.stringify(pipeline4.plan));
  await announceLineage(ports, pipelineOf(pipeline4, trigger2), input);
  ports.logger.info("run initialized", { run });
  return { run, ...admission && { admission } };
}
async function requireRunning(ports, { plan }, id) {
  const { state: state2, phase } = await requireRun(ports, id);
  if (state2 === "Running" && phase !== "Compensating") return;
  await releaseLeases(ports, plan, id);
  throw new RunStateError({
    problem: `run "${id}" has ended before it began`,
    received: state2,
    allowed: "Triggered, Running",
    change: "start a new run"
  });
}
async function skip({ runs, clock, logger }, { run }, by2) {
  const failure2 = {
    error: "RunSkipped",
    code: "RUN_SKIPPED",
    message: `run ${by2} is at work, and the pipeline skips runs that overlap`,
    state: "Initialize",
    disposition: "terminal",
    kind: "permanent",
    skippedFor: by2
  };
  const at = clock.now();
  const from2 = [{ state: "Triggered" }, { state: "Running", phase: "Retrying" }];
  await runs.change({ run, from: from2, to: { state: "Cancelled" }, at, facts: { failure: failure2, endedAt: at } });
  logger.info("run skipped", { run, by: by2 });
  return { run, admission: { outcome: "skipped", by: by2 } };
}
async function requireSameExecution(ports, input) {
  const existing = await ports.runs.find(input.run);
  if (existing && isSameMoment(existing.startedAt, input.startedAt)) return existing;
  throw new RunExistsError({
    problem: `a run named "${input.run}" belongs to another execution`,
    received: `execution started at ${input.startedAt}`,
    allowed: `execution started at ${existing?.startedAt}`,
    change: "start the pipeline with another request id"
  });
}
var init_initialize = __esm({
  "lib/runtime/initialize.ts"() {
    "use strict";
    init_lease_needs();
    init_run_exists_error();
    init_run_state_error();
    init_admit();
    init_release_leases();
    init_keys2();
    init_record_lineage();
    init_pipeline_code();
    init_narrowed_plan();
    init_enter();
    init_run_parameters();
    init_same_moment();
    init_schedule_pipeline();
  }
});

// lib/runtime/events/events-of-run.ts
function eventsOfRun(record15) {
  const { run, pipeline: pipeline4, planDigest: planDigest2, transitions } = record15;
  const last = transitions.at(-1);
  const sequence = transitions.length;
  return meaningsOf(record15, last, transitions.at(-2)).map(([type, facts], index, all2) => ({
    type,
    pipeline: pipeline4,
    run,
    at: last.at,
    detail: {
      planDigest: planDigest2,
      sequence,
      ...facts,
      ...index === all2.length - 1 && { record: storedRun(record15) }
    }
  }));
}
function meaningsOf(record15, { state: state2, phase }, before2) {
  if (before2?.state === state2 && before2.phase === phase) return [["RunRepeated", { state: state2 }]];
  if (before2?.phase === "Kept" && state2 === "Failed") return [["DataReleased", {}]];
  const { trigger: trigger2, parameters: parameters3, failure: failure2, review, redrives } = record15;
  const begun = { trigger: trigger2.kind, ...parameters3 && { parameters: parameters3 } };
  const error = failure2 && { Error: failure2.error, Cause: failure2.message };
  switch (phase ?? state2) {
    case "Triggered":
      return [["PipelineTriggered", begun]];
    case "Initializing":
      return [["PipelineStarted", begun]];
    case "Retrying":
      return [["PipelineRetrying", { redrives: redrives ?? 1 }]];
    case "Executing":
      return [["DataExtracted", extracted(record15)]];
    case "Assessing":
      return assessed(record15);
    case "Undecided":
      return [["ReviewRequested", { ...scored(record15), deadline: new Date(review.deadline).toISOString() }]];
    case "Decided":
      return [["ReviewDecided", { decision: review.decision, by: review.by }]];
    case "Completing":
      return [["DataPrepared", { tables: tablesOf2(record15) }]];
    case "Compensating":
      return [["CompensationStarted", { ...error && { error } }]];
    case "Completed":
      return [
        ["DataStored", { tables: tablesOf2(record15) }],
        [
          "PipelineCompleted",
          {
            tables: tablesOf2(record15),
            ...scored(record15),
            ...error && { repaired: { state: failure2.state, error } }
          }
        ]
      ];
    case "Cancelled":
      return [["PipelineCancelled", ended2(record15)]];
    default:
      return [["PipelineFailed", ended2(record15)]];
  }
}
function extracted({ extract: extract2 }) {
  const stages = Object.values(extract2?.stages ?? {});
  const chunks = stages.reduce((sum3, stage) => sum3 + stage.chunks, 0);
  return { files: extract2?.inputFiles ?? 0, bytes: extract2?.inputBytes ?? 0, chunks };
}
function assessed({ run, pipeline: pipeline4, state: state2, assess: assess2, totals: totals2 }) {
  if (!assess2 || !totals2) return [["RunRepeated", { state: state2 }]];
  const { rowsIn, rejected, multiplied, filtered, merged: merged2 } = totals2;
  const { gate, score, report, dimensions = {} } = assess2;
  return [
    ["DataValidated", { rowsIn, rejected }],
    ["DataProcessed", { rowsIn, multiplied, filtered, merged: merged2, rejected }],
    ["QualityChecked", { gate, score, report, page: runKeys(pipeline4, run).page, dimensions, totals: { ...totals2 } }]
  ];
}
function scored({ assess: assess2 }) {
  return assess2 ? { score: assess2.score, report: assess2.report } : {};
}
function tablesOf2({ publish: publish2 }) {
  return Object.fromEntries(Object.values(publish2?.tables ?? {}).map(({ table: table4, rows: rows3 }) => [table4, rows3]));
}
function ended2({ failure: failure2 }) {
  return { state: failure2?.state ?? "", error: { Error: failure2?.error ?? "", Cause: failure2?.message ?? "" } };
}
function storedRun(record15) {
  if (!record15.review) return { ...record15 };
  const { taskToken: _, ...review } = record15.review;
  return { ...record15, review };
}
var init_events_of_run = __esm({
  "lib/runtime/events/events-of-run.ts"() {
    "use strict";
    init_keys2();
  }
});

// test/fixtures/ports/line-engine.ts
import { mkdir as mkdir3, readFile as readFile3, stat as stat2, writeFile } from "node:fs/promises";
import { dirname as dirname6, join as join21 } from "node:path";
async function processChunk(request) {
  const { plan, stage, chunk, workFolder } = request;
  const source = plan.nodes.find((node) => node.kind === "source" && node.use === "main");
  const lines2 = (await Promise.all(request.inputs.map(linesOf))).flat();
  const good = lines2.filter((line2) => /^\w+,\d+$/.test(line2));
  const kept = good.filter((line2) => !line2.endsWith(",0"));
  const rejected = lines2.filter((line2) => !good.includes(line2));
  const files = [];
  const write = async (file2, rows3) => {
    if (rows3.length === 0) return;
    const path = join21(workFolder, file2.kind, file2.of, file2.name);
    await mkdir3(dirname6(path), { recursive: true });
    await writeFile(path, rows3.join("\n"));
    files.push({ ...file2, path, rows: rows3.length, bytes: (await stat2(path)).size });
  };
  await write({ kind: "table", of: "table.orders", name: `${stage}-${chunk}.parquet` }, kept);
  await write({ kind: "rejects", of: stage, name: `${stage}-${chunk}.parquet` }, rejected);
  const steps2 = [
    count2(source.id, {
      rowsIn: lines2.length,
      rowsOut: good.length,
      rejected: rejected.length,
      rules: { form: rejected.length }
    }),
    count2("orders.1-filter", { rowsIn: good.length, rowsOut: kept.length, filtered: good.length - kept.length }),
    count2("table.orders", { rowsIn: kept.length, rowsOut: kept.length })
  ];
  const quality2 = [
    { rule: "amounts", total: kept.length, passed: kept.filter((line2) => !line2.endsWith(",666")).length }
  ];
  if (request.solo) {
    const totals2 = totalsOf(kept);
    await write({ kind: "table", of: "table.totals", name: `${stage}-${chunk}.parquet` }, totals2);
    steps2.push(...totalSteps(kept.length, totals2.length));
    quality2.push({ rule: "distinct", total: kept.length, passed: new Set(kept).size });
  } else {
    for (let partition2 = 0; partition2 < request.partitions; partition2++) {
      const rows3 = kept.filter((line2) => partitionOf(line2, request.partitions) === partition2);
      await write({ kind: "exchange", of: "x1", name: `p=${partition2}/${chunk}.parquet`, partition: partition2 }, rows3);
    }
  }
  return { steps: steps2, files, quality: quality2, milliseconds: { read: 1 } };
}
async function reduce({ inputs, stage, chunk, workFolder }) {
  const lines2 = (await Promise.all(inputs.map(linesOf))).flat();
  const totals2 = totalsOf(lines2);
  const files = [];
  if (totals2.length > 0) {
    const path = join21(workFolder, "totals.parquet");
    await writeFile(path, totals2.join("\n"));
    const { size: bytes3 } = await stat2(path);
    files.push({
      path,
      kind: "table",
      of: "table.totals",
      name: `${stage}-${chunk}.parquet`,
      rows: totals2.length,
      bytes: bytes3
    });
  }
  return { steps: totalSteps(lines2.length, totals2.length), files, quality: [], milliseconds: { read: 1 } };
}
function totalSteps(rowsIn, rowsOut) {
  return [
    count2("orders.2-aggregate", { rowsIn, rowsOut, merged: rowsIn - rowsOut }),
    count2("table.totals", { rowsIn: rowsOut, rowsOut })
  ];
}
function isReduce({ plan, stage }) {
  return plan.stages.find(({ id }) => id === stage)?.kind === "reduce";
}
async function linesOf({ path, rows: rows3 }) {
  const bytes3 = await readFile3(path);
  if (bytes3.toString("latin1", 0, 4) !== "PAR1") return bytes3.toString().split("\n").filter(Boolean);
  const groups = await lineEngine.inspectFile({ path, key: path });
  const lines2 = groups.flatMap(({ rows: held, bytes: place2 }) => {
    const text4 = bytes3.toString("utf8", place2.from, place2.to);
    return text4.startsWith("\0") ? new Array(held).fill("a hole") : text4.split("\n").slice(0, held);
  });
  return lines2.slice(rows3?.from, rows3?.to);
}
function totalsOf(lines2) {
  const totals2 = /* @__PURE__ */ new Map();
  for (const line2 of lines2) {
    const [city, amount] = line2.split(",");
    totals2.set(city, (totals2.get(city) ?? 0) + Number(amount));
  }
  return [...totals2].map(([city, amount]) => `${city},${amount}`).sort();
}
function partitionOf(line2, partitions) {
  return line2.charCodeAt(0) % partitions;
}
function count2(node, counts) {
  return { node, rowsIn: 0, multiplied: 0, rowsOut: 0, rejected: 0, filtered: 0, merged: 0, rules: {}, ...counts };
}
var lineEngine;
var init_line_engine = __esm({
  "test/fixtures/ports/line-engine.ts"() {
    "use strict";
    lineEngine = {
      executeChunk: (request) => isReduce(request) ? reduce(request) : processChunk(request),
      async captureReference({ node, inputs, workFolder }) {
        const lines2 = (await Promise.all(inputs.map(linesOf))).flat();
        const path = join21(workFolder, "reference.parquet");
        await writeFile(path, lines2.join("\n"));
        return {
          steps: [count2(node, { rowsIn: lines2.length, rowsOut: lines2.length })],
          files: [],
          quality: [],
          milliseconds: {},
          path
        };
      },
      async inspectFile({ path }) {
        const bytes3 = await readFile3(path);
        const length = bytes3.readUInt32LE(bytes3.length - 8);
        return JSON.parse(bytes3.toString("utf8", bytes3.length - 8 - length, bytes3.length - 8));
      },
      async measureQuality({ rules, files }) {
        const lines2 = (await Promise.all(files.map((path) => linesOf({ path })))).flat();
        return rules.map(({ id: rule3 }) => ({ rule: rule3, total: lines2.length, passed: new Set(lines2).size }));
      },
      async holdRows() {
        throw new TypeError("lines are not held");
      },
      async mergeFiles() {
        throw new TypeError("lines are not merged");
      },
      async sampleQuality({ rules, files, limit }) {
        const lines2 = (await Promise.all(files.map((path) => linesOf({ path })))).flat();
        return Object.fromEntries(rules.map(({ id }) => [id, lines2.slice(0, limit).map((line2) => ({ line: line2 }))]));
      }
    };
  }
});

// test/fixtures/ports/memory-arrivals.ts
function nameOf6(...parts) {
  return JSON.stringify(parts);
}
var MemoryArrivals;
var init_memory_arrivals = __esm({
  "test/fixtures/ports/memory-arrivals.ts"() {
    "use strict";
    MemoryArrivals = class {
      #decisions = /* @__PURE__ */ new Map();
      #latest = /* @__PURE__ */ new Map();
      #batches = /* @__PURE__ */ new Map();
      #closed = /* @__PURE__ */ new Map();
      #members = /* @__PURE__ */ new Map();
      #audit;
      constructor(audit) {
        this.#audit = audit;
      }
      async history({ pipeline: pipeline4, key: key2, versionId }) {
        const decision = this.#decisions.get(nameOf6(pipeline4, key2, versionId));
        const latest = this.#latest.get(nameOf6(pipeline4, key2));
        return { ...decision && { decision }, ...latest && { latest } };
      }
      async decide({ file: file2, decision, history, at, most = Infinity, until }) {
        const { pipeline: pipeline4, key: key2, versionId, size, sequencer, etag } = file2;
        const version2 = nameOf6(pipeline4, key2, versionId);
        const latest = this.#latest.get(nameOf6(pipeline4, key2));
        const superseded = decision.as === "nothing" && decision.because === "superseded";
        if (this.#decisions.has(version2) || !superseded && latest?.sequencer !== history.latest?.sequencer) return false;
        if (decision.as === "batch") {
          const { place: place2, number: number16, opens: opens2 } = decision;
          const batch = this.#batches.get(nameOf6(pipeline4, place2));
          const before2 = batch?.state === "closed" ? batch.number : batch ? void 0 : 0;
          const fits = opens2 ? before2 === number16 - 1 : batch?.number === number16 && batch.state === "open";
          if (!fits || !opens2 && batch.files >= most) return false;
          const members = this.#membersOf({ pipeline: pipeline4, place: place2, number: number16 });
          members.set(key2, file2);
          const window2 = opens2 ? until : batch.until;
          const next = { pipeline: pipeline4, place: place2, number: number16, state: "open", files: members.size };
          this.#batches.set(nameOf6(pipeline4, place2), window2 === void 0 ? next : { ...next, until: window2 });
        }
        this.#decisions.set(version2, decision);
        if (decision.as !== "nothing") {
          const content = { versionId, size, ...etag !== void 0 && { etag } };
          this.#latest.set(nameOf6(pipeline4, key2), { sequencer, ...content, decision });
          return true;
        }
        if (!superseded) this.#latest.set(nameOf6(pipeline4, key2), { ...latest, sequencer });
        const { because, by: newer2 } = decision;
        const detail = { key: key2, versionId, because, version: newer2 };
        await this.#audit.add({ at, by: "its trigger", action: "pass-over", pipeline: pipeline4, detail });
        return true;
      }
      async repeats(pipeline4, versions2) {
        return versions2.flatMap((version2) => {
          const decision = this.#decisions.get(nameOf6(pipeline4, version2.key, version2.versionId));
          return decision?.as === "nothing" && decision.because === "repeated" ? [{ ...version2, of: decision.by }] : [];
        });
      }
      async batch(pipeline4, place2) {
        return this.#batches.get(nameOf6(pipeline4, place2));
      }
      async open(pipeline4) {
        const all2 = [...this.#batches.values()].filter((one) => one.pipeline === pipeline4 && one.state === "open");
        return all2.sort((a, b) => a.place < b.place ? -1 : 1);
      }
      async close(closed) {
        const { pipeline: pipeline4, place: place2, number: number16 } = closed;
        const batch = this.#batches.get(nameOf6(pipeline4, place2));
        if (batch?.number === number16 && batch.state === "open") {
          this.#batches.set(nameOf6(pipeline4, place2), { ...batch, state: "closed" });
          this.#closed.set(nameOf6(pipeline4, place2, String(number16)), closed);
        }
        return this.closed(closed);
      }
      async closed({ pipeline: pipeline4, place: place2, number: number16 }) {
        return this.#closed.get(nameOf6(pipeline4, place2, String(number16)));
      }
      async members(batch) {
        return [...this.#membersOf(batch).values()].sort((a, b) => a.key < b.key ? -1 : 1);
      }
      #membersOf({ pipeline: pipeline4, place: place2, number: number16 }) {
        const name3 = nameOf6(pipeline4, place2, String(number16));
        const members = this.#members.get(name3) ?? /* @__PURE__ */ new Map();
        this.#members.set(name3, members);
        return members;
      }
    };
  }
});

// lib/runtime/ports/backfill-store.ts
function sharingRange(records, { id, from: from2, to }) {
  return records.find((one) => one.state === "Open" && one.id !== id && one.from < to && from2 < one.to);
}
var init_backfill_store = __esm({
  "lib/runtime/ports/backfill-store.ts"() {
    "use strict";
  }
});

// test/fixtures/ports/memory-backfills.ts
var MemoryBackfills;
var init_memory_backfills = __esm({
  "test/fixtures/ports/memory-backfills.ts"() {
    "use strict";
    init_backfill_store();
    MemoryBackfills = class {
      #records = /* @__PURE__ */ new Map();
      #slices = /* @__PURE__ */ new Map();
      async find(_, id) {
        return this.#records.get(id);
      }
      async list(pipeline4) {
        return this.#of(pipeline4);
      }
      #of(pipeline4) {
        return [...this.#records.values()].filter((one) => one.pipeline === pipeline4).sort((a, b) => b.at - a.at);
      }
      async open(record15) {
        const other = sharingRange(this.#of(record15.pipeline), record15);
        if (!other) this.#records.set(record15.id, record15);
        return other;
      }
      async close({ id }, state2) {
        const record15 = this.#records.get(id);
        if (record15?.state !== "Open") return false;
        this.#records.set(id, { ...record15, state: state2 });
        return true;
      }
      async noteSlice(id, slice) {
        const slices = this.#slices.get(id) ?? /* @__PURE__ */ new Map();
        this.#slices.set(id, slices.set(slice.slice, slice));
      }
      async slices(id) {
        return [...this.#slices.get(id)?.values() ?? []].sort((a, b) => a.slice < b.slice ? -1 : 1);
      }
    };
  }
});

// test/fixtures/ports/memory-leases.ts
var MemoryLeases;
var init_memory_leases = __esm({
  "test/fixtures/ports/memory-leases.ts"() {
    "use strict";
    MemoryLeases = class {
      #leases = /* @__PURE__ */ new Map();
      #fence = 0;
      async find(name3) {
        return structuredClone(this.#of(name3));
      }
      async take(name3, run, limit) {
        const { holders, waiting } = this.#of(name3);
        if (run in holders) return true;
        if (Object.keys(holders).length >= limit) return false;
        holders[run] = ++this.#fence;
        delete waiting[run];
        return true;
      }
      async wait(name3, run, since) {
        this.#of(name3).waiting[run] ??= since;
      }
      async release(name3, run) {
        delete this.#of(name3).holders[run];
        delete this.#of(name3).waiting[run];
      }
      async expire(name3, run, fence) {
        if (this.#of(name3).holders[run] === fence) delete this.#of(name3).holders[run];
      }
      #of(name3) {
        const lease = this.#leases.get(name3) ?? { holders: {}, waiting: {} };
        this.#leases.set(name3, lease);
        return lease;
      }
    };
  }
});

// test/fixtures/ports/memory-object-store.ts
import { randomUUID } from "node:crypto";
import { readFile as readFile4, writeFile as writeFile2 } from "node:fs/promises";
var MemoryObjectStore;
var init_memory_object_store = __esm({
  "test/fixtures/ports/memory-object-store.ts"() {
    "use strict";
    init_input_missing_error();
    MemoryObjectStore = class {
      /** When objects were stored, where it was not on the first of January 2026. */
      modifiedAt = /* @__PURE__ */ new Map();
      uri = "s3://lake";
      #versions = /* @__PURE__ */ new Map();
      #hidden = /* @__PURE__ */ new Set();
      /** Bytes handed out so far, by key. */
      bytesRead = /* @__PURE__ */ new Map();
      /** Stores a new version, as a user of the lake does; returns its id. */
      drop(key2, body, metadata) {
        const versionId = randomUUID();
        this.#versions.set(key2, [...this.#versions.get(key2) ?? [], { versionId, body: Buffer.from(body), metadata }]);
        this.#hidden.delete(key2);
        return versionId;
      }
      keys(prefix2 = "") {
        return [...this.#versions.keys()].filter((key2) => key2.startsWith(prefix2) && !this.#hidden.has(key2)).sort();
      }
      text(key2) {
        return this.#current({ key: key2 })?.body.toString();
      }
      json(key2) {
        return JSON.parse(this.text(key2) ?? "null");
      }
      async find(address) {
        const version2 = this.#current(address);
        if (!version2) return void 0;
        const { versionId, body, metadata } = version2;
        return { key: address.key, size: body.length, versionId, ...metadata && { metadata } };
      }
      async *list(prefix2) {
        for (const key2 of this.keys(prefix2))
          yield { ...await this.find({ key: key2 }), modifiedAt: this.modifiedAt.get(key2) ?? Date.UTC(2026, 0, 1) };
      }
      async download(address, path, signal) {
        signal?.throwIfAborted();
        await writeFile2(path, this.#read(address));
      }
      async readRange(address, from2, to) {
        return this.#read(address, from2, to);
      }
      async *streamRange(address, { from: from2, to }, signal) {
        signal?.throwIfAborted();
        const bytes3 = this.#read(address, from2, to);
        const half = Math.ceil(bytes3.length / 2);
        yield bytes3.subarray(0, half);
        signal?.throwIfAborted();
        yield bytes3.subarray(half);
      }
      async readText(key2) {
        return this.text(key2);
      }
      async readBytes(key2) {
        return this.#current({ key: key2 })?.body;
      }
      createText(key2, text4) {
        return this.#create(key2, Buffer.from(text4));
      }
      createBytes(key2, bytes3) {
        return this.#create(key2, bytes3);
      }
      async createFromFile(key2, path, { metadata, signal } = {}) {
        signal?.throwIfAborted();
        return this.#create(key2, await readFile4(path), metadata);
      }
      async remove(keys) {
        for (const key2 of keys) this.#hidden.add(key2);
      }
      async #create(key2, body, metadata) {
        if (this.#current({ key: key2 })) return "exists";
        this.drop(key2, body, metadata);
        return "written";
      }
      #read(address, from2, to) {
        const version2 = this.#current(address);
        if (!version2) throw new InputMissingError({ problem: "gone", received: address.key, change: "put it there" });
        const bytes3 = version2.body.subarray(from2, to);
        this.bytesRead.set(address.key, (this.bytesRead.get(address.key) ?? 0) + bytes3.length);
        return bytes3;
      }
      #current({ key: key2, versionId }) {
        const versions2 = this.#versions.get(key2) ?? [];
        if (versionId !== void 0) return versions2.find((version2) => version2.versionId === versionId);
        return this.#hidden.has(key2) ? void 0 : versions2.at(-1);
      }
    };
  }
});

// lib/runtime/missed-entry.ts
function missedEntry({ pipeline: pipeline4, schedule, at, missed }) {
  const [first4] = missed;
  if (first4 === void 0) return void 0;
  const text4 = (time2) => new Date(time2).toISOString();
  const detail = {
    because: "missed",
    expression: schedule.expression,
    times: missed.length,
    first: text4(first4),
    last: text4(missed.at(-1))
  };
  return { at, by: "its trigger", action: "pass-over", pipeline: pipeline4, detail };
}
var init_missed_entry = __esm({
  "lib/runtime/missed-entry.ts"() {
    "use strict";
  }
});

// test/fixtures/ports/memory-pipeline-store.ts
var MemoryPipelineStore;
var init_memory_pipeline_store = __esm({
  "test/fixtures/ports/memory-pipeline-store.ts"() {
    "use strict";
    init_missed_entry();
    MemoryPipelineStore = class {
      #records = /* @__PURE__ */ new Map();
      #parked = /* @__PURE__ */ new Map();
      #handled = /* @__PURE__ */ new Map();
      #audit;
      constructor(audit) {
        this.#audit = audit;
      }
      async find(pipeline4) {
        return this.#records.get(pipeline4);
      }
      /** Every state that a pipeline came to, as events are made of them. */
      told = [];
      async change({ from: from2, to: state2, ...facts }) {
        const before2 = this.#records.get(facts.pipeline);
        if (!from2.includes(before2?.state)) return false;
        const { problem: _, ...kept } = before2 ?? { transitions: [] };
        const { by: by2, at } = facts;
        const transitions = [...kept.transitions ?? [], { state: state2, by: by2, at }];
        const record15 = JSON.parse(JSON.stringify({ ...kept, ...facts, state: state2, transitions }));
        this.#records.set(facts.pipeline, record15);
        this.told.push(record15);
        return true;
      }
      async park(trigger2) {
        if (this.#records.get(trigger2.pipeline)?.state !== "Paused") return "scheduled";
        this.#parked.set(trigger2.run, trigger2);
        return "parked";
      }
      async parked(pipeline4) {
        const own = [...this.#parked.values()].filter((trigger2) => trigger2.pipeline === pipeline4);
        return own.sort((a, b) => a.run < b.run ? -1 : 1);
      }
      async handledTime(pipeline4, schedule) {
        return this.#handled.get(JSON.stringify([pipeline4, schedule.expression, schedule.zone]));
      }
      async handleTime(handled) {
        const { pipeline: pipeline4, schedule, before: before2, time: time2, run } = handled;
        const last = await this.handledTime(pipeline4, schedule);
        if (last?.time !== before2) return false;
        this.#handled.set(JSON.stringify([pipeline4, schedule.expression, schedule.zone]), { time: time2, run });
        const entry = missedEntry(handled);
        if (entry) await this.#audit.add(entry);
        return true;
      }
      async unpark({ run }) {
        this.#parked.delete(run);
      }
    };
  }
});

// test/fixtures/ports/memory-run-store.ts
function nameOf7(run, stage, chunk) {
  return [run, stage, chunk].join("\n");
}
function claimOf(pipeline4, { key: key2, versionId }) {
  return [pipeline4, key2, versionId].join("\n");
}
function copy(value2) {
  return value2 === void 0 ? value2 : JSON.parse(JSON.stringify(value2));
}
var MemoryRunStore;
var init_memory_run_store = __esm({
  "test/fixtures/ports/memory-run-store.ts"() {
    "use strict";
    MemoryRunStore = class {
      #runs = /* @__PURE__ */ new Map();
      #ledger = /* @__PURE__ */ new Map();
      #claims = /* @__PURE__ */ new Map();
      #failures = /* @__PURE__ */ new Map();
      #tell;
      /** @param tell is told of every change, as the stream of the run table is */
      constructor(tell = () => {
      }) {
        this.#tell = tell;
      }
      async create(record15) {
        if (this.#runs.has(record15.run)) return "exists";
        this.#runs.set(record15.run, copy(record15));
        this.#tell(copy(record15));
        return "created";
      }
      async find(run) {
        return copy(this.#runs.get(run));
      }
      async change({ run, from: from2, to, at, facts }) {
        const record15 = this.#runs.get(run);
        const fits = from2.some(
          ({ state: state2, phase }) => record15?.state === state2 && (phase === void 0 || record15.phase === phase)
        );
        if (!record15 || !fits) return false;
        const { phase: _, ...rest } = record15;
        const all2 = { ...rest, ...to, ...facts, transitions: [...record15.transitions, { ...to, at }] };
        const changed2 = copy(
          Object.fromEntries(Object.entries(all2).filter(([, fact]) => fact !== null))
        );
        this.#runs.set(run, changed2);
        this.#tell(copy(changed2));
        return true;
      }
      kept = /* @__PURE__ */ new Map();
      async keep(_pipeline, run, until) {
        this.kept.set(run, until);
      }
      async list({ pipeline: pipeline4, limit = 50, cursor }) {
        const all2 = [...this.#runs.values()].filter((record15) => pipeline4 === void 0 || record15.pipeline === pipeline4).sort((a, b) => `${a.startedAt}#${a.run}` < `${b.startedAt}#${b.run}` ? 1 : -1);
        const start2 = Number(cursor ?? 0);
        const more = start2 + limit < all2.length;
        return { runs: copy(all2.slice(start2, start2 + limit)), ...more && { cursor: String(start2 + limit) } };
      }
      async addLedgerRecord(record15) {
        const name3 = nameOf7(record15.run, record15.stage, record15.chunk);
        if (this.#ledger.has(name3)) return "exists";
        this.#ledger.set(name3, copy(record15));
        return "written";
      }
      async ledgerRecord(run, stage, chunk) {
        return copy(this.#ledger.get(nameOf7(run, stage, chunk)));
      }
      async ledgerRecords(run, stage) {
        const own = [...this.#ledger].filter(
          ([, record15]) => record15.run === run && (stage ?? record15.stage) === record15.stage
        );
        return copy(own.sort(([a], [b]) => a < b ? -1 : 1).map(([, record15]) => record15));
      }
      async addChunkFailure(failure2) {
        this.#failures.set(nameOf7(failure2.run, failure2.stage, failure2.chunk), copy(failure2));
      }
      async chunkFailures(run) {
        const own = [...this.#failures].filter(([, failure2]) => failure2.run === run);
        return copy(own.sort(([a], [b]) => a < b ? -1 : 1).map(([, failure2]) => failure2));
      }
      attempts = /* @__PURE__ */ new Map();
      async countFailedAttempt(run) {
        const count3 = (this.attempts.get(run) ?? 0) + 1;
        this.attempts.set(run, count3);
        return count3;
      }
      async forgetFailedAttempts(run) {
        this.attempts.delete(run);
      }
      #acknowledged = /* @__PURE__ */ new Map();
      #incidents = /* @__PURE__ */ new Map();
      async acknowledge(note) {
        const earlier = this.#acknowledged.get(note.run);
        if (!earlier) this.#acknowledged.set(note.run, note);
        return earlier;
      }
      async acknowledged(run) {
        return this.#acknowledged.get(run);
      }
      async claimIncident(pipeline4, incident, execution) {
        const name3 = nameOf7("", pipeline4, incident);
        if (!this.#incidents.has(name3)) this.#incidents.set(name3, execution);
        return this.#incidents.get(name3) === execution;
      }
      async consumed(pipeline4, run, files) {
        return files.filter((file2) => (this.#claims.get(claimOf(pipeline4, file2)) ?? run) !== run);
      }
      async claim(pipeline4, run, files) {
        const record15 = this.#runs.get(run);
        if (record15?.state !== "Running" || record15.phase !== "Completing") return "refused";
        for (const name3 of files.map((file2) => claimOf(pipeline4, file2))) {
          if ((this.#claims.get(name3) ?? run) !== run) return "taken";
          this.#claims.set(name3, run);
        }
        return "claimed";
      }
      async claims(pipeline4, key2) {
        const prefix2 = claimOf(pipeline4, { key: key2, versionId: "" });
        const own = [...this.#claims].filter(([name3]) => name3.startsWith(prefix2));
        return own.map(([name3, run]) => ({ run, key: key2, versionId: name3.slice(prefix2.length) }));
      }
      async release(pipeline4, run, file2) {
        const name3 = claimOf(pipeline4, file2);
        if (this.#claims.get(name3) === run) this.#claims.delete(name3);
      }
      /** Takes a ledger entry away, or puts another in its place: what must never happen. */
      tamper(run, stage, chunk, change2) {
        const name3 = nameOf7(run, stage, chunk);
        const changed2 = change2(this.#ledger.get(name3));
        if (changed2) this.#ledger.set(name3, changed2);
        else this.#ledger.delete(name3);
      }
    };
  }
});

// test/fixtures/ports/memory-secrets.ts
var MemorySecrets;
var init_memory_secrets = __esm({
  "test/fixtures/ports/memory-secrets.ts"() {
    "use strict";
    init_secret_unusable_error();
    MemorySecrets = class {
      values = {};
      #named = [];
      async current(name3) {
        const value2 = await this.read(name3);
        if (!this.#named.includes(value2)) this.#named.push(value2);
        return `version-${this.#named.indexOf(value2)}`;
      }
      async read(name3, version2) {
        const value2 = version2 === void 0 ? this.values[name3] : this.#named[Number(version2.slice("version-".length))];
        if (value2 !== void 0) return value2;
        throw new SecretUnusableError({ problem: `there is no secret "${name3}"`, received: name3, change: "create it" });
      }
    };
  }
});

// test/fixtures/ports/memory-table-catalog.ts
var MemoryTableCatalog;
var init_memory_table_catalog = __esm({
  "test/fixtures/ports/memory-table-catalog.ts"() {
    "use strict";
    MemoryTableCatalog = class {
      #runs;
      #pointers = /* @__PURE__ */ new Map();
      #commits = /* @__PURE__ */ new Map();
      constructor(runs) {
        this.#runs = runs;
      }
      async pointer(table4) {
        return this.#pointers.get(table4) ?? { table: table4, version: 0, rows: 0, bytes: 0, files: 0 };
      }
      async commitOf(table4, run) {
        return this.#commits.get(`${table4}
${run}`);
      }
      async begun(table4, run) {
        return this.#commits.has(`${table4}
${run}`);
      }
      async commit(next) {
        const record15 = await this.#runs.find(next.run);
        if (this.#commits.has(`${next.table}
${next.run}`)) return "already";
        if (record15?.state !== "Running" || record15.phase !== "Completing") return "refused";
        if ((this.#pointers.get(next.table)?.version ?? 0) !== next.version - 1) return "conflict";
        this.#pointers.set(next.table, next);
        this.#commits.set(`${next.table}
${next.run}`, next);
        return "committed";
      }
      async compact(next) {
        if ((this.#pointers.get(next.table)?.version ?? 0) !== next.version - 1) return "conflict";
        this.#pointers.set(next.table, next);
        return "committed";
      }
      async tables() {
        return [...this.#pointers.values()].sort((a, b) => a.table < b.table ? -1 : 1);
      }
    };
  }
});

// test/fixtures/ports/recorders.ts
var RecordingBus, RecordingAudit, RecordingTasks, RecordingExecutions, RecordingMeter, RecordingLogger, RecordingTriggerQueue;
var init_recorders = __esm({
  "test/fixtures/ports/recorders.ts"() {
    "use strict";
    RecordingBus = class {
      events = [];
      async publish(event3) {
        this.events.push(event3);
      }
    };
    RecordingAudit = class {
      entries = [];
      async add(entry) {
        this.entries.push(entry);
      }
      async list({ pipeline: pipeline4, action, since = 0, limit = 50 }) {
        return this.entries.filter((entry) => entry.at >= since && (pipeline4 ?? entry.pipeline) === entry.pipeline).filter((entry) => (action ?? entry.action) === entry.action).toSorted((a, b) => b.at - a.at).slice(0, limit);
      }
    };
    RecordingTasks = class {
      succeeded = /* @__PURE__ */ new Map();
      failed = /* @__PURE__ */ new Map();
      ended = /* @__PURE__ */ new Set();
      heartbeats = 0;
      async heartbeat(taskToken) {
        this.heartbeats++;
        return this.#answer(taskToken);
      }
      async succeed(taskToken, output) {
        if (this.#answer(taskToken) === "gone") return "gone";
        this.succeeded.set(taskToken, output);
        this.ended.add(taskToken);
        return "accepted";
      }
      async fail(taskToken, failure2) {
        if (this.#answer(taskToken) === "gone") return "gone";
        this.failed.set(taskToken, failure2);
        this.ended.add(taskToken);
        return "accepted";
      }
      #answer(taskToken) {
        return this.ended.has(taskToken) ? "gone" : "accepted";
      }
    };
    RecordingExecutions = class {
      started = /* @__PURE__ */ new Map();
      stopped = /* @__PURE__ */ new Map();
      async start({ stateMachineArn, name: name3, input }) {
        if (this.started.has(name3)) return "exists";
        this.started.set(name3, { stateMachineArn, input });
        return "started";
      }
      /** Digests of the plans that are deployed, by ARN of their machines. */
      deployed = /* @__PURE__ */ new Map();
      async planOf(stateMachineArn) {
        return this.deployed.get(stateMachineArn);
      }
      redriven = [];
      async attempts({ name: name3 }) {
        return 1 + this.redriven.filter((one) => one === name3).length;
      }
      async redrive({ name: name3 }) {
        this.redriven.push(name3);
        return "redriven";
      }
      async stop({ name: name3, error, cause }) {
        if (this.stopped.has(name3)) return "ended";
        this.stopped.set(name3, { error, cause });
        return "stopped";
      }
    };
    RecordingMeter = class {
      values = [];
      count(name3, value2) {
        this.values.push([name3, value2]);
      }
      milliseconds(name3, value2) {
        this.values.push([name3, value2]);
      }
      bytes(name3, value2) {
        this.values.push([name3, value2]);
      }
    };
    RecordingLogger = class _RecordingLogger {
      lines;
      #fields;
      constructor(lines2 = [], fields2 = {}) {
        this.lines = lines2;
        this.#fields = fields2;
      }
      info(text4, fields2) {
        this.#write("info", text4, fields2);
      }
      warn(text4, fields2) {
        this.#write("warn", text4, fields2);
      }
      error(text4, fields2) {
        this.#write("error", text4, fields2);
      }
      with(fields2) {
        return new _RecordingLogger(this.lines, { ...this.#fields, ...fields2 });
      }
      #write(level2, text4, fields2 = {}) {
        this.lines.push({ ...this.#fields, ...fields2, level: level2, text: text4 });
      }
    };
    RecordingTriggerQueue = class {
      later = [];
      async sendLater(body, seconds) {
        this.later.push({ body, seconds });
      }
    };
  }
});

// test/fixtures/ports/memory-ports.ts
function memoryPorts() {
  let time2 = Date.UTC(2026, 0, 1);
  const clock = {
    now: () => time2++,
    after: () => ({ cancel() {
    } }),
    sleep: async (milliseconds2) => {
      time2 += milliseconds2;
    }
  };
  const bus = new RecordingBus();
  const audit = new RecordingAudit();
  const runs = new MemoryRunStore((record15) => bus.events.push(...eventsOfRun(record15)));
  return {
    objects: new MemoryObjectStore(),
    runs,
    leases: new MemoryLeases(),
    tables: new MemoryTableCatalog(runs),
    bus,
    tasks: new RecordingTasks(),
    executions: new RecordingExecutions(),
    audit,
    backfills: new MemoryBackfills(),
    pipelines: new MemoryPipelineStore(audit),
    arrivals: new MemoryArrivals(audit),
    triggerQueue: new RecordingTriggerQueue(),
    engine: lineEngine,
    secrets: new MemorySecrets(),
    machine: { memoryMegabytes: 1024, threads: 1 },
    clock,
    logger: new RecordingLogger(),
    meter: new RecordingMeter()
  };
}
var init_memory_ports = __esm({
  "test/fixtures/ports/memory-ports.ts"() {
    "use strict";
    init_events_of_run();
    init_line_engine();
    init_memory_arrivals();
    init_memory_backfills();
    init_memory_leases();
    init_memory_object_store();
    init_memory_pipeline_store();
    init_memory_run_store();
    init_memory_secrets();
    init_memory_table_catalog();
    init_recorders();
  }
});

// lib/core/errors/commit-conflict-error.ts
var CommitConflictError;
var init_commit_conflict_error = __esm({
  "lib/core/errors/commit-conflict-error.ts"() {
    "use strict";
    init_retryable_error();
    CommitConflictError = class extends RetryableError {
      name = "CommitConflictError";
      code = "COMMIT_CONFLICT";
    };
  }
});

// lib/core/errors/input-consumed-error.ts
var InputConsumedError;
var init_input_consumed_error = __esm({
  "lib/core/errors/input-consumed-error.ts"() {
    "use strict";
    init_terminal_error();
    InputConsumedError = class extends TerminalError {
      name = "InputConsumedError";
      code = "INPUT_CONSUMED";
    };
  }
});

// lib/core/errors/backfill-refused-error.ts
var BackfillRefusedError;
var init_backfill_refused_error = __esm({
  "lib/core/errors/backfill-refused-error.ts"() {
    "use strict";
    init_terminal_error();
    BackfillRefusedError = class extends TerminalError {
      name = "BackfillRefusedError";
      code = "BACKFILL_REFUSED";
    };
  }
});

// lib/runtime/run-id.ts
function runId(pipeline4, planDigest2, trigger2) {
  const identity = sha256(canonicalJson({ ...identityOf(trigger2), attempt: trigger2.attempt })).slice(0, 16);
  return `${pipeline4.slice(0, longestPipelineName)}-${planDigest2.slice(0, 8)}-${identity}`;
}
function identityOf(trigger2) {
  switch (trigger2.kind) {
    case "file":
      return { kind: trigger2.kind, bucket: trigger2.bucket, key: trigger2.key, versionId: trigger2.versionId };
    case "batch":
      return { kind: trigger2.kind, place: trigger2.place, number: trigger2.number };
    case "folder":
      return { kind: trigger2.kind, key: trigger2.key, versionId: trigger2.versionId };
    case "schedule":
      return { kind: trigger2.kind, time: trigger2.time };
    case "pipeline":
      return { kind: trigger2.kind, run: trigger2.run };
    case "event":
      return { kind: trigger2.kind, id: trigger2.id };
    case "manual":
      return { kind: trigger2.kind, requestId: trigger2.requestId };
    case "backfill":
      return { kind: trigger2.kind, of: trigger2.of, slice: trigger2.slice };
    case "replay":
      return trigger2;
  }
}
var longestPipelineName;
var init_run_id = __esm({
  "lib/runtime/run-id.ts"() {
    "use strict";
    init_canonical_json();
    init_sha256();
    longestPipelineName = 80 - 1 - 8 - 1 - 16;
  }
});

// lib/core/errors/message-malformed-error.ts
var MessageMalformedError;
var init_message_malformed_error = __esm({
  "lib/core/errors/message-malformed-error.ts"() {
    "use strict";
    init_terminal_error();
    MessageMalformedError = class extends TerminalError {
      static kind = "data";
      name = "MessageMalformedError";
      code = "MESSAGE_MALFORMED";
    };
  }
});

// lib/core/trigger-kinds.ts
var triggerKinds2;
var init_trigger_kinds2 = __esm({
  "lib/core/trigger-kinds.ts"() {
    "use strict";
    triggerKinds2 = [
      "file",
      "batch",
      "folder",
      "schedule",
      "pipeline",
      "event",
      "manual",
      "backfill",
      "replay"
    ];
  }
});

// lib/runtime/shape-check.ts
function malformed(path, received, allowed) {
  return new MessageMalformedError({
    problem: `${path} does not have the agreed form`,
    received,
    allowed,
    change: "send it as lib/runtime/messages.ts declares it"
  });
}
function typeOf4(value2) {
  if (value2 === void 0) return "nothing";
  if (value2 === null) return "null";
  if (value2 === "") return "empty text";
  return Array.isArray(value2) ? "a list" : `a value of type ${typeof value2}`;
}
var ShapeCheck;
var init_shape_check = __esm({
  "lib/runtime/shape-check.ts"() {
    "use strict";
    init_message_malformed_error();
    ShapeCheck = class _ShapeCheck {
      #value;
      #path;
      constructor(value2, path) {
        if (value2 === null || typeof value2 !== "object" || Array.isArray(value2)) {
          throw malformed(path, typeOf4(value2), "an object");
        }
        this.#value = value2;
        this.#path = path;
      }
      text(name3) {
        const value2 = this.#value[name3];
        if (typeof value2 !== "string" || value2 === "")
          throw malformed(this.#at(name3), typeOf4(value2), "text that is not empty");
        return value2;
      }
      /** A whole number from 0 up. */
      count(name3) {
        const value2 = this.#value[name3];
        if (!Number.isSafeInteger(value2) || value2 < 0) {
          throw malformed(
            this.#at(name3),
            typeof value2 === "number" ? String(value2) : typeOf4(value2),
            "a whole number from 0 up"
          );
        }
        return value2;
      }
      flag(name3) {
        const value2 = this.#value[name3];
        if (typeof value2 !== "boolean") throw malformed(this.#at(name3), typeOf4(value2), "true or false");
        return value2;
      }
      oneOf(name3, allowed) {
        const value2 = this.text(name3);
        const found = allowed.find((candidate) => candidate === value2);
        if (found === void 0) throw malformed(this.#at(name3), value2, allowed.join(", "));
        return found;
      }
      object(name3) {
        return new _ShapeCheck(this.#value[name3], this.#at(name3));
      }
      list(name3) {
        const value2 = this.#value[name3];
        if (!Array.isArray(value2)) throw malformed(this.#at(name3), typeOf4(value2), "a list");
        return value2.map((item, index) => new _ShapeCheck(item, `${this.#at(name3)}[${index}]`));
      }
      texts(name3) {
        const value2 = this.#value[name3];
        if (Array.isArray(value2) && value2.every((item) => typeof item === "string")) return value2;
        throw malformed(this.#at(name3), typeOf4(value2), "a list of texts");
      }
      /** Texts by names of any kind. */
      textsByName(name3) {
        const inner2 = this.object(name3);
        return Object.fromEntries(Object.keys(inner2.#value).map((key2) => [key2, inner2.text(key2)]));
      }
      /** The same, where null stands for no text. */
      textsOrNullByName(name3) {
        const inner2 = this.object(name3);
        return Object.fromEntries(
          Object.entries(inner2.#value).map(([key2, value2]) => [key2, value2 === null ? null : inner2.text(key2)])
        );
      }
      has(name3) {
        return this.#value[name3] !== void 0;
      }
      /** Refuses members that are not among `names`. */
      only(...names4) {
        const unknown3 = Object.keys(this.#value).find((name3) => !names4.includes(name3));
        if (unknown3 !== void 0) throw malformed(this.#path, `the member "${unknown3}"`, names4.join(", "));
      }
      #at(name3) {
        return `${this.#path}.${name3}`;
      }
    };
  }
});

// lib/runtime/parse-message.ts
function parseChunkMessage(body) {
  const message = new ShapeCheck(parseJson(body, "chunk message"), "chunk message");
  return {
    pipeline: message.text("pipeline"),
    planDigest: message.text("planDigest"),
    run: message.text("run"),
    startedAt: message.text("startedAt"),
    trigger: trigger(message.object("trigger")),
    taskToken: message.text("taskToken"),
    item: chunkItem(message.object("item"))
  };
}
function trigger(value2) {
  const kind = value2.oneOf("kind", triggerKinds2);
  if (kind === "replay") return replay(value2);
  const common = { ...parameters2(value2), ...value2.has("attempt") && { attempt: value2.count("attempt") } };
  if (kind === "schedule") {
    value2.only("kind", "time", "attempt", "parameters");
    return { kind, time: value2.text("time"), ...common };
  }
  if (kind === "pipeline") {
    value2.only("kind", "run", "attempt", "parameters");
    return { kind, run: value2.text("run"), ...common };
  }
  if (kind === "event") {
    value2.only("kind", "id", "attempt", "parameters");
    return { kind, id: value2.text("id"), ...common };
  }
  if (kind === "manual") {
    value2.only("kind", "requestId", "attempt", "parameters");
    return { kind, requestId: value2.text("requestId"), ...common };
  }
  if (kind === "backfill") {
    value2.only("kind", "of", "slice", "tables", "attempt", "parameters");
    return { kind, of: value2.text("of"), slice: value2.text("slice"), tables: value2.texts("tables"), ...common };
  }
  if (kind === "batch") {
    value2.only("kind", "place", "number", "attempt", "parameters");
    return { kind, place: value2.text("place"), number: value2.count("number"), ...common };
  }
  if (kind === "folder") {
    value2.only("kind", "folder", "key", "versionId", "attempt", "parameters");
    return {
      kind,
      folder: value2.text("folder"),
      key: value2.text("key"),
      versionId: value2.text("versionId"),
      ...common
    };
  }
  value2.only("kind", "bucket", "key", "versionId", "size", "sequencer", "etag", "attempt", "parameters");
  return {
    kind,
    bucket: value2.text("bucket"),
    key: value2.text("key"),
    versionId: value2.text("versionId"),
    size: value2.count("size"),
    sequencer: value2.text("sequencer"),
    ...value2.has("etag") && { etag: value2.text("etag") },
    ...common
  };
}
function parameters2(value2) {
  return value2.has("parameters") ? { parameters: value2.textsOrNullByName("parameters") } : {};
}
function replay(value2) {
  value2.only("kind", "of", "tables", "number", "attempt", "inputs", "whole", "parameters");
  return {
    kind: "replay",
    of: value2.text("of"),
    tables: value2.texts("tables"),
    number: value2.count("number"),
    attempt: value2.count("attempt"),
    inputs: value2.list("inputs").map((input) => ({
      source: input.text("source"),
      key: input.text("key"),
      size: input.count("size"),
      rows: input.count("rows")
    })),
    ...value2.has("whole") && value2.flag("whole") && { whole: true },
    ...parameters2(value2)
  };
}
function chunkItem(value2) {
  return {
    stage: value2.text("stage"),
    chunk: value2.text("chunk"),
    solo: value2.flag("solo"),
    partitions: value2.count("partitions"),
    ...value2.has("inputs") && { inputs: value2.list("inputs").map(chunkInput) },
    ...value2.has("instead") && { instead: value2.texts("instead") },
    ...value2.has("partition") && { partition: value2.count("partition") },
    ...value2.has("secrets") && { secrets: value2.textsByName("secrets") },
    ...value2.has("cursors") && { cursors: value2.textsByName("cursors") }
  };
}
function chunkInput(value2) {
  const rows3 = value2.has("rows") ? value2.object("rows") : void 0;
  const part = value2.has("part") ? value2.object("part") : void 0;
  return {
    source: value2.text("source"),
    key: value2.text("key"),
    size: value2.count("size"),
    file: value2.count("file"),
    ...value2.has("versionId") && { versionId: value2.text("versionId") },
    ...value2.has("rejects") && value2.flag("rejects") && { rejects: true },
    ...rows3 && { rows: { from: rows3.count("from"), to: rows3.count("to") } },
    ...part && {
      part: {
        from: part.count("from"),
        to: part.count("to"),
        header: part.count("header"),
        recordsBefore: part.count("recordsBefore"),
        ...part.has("end") && { end: part.text("end") }
      }
    }
  };
}
function parseJson(body, what) {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new MessageMalformedError({
      problem: `a ${what} is not JSON`,
      received: `${body.length} characters`,
      change: "send it as lib/runtime/messages.ts declares it",
      cause
    });
  }
}
var init_parse_message = __esm({
  "lib/runtime/parse-message.ts"() {
    "use strict";
    init_message_malformed_error();
    init_trigger_kinds2();
    init_shape_check();
  }
});

// lib/core/errors/chunk-interrupted-error.ts
var ChunkInterruptedError;
var init_chunk_interrupted_error = __esm({
  "lib/core/errors/chunk-interrupted-error.ts"() {
    "use strict";
    init_retryable_error();
    ChunkInterruptedError = class extends RetryableError {
      name = "ChunkInterruptedError";
      code = "CHUNK_INTERRUPTED";
    };
  }
});

// lib/runtime/worker/heartbeat.ts
async function withHeartbeat(ports, taskToken, work5) {
  const controller = new AbortController();
  let over = false;
  const beat = async () => {
    try {
      if (await ports.tasks.heartbeat(taskToken) === "gone" && !over) controller.abort(interrupted());
    } catch (error) {
      ports.logger.warn("heartbeat failed", { error: failureOf(error).error });
    }
    if (!over && !controller.signal.aborted) timer = ports.clock.after(interval, beat);
  };
  let timer = ports.clock.after(interval, beat);
  try {
    return await work5(controller.signal);
  } finally {
    over = true;
    timer.cancel();
  }
}
function interrupted() {
  return new ChunkInterruptedError({
    problem: "the state machine waits for this chunk no longer",
    change: "nothing: another attempt is on its way or the run has ended"
  });
}
var interval;
var init_heartbeat = __esm({
  "lib/runtime/worker/heartbeat.ts"() {
    "use strict";
    init_durations();
    init_chunk_interrupted_error();
    init_failure();
    interval = 15 * second;
  }
});

// lib/core/errors/retry-budget-spent-error.ts
var RetryBudgetSpentError;
var init_retry_budget_spent_error = __esm({
  "lib/core/errors/retry-budget-spent-error.ts"() {
    "use strict";
    init_retryable_error();
    RetryBudgetSpentError = class extends RetryableError {
      static manner = "redrive";
      name = "RetryBudgetSpentError";
      code = "RETRY_BUDGET_SPENT";
    };
  }
});

// lib/core/errors/access-refused-error.ts
var AccessRefusedError;
var init_access_refused_error = __esm({
  "lib/core/errors/access-refused-error.ts"() {
    "use strict";
    init_terminal_error();
    AccessRefusedError = class extends TerminalError {
      static kind = "authorisation";
      name = "AccessRefusedError";
      code = "ACCESS_REFUSED";
    };
  }
});

// lib/core/errors/circuit-open-error.ts
var CircuitOpenError;
var init_circuit_open_error = __esm({
  "lib/core/errors/circuit-open-error.ts"() {
    "use strict";
    init_delayed_error();
    CircuitOpenError = class extends DelayedError {
      name = "CircuitOpenError";
      code = "CIRCUIT_OPEN";
    };
  }
});

// lib/core/errors/circuit-state-error.ts
var CircuitStateError;
var init_circuit_state_error = __esm({
  "lib/core/errors/circuit-state-error.ts"() {
    "use strict";
    init_terminal_error();
    CircuitStateError = class extends TerminalError {
      name = "CircuitStateError";
      code = "CIRCUIT_STATE";
    };
  }
});

// lib/core/errors/cursor-refused-error.ts
var CursorRefusedError;
var init_cursor_refused_error = __esm({
  "lib/core/errors/cursor-refused-error.ts"() {
    "use strict";
    init_terminal_error();
    CursorRefusedError = class extends TerminalError {
      name = "CursorRefusedError";
      code = "CURSOR_REFUSED";
    };
  }
});

// lib/core/errors/environment-incomplete-error.ts
var EnvironmentIncompleteError;
var init_environment_incomplete_error = __esm({
  "lib/core/errors/environment-incomplete-error.ts"() {
    "use strict";
    init_terminal_error();
    EnvironmentIncompleteError = class extends TerminalError {
      static kind = "configuration";
      name = "EnvironmentIncompleteError";
      code = "ENVIRONMENT_INCOMPLETE";
    };
  }
});

// lib/core/errors/not-supported-error.ts
var NotSupportedError;
var init_not_supported_error = __esm({
  "lib/core/errors/not-supported-error.ts"() {
    "use strict";
    init_terminal_error();
    NotSupportedError = class extends TerminalError {
      static kind = "configuration";
      name = "NotSupportedError";
      code = "NOT_SUPPORTED";
    };
  }
});

// lib/core/errors/pipeline-state-error.ts
var PipelineStateError;
var init_pipeline_state_error = __esm({
  "lib/core/errors/pipeline-state-error.ts"() {
    "use strict";
    init_terminal_error();
    PipelineStateError = class extends TerminalError {
      name = "PipelineStateError";
      code = "PIPELINE_STATE";
    };
  }
});

// lib/core/errors/resource-missing-error.ts
var ResourceMissingError;
var init_resource_missing_error = __esm({
  "lib/core/errors/resource-missing-error.ts"() {
    "use strict";
    init_terminal_error();
    ResourceMissingError = class extends TerminalError {
      static kind = "not-found";
      name = "ResourceMissingError";
      code = "RESOURCE_MISSING";
    };
  }
});

// lib/core/errors/review-rejected-error.ts
var ReviewRejectedError;
var init_review_rejected_error = __esm({
  "lib/core/errors/review-rejected-error.ts"() {
    "use strict";
    init_terminal_error();
    ReviewRejectedError = class extends TerminalError {
      static kind = "data";
      name = "ReviewRejectedError";
      code = "REVIEW_REJECTED";
    };
  }
});

// lib/core/errors/run-cancelled-error.ts
var RunCancelledError;
var init_run_cancelled_error = __esm({
  "lib/core/errors/run-cancelled-error.ts"() {
    "use strict";
    init_terminal_error();
    RunCancelledError = class extends TerminalError {
      name = "RunCancelledError";
      code = "RUN_CANCELLED";
    };
  }
});

// lib/core/errors/service-delayed-error.ts
var ServiceDelayedError;
var init_service_delayed_error = __esm({
  "lib/core/errors/service-delayed-error.ts"() {
    "use strict";
    init_delayed_error();
    ServiceDelayedError = class extends DelayedError {
      name = "ServiceDelayedError";
      code = "SERVICE_DELAYED";
    };
  }
});

// lib/core/errors/service-request-error.ts
var ServiceRequestError;
var init_service_request_error = __esm({
  "lib/core/errors/service-request-error.ts"() {
    "use strict";
    init_terminal_error();
    ServiceRequestError = class extends TerminalError {
      name = "ServiceRequestError";
      code = "SERVICE_REQUEST";
    };
  }
});

// lib/core/errors/service-throttled-error.ts
var ServiceThrottledError;
var init_service_throttled_error = __esm({
  "lib/core/errors/service-throttled-error.ts"() {
    "use strict";
    init_retryable_error();
    ServiceThrottledError = class extends RetryableError {
      static kind = "throttled";
      name = "ServiceThrottledError";
      code = "SERVICE_THROTTLED";
    };
  }
});

// lib/core/errors/write-conflict-error.ts
var WriteConflictError;
var init_write_conflict_error = __esm({
  "lib/core/errors/write-conflict-error.ts"() {
    "use strict";
    init_retryable_error();
    WriteConflictError = class extends RetryableError {
      name = "WriteConflictError";
      code = "WRITE_CONFLICT";
    };
  }
});

// lib/core/errors/catalogue.ts
function errorNamesOf(kind) {
  return Object.entries(errorCatalogue).filter(([, error]) => error.kind === kind).map(([name3]) => name3);
}
function errorNamesToRetry(kind, manner) {
  return errorNamesOf(kind).filter((name3) => mannerOf(name3) === manner);
}
function mannerOf(name3) {
  const error = errorCatalogue[name3];
  return error.prototype instanceof RetryableError ? error.manner : void 0;
}
var errorCatalogue;
var init_catalogue = __esm({
  "lib/core/errors/catalogue.ts"() {
    "use strict";
    init_access_refused_error();
    init_backfill_refused_error();
    init_chunk_differs_error();
    init_chunk_interrupted_error();
    init_circuit_open_error();
    init_circuit_state_error();
    init_commit_conflict_error();
    init_critical_reject_error();
    init_cursor_moved_error();
    init_cursor_refused_error();
    init_environment_incomplete_error();
    init_input_changed_error();
    init_input_consumed_error();
    init_input_missing_error();
    init_ledger_imbalance_error();
    init_message_malformed_error();
    init_not_supported_error();
    init_parameter_invalid_error();
    init_pipeline_state_error();
    init_plan_changed_error();
    init_plan_inconsistent_error();
    init_reject_budget_exceeded_error();
    init_replay_impossible_error();
    init_resource_missing_error();
    init_retry_budget_spent_error();
    init_retryable_error();
    init_review_rejected_error();
    init_run_cancelled_error();
    init_run_exists_error();
    init_run_missing_error();
    init_run_state_error();
    init_secret_unusable_error();
    init_service_delayed_error();
    init_service_request_error();
    init_service_throttled_error();
    init_service_unavailable_error();
    init_write_conflict_error();
    errorCatalogue = {
      AccessRefusedError,
      BackfillRefusedError,
      ChunkDiffersError,
      ChunkInterruptedError,
      CircuitOpenError,
      CircuitStateError,
      CommitConflictError,
      CriticalRejectError,
      CursorMovedError,
      CursorRefusedError,
      EnvironmentIncompleteError,
      InputChangedError,
      InputConsumedError,
      InputMissingError,
      LedgerImbalanceError,
      MessageMalformedError,
      NotSupportedError,
      ParameterInvalidError,
      PipelineStateError,
      PlanChangedError,
      PlanInconsistentError,
      RejectBudgetExceededError,
      ReplayImpossibleError,
      ResourceMissingError,
      RetryBudgetSpentError,
      ReviewRejectedError,
      RunCancelledError,
      RunExistsError,
      RunMissingError,
      RunStateError,
      SecretUnusableError,
      ServiceDelayedError,
      ServiceRequestError,
      ServiceThrottledError,
      ServiceUnavailableError,
      WriteConflictError
    };
  }
});

// lib/core/retryable-errors.ts
function runRetryBudget(chunks) {
  return Math.max(100, Math.ceil(chunks / 5));
}
var delayedErrorNames;
var init_retryable_errors = __esm({
  "lib/core/retryable-errors.ts"() {
    "use strict";
    init_catalogue();
    delayedErrorNames = errorNamesToRetry("throttled", "delay");
  }
});

// lib/runtime/worker/retry-budget.ts
async function withinBudget({ runs, clock, logger }, { run, item }, error) {
  if (!(error instanceof PenstockError) || !isTriedAgain(error)) return error;
  try {
    const failed = await runs.countFailedAttempt(run, clock.now());
    if (failed <= runRetryBudget(0)) return error;
    const { extract: extract2 } = await runs.find(run) ?? {};
    const budget = runRetryBudget(extract2?.stages[item.stage]?.chunks ?? 0);
    if (failed <= budget) return error;
    return new RetryBudgetSpentError({
      problem: `${failed} attempts at chunks of this run have failed, and it is left alone; the last one: ${error.problem}`,
      received: error.name,
      allowed: `${budget} failed attempts`,
      change: "see what failed with `npx penstock run show`; redrive the run when that is mended",
      cause: error
    });
  } catch (failure2) {
    logger.warn("failed attempts could not be counted", failureFields(failure2));
    return error;
  }
}
function isTriedAgain(error) {
  return error instanceof RetryableError && error.constructor.manner === "back-off";
}
var init_retry_budget = __esm({
  "lib/runtime/worker/retry-budget.ts"() {
    "use strict";
    init_penstock_error();
    init_retry_budget_spent_error();
    init_retryable_error();
    init_retryable_errors();
    init_failure();
  }
});

// lib/runtime/worker/range-bounds.ts
function rangeBounds(pieces2, partitions) {
  const inOrder2 = pieces2.map(({ rows: rows3, range }) => ({ rows: rows3, from: range?.from ?? "" })).sort(byStart);
  const total = inOrder2.reduce((sum3, { rows: rows3 }) => sum3 + rows3, 0);
  const bounds = [];
  let before2 = 0;
  for (const { rows: rows3, from: from2 } of inOrder2) {
    while (bounds.length < partitions - 1 && before2 >= total * (bounds.length + 1) / partitions) bounds.push(from2);
    before2 += rows3;
  }
  const last = bounds.at(-1) ?? "";
  return Array.from({ length: partitions }, (_, index) => {
    const from2 = index === 0 ? void 0 : bounds[index - 1] ?? last;
    const to = index < bounds.length ? bounds[index] : index === bounds.length ? void 0 : last;
    return { ...from2 !== void 0 && { from: from2 }, ...to !== void 0 && { to } };
  });
}
function overlaps({ range = {} }, { from: from2, to }) {
  if (from2 !== void 0 && from2 === to) return false;
  return (to === void 0 || (range.from ?? "") < to) && (from2 === void 0 || range.to === void 0 || range.to > from2);
}
function byStart(a, b) {
  return a.from < b.from ? -1 : a.from > b.from ? 1 : 0;
}
var init_range_bounds = __esm({
  "lib/runtime/worker/range-bounds.ts"() {
    "use strict";
  }
});

// lib/runtime/worker/share-hot-keys.ts
function shareHotKeys(inputs, partitions) {
  const shares = Array.from({ length: partitions }, () => []);
  const loads = Array.from({ length: partitions }, () => 0);
  const byPartition = inputs.map(({ files }) => Map.groupBy(files, ({ partition: partition2 = 0 }) => partition2));
  const all2 = inputs.flatMap(({ files }) => files);
  const most = bytesOf(all2) / partitions * heavy;
  const give = (to, files, copy2) => {
    shares[to].push(...files.map((file2) => ({ file: file2, ...copy2 && { copy: copy2 } })));
    loads[to] += bytesOf(files);
  };
  const moving = [];
  for (let home = 0; home < partitions; home++) {
    const own = byPartition.map((files2) => files2.get(home) ?? []);
    const hot = own.map((files2, input) => inputs[input].parts ? files2.filter((file2) => file2.hot) : []);
    const parted = bytesOf(hot[0]) >= bytesOf(hot[1]) ? 0 : 1;
    const files = bytesOf(own.flat()) > most ? hot[parted] : [];
    if (files.length > 0) moving.push({ files, other: own[1 - parted], home });
    give(
      home,
      own.flat().filter((file2) => !files.includes(file2))
    );
  }
  for (const { files, other, home } of moving) {
    const helpers = /* @__PURE__ */ new Set([home]);
    const copied = bytesOf(other);
    for (const file2 of [...files].sort((a, b) => b.bytes - a.bytes)) {
      const load = (chunk) => loads[chunk] + (helpers.has(chunk) ? 0 : copied);
      let to = home;
      for (let chunk = 0; chunk < partitions; chunk++) if (load(chunk) < load(to)) to = chunk;
      if (!helpers.has(to)) give(to, other, true);
      helpers.add(to);
      give(to, [file2]);
    }
  }
  return shares;
}
function bytesOf(files) {
  return files.reduce((sum3, { bytes: bytes3 }) => sum3 + bytes3, 0);
}
var heavy;
var init_share_hot_keys = __esm({
  "lib/runtime/worker/share-hot-keys.ts"() {
    "use strict";
    heavy = 1.25;
  }
});

// lib/runtime/worker/arriving-files.ts
function arrivingFiles(exchanges, handedOn, { partition: partition2, partitions }) {
  const filesOf4 = ({ id }) => handedOn.filter(({ kind, of }) => kind === "exchange" && of === id);
  const [first4, second3] = exchanges.toSorted((a, b) => a.feeds.input - b.feeds.input);
  if (first4 && second3 && exchanges.some(({ parts }) => parts)) {
    const input = (exchange) => ({ files: filesOf4(exchange), parts: exchange.parts === true });
    return shareHotKeys([input(first4), input(second3)], partitions)[partition2];
  }
  return exchanges.flatMap((exchange) => {
    const files = filesOf4(exchange);
    if (!exchange.ranges) return files.filter((file2) => file2.partition === partition2).map((file2) => ({ file: file2 }));
    const range = rangeBounds(files, partitions)[partition2];
    return files.filter((file2) => overlaps(file2, range)).map((file2) => ({ file: file2, range }));
  });
}
var init_arriving_files = __esm({
  "lib/runtime/worker/arriving-files.ts"() {
    "use strict";
    init_range_bounds();
    init_share_hot_keys();
  }
});

// lib/runtime/worker/copy-ranges.ts
async function copyRanges(objects, object2, ranges2, file2, signal) {
  const pieces2 = ranges2.flatMap(
    (range) => cut(range).map((piece) => ({ ...piece, at: range.at + piece.from - range.from }))
  );
  await concurrently(pieces2, 4, async ({ from: from2, to, at: start2 }) => {
    let at = start2;
    for await (const bytes3 of objects.streamRange(object2, { from: from2, to }, signal)) {
      signal.throwIfAborted();
      await file2.write(bytes3, 0, bytes3.length, at);
      at += bytes3.length;
    }
  });
}
function cut({ from: from2, to }) {
  const pieces2 = [];
  for (let at = from2; at < to; at += pieceBytes4) pieces2.push({ from: at, to: Math.min(to, at + pieceBytes4) });
  return pieces2;
}
var pieceBytes4;
var init_copy_ranges = __esm({
  "lib/runtime/worker/copy-ranges.ts"() {
    "use strict";
    init_concurrently();
    pieceBytes4 = 16 * 1024 * 1024;
  }
});

// lib/runtime/worker/fetch-part.ts
import { open as open7 } from "node:fs/promises";
async function fetchPart(ports, input, path, signal) {
  const { from: from2, to, header, end = "" } = input.part;
  const file2 = await open7(path, "wx");
  try {
    const ranges2 = [
      { from: 0, to: header, at: 0 },
      { from: from2, to, at: header }
    ];
    await copyRanges(ports.objects, input, ranges2, file2, signal);
    await file2.write(end, header + to - from2);
  } finally {
    await file2.close();
  }
}
var init_fetch_part = __esm({
  "lib/runtime/worker/fetch-part.ts"() {
    "use strict";
    init_copy_ranges();
  }
});

// lib/runtime/worker/fetch-rows.ts
import { open as open8 } from "node:fs/promises";
async function fetchRows(ports, input, path, signal) {
  const groups = await readParquetFooter(ports, input, path);
  if (!groups) {
    throw new InputMissingError({
      problem: "a file that was planned as Parquet is none",
      received: input.key,
      change: "keep versions in the lake bucket: a file must not change during a run"
    });
  }
  const file2 = await open8(path, "r+");
  try {
    const ranges2 = rangesOf(groups, input.rows, input.size).map((range) => ({ ...range, at: range.from }));
    await copyRanges(ports.objects, input, ranges2, file2, signal);
  } finally {
    await file2.close();
  }
}
function rangesOf(groups, rows3, size) {
  const ranges2 = [];
  let first4 = 0;
  for (const [index, { rows: count3, bytes: bytes3 }] of groups.entries()) {
    const end = first4 + count3;
    if (first4 < rows3.to && end > rows3.from)
      ranges2.push({ from: bytes3.from, to: groups[index + 1]?.bytes.from ?? bytes3.to });
    first4 = end;
  }
  ranges2.push({ from: Math.max(...groups.map(({ bytes: bytes3 }) => bytes3.to)), to: size });
  return ranges2;
}
var init_fetch_rows = __esm({
  "lib/runtime/worker/fetch-rows.ts"() {
    "use strict";
    init_input_missing_error();
    init_parquet_footer();
    init_copy_ranges();
  }
});

// lib/runtime/worker/fetch-inputs.ts
import { join as join22 } from "node:path";
async function fetchInputs(ports, pipeline4, message, folder, signal) {
  const stage = stageOf(pipeline4, message.item.stage);
  return stage.kind === "process" ? fetchSourceFiles(ports, message, folder, signal) : fetchExchangeFiles(ports, pipeline4, message, stage, folder, signal);
}
async function fetchReferences(ports, pipeline4, message, folder, signal) {
  const keys = runKeys(message.pipeline, message.run);
  const fetched = await concurrently(referenceNodes2(pipeline4.plan), downloadsAtOnce, async (node, index) => {
    const path = join22(folder, `reference-${index}.parquet`);
    await ports.objects.download({ key: keys.reference(node) }, path, signal);
    return [node, path];
  });
  return Object.fromEntries(fetched);
}
function stageOf(pipeline4, id) {
  const stage = pipeline4.plan.stages.find((candidate) => candidate.id === id);
  if (stage) return stage;
  throw new PlanInconsistentError({
    problem: "a chunk belongs to a stage that the plan does not have",
    received: id,
    allowed: pipeline4.plan.stages.map((candidate) => candidate.id),
    change: "start the run again"
  });
}
async function fetchSourceFiles(ports, message, folder, signal) {
  const replaced = await fetchReplaced(ports, message, folder, signal);
  return concurrently(message.item.inputs ?? [], downloadsAtOnce, async (input, index) => {
    const path = join22(folder, `input-${index}`);
    const { rows: rows3, part, key: key2, versionId: version2, source: of, file: file2, rejects } = input;
    const others = rejects ? void 0 : replaced.get(of);
    const named3 = { path, key: key2, version: version2, of, file: file2, rejects, ...others && { replaced: others } };
    if (part) {
      await fetchPart(ports, { ...input, part }, path, signal);
      return { ...named3, recordsBefore: part.recordsBefore };
    }
    if (!rows3) {
      await ports.objects.download(input, path, signal);
      return named3;
    }
    await fetchRows(ports, { ...input, rows: rows3 }, path, signal);
    return { ...named3, rows: rows3 };
  });
}
async function fetchReplaced(ports, { trigger: trigger2 }, folder, signal) {
  if (trigger2.kind !== "replay" || !trigger2.whole) return /* @__PURE__ */ new Map();
  const fetched = await concurrently(trigger2.inputs, downloadsAtOnce, async ({ source, key: key2 }, index) => {
    const path = join22(folder, `replaced-${index}.parquet`);
    await ports.objects.download({ key: key2 }, path, signal);
    return { source, path };
  });
  return new Map(
    [...Map.groupBy(fetched, ({ source }) => source)].map(([source, files]) => [source, files.map(({ path }) => path)])
  );
}
async function fetchExchangeFiles(ports, pipeline4, message, stage, folder, signal) {
  const reads = stage.reads ?? [];
  const feeders = pipeline4.plan.stages.filter(({ exchanges: exchanges2 }) => exchanges2.some(({ id }) => reads.includes(id)));
  const files = [];
  for (const { id } of feeders) {
    const entries = await readLedger(ports, message.run, id);
    await requireAllChunks(ports, message, id, entries.length);
    files.push(...entries.flatMap((entry) => entry.files));
  }
  const exchanges = feeders.flatMap((feeder) => feeder.exchanges).filter(({ id }) => reads.includes(id));
  const { partition: partition2 = 0, partitions } = message.item;
  const arriving = arrivingFiles(exchanges, files, { partition: partition2, partitions });
  return concurrently(arriving, downloadsAtOnce, async ({ file: { key: key2, of }, ...share }, file2) => {
    const path = join22(folder, `input-${file2}.parquet`);
    await ports.objects.download({ key: key2 }, path, signal);
    return { path, key: key2, of, file: file2, ...share };
  });
}
async function requireAllChunks(ports, message, feeder, found) {
  const run = await ports.runs.find(message.run);
  const expected = run?.extract?.stages[feeder]?.chunks;
  if (expected === found) return;
  throw imbalance(
    `chunk ${message.item.stage}/${message.item.chunk}`,
    `the stage before it ("${feeder}") is not complete`,
    `${found} ledger entries for ${expected ?? "an unknown number of"} chunks`
  );
}
var downloadsAtOnce;
var init_fetch_inputs = __esm({
  "lib/runtime/worker/fetch-inputs.ts"() {
    "use strict";
    init_concurrently();
    init_plan_inconsistent_error();
    init_keys2();
    init_check_steps();
    init_ledger();
    init_pipeline_code();
    init_arriving_files();
    init_fetch_part();
    init_fetch_rows();
    downloadsAtOnce = 8;
  }
});

// lib/runtime/worker/free-fetched.ts
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
function freeFetched(bytes3) {
  if (bytes3 < leastBytes2) return;
  if (!collect) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc");
  }
  collect({ type: "minor" });
}
var collect, leastBytes2;
var init_free_fetched = __esm({
  "lib/runtime/worker/free-fetched.ts"() {
    "use strict";
    leastBytes2 = 8 * 1024 * 1024;
  }
});

// lib/runtime/worker/run-chunk.ts
import { statSync as statSync4 } from "node:fs";
import { mkdir as mkdir4 } from "node:fs/promises";
import { join as join23 } from "node:path";
async function runChunk(ports, code2, message, signal) {
  requirePlan(code2.plan, message.planDigest);
  const pipeline4 = pipelineOf(code2, message.trigger);
  const { stage, chunk } = message.item;
  const earlier = await ports.runs.ledgerRecord(message.run, stage, chunk);
  if (earlier) {
    ports.logger.info("chunk is done already");
    return chunkReport(pipeline4.plan, chunk, earlier.steps);
  }
  return withWorkFolder((folder) => computeChunk(ports, pipeline4, message, folder, signal));
}
async function computeChunk(ports, pipeline4, message, folder, signal) {
  const { stage, chunk, solo, partitions } = message.item;
  const place2 = { pipeline: message.pipeline, run: message.run, stage, chunk };
  const startedAt = ports.clock.now();
  const inputs = await fetchInputs(ports, pipeline4, message, folder, signal);
  const references = await fetchReferences(ports, pipeline4, message, folder, signal);
  freeFetched(inputs.reduce((bytes3, { path }) => bytes3 + statSync4(path).size, 0));
  const fetchedAt = ports.clock.now();
  const workFolder = join23(folder, "work");
  await mkdir4(workFolder);
  const result2 = await ports.engine.executeChunk({
    plan: pipeline4.plan,
    components: pipeline4.components,
    functions: pipeline4.functions,
    secrets: await readSecrets(ports.secrets, secretNames(pipeline4.plan).stages, message.item.secrets),
    stage,
    chunk,
    solo,
    inputs,
    references,
    partitions,
    workFolder,
    at: fetchedAt,
    ...message.item.cursors && { cursors: message.item.cursors },
    signal,
    ...ports.machine
  });
  signal.throwIfAborted();
  checkSteps(pipeline4.plan, place2, result2.steps, result2.files);
  const computedAt = ports.clock.now();
  const files = await storeFiles(ports.objects, pipeline4, place2, result2.files, signal);
  signal.throwIfAborted();
  await spendRejects(ports, pipeline4.plan, message, result2.steps);
  const storedAt = ports.clock.now();
  await addLedgerEntry(ports, {
    ...place2,
    steps: result2.steps,
    files,
    quality: result2.quality,
    milliseconds: {
      ...result2.milliseconds,
      fetch: fetchedAt - startedAt,
      compute: computedAt - fetchedAt,
      store: storedAt - computedAt
    },
    peakMemoryBytes: peakMemoryBytes(),
    at: storedAt,
    ...message.item.instead && { instead: message.item.instead }
  });
  const report = chunkReport(pipeline4.plan, chunk, result2.steps);
  ports.meter.count("RowsIn", report.rowsIn);
  ports.meter.count("RowsRejected", report.rejected);
  ports.meter.milliseconds("ChunkDuration", storedAt - startedAt);
  ports.meter.bytes("PeakMemory", peakMemoryBytes());
  ports.logger.info("chunk computed", { ...report, milliseconds: storedAt - startedAt });
  return report;
}
function chunkReport(plan, chunk, steps2) {
  const inChunk = new Set(steps2.map((step) => step.node));
  const feeders = new Map(plan.nodes.map((node) => [node.id, inputsOf2(node)]));
  const feeding = new Set(steps2.flatMap((step) => feeders.get(step.node) ?? []));
  const sum3 = (counts) => counts.reduce((total, count3) => total + count3, 0);
  const first4 = steps2.filter((step) => !feeders.get(step.node)?.some((id) => inChunk.has(id)));
  return {
    chunk,
    rowsIn: sum3(first4.map((step) => step.rowsIn)),
    rowsOut: sum3(steps2.filter((step) => !feeding.has(step.node)).map((step) => step.rowsOut)),
    rejected: sum3(steps2.map((step) => step.rejected))
  };
}
var init_run_chunk = __esm({
  "lib/runtime/worker/run-chunk.ts"() {
    "use strict";
    init_plan_secrets();
    init_check_steps();
    init_ledger();
    init_reject_budget();
    init_store_files();
    init_peak_memory();
    init_pipeline_code();
    init_read_secrets();
    init_narrowed_plan();
    init_work_folder();
    init_fetch_inputs();
    init_free_fetched();
  }
});

// lib/runtime/worker/work.ts
async function work(ports, pipeline4, body) {
  const message = parseChunkMessage(body);
  const { stage, chunk } = message.item;
  const logger = ports.logger.with({ run: message.run, stage, chunk });
  const own = { ...ports, logger };
  if (await ports.tasks.heartbeat(message.taskToken) === "gone") return discard(own);
  return withHeartbeat(own, message.taskToken, (signal) => attempt(own, pipeline4, message, signal));
}
async function attempt(ports, pipeline4, message, signal) {
  let report;
  try {
    report = await runChunk(ports, pipeline4, message, signal);
  } catch (error) {
    return signal.aborted ? discard(ports) : fail(ports, message, error);
  }
  const answer = await ports.tasks.succeed(message.taskToken, report);
  return answer === "gone" ? discard(ports) : "succeeded";
}
async function fail(ports, message, error) {
  const failure2 = failureOf(await withinBudget(ports, message, error));
  ports.logger.error("chunk failed", failureFields(error));
  ports.meter.count("ChunksFailed", 1);
  await keep2(ports, message, failure2);
  return await ports.tasks.fail(message.taskToken, failure2) === "gone" ? discard(ports) : "failed";
}
async function keep2(ports, { run, item }, failure2) {
  const { stage, chunk } = item;
  try {
    await ports.runs.addChunkFailure({ run, stage, chunk, ...failure2, at: ports.clock.now() });
  } catch (error) {
    ports.logger.error("the reason of a failure could not be kept", failureFields(error));
  }
}
function discard(ports) {
  ports.logger.warn("chunk discarded: its task has timed out or ended");
  return "discarded";
}
var init_work = __esm({
  "lib/runtime/worker/work.ts"() {
    "use strict";
    init_failure();
    init_parse_message();
    init_heartbeat();
    init_retry_budget();
    init_run_chunk();
  }
});

// test/fixtures/run-machine.ts
function stageInput({ plan }, trigger2) {
  const { pipeline: pipeline4, digest: planDigest2 } = plan;
  return {
    pipeline: pipeline4,
    planDigest: planDigest2,
    trigger: trigger2,
    run: runId(pipeline4, planDigest2, trigger2),
    startedAt: "2026-01-01T00:00:00.000Z"
  };
}
function manual(requestId = "request-1") {
  return { kind: "manual", requestId };
}
async function chunkMessages(ports, input, extracted2, stage) {
  const manifest = await ports.objects.readText(extracted2.stages[stage].manifest);
  const items = JSON.parse(manifest);
  return items.map((item) => ({ ...input, item, taskToken: `${input.run}/${item.stage}/${item.chunk}` }));
}
async function runChunks(ports, pipeline4, input, extracted2) {
  for (const { id, kind } of pipeline4.plan.stages) {
    if (kind === "reduce" && extracted2.solo) continue;
    for (const message of await chunkMessages(ports, input, extracted2, id)) {
      await work(ports, pipeline4, JSON.stringify(message));
    }
  }
}
var init_run_machine = __esm({
  "test/fixtures/run-machine.ts"() {
    "use strict";
    init_run_id();
    init_work();
  }
});

// bench/engine/folder-store.ts
import { createReadStream as createReadStream5 } from "node:fs";
import { copyFile, link, mkdir as mkdir5, open as open9, readdir, readFile as readFile5, rm as rm2, stat as stat3, writeFile as writeFile3 } from "node:fs/promises";
import { dirname as dirname7, join as join24, relative as relative2 } from "node:path";
var FolderStore;
var init_folder_store = __esm({
  "bench/engine/folder-store.ts"() {
    "use strict";
    init_input_missing_error();
    FolderStore = class {
      uri;
      #folder;
      constructor(folder) {
        this.#folder = folder;
        this.uri = `file://${folder}`;
      }
      path(key2) {
        return join24(this.#folder, key2);
      }
      async find({ key: key2 }) {
        const found = await stat3(this.path(key2)).catch(() => void 0);
        return found?.isFile() ? { key: key2, size: found.size } : void 0;
      }
      async *list(prefix2) {
        const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true });
        const keys = entries.filter((entry) => entry.isFile()).map((entry) => relative2(this.#folder, join24(entry.parentPath, entry.name)));
        for (const key2 of keys.filter((one) => one.startsWith(prefix2)).sort()) yield await this.find({ key: key2 });
      }
      async download({ key: key2 }, path) {
        await link(await this.#existing(key2), path);
      }
      async readRange({ key: key2 }, from2, to) {
        const file2 = await open9(await this.#existing(key2));
        try {
          const { buffer, bytesRead } = await file2.read(Buffer.allocUnsafe(to - from2), 0, to - from2, from2);
          return buffer.subarray(0, bytesRead);
        } finally {
          await file2.close();
        }
      }
      async *streamRange({ key: key2 }, { from: from2, to }) {
        yield* createReadStream5(await this.#existing(key2), { start: from2, end: to - 1 });
      }
      async readText(key2) {
        return await this.find({ key: key2 }) && readFile5(this.path(key2), "utf8");
      }
      async readBytes(key2) {
        return await this.find({ key: key2 }) && readFile5(this.path(key2));
      }
      createBytes(key2, bytes3) {
        return this.createText(key2, bytes3);
      }
      async createText(key2, text4) {
        if (await this.find({ key: key2 })) return "exists";
        await mkdir5(dirname7(this.path(key2)), { recursive: true });
        await writeFile3(this.path(key2), text4);
        return "written";
      }
      async createFromFile(key2, path, _options) {
        if (await this.find({ key: key2 })) return "exists";
        await mkdir5(dirname7(this.path(key2)), { recursive: true });
        await link(path, this.path(key2)).catch(() => copyFile(path, this.path(key2)));
        return "written";
      }
      async remove(keys) {
        for (const key2 of keys) await rm2(this.path(key2), { force: true });
      }
      async #existing(key2) {
        if (await this.find({ key: key2 })) return this.path(key2);
        throw new InputMissingError({ problem: "there is no such file", received: key2, change: "put it there" });
      }
    };
  }
});

// lib/registry/authoring.ts
var init_authoring = __esm({
  "lib/registry/authoring.ts"() {
    "use strict";
    init_lake();
    init_s3();
    init_aggregate();
    init_complete();
    init_deduplicate();
    init_derive();
    init_enrich();
    init_filter();
    init_unique();
    init_within();
  }
});

// lib/index.ts
var init_lib = __esm({
  "lib/index.ts"() {
    "use strict";
    init_definition();
    init_authoring();
  }
});

// bench/engine/orders-pipeline.ts
import * as z63 from "zod";
function ordersPipeline(format2) {
  const products = from(s3_default({ key: "reference/products.csv" }), product);
  const orders = from(s3_default({ prefix: "landing/orders/", format: format2 }), order).pipe(
    filter_default("status <> 'cancelled'", { rule: "cancelled" }),
    derive_default({ day: "placed::DATE", revenue: "quantity * unit_price * (1 - discount)" }),
    deduplicate_default({ key: ["order_id"], keep: "latest", by: "updated" }),
    enrich_default({ with: products, on: "product = sku", take: ["category", "supplier"] })
  );
  const sales = orders.pipe(
    aggregate_default({ by: ["day", "country"], measures: { orders: "count(*)", quantity: "sum(quantity)" } })
  );
  return pipeline("orders", {
    on: [fileArrives("landing/orders/")],
    quality: [complete_default("category"), unique_default(["order_id"]), within_default("discount", 0, 0.5)],
    gate: { pass: 0.9 },
    outputs: [orders.to(lake_default({ table: "orders", partitionBy: ["day"] })), sales.to(lake_default({ table: "sales" }))]
  });
}
var order, product;
var init_orders_pipeline = __esm({
  "bench/engine/orders-pipeline.ts"() {
    "use strict";
    init_lib();
    order = z63.object({
      order_id: z63.int(),
      customer: z63.int(),
      email: z63.string(),
      product: z63.string(),
      quantity: z63.int().min(1),
      unit_price: z63.number().min(0),
      discount: z63.number().min(0).max(1),
      country: z63.string().length(2),
      channel: z63.string(),
      status: z63.string(),
      placed: z63.iso.datetime({ local: true }),
      updated: z63.iso.datetime({ local: true })
    });
    product = z63.object({ sku: z63.string(), category: z63.string(), supplier: z63.string() });
  }
});

// bench/engine/penstock.ts
var penstock_exports = {};
__export(penstock_exports, {
  penstock: () => penstock
});
import { copyFileSync, linkSync, mkdirSync as mkdirSync5, statSync as statSync5 } from "node:fs";
import { dirname as dirname8, join as join25 } from "node:path";
function lake({ folder, orders, products }) {
  const store = new FolderStore(join25(folder, "lake"));
  for (const [key2, path] of [
    ["landing/orders/orders", orders],
    ["reference/products.csv", products]
  ]) {
    mkdirSync5(dirname8(store.path(key2)), { recursive: true });
    try {
      linkSync(path, store.path(key2));
    } catch {
      copyFileSync(path, store.path(key2));
    }
  }
  return store;
}
var penstock;
var init_penstock = __esm({
  "bench/engine/penstock.ts"() {
    "use strict";
    init_compiler();
    init_chunk_bytes();
    init_connectors();
    init_operators();
    init_assess();
    init_duckdb_engine();
    init_extract();
    init_initialize();
    init_memory_ports();
    init_run_machine();
    init_folder_store();
    init_orders_pipeline();
    penstock = async (options2) => {
      const { threads, memoryMegabytes, folder } = options2;
      const plan = await compile(ordersPipeline(options2.format));
      const { size } = statSync5(options2.orders);
      const chunkBytes = options2.chunks === "planned" ? usualChunkBytes(memoryMegabytes) : Math.ceil(size / options2.chunks * 1.01);
      const code2 = {
        plan: { ...plan, resources: { ...plan.resources, workerMemoryMegabytes: memoryMegabytes, chunkBytes } },
        components: { ...operators, ...connectors },
        functions: {}
      };
      const objects = lake(options2);
      const surroundings = memoryPorts();
      const ports = { ...surroundings, objects, engine: duckdbEngine, machine: { memoryMegabytes, threads } };
      const input = stageInput(code2, manual());
      await duckdbEngine.inspectFile({ path: options2.orders, key: "" }).catch(() => void 0);
      return async () => {
        await initialize(ports, code2, input);
        const extracted2 = await extract(ports, code2, input);
        await runChunks(ports, code2, input, extracted2);
        const failed = await surroundings.runs.chunkFailures(input.run);
        if (failed.length > 0) throw new Error(failed[0].cause);
        await assess(ports, code2, input);
        const data = (table4) => join25(folder, `lake/curated/${table4}/data/**/*.parquet`);
        return {
          orders: data("orders"),
          sales: data("sales"),
          rejects: {
            files: join25(folder, "lake/rejects/**/*.parquet"),
            record: '"row"',
            column: `coalesce("column", 'record')`
          }
        };
      };
    };
  }
});

// bench/engine/job.ts
var orderTypes;
var init_job = __esm({
  "bench/engine/job.ts"() {
    "use strict";
    orderTypes = {
      order_id: "BIGINT",
      customer: "BIGINT",
      email: "VARCHAR",
      product: "VARCHAR",
      quantity: "BIGINT",
      unit_price: "DOUBLE",
      discount: "DOUBLE",
      country: "VARCHAR",
      channel: "VARCHAR",
      status: "VARCHAR",
      placed: "TIMESTAMP",
      updated: "TIMESTAMP"
    };
  }
});

// bench/engine/orders.ts
var columns;
var init_orders = __esm({
  "bench/engine/orders.ts"() {
    "use strict";
    columns = [
      "order_id",
      "customer",
      "email",
      "product",
      "quantity",
      "unit_price",
      "discount",
      "currency",
      "country",
      "channel",
      "status",
      "placed",
      "updated",
      "note"
    ];
  }
});

// bench/engine/by-hand.ts
var by_hand_exports = {};
__export(by_hand_exports, {
  byHand: () => byHand
});
import { readdirSync } from "node:fs";
import { join as join26 } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
function script(options2) {
  const { products, folder } = options2;
  const names4 = Object.keys(orderTypes).join(", ");
  const parquet3 = "FORMAT parquet, COMPRESSION zstd";
  const rejected = options2.format === "ndjson" ? "verdict JOIN lines ON verdict.rowid = n" : "verdict";
  return [
    `CREATE TABLE products AS SELECT sku, category, supplier FROM read_csv('${products}')`,
    `CREATE TABLE verdict AS SELECT ${names4}, reason, CASE WHEN reason <> '' THEN raw END AS raw FROM (${judged2(options2)})`,
    ...options2.format === "ndjson" ? [rawLines(options2)] : [],
    `COPY (SELECT verdict.rowid + 1 AS record, split_part(reason, ' ', 1) AS "column", reason, ${options2.format === "ndjson" ? "line" : "raw"} AS raw FROM ${rejected} WHERE reason <> '') TO '${join26(folder, "rejects.parquet")}' (${parquet3})`,
    "CREATE VIEW good AS SELECT * EXCLUDE (reason, raw), rowid AS n FROM verdict WHERE reason = '' AND status <> 'cancelled'",
    "CREATE TABLE losers AS SELECT good.n FROM good JOIN (SELECT order_id, arg_max(n, (updated, n)) AS keep FROM good GROUP BY order_id HAVING count(*) > 1) twice USING (order_id) WHERE good.n <> twice.keep",
    "CREATE VIEW clean AS SELECT good.* EXCLUDE (n), placed::DATE AS day, quantity * unit_price * (1 - discount) AS revenue, category, supplier FROM good ANTI JOIN losers USING (n) LEFT JOIN products ON product = sku",
    `COPY clean TO '${join26(folder, "orders")}' (${parquet3}, PARTITION_BY (day), WRITE_PARTITION_COLUMNS true, OVERWRITE true)`,
    `COPY (SELECT day, country, count(*) AS orders, sum(quantity) AS quantity FROM clean GROUP BY day, country) TO '${join26(folder, "sales.parquet")}' (${parquet3})`
  ];
}
function quality(folder) {
  return `COPY (SELECT count(*), count(category), count(DISTINCT order_id), count(*) FILTER (discount BETWEEN 0 AND 0.5) FROM '${join26(folder, "orders/**/*.parquet")}') TO '${join26(folder, "quality.json")}'`;
}
function judged2({ orders, format: format2 }) {
  const typed = Object.entries(orderTypes).map(
    ([name3, type]) => format2 === "parquet" || type === "VARCHAR" ? name3 : `TRY_CAST(${name3} AS ${type}) AS ${name3}`
  );
  const wrong2 = Object.entries(orderTypes).map(
    ([name3, type]) => `CASE WHEN given.${name3} IS NULL THEN '${name3} is missing' WHEN TRY_CAST(given.${name3} AS ${type}) IS NULL THEN '${name3} is not ${type}' END`
  );
  const rules = [
    "CASE WHEN TRY_CAST(quantity AS BIGINT) < 1 THEN 'quantity is below 1' END",
    "CASE WHEN TRY_CAST(unit_price AS DOUBLE) < 0 THEN 'unit_price is below 0' END",
    "CASE WHEN TRY_CAST(discount AS DOUBLE) NOT BETWEEN 0 AND 1 THEN 'discount is out of range' END",
    "CASE WHEN length(country) <> 2 THEN 'country is not a code' END"
  ];
  const all2 = columns.map((name3) => `${name3}: 'VARCHAR'`).join(", ");
  switch (format2) {
    case "csv":
      return `SELECT ${typed.join(", ")}, CASE WHEN note IS NULL THEN 'record is cut short' ELSE concat_ws('; ', ${[...wrong2, ...rules].join(", ")}) END AS reason, concat_ws(',', ${columns.join(", ")}) AS raw FROM read_csv('${orders}', all_varchar = true, header = true, null_padding = true) given`;
    case "ndjson":
      return `SELECT ${typed.join(", ")}, CASE WHEN ${columns.map((name3) => `${name3} IS NULL`).join(" AND ")} THEN 'record is not JSON' ELSE concat_ws('; ', ${[...wrong2, ...rules].join(", ")}) END AS reason, '' AS raw FROM read_json('${orders}', format = 'newline_delimited', columns = {${all2}}, ignore_errors = true) given`;
    case "parquet":
      return `SELECT ${typed.join(", ")}, concat_ws('; ', ${[...wrong2, ...rules].join(", ")}) AS reason, to_json(given)::VARCHAR AS raw FROM read_parquet('${orders}') given`;
  }
}
function rawLines({ orders }) {
  const lines2 = `read_csv('${orders}', columns = {line: 'VARCHAR'}, auto_detect = false, header = false, delim = '', quote = '', escape = '')`;
  return `CREATE TABLE lines AS SELECT n, line FROM (SELECT row_number() OVER () - 1 AS n, line FROM ${lines2}) WHERE n IN (SELECT rowid FROM verdict WHERE reason <> '')`;
}
var byHand;
var init_by_hand = __esm({
  "bench/engine/by-hand.ts"() {
    "use strict";
    init_job();
    init_orders();
    byHand = async (options2) => {
      const { folder, threads, memoryMegabytes } = options2;
      const instance = await DuckDBInstance.create(":memory:", {
        threads: String(threads),
        memory_limit: `${Math.floor(memoryMegabytes * 0.4)}MB`,
        temp_directory: join26(folder, "spill")
      });
      const connection = await instance.connect();
      return async () => {
        for (const statement of script(options2)) await connection.run(statement);
        if (readdirSync(join26(folder, "orders")).length > 0) await connection.run(quality(folder));
        connection.closeSync();
        instance.closeSync();
        return {
          orders: join26(folder, "orders/**/*.parquet"),
          sales: join26(folder, "sales.parquet"),
          rejects: { files: join26(folder, "rejects.parquet"), record: "record", column: '"column"' }
        };
      };
    };
  }
});

// bench/engine/polars.ts
var polars_exports = {};
__export(polars_exports, {
  polars: () => polars
});
import { linkSync as linkSync2, mkdirSync as mkdirSync6 } from "node:fs";
import { join as join27 } from "node:path";
function work2(pl, options2) {
  const { folder, products } = options2;
  const verdict = judged3(pl, options2);
  const parquet3 = { compression: "zstd" };
  const text4 = (name3) => pl.col(`given_${name3}`).cast(pl.Utf8).fillNull(pl.lit(""));
  const raw = options2.format === "ndjson" ? pl.col("line") : pl.concatString([...columns].map(text4), ",");
  const bad = verdict.filter(pl.col("reason").neq(pl.lit("")));
  bad.select(
    pl.col("record").cast(pl.Int64),
    pl.col("reason").str.split(" ").lst.first().alias("column"),
    pl.col("reason"),
    raw.alias("raw")
  ).writeParquet(join27(folder, "rejects.parquet"), parquet3);
  const good = verdict.filter(
    pl.col("reason").eq(pl.lit("")).and(pl.col("status").neq(pl.lit("cancelled")))
  ).select(...Object.keys(orderTypes), "record");
  const lookup2 = pl.readCSV(products, { columns: ["sku", "category", "supplier"] });
  const clean = good.sort(["updated", "record"]).unique({ maintainOrder: false, subset: ["order_id"], keep: "last" }).withColumns(
    pl.col("placed").cast(pl.Date).alias("day"),
    pl.col("quantity").cast(pl.Float64).mul(pl.col("unit_price")).mul(pl.lit(1).minus(pl.col("discount"))).alias("revenue")
  ).join(lookup2, { leftOn: "product", rightOn: "sku", how: "left" }).drop("record");
  mkdirSync6(join27(folder, "orders"));
  for (const [index, part] of clean.partitionBy(["day"], false, true).entries())
    part.writeParquet(join27(folder, "orders", `${index}.parquet`), parquet3);
  const sales = clean.groupBy("day", "country").agg(pl.col("order_id").count().alias("orders"), pl.col("quantity").sum());
  sales.writeParquet(join27(folder, "sales.parquet"), parquet3);
  clean.select(
    pl.col("category").count(),
    pl.col("order_id").nUnique(),
    pl.col("discount").gtEq(0).and(pl.col("discount").ltEq(0.5)).sum()
  );
  return {
    orders: join27(folder, "orders/*.parquet"),
    sales: join27(folder, "sales.parquet"),
    rejects: { files: join27(folder, "rejects.parquet"), record: "record", column: '"column"' }
  };
}
function judged3(pl, options2) {
  const { rows: rows3, unreadable: unreadable2 } = given2(pl, options2);
  const converted = Object.entries(orderTypes).map(([name3, type]) => {
    const given4 = pl.col(`given_${name3}`);
    if (type === "BIGINT") return given4.cast(pl.Int64, false).alias(name3);
    if (type === "DOUBLE") return given4.cast(pl.Float64, false).alias(name3);
    if (type === "VARCHAR" || options2.format === "parquet") return given4.alias(name3);
    return given4.str.strptime(pl.Datetime("ms"), "%Y-%m-%d %H:%M:%S").alias(name3);
  });
  const rules = [
    ...unreadable2,
    ...Object.entries(orderTypes).flatMap(([name3, type]) => [
      [pl.col(`given_${name3}`).isNull(), `${name3} is missing`],
      [pl.col(name3).isNull(), `${name3} is not ${type}`]
    ]),
    [pl.col("quantity").lt(1), "quantity is below 1"],
    [pl.col("unit_price").lt(0), "unit_price is below 0"],
    [pl.col("discount").lt(0).or(pl.col("discount").gt(1)), "discount is out of range"],
    [pl.col("country").str.lengths().neq(2), "country is not a code"]
  ];
  const reason = rules.reduceRight(
    (otherwise2, [bad, why]) => pl.when(bad).then(pl.lit(why)).otherwise(otherwise2),
    pl.lit("")
  );
  return rows3.withColumns(...converted).withColumns(reason.alias("reason"));
}
function given2(pl, { orders, format: format2, folder }) {
  const rowCount = { name: "record", offset: 1 };
  const renamed2 = (rows3) => rows3.rename(Object.fromEntries(columns.map((name3) => [name3, `given_${name3}`])));
  switch (format2) {
    case "csv": {
      const dtypes = Object.fromEntries(columns.map((name3) => [name3, pl.Utf8]));
      const rows3 = pl.readCSV(orders, {
        dtypes,
        inferSchemaLength: 0,
        rowCount,
        truncateRaggedLines: true,
        missingIsNull: true
      });
      return { rows: renamed2(rows3), unreadable: [[pl.col("given_note").isNull(), "record is cut short"]] };
    }
    case "ndjson": {
      const lines2 = join27(folder, "lines.csv");
      linkSync2(orders, lines2);
      const decoded = pl.Struct([...columns].map((name3) => new pl.Field(name3, pl.Utf8)));
      const rows3 = pl.readCSV(lines2, { hasHeader: false, sep: "", quoteChar: "", schema: { line: pl.Utf8 }, rowCount }).withColumn(pl.col("line").str.jsonPathMatch("$.order_id").isNull().alias("broken")).withColumn(
        pl.when(pl.col("broken")).then(pl.lit("{}")).otherwise(pl.col("line")).str.jsonDecode(decoded).alias("row")
      ).select("record", "line", "broken", "row").unnest("row");
      return { rows: renamed2(rows3), unreadable: [[pl.col("broken"), "record is not JSON"]] };
    }
    case "parquet":
      return { rows: renamed2(pl.readParquet(orders, { rowCount })), unreadable: [] };
  }
}
var polars;
var init_polars = __esm({
  "bench/engine/polars.ts"() {
    "use strict";
    init_job();
    init_orders();
    init_peers();
    polars = async (options2) => {
      process.env.POLARS_MAX_THREADS = String(options2.threads);
      const pl = await peer("nodejs-polars");
      return async () => work2(pl, options2);
    };
  }
});

// bench/engine/chdb.ts
var chdb_exports = {};
__export(chdb_exports, {
  chdb: () => chdb
});
import { mkdirSync as mkdirSync7 } from "node:fs";
import { join as join28 } from "node:path";
function script2(options2) {
  const { products, folder } = options2;
  const names4 = Object.keys(orderTypes).join(", ");
  const parquet3 = (name3) => `INSERT INTO FUNCTION file('${join28(folder, name3)}', 'Parquet')`;
  const clean = `SELECT ${names4}, toDate(placed) AS day, quantity * unit_price * (1 - discount) AS revenue, category, supplier FROM latest LEFT JOIN products ON product = sku`;
  return [
    "CREATE DATABASE job ENGINE = Atomic",
    "USE job",
    `CREATE TABLE products ENGINE = Memory AS SELECT sku, category, supplier FROM file('${products}', 'CSVWithNames', 'sku String, category String, supplier String')`,
    `CREATE TABLE verdict ENGINE = Memory AS SELECT * FROM (${judged4(options2)})`,
    `${parquet3("rejects.parquet")} SELECT record, splitByChar(' ', reason)[1] AS column, reason, raw FROM verdict WHERE reason != ''`,
    `CREATE TABLE latest ENGINE = Memory AS SELECT ${names4} FROM (SELECT * EXCEPT (reason, raw) FROM verdict WHERE reason = '' AND status != 'cancelled') good LEFT ANTI JOIN (SELECT arrayJoin(arrayFilter(x -> x != last, all)) AS loser FROM (SELECT groupArray(record) AS all, argMax(record, (updated, record)) AS last FROM verdict WHERE reason = '' AND status != 'cancelled' GROUP BY order_id HAVING count() > 1)) losers ON good.record = losers.loser`,
    `INSERT INTO FUNCTION file('${join28(folder, "orders/{_partition_id}.parquet")}', 'Parquet') PARTITION BY day ${clean}`,
    `${parquet3("sales.parquet")} SELECT day, country, count() AS orders, sum(quantity) AS quantity FROM (${clean}) GROUP BY day, country`,
    `SELECT count(), count(category), uniqExact(order_id), countIf(discount BETWEEN 0 AND 0.5) FROM file('${join28(folder, "orders/*.parquet")}', 'Parquet', 'order_id Int64, category Nullable(String), discount Float64')`
  ];
}
function judged4(options2) {
  const typed = options2.format === "parquet";
  const converted = (name3, type) => {
    if (typed || type === "VARCHAR") return name3;
    return type === "TIMESTAMP" ? `parseDateTime64BestEffortOrNull(${name3}, 6)` : `to${types3[type]}OrNull(${name3})`;
  };
  const entries = Object.entries(orderTypes);
  const value2 = (name3) => converted(`given.${name3}`, orderTypes[name3]);
  const missing3 = (name3, type) => typed && type !== "VARCHAR" ? `given.${name3} IS NULL` : `ifNull(given.${name3}, '') = ''`;
  const wrong2 = entries.map(
    ([name3, type]) => `${missing3(name3, type)}, '${name3} is missing', ${converted(`given.${name3}`, type)} IS NULL, '${name3} is not ${type}'`
  );
  const rules = `${value2("quantity")} < 1, 'quantity is below 1', ${value2("unit_price")} < 0, 'unit_price is below 0', ${value2("discount")} NOT BETWEEN 0 AND 1, 'discount is out of range', length(given.country) != 2, 'country is not a code'`;
  const { rows: rows3, raw, unreadable: unreadable2 } = given3(options2);
  const reason = `multiIf(${[...unreadable2, ...wrong2, rules].join(", ")}, '')`;
  const values3 = entries.map(([name3, type]) => `assumeNotNull(${converted(`given.${name3}`, type)}) AS ${name3}`);
  return `SELECT ${values3.join(", ")}, ${reason} AS reason, record, if(reason != '', ${raw}, '') AS raw FROM (${rows3}) given`;
}
function given3({ orders, format: format2 }) {
  const all2 = columns.map((name3) => `${name3} Nullable(${format2 === "parquet" ? stored2(name3) : "String"})`).join(", ");
  const text4 = (name3) => `ifNull(toString(given.${name3}), '')`;
  const joined = `concatWithSeparator(',', ${columns.map(text4).join(", ")})`;
  switch (format2) {
    case "csv":
      return {
        rows: `SELECT *, _row_number AS record FROM file('${orders}', 'CSV', '${all2}') WHERE record > 0`,
        raw: joined,
        unreadable: ["given.note IS NULL, 'record is cut short'"]
      };
    case "ndjson": {
      const fields2 = columns.map((name3) => `tupleElement(parsed, '${name3}') AS ${name3}`);
      const lines2 = `SELECT line, _row_number + 1 AS record, isValidJSON(line) AS valid, JSONExtract(line, 'Tuple(${all2})') AS parsed FROM file('${orders}', 'LineAsString', 'line String')`;
      return {
        rows: `SELECT line, record, valid, ${fields2.join(", ")} FROM (${lines2})`,
        raw: "line",
        unreadable: ["NOT valid, 'record is not JSON'"]
      };
    }
    case "parquet":
      return {
        rows: `SELECT *, _row_number + 1 AS record FROM file('${orders}', 'Parquet', '${all2}')`,
        raw: joined,
        unreadable: []
      };
  }
}
function stored2(name3) {
  const type = types3[orderTypes[name3] ?? "VARCHAR"];
  return type === "DateTime64" ? "DateTime64(6)" : type;
}
var types3, chdb;
var init_chdb = __esm({
  "bench/engine/chdb.ts"() {
    "use strict";
    init_job();
    init_orders();
    init_peers();
    types3 = { BIGINT: "Int64", DOUBLE: "Float64", TIMESTAMP: "DateTime64", VARCHAR: "String" };
    chdb = async (options2) => {
      const { Session: Session2 } = await peer("chdb");
      const { folder, threads } = options2;
      for (const name3 of ["database", "orders"]) mkdirSync7(join28(folder, name3));
      const session = new Session2(join28(folder, "database"));
      const settings = {
        max_threads: threads,
        max_insert_threads: threads,
        input_format_csv_allow_variable_number_of_columns: 1,
        input_format_csv_empty_as_default: 0,
        input_format_csv_detect_header: 0,
        precise_float_parsing: 1,
        output_format_parquet_compression_method: "'zstd'",
        output_format_parquet_string_as_string: 1,
        session_timezone: "'UTC'",
        max_partitions_per_insert_block: 1e3
      };
      for (const [name3, value2] of Object.entries(settings)) session.query(`SET ${name3} = ${value2}`);
      return async () => {
        for (const statement of script2(options2)) session.query(statement);
        return {
          orders: join28(folder, "orders/*.parquet"),
          sales: join28(folder, "sales.parquet"),
          rejects: { files: join28(folder, "rejects.parquet"), record: "record", column: '"column"' }
        };
      };
    };
  }
});

// bench/engine/order-columns.ts
function grown(from2, to) {
  to.set(from2);
  return to;
}
function dayText(day3) {
  return new Date(day3 * 864e5).toISOString().slice(0, 10);
}
function integer3(text4) {
  if (text4 === "") return Number.NaN;
  const value2 = Number(text4);
  return Number.isSafeInteger(value2) ? value2 : Number.NaN;
}
function time(text4) {
  if (text4.length !== 19) return Number.NaN;
  const part = (from2, to) => Number(text4.slice(from2, to));
  const [year, month, day3] = [part(0, 4), part(5, 7), part(8, 10)];
  const at = Date.UTC(year, month - 1, day3, part(11, 13), part(14, 16), part(17, 19));
  return new Date(at).getUTCDate() === day3 ? at : Number.NaN;
}
var Words, orderNames, numbers, texts2, OrderColumns;
var init_order_columns = __esm({
  "bench/engine/order-columns.ts"() {
    "use strict";
    init_job();
    Words = class {
      #ids = /* @__PURE__ */ new Map();
      texts = [];
      id(text4) {
        const found = this.#ids.get(text4);
        if (found !== void 0) return found;
        const own = Buffer.from(text4, "latin1").toString("latin1");
        this.#ids.set(own, this.texts.length);
        this.texts.push(own);
        return this.texts.length - 1;
      }
    };
    orderNames = Object.keys(orderTypes);
    numbers = ["order_id", "customer", "quantity", "unit_price", "discount", "placed", "updated"];
    texts2 = ["email", "product", "country", "channel", "status"];
    OrderColumns = class {
      #size = 1 << 16;
      #rows = 0;
      #numbers = Object.fromEntries(numbers.map((name3) => [name3, new Float64Array(this.#size)]));
      #texts = Object.fromEntries(texts2.map((name3) => [name3, new Uint32Array(this.#size)]));
      #words = Object.fromEntries(texts2.map((name3) => [name3, new Words()]));
      #places = /* @__PURE__ */ new Map();
      /** Takes an order, or says what is wrong with it. Fields in the order of the contract. */
      take(fields2) {
        const [orderId, customer, email, product2, quantity, price, discount, country, channel, status, placed, updated] = fields2;
        const id = integer3(orderId);
        if (Number.isNaN(id)) return orderId === "" ? "order_id is missing" : "order_id is not BIGINT";
        const customerId = integer3(customer);
        if (Number.isNaN(customerId)) return customer === "" ? "customer is missing" : "customer is not BIGINT";
        if (email === "") return "email is missing";
        if (product2 === "") return "product is missing";
        const pieces2 = integer3(quantity);
        if (Number.isNaN(pieces2)) return quantity === "" ? "quantity is missing" : "quantity is not BIGINT";
        if (pieces2 < 1) return "quantity is below 1";
        const cost = price === "" ? Number.NaN : Number(price);
        if (Number.isNaN(cost)) return price === "" ? "unit_price is missing" : "unit_price is not DOUBLE";
        if (cost < 0) return "unit_price is below 0";
        const share = discount === "" ? Number.NaN : Number(discount);
        if (Number.isNaN(share)) return discount === "" ? "discount is missing" : "discount is not DOUBLE";
        if (share < 0 || share > 1) return "discount is out of range";
        if (country.length !== 2) return "country is not a code";
        if (channel === "") return "channel is missing";
        if (status === "") return "status is missing";
        const at = time(placed);
        if (Number.isNaN(at)) return placed === "" ? "placed is missing" : "placed is not TIMESTAMP";
        const last = time(updated);
        if (Number.isNaN(last)) return updated === "" ? "updated is missing" : "updated is not TIMESTAMP";
        this.#keep([id, customerId, pieces2, cost, share, at, last], [email, product2, country, channel, status]);
        return void 0;
      }
      /** The same for an order whose fields have their types. */
      takeTyped(fields2) {
        for (let index = 0; index < fields2.length; index++)
          if (fields2[index] == null) return `${orderNames[index]} is missing`;
        const [id, customer, email, product2, pieces2, cost, share, country, channel, status, placed, updated] = fields2;
        if (Number(pieces2) < 1) return "quantity is below 1";
        if (cost < 0) return "unit_price is below 0";
        if (share < 0 || share > 1) return "discount is out of range";
        if (country.length !== 2) return "country is not a code";
        const given4 = [id, customer, pieces2, cost, share, placed, updated];
        this.#keep(given4.map(Number), [email, product2, country, channel, status]);
        return void 0;
      }
      /** Values in the orders of `numbers` and of `texts`. */
      #keep(given4, words) {
        const [id, last, status] = [given4[0], given4.at(-1), words.at(-1)];
        if (status === "cancelled") return;
        const earlier = this.#places.get(id);
        if (earlier !== void 0 && this.#numbers.updated[earlier] > last) return;
        const row = earlier ?? this.#append(id);
        for (let index = 0; index < given4.length; index++) this.#numbers[numbers[index]][row] = given4[index];
        for (let index = 0; index < words.length; index++)
          this.#texts[texts2[index]][row] = this.#words[texts2[index]].id(words[index]);
      }
      #append(id) {
        if (this.#rows === this.#size) {
          this.#size *= 2;
          for (const name3 of numbers) this.#numbers[name3] = grown(this.#numbers[name3], new Float64Array(this.#size));
          for (const name3 of texts2) this.#texts[name3] = grown(this.#texts[name3], new Uint32Array(this.#size));
        }
        this.#places.set(id, this.#rows);
        return this.#rows++;
      }
      /** The orders of each day as one table. */
      *days(products) {
        const days2 = Map.groupBy(
          Array.from({ length: this.#rows }, (_, row) => row),
          (row) => this.#day(row)
        );
        for (const [day3, rows3] of days2) {
          const number16 = (name3) => rows3.map((row) => this.#numbers[name3][row]);
          const text4 = (name3) => rows3.map((row) => this.#text(name3, row));
          const big = (name3) => ({
            name: name3,
            type: "INT64",
            data: number16(name3).map(BigInt)
          });
          const instant = (name3) => ({
            name: name3,
            type: "TIMESTAMP",
            data: number16(name3).map((at) => new Date(at))
          });
          const made = (name3) => ({
            name: name3,
            type: "STRING",
            data: rows3.map((row) => products.get(this.#text("product", row))?.[name3])
          });
          yield [
            big("order_id"),
            big("customer"),
            big("quantity"),
            ...texts2.map((name3) => ({ name: name3, type: "STRING", data: text4(name3) })),
            { name: "unit_price", type: "DOUBLE", data: number16("unit_price") },
            { name: "discount", type: "DOUBLE", data: number16("discount") },
            instant("placed"),
            instant("updated"),
            { name: "day", type: "STRING", data: rows3.map(() => dayText(day3)) },
            {
              name: "revenue",
              type: "DOUBLE",
              data: rows3.map(
                (row) => this.#numbers.quantity[row] * this.#numbers.unit_price[row] * (1 - this.#numbers.discount[row])
              )
            },
            made("category"),
            made("supplier")
          ];
        }
      }
      sales() {
        const groups = /* @__PURE__ */ new Map();
        for (let row = 0; row < this.#rows; row++) {
          const [day3, country] = [this.#day(row), this.#text("country", row)];
          const key2 = `${day3} ${country}`;
          const group2 = groups.get(key2) ?? { day: day3, country, orders: 0, quantity: 0 };
          group2.orders++;
          group2.quantity += this.#numbers.quantity[row];
          groups.set(key2, group2);
        }
        const all2 = [...groups.values()];
        return [
          { name: "day", type: "STRING", data: all2.map(({ day: day3 }) => dayText(day3)) },
          { name: "country", type: "STRING", data: all2.map(({ country }) => country) },
          { name: "orders", type: "INT64", data: all2.map(({ orders }) => BigInt(orders)) },
          { name: "quantity", type: "INT64", data: all2.map(({ quantity }) => BigInt(quantity)) }
        ];
      }
      quality(products) {
        let [complete, within3] = [0, 0];
        for (let row = 0; row < this.#rows; row++) {
          if (products.has(this.#text("product", row))) complete++;
          const share = this.#numbers.discount[row];
          if (share >= 0 && share <= 0.5) within3++;
        }
        return { rows: this.#rows, complete, unique: this.#places.size, within: within3 };
      }
      #day(row) {
        return Math.floor(this.#numbers.placed[row] / 864e5);
      }
      #text(name3, row) {
        return this.#words[name3].texts[this.#texts[name3][row]];
      }
    };
  }
});

// bench/engine/stream-records.ts
import { createReadStream as createReadStream6 } from "node:fs";
import { zstdDecompressSync as zstdDecompressSync2 } from "node:zlib";
function readText({ orders, format: format2 }) {
  const fieldsOf2 = format2 === "csv" ? csvFields : jsonFields;
  return async (kept, refuse2) => {
    let record15 = format2 === "csv" ? 0 : 1;
    const take = (line2) => {
      const fields2 = record15 === 0 ? void 0 : fieldsOf2(line2);
      const reason = fields2 ? kept.take(fields2) : "record is cut short";
      if (reason !== void 0 && record15 > 0) refuse2(record15, reason, line2);
      record15++;
    };
    let rest = "";
    for await (const bytes3 of createReadStream6(orders, { highWaterMark: 1024 * 1024 })) {
      const text4 = rest + bytes3.toString("latin1");
      let start2 = 0;
      for (let end = text4.indexOf("\n"); end >= 0; end = text4.indexOf("\n", start2)) {
        take(text4.slice(start2, end));
        start2 = end + 1;
      }
      rest = text4.slice(start2);
    }
    if (rest !== "") take(rest);
  };
}
async function readParquet2({ orders }) {
  const { parquetRead, parquetMetadataAsync, asyncBufferFromFile } = await peer("hyparquet");
  return async (kept, refuse2) => {
    const file2 = await asyncBufferFromFile(orders);
    const metadata = await parquetMetadataAsync(file2);
    const compressors = { ZSTD: (bytes3) => zstdDecompressSync2(bytes3) };
    let start2 = 0;
    for (const { num_rows } of metadata.row_groups) {
      const [rowStart, rowEnd] = [start2, start2 + Number(num_rows)];
      const onComplete = (rows3) => {
        for (let index = 0; index < rows3.length; index++) {
          const reason = kept.takeTyped(rows3[index]);
          if (reason) refuse2(rowStart + index + 1, reason, rows3[index].join(","));
        }
      };
      await parquetRead({ file: file2, metadata, compressors, columns: names3, rowStart, rowEnd, onComplete });
      start2 = rowEnd;
    }
  };
}
function csvFields(line2) {
  const fields2 = line2.split(",");
  return fields2.length === columns.length ? wanted2.map((index) => fields2[index]) : void 0;
}
function jsonFields(line2) {
  try {
    const row = JSON.parse(line2);
    return names3.map((name3) => row[name3] === null ? "" : String(row[name3]));
  } catch {
    return void 0;
  }
}
var names3, wanted2;
var init_stream_records = __esm({
  "bench/engine/stream-records.ts"() {
    "use strict";
    init_job();
    init_orders();
    init_peers();
    names3 = Object.keys(orderTypes);
    wanted2 = names3.map((name3) => columns.indexOf(name3));
  }
});

// bench/engine/stream.ts
var stream_exports = {};
__export(stream_exports, {
  stream: () => stream
});
import { createWriteStream as createWriteStream4, mkdirSync as mkdirSync8, readFileSync, writeFileSync as writeFileSync2 } from "node:fs";
import { join as join29 } from "node:path";
import { zstdCompressSync } from "node:zlib";
async function work3({ products, folder }, read, write) {
  mkdirSync8(join29(folder, "orders"));
  const kept = new OrderColumns();
  const rejects = createWriteStream4(join29(folder, "rejects.ndjson"));
  await read(kept, (record15, reason, raw) => {
    rejects.write(`${JSON.stringify({ record: record15, column: reason.split(" ")[0], reason, raw })}
`);
  });
  await new Promise((resolve) => rejects.end(resolve));
  const lookup2 = new Map(
    readFileSync(products, "utf8").split("\n").slice(1).map((line2) => {
      const [sku = "", category = "", supplier = ""] = line2.split(",");
      return [sku, { category, supplier }];
    })
  );
  let day3 = 0;
  for (const table4 of kept.days(lookup2)) writeFileSync2(join29(folder, "orders", `${day3++}.parquet`), write(table4));
  writeFileSync2(join29(folder, "sales.parquet"), write(kept.sales()));
  writeFileSync2(join29(folder, "quality.json"), JSON.stringify(kept.quality(lookup2)));
  return {
    orders: join29(folder, "orders/*.parquet"),
    sales: join29(folder, "sales.parquet"),
    rejects: { files: join29(folder, "rejects.ndjson"), record: "record", column: '"column"' }
  };
}
var stream;
var init_stream = __esm({
  "bench/engine/stream.ts"() {
    "use strict";
    init_order_columns();
    init_peers();
    init_stream_records();
    stream = async (options2) => {
      const { parquetWriteBuffer } = await peer("hyparquet-writer");
      const read = options2.format === "parquet" ? await readParquet2(options2) : readText(options2);
      return () => work3(options2, read, (columnData) => {
        const compressors = { ZSTD: (bytes3) => zstdCompressSync(bytes3) };
        return new Uint8Array(parquetWriteBuffer({ columnData, codec: "ZSTD", compressors }));
      });
    };
  }
});

// bench/engine/floor.ts
var floor_exports = {};
__export(floor_exports, {
  floor: () => floor
});
import { createReadStream as createReadStream7, createWriteStream as createWriteStream5 } from "node:fs";
import { join as join30 } from "node:path";
import { pipeline as pipeline3 } from "node:stream/promises";
import { createZstdCompress } from "node:zlib";
async function floor({ orders, folder }) {
  return async () => {
    let lines2 = 0;
    for await (const bytes3 of createReadStream7(orders, { highWaterMark: 1024 * 1024 })) {
      for (let at = bytes3.indexOf(10); at >= 0; at = bytes3.indexOf(10, at + 1)) lines2++;
    }
    await pipeline3(
      createReadStream7(orders, { highWaterMark: 1024 * 1024 }),
      createZstdCompress(),
      createWriteStream5(join30(folder, "orders.zst"))
    );
    return { lines: lines2 };
  };
}
var init_floor = __esm({
  "bench/engine/floor.ts"() {
    "use strict";
  }
});

// bench/engine/contenders.ts
var contenders = {
  penstock: { load: async () => (await Promise.resolve().then(() => (init_penstock(), penstock_exports))).penstock },
  "by-hand": { load: async () => (await Promise.resolve().then(() => (init_by_hand(), by_hand_exports))).byHand },
  polars: { load: async () => (await Promise.resolve().then(() => (init_polars(), polars_exports))).polars, peers: () => ["nodejs-polars"] },
  chdb: { load: async () => (await Promise.resolve().then(() => (init_chdb(), chdb_exports))).chdb, peers: () => ["chdb"] },
  stream: {
    load: async () => (await Promise.resolve().then(() => (init_stream(), stream_exports))).stream,
    peers: (format2) => format2 === "parquet" ? ["hyparquet-writer", "hyparquet"] : ["hyparquet-writer"]
  },
  floor: {
    load: async () => (await Promise.resolve().then(() => (init_floor(), floor_exports))).floor,
    unable: (format2) => format2 === "parquet" ? "Parquet has no line ends to count, and is compressed" : void 0
  }
};

// bench/engine/work.ts
var [name2, options] = process.argv.slice(2);
var contend = await contenders[name2].load();
var work4 = await contend(JSON.parse(options));
var baseBytes = process.memoryUsage.rss();
var before = process.cpuUsage();
var start = performance.now();
var result = await work4();
var milliseconds = performance.now() - start;
var { user, system } = process.cpuUsage(before);
process.stdout.write(
  JSON.stringify({
    result,
    milliseconds,
    cpuSeconds: (user + system) / 1e6,
    baseBytes,
    peakBytes: process.resourceUsage().maxRSS * 1024
  })
);
process.exit(0);
