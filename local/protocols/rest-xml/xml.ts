/** One element of a document: its children in order, its text, its attributes. Prefixes of names are dropped. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const token =
  /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([^\s/>]+)((?:\s+[^\s=>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/y;

/** Parses a small document. Throws a SyntaxError where it is not well formed; document types are refused. */
export function parseXml(source: string): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open: XmlElement[] = [root];
  token.lastIndex = 0;
  while (token.lastIndex < source.length) {
    const at = token.lastIndex;
    const match = token.exec(source);
    if (!match) throw new SyntaxError(`malformed XML at character ${at}`);
    const [, cdata, closing, name, attributes, selfClosing, text] = match;
    const current = open.at(-1)!;
    if (cdata !== undefined) current.text += cdata;
    else if (text !== undefined) current.text += unescaped(text);
    else if (closing) {
      if (open.length < 2 || current.name !== localName(name!))
        throw new SyntaxError(`unexpected </${name}> at character ${at}`);
      open.pop();
    } else if (name !== undefined) {
      const element: XmlElement = {
        name: localName(name),
        attributes: parsedAttributes(attributes!),
        children: [],
        text: '',
      };
      current.children.push(element);
      if (!selfClosing) open.push(element);
    }
  }
  if (open.length !== 1 || root.children.length !== 1)
    throw new SyntaxError('the document does not have one closed root');
  return root.children[0]!;
}

/** Control characters, which XML 1.0 cannot carry as they are, travel as references, as AWS sends them. */
export function escapedXml(text: string): string {
  return text.replace(/[&<>"\p{Cc}]/gu, (each) => escapes[each] ?? `&#x${each.charCodeAt(0).toString(16)};`);
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-fA-F]+|#\d+|\w+);/g, (whole, entity: string) => {
    if (entity.startsWith('#x')) return String.fromCodePoint(Number.parseInt(entity.slice(2), 16));
    if (entity.startsWith('#')) return String.fromCodePoint(Number(entity.slice(1)));
    const known = entities[entity];
    if (known === undefined) throw new SyntaxError(`unknown entity ${whole}`);
    return known;
  });
}

function parsedAttributes(source: string): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [, name, double, single] of source.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    result[name!] = unescaped(double ?? single!);
  }
  return result;
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1);
