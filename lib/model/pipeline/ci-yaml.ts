import { stringify } from 'yaml';

/**
 * YAML of GitLab CI, which GitLab reads as YAML 1.1, in the order in which people write it.
 *
 * @param sections - what a line stands between, for example each job
 */
export function toCiYaml(sections: readonly object[]): string {
  // One line per value: a script that is folded is read as another one by people.
  const options = { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' } as const;
  return sections.map((section) => stringify(section, options)).join('\n');
}
