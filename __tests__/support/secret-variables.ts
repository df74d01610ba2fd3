/**
 * The Terraform variables of all stacks.
 *
 * @param files - what a synth wrote
 */
export function secretVariablesOf(
  files: Readonly<Record<string, string>>,
): ReadonlyMap<string, Record<string, unknown>> {
  const stacks = Object.entries(files).filter(([path]) => path.endsWith('cdk.tf.json'));
  return new Map(stacks.flatMap(([, content]) => Object.entries<any>(JSON.parse(content).variable ?? {})));
}
