import Ajv from 'ajv';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkImage, checkImageWithoutTag } from '../../../lib/model/manifest/container-image';

const DIGEST = `@sha256:${'a'.repeat(64)}`;
const WITHOUT_TAG = ['flux-cli', 'ghcr.io/fluxcd/flux-cli', 'mirror.Example.com:5000/a/b_c', 'localhost:5000/a'];
const WITH_TAG = [
  'flux-cli:v2.9.4',
  'ghcr.io/fluxcd/flux-cli:v2.9.4',
  'a:5000',
  `localhost:5000/a:1${DIGEST}`,
  `a${DIGEST}`,
];
const NONE = ['', 'GHCR IO/x', 'ghcr.io/Fluxcd/x', '/a', 'a/', 'a:', 'a:b:c', 'a@b', 'a:5000/', 'https://ghcr.io/a'];

describe('an image', () => {
  test.each([...WITHOUT_TAG, ...WITH_TAG])('may be %s', (image) => {
    expect(() => checkImage('Flux', 'jobImage', image)).not.toThrow();
  });

  test.each(NONE)('is not %j', (image) => {
    const message = `Flux: jobImage: got ${JSON.stringify(image)}, want an image such as ghcr.io/fluxcd/flux-cli:v2.9.4`;
    expect(() => checkImage('Flux', 'jobImage', image)).toThrow(message);
  });
});

describe('an image without tag', () => {
  test.each(WITHOUT_TAG)('may be %s', (image) => {
    expect(() => checkImageWithoutTag('Flux', 'image', image)).not.toThrow();
  });

  test.each([...WITH_TAG, ...NONE])('is not %j', (image) => {
    const message = `Flux: image: got ${JSON.stringify(image)}, want an image without tag, such as ghcr.io/fluxcd/flux-cli`;
    expect(() => checkImageWithoutTag('Flux', 'image', image)).toThrow(message);
  });
});

test('the schema of the chart flux-jobs takes the same images', () => {
  const schema = JSON.parse(readFileSync(join(__dirname, '../../../charts/flux-jobs/values.schema.json'), 'utf8'));
  const isValid = new Ajv().compile(schema.properties.image);
  expect([...WITHOUT_TAG, ...WITH_TAG].filter((image) => !isValid(image))).toEqual([]);
  expect(NONE.filter((image) => isValid(image))).toEqual([]);
});
