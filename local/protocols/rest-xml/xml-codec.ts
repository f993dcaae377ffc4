import type { Member, Shape, Structure } from './shape.ts';
import { escapedXml, parseXml, type XmlElement } from './xml.ts';

/** An XML document as the value of a structure; elements that the structure does not know are errors. */
export function fromXml(structure: Structure, source: string): any {
  return structureValue(structure, parseXml(source));
}

function structureValue(structure: Structure, element: XmlElement): any {
  const result: any = {};
  for (const child of element.children) {
    const member = structure.members.find((each) => each.xmlName === child.name);
    if (!member) throw new SyntaxError(`unexpected element ${child.name} in ${element.name}`);
    if (member.flattened && member.shape.kind === 'list') {
      result[member.name] ??= [];
      result[member.name].push(elementValue(member.shape.element.shape, child));
    } else result[member.name] = elementValue(member.shape, child);
  }
  for (const member of structure.members) {
    if (!member.attribute) continue;
    const value = element.attributes[member.xmlName];
    if (value !== undefined) result[member.name] = value;
  }
  return result;
}

function elementValue(shape: Shape, element: XmlElement): any {
  switch (shape.kind) {
    case 'structure':
      return structureValue(shape, element);
    case 'list':
      return element.children.map((child) => elementValue(shape.element.shape, child));
    case 'map':
      throw new SyntaxError(`maps are not read from XML (${element.name})`);
    default:
      return fromText(shape, element.text);
  }
}

/** A simple value from its text, in headers, queries and XML alike. Throws a SyntaxError where it is not of its kind. */
export function fromText(shape: Shape, text: string): any {
  switch (shape.kind) {
    case 'number': {
      const value = Number(text);
      if (text.trim() === '' || Number.isNaN(value)) throw new SyntaxError(`"${text}" is not a number`);
      return value;
    }
    case 'boolean':
      return text.trim().toLowerCase() === 'true';
    case 'timestamp': {
      const time = shape.format === 'epoch-seconds' ? Number(text) * 1000 : Date.parse(text);
      if (Number.isNaN(time)) throw new SyntaxError(`"${text}" is not a time`);
      return new Date(time);
    }
    case 'blob':
      return Buffer.from(text, 'base64');
    default:
      return text;
  }
}

/** The text of a simple value. `format` is how a timestamp is written where its shape does not say. */
export function toText(shape: Shape, value: any, format: 'date-time' | 'http-date'): string {
  if (shape.kind === 'timestamp') {
    const date = value instanceof Date ? value : new Date(value);
    const chosen = shape.format ?? format;
    if (chosen === 'epoch-seconds') return String(date.getTime() / 1000);
    return chosen === 'http-date' ? date.toUTCString() : date.toISOString();
  }
  if (shape.kind === 'blob') return Buffer.from(value).toString('base64');
  return String(value);
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** A document whose root is the element of one simple member. */
export function textXml({ name, xmlName, shape }: Member, namespace: string, value: any): string {
  const text = value[name] === undefined ? '' : escapedXml(toText(shape, value[name], 'date-time'));
  return `${declaration}<${xmlName} xmlns="${namespace}">${text}</${xmlName}>`;
}

/** The body members of `value` as an XML document with the given root. */
export function toXml(members: readonly Member[], rootName: string, namespace: string, value: any): string {
  return `${declaration}<${rootName} xmlns="${namespace}">${elements(members, value)}</${rootName}>`;
}

function elements(members: readonly Member[], value: any): string {
  let xml = '';
  for (const member of members) {
    const each = value[member.name];
    if (each === undefined || each === null || member.attribute) continue;
    if (member.shape.kind !== 'list') xml += element(member, each);
    else if (member.flattened)
      for (const item of each) xml += element({ ...member, shape: member.shape.element.shape }, item);
    else {
      const inner = member.shape.element;
      xml += `<${member.xmlName}>${each.map((item: any) => element(inner, item)).join('')}</${member.xmlName}>`;
    }
  }
  return xml;
}

function element(member: Member, value: any): string {
  const { shape, xmlName } = member;
  if (shape.kind !== 'structure') return `<${xmlName}>${escapedXml(toText(shape, value, 'date-time'))}</${xmlName}>`;
  let attributes = '';
  for (const each of shape.members) {
    if (!each.attribute || value[each.name] === undefined) continue;
    // The one attribute that S3 knows is a type of XML Schema.
    const prefix = each.xmlName.includes(':') ? ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"` : '';
    attributes += `${prefix} ${each.xmlName}="${escapedXml(value[each.name])}"`;
  }
  return `<${xmlName}${attributes}>${elements(shape.members, value)}</${xmlName}>`;
}
