import fc from 'fast-check';
import { parse } from 'yaml';

import { checkCertificateAuthority } from '../../../lib/model/manifest/certificate-authority';
import { FileTree } from '../../../lib/model/manifest/file-tree';
import { checkDnsLabel, checkDnsSubdomain } from '../../../lib/model/manifest/kubernetes-name';
import { checkSecret } from '../../../lib/model/manifest/secret';
import { parseObjects, toYaml, toYamlDocument } from '../../../lib/model/manifest/yaml';
import { certificateAuthority } from '../../support/certificate-authority';

describe('YAML', () => {
  const value = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });

  it('holds the same as before, for readers of YAML 1.2 and of 1.1', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
          value,
        ),
        (data) => {
          const text = toYamlDocument(data);
          expect(parse(text)).toEqual(data);
          expect(parse(text, { version: '1.1', merge: false })).toEqual(data);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    'yes',
    'no',
    'on',
    'off',
    'y',
    'n',
    'null',
    '~',
    '0x1f',
    '012',
    '1e3',
    '12:30',
    '',
    ' a',
    'a: b',
    '# a',
    '- a',
    '2026-01-01',
  ])('keeps the text %j text', (text) =>
    expect(parse(toYamlDocument({ a: text }), { version: '1.1' })).toEqual({ a: text }),
  );

  it('has sorted keys, two spaces, and sequences that are not indented', () => {
    expect(toYaml([{ b: [{ d: 1, c: [2] }], a: { x: 'long '.repeat(40) } }])).toBe(
      `---\na:\n  x: ${JSON.stringify('long '.repeat(40))}\nb:\n- c:\n  - 2\n  d: 1\n`,
    );
  });

  it('leaves out what is undefined, and repeats what is there twice', () => {
    const shared = { a: 1 };
    expect(toYamlDocument({ p: shared, q: shared, r: undefined })).toBe('p:\n  a: 1\nq:\n  a: 1\n');
  });

  it('is read document by document, and lists by their items', () => {
    expect(parseObjects('---\n---\nkind: A\n---\nkind: List\nitems: [{kind: B}, {kind: C}]\n', 'x')).toEqual([
      { kind: 'A' },
      { kind: 'B' },
      { kind: 'C' },
    ]);
    expect(() => parseObjects('a: [', 'x.yaml')).toThrow(/^x\.yaml: want YAML, but: /);
  });
});

describe('a name', () => {
  it.each(['', '-a', 'a-', 'A', 'a_b', 'a.b', 'a'.repeat(64), 'ä'])('%j is no DNS label', (name) =>
    expect(() => checkDnsLabel('x', 'name', name)).toThrow(/^x: name: got .*want a DNS label/),
  );
  it.each(['a', '0', 'a-b', 'a'.repeat(63)])('%j is a DNS label', (name) =>
    expect(() => checkDnsLabel('x', 'name', name)).not.toThrow(),
  );
  it.each(['', '.a', 'a.', 'a..b', 'a.-b', 'a.'.repeat(127)])('%j is no DNS subdomain', (name) =>
    expect(() => checkDnsSubdomain('x', 'name', name)).toThrow(/want a DNS subdomain/),
  );
});

describe('a file tree', () => {
  const of = (...paths: string[]) => FileTree.of(paths.map((path) => ({ path, content: path })));

  it('has its paths in one order, whatever the locale', () => {
    expect(of('b', 'a/b', 'B', 'a-b', 'ä').paths).toEqual(['B', 'a-b', 'a/b', 'b', 'ä']);
  });

  it.each(['', '/a', 'a/', 'a//b', '../a', 'a/../b', './a', 'a\\b', 'a\nb', '.git/config', 'a/.git/b'])(
    'has no path %j',
    (path) => expect(() => of(path)).toThrow(/want a path below the repository's root/),
  );

  it('has each path once, and no file that is a directory too', () => {
    expect(() => of('a', 'a')).toThrow(/got "a", want each path once/);
    expect(() => of('a', 'a/b')).toThrow(/got "a", want a directory, because a\/b lies below it/);
    expect(() => FileTree.merge([of('a'), of('a')])).toThrow(/want each path once/);
  });

  it('moves below a directory', () => expect(of('a', 'b/c').below('x/y').paths).toEqual(['x/y/a', 'x/y/b/c']));
});

describe('a Secret in Git', () => {
  const secret = (fields: object) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, ...fields });
  const sops = { mac: 'ENC[AES256_GCM,data:x]' };

  it.each([
    ['plain text', secret({ stringData: { p: 'canary' } }), true, /in plain text/],
    ['base64', secret({ data: { p: 'Y2FuYXJ5' } }), true, /in plain text/],
    ['metadata of SOPS and plain text', secret({ data: { p: 'canary' }, sops }), true, /in plain text/],
    ['metadata without its code', secret({ data: { p: 'ENC[x]' }, sops: {} }), true, /in plain text/],
    [
      'one of two values in plain text',
      secret({ data: { p: 'ENC[x]' }, stringData: { q: 'canary' }, sops }),
      true,
      /in plain text/,
    ],
    ['nobody to decrypt it', secret({ data: { p: 'ENC[x]' }, sops }), false, /want `decryption` to be set/],
  ])('is refused with %s, and never shown', (_, object, decrypts, message) => {
    const check = () => checkSecret({ at: 'x', file: 's.yaml' }, object, decrypts);
    expect(check).toThrow(message);
    expect(check).not.toThrow(/canary|Y2FuYXJ5/);
  });

  it.each([
    ['encrypted', secret({ data: { p: 'ENC[x]' }, sops })],
    ['without values', secret({ type: 'Opaque', data: {} })],
    ['no Secret', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { p: 'x' } }],
  ])('may be %s', (_, object) => expect(() => checkSecret({ at: 'x', file: 's.yaml' }, object, true)).not.toThrow());
});

describe("an authority's certificate", () => {
  const check = (pem: string) => () => checkCertificateAuthority('x', pem);
  const block = (label: string, body: string): string => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;

  it.each([
    ['one', certificateAuthority],
    ['several', `${certificateAuthority}${certificateAuthority}`],
    ['one with comments, as bundles have them', `# Issuer: CN=x\n${certificateAuthority}\n# next\n`],
    ['one with ends of lines of Windows', certificateAuthority.replaceAll('\n', '\r\n')],
  ])('is %s', (_, pem) => expect(check(pem)).not.toThrow());

  it.each([
    ['nothing', '', /want a certificate in PEM/],
    ['another text', 'x', /want a certificate in PEM/],
    ['no base64', block('CERTIFICATE', 'not base64!'), /block 1 cannot be read/],
    ['no certificate', block('CERTIFICATE', 'bm90IGEgY2VydGlmaWNhdGU='), /block 1 cannot be read/],
    ['cut off', certificateAuthority.slice(0, 200), /block 1 cannot be read/],
    ['followed by one that is none', `${certificateAuthority}${block('CERTIFICATE', 'AAAA')}`, /block 2 cannot/],
    ['beside a key', `${certificateAuthority}${block('PRIVATE KEY', 'bm90IGE=')}`, /block 2 is a PRIVATE KEY/],
    ['behind a key', `${block('RSA PRIVATE KEY', 'bm90IGE=')}${certificateAuthority}`, /block 1 is a RSA PRIVATE KEY/],
    ['a public key', block('PUBLIC KEY', 'bm90IGE='), /block 1 is a PUBLIC KEY/],
  ])('is refused when it is %s', (_, pem, message) => {
    expect(check(pem)).toThrow(message);
    expect(check(pem)).not.toThrow(/bm90/);
  });
});
