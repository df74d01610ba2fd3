import { type Fields } from './fields';
/** What the data of a ConfigMap or a Secret may have: 1 MiB, of which Kubernetes counts the values. */
const MOST_DATA_BYTES = 1024 * 1024;

/**
 * Whether the data of a ConfigMap or a Secret may have a key.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-object
 */
export function isDataKey(key: string): boolean {
  return /^[-._a-zA-Z0-9]{1,253}$/.test(key) && key !== '.' && !key.startsWith('..');
}

/**
 * What is wrong with the data of a ConfigMap or a Secret, as the API server says it.
 *
 * @param fields - `data`, `binaryData` and `stringData`
 * @returns phrases without the values, which may be secret
 */
export function dataProblems({ data, binaryData, stringData }: Fields, kind: string): readonly string[] {
  const isBase64 = (field: unknown): boolean => field === binaryData || (kind === 'Secret' && field === data);
  const entries = [data, binaryData, stringData].flatMap((field) =>
    Object.entries((field ?? {}) as Fields).map(([key, value]) => ({ key, value, isBase64: isBase64(field) })),
  );
  const size = entries.reduce((sum, entry) => sum + bytesOf(entry.value, entry.isBase64), 0);
  return [
    ...entries.flatMap(({ key, value }) => {
      if (!isDataKey(key)) {
        return [`got the key ${JSON.stringify(key)}, want letters, digits, dots, hyphens and underscores`];
      }

      // A key without value is dropped.
      return typeof value === 'string' || value === null
        ? []
        : [
            `${key}: got a ${Array.isArray(value) ? 'list' : typeof value}, want text, in quotes where YAML reads something else`,
          ];
    }),
    ...(size > MOST_DATA_BYTES ? [`got ${size} bytes of data, want at most ${MOST_DATA_BYTES} (1 MiB)`] : []),
  ];
}

function bytesOf(value: unknown, isBase64: boolean): number {
  if (typeof value !== 'string') return 0;
  return isBase64 ? Buffer.from(value, 'base64').length : Buffer.byteLength(value);
}
