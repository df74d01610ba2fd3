/** Why Helm did not render a chart. */
export interface HelmFailure {
  /** Values that do not fit a schema, what a template refuses, or anything else, such as a file that is wrong. */
  readonly kind: 'schema' | 'template' | 'kubernetes version' | 'other';
  /** Helm's words, without the way to the place. */
  readonly words: string;
  /** The file of the chart that it is about, with line and column; empty for none. */
  readonly file: string;
  /** The first value that does not fit, from the root of the chart's values; empty for none. */
  readonly value: readonly string[];
}

const LONGEST = 600;

/**
 * What Helm means by what it says.
 *
 * @param directory - the directory that the chart was in
 */
export function helmFailure(stderr: string, chart: string, directory: string): HelmFailure {
  const text = stderr
    .replaceAll(`${directory}/`, '')
    .replace(/^(WARNING|coalesce\.go|walk\.go|level=WARN|\d{4}\/).*\n/gm, '')
    .replace(/\n*Use --debug flag to render out invalid YAML\s*$/, '')
    .replace(/^Error: (INSTALLATION FAILED: )?/, '')
    .trim();
  return schemaFailure(text, chart) ?? templateFailure(text, chart) ?? otherFailure(text);
}

/** A list of charts, and below each what is wrong with its values. Helm 3 says it otherwise since 3.18. */
function schemaFailure(text: string, chart: string): HelmFailure | undefined {
  const [, list] =
    /^values don't meet the specifications of the schema\(s\) in the following chart\(s\):\n(.*)$/s.exec(text) ?? [];
  if (list === undefined) return undefined;
  let current = chart;
  const found = list.split('\n').flatMap((line) => {
    const [, name] = /^(\S+):$/.exec(line) ?? [];
    current = name ?? current;
    const [, detail] = /^- (.*)$/.exec(line) ?? [];
    return detail === undefined ? [] : [{ chart: current, detail }];
  });
  const words = found.map((each) => (each.chart === chart ? each.detail : `${each.detail} (chart ${each.chart})`));
  const [first] = found;
  const value = first === undefined ? [] : [...(first.chart === chart ? [] : [first.chart]), ...pathIn(first.detail)];
  return { kind: 'schema', words: shortened(words.join('; ')), file: '', value };
}

/** `at '/resources/limits': …` and `resources.limits: …`. */
function pathIn(detail: string): readonly string[] {
  const [, pointer, dotted] = /^(?:at '([^']*)'|([^:\s]+)): /.exec(detail) ?? [];
  if (pointer !== undefined) return pointer.split('/').slice(1);
  return dotted === undefined || dotted === '(root)' ? [] : dotted.split('.');
}

function templateFailure(text: string, chart: string): HelmFailure | undefined {
  const patterns = [
    /^(?:execution|parse) error at \(([^)]*)\): (.*)$/s,
    /^template: (\S+?:\d+(?::\d+)?): (.*)$/s,
    /^YAML parse error on (\S+): (?:error converting YAML to JSON: )?(.*)$/s,
  ];
  for (const pattern of patterns) {
    const [, file = '', words] = pattern.exec(text) ?? [];
    if (words !== undefined) {
      const innermost = words.replace(/^executing ".*?" at (<.*?>): /s, '$1: ');
      const place = file.startsWith(`${chart}/`) ? file.slice(chart.length + 1) : file;
      return { kind: 'template', words: shortened(innermost), file: place, value: [] };
    }
  }
  return undefined;
}

function otherFailure(text: string): HelmFailure {
  const kind = text.startsWith('chart requires kubeVersion') ? 'kubernetes version' : 'other';
  return { kind, words: shortened(text), file: '', value: [] };
}

function shortened(words: string): string {
  return words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
}
