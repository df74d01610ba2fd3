import Ajv from 'ajv';
import { type Document, isMap, isScalar, isSeq, parseDocument } from 'yaml';

import { fleetJsonSchema } from '../../../lib/model/fleet';
import { EXAMPLE_TEXT, messagesFor } from '../../support/example-fleet';

type Path = readonly (string | number)[];

const example = parseDocument(EXAMPLE_TEXT);
const fitsSchema = new Ajv({ strict: false }).compile(fleetJsonSchema());

/** The paths of all keys of the example. */
function keysOf(node: unknown, path: Path = []): readonly Path[] {
  if (isSeq(node)) return node.items.flatMap((item, index) => keysOf(item, [...path, index]));
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) => {
    const own = [...path, String((key as any).value)];
    return [own, ...keysOf(value, own)];
  });
}

// Below a patch as data stand the fields of Kubernetes: its API server knows them, this library does not. The same
// goes for values of a chart, which Helm judges.
const KUBERNETES_FIELD = /\.patch\.|\.patch\[\d+\]\.value$|\.values\./;
const keys = keysOf(example.contents).filter((path) => !KUBERNETES_FIELD.test(text(path)));

function text(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);
}

const mutations: Record<string, (path: Path) => Document> = {
  rename(path) {
    const document = example.clone();
    const parent: any = document.getIn(path.slice(0, -1), true);
    const pair = parent.items.find(({ key }: any) => key.value === path.at(-1));
    pair.key.value = `${String(path.at(-1))}x`;
    return document;
  },
  retype(path) {
    const document = example.clone();
    const value = document.getIn(path, true);
    document.setIn(path, isScalar(value) && typeof value.value === 'string' ? 4711 : 'a text');
    return document;
  },
  delete(path) {
    const document = example.clone();
    document.deleteIn(path);
    return document;
  },
};

/** Why a fleet is refused that fits the schema: what stands elsewhere in it, which no schema sees. */
const SAID_ELSEWHERE = [
  // A name that is used is no longer there.
  /: unknown (component|environment) "/,
  /: got "\S+", want (one of the fleet's (environments|clusters)|a cluster that has the component): /,
  // The defaults, the environment and the cluster say it together.
  /: missing key "(connection|context|server|command|flux\.version)"/,
  /oci\.ref: got \{\}, want exactly one of tag, semver and digest; a digest may have its tag beside it$/,
  // A text must be YAML, a kind comes with its patch, and the host of a route is that of the URL.
  /\.patch: got "a text", want /,
  /\.patches\[0\]\.target: want /,
  /\.webhook\.url: want a url without a port beside ingress: /,
];

describe('every key of the example fleet', () => {
  it('is right as it is', () => {
    expect(keys.length).toBeGreaterThan(120);
    expect(messagesFor(example.toString())).toEqual([]);
  });

  it.each(Object.keys(mutations))(
    'is missed, with line and column, where the schema misses it: %s',
    (kind) => {
      let refused = 0;
      for (const path of keys) {
        const mutated = mutations[kind]!(path);
        const messages = messagesFor(mutated.toString());
        for (const message of messages) expect(message).toMatch(/^fleet\.yaml:\d+:\d+: ./);
        const verdict = { path: text(path), isMissed: messages.length > 0 };
        if (fitsSchema(mutated.toJS())) {
          const others = messages.filter((message) => !SAID_ELSEWHERE.some((rule) => rule.test(message)));
          expect({ path: text(path), others }).toEqual({ path: text(path), others: [] });
        } else {
          expect(verdict).toEqual({ path: text(path), isMissed: true });
        }
        refused += Number(verdict.isMissed);
      }
      expect(refused).toBeGreaterThan(80);
    },
    60_000,
  );
});
