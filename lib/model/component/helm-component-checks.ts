import { checkAll, mapAll } from '../check-all';
import { below, type ErrorThing, type PathStep } from '../error-place';
import { checkHelmReleaseSettings } from '../flux/helm-release-settings';
import { isFields } from '../manifest/fields';
import { checkDnsLabel, checkDnsSubdomain, LONGEST_LABEL } from '../manifest/kubernetes-name';
import { checkKustomizePatch } from '../manifest/kustomize-patch';
import { ValidationError } from '../validation-error';
import { checkChartPin } from './chart/chart-ref';
import { checkClusterSelector } from './cluster-selector';
import { checkCommonProps } from './component-checks';
import { GATE_SUFFIX } from './dependency-gate';
import { type HelmComponentProps, type HelmValuesFrom, type HelmVariant } from './helm-component-props';
import { checkValue } from './helm-config';
import { allVariants } from './variants';

/** Helm takes no longer name for a release. */
const LONGEST_RELEASE_NAME = 53;

/** Refuses a helm component that Flux or Helm would refuse. */
export function checkHelmComponent(props: HelmComponentProps): void {
  const at = { component: props.name };
  const variants: readonly (readonly [readonly PathStep[], HelmVariant])[] = [
    [[], props],
    ...allVariants<HelmVariant>(props),
  ];
  checkAll(
    () => checkCommonProps(at, props),
    () => checkReleaseName(at, props),
    () => checkGateName(at, props),
    () =>
      mapAll(props.variants ?? [], ({ when }, index) => checkClusterSelector(at, ['variants', index, 'when'], when)),
    () => {
      if (props.targetNamespace !== undefined) checkDnsLabel(at, 'targetNamespace', props.targetNamespace);
    },
    () =>
      mapAll(variants, ([prefix, variant]) => {
        checkAll(
          () => checkHelmReleaseSettings(at, prefix, variant),
          () => checkChartPin(at, prefix, props.chart.data, variant),
          () => checkValues(at, prefix, variant),
          () => checkValuesFrom(at, prefix, variant.valuesFrom ?? []),
          () =>
            mapAll(variant.postRender?.patches ?? [], (patch, index) =>
              checkKustomizePatch({ at, prop: below(prefix, 'postRender', 'patches', index) }, patch),
            ),
        );
      }),
  );
}

/** By default it is the name of the component, which is a DNS label. */
function checkReleaseName(at: ErrorThing, { name, releaseName = name }: HelmComponentProps): void {
  if (releaseName.length > LONGEST_RELEASE_NAME) {
    const want = `at most ${LONGEST_RELEASE_NAME} characters, which Helm takes for the name of a release`;
    throw new ValidationError({ at, prop: 'releaseName', got: releaseName, want });
  }
  if (releaseName !== name) checkDnsSubdomain(at, 'releaseName', releaseName);
}

/** What waits for kustomize components in its place deploys something, and Flux labels that with its name. */
function checkGateName(at: ErrorThing, { name, dependsOn = [] }: HelmComponentProps): void {
  const longest = LONGEST_LABEL - GATE_SUFFIX.length;
  if (name.length > longest && dependsOn.some(({ type }) => type === 'kustomize')) {
    const want = `at most ${longest} characters for a helm component that depends on a kustomize component`;
    throw new ValidationError({ at, prop: 'name', got: name, want });
  }
}

function checkValues(at: ErrorThing, prefix: readonly PathStep[], { values }: HelmVariant): void {
  if (values !== undefined && !isFields(values)) {
    throw new ValidationError({ at, prop: below(prefix, 'values'), got: values, want: 'a map of values' });
  }

  checkValue(at, below(prefix, 'values'), values);
}

function checkValuesFrom(at: ErrorThing, prefix: readonly PathStep[], valuesFrom: readonly HelmValuesFrom[]): void {
  valuesFrom.forEach(({ secret, configMap, key, targetPath }, index) => {
    const prop = below(prefix, 'valuesFrom', index);
    if ((secret === undefined) === (configMap === undefined)) {
      throw new ValidationError({ at, prop, want: 'exactly one of secret and configMap' });
    }

    if (configMap !== undefined) checkDnsSubdomain(at, below(prop, 'configMap'), configMap);
    if (key !== undefined && !/^[-._a-zA-Z0-9]{1,253}$/.test(key)) {
      throw new ValidationError({ at, prop: below(prop, 'key'), got: key, want: 'a key of a Secret or ConfigMap' });
    }

    if (targetPath !== undefined && !/^([a-zA-Z0-9_\-.\\/]|\[[0-9]{1,5}\]){1,250}$/.test(targetPath)) {
      const want = 'the path of a value, such as auth.password';
      throw new ValidationError({ at, prop: below(prop, 'targetPath'), got: targetPath, want });
    }
    if (secret?.data.type === 'terraform' && (key ?? 'values.yaml') !== 'values.yaml') {
      const want = 'nothing: the Terraform variable is a map of values, in YAML';
      throw new ValidationError({ at, prop: below(prop, 'key'), got: key, want });
    }
  });
  const fromTerraform = valuesFrom.filter(({ secret }) => secret?.data.type === 'terraform');
  if (fromTerraform.length > 1) {
    const want = 'one Secret from Terraform: its variable holds all secret values';
    throw new ValidationError({ at, prop: below(prefix, 'valuesFrom'), got: fromTerraform.length, want });
  }
}
