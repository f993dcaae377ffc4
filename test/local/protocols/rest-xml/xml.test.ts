import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapedXml, parseXml } from '../../../../local/protocols/rest-xml/xml.ts';

describe('XML documents', () => {
  it('give back any text that was escaped into them', () => {
    assert(
      property(string({ unit: 'binary' }), (text) => {
        expect(parseXml(`<a>${escapedXml(text)}</a>`).text).toBe(text);
      }),
    );
  });

  it('are read with declaration, comments, prefixes, attributes, CDATA and empty elements', () => {
    const source = `<?xml version="1.0"?>\n<!-- c --><s:a xmlns:s="u" k='1 &amp; 2'><b/><b>x<![CDATA[<&>]]>&#x41;&#66;</b></s:a>`;
    const root = parseXml(source);
    expect(root).toMatchObject({ name: 'a', attributes: { k: '1 & 2' } });
    expect(root.children.map(({ name, text }) => [name, text])).toEqual([
      ['b', ''],
      ['b', 'x<&>AB'],
    ]);
  });

  it.each([
    ['an element that is not closed', '<a><b></a>'],
    ['two roots', '<a/><b/>'],
    ['no root', 'text'],
    ['an unknown entity', '<a>&lol;</a>'],
    ['a document type', '<!DOCTYPE a [<!ENTITY lol "x">]><a/>'],
    ['an end', '<a'],
  ])('are refused with %s', (_, source) => {
    expect(() => parseXml(source)).toThrow(SyntaxError);
  });
});
