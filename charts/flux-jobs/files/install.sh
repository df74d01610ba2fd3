#!/bin/sh
# Installs the Flux that Git already describes, makes it follow Git, and waits until it has applied it. Nothing is
# written to Git, and no token is needed. The arguments are those of `flux install --export`.
#
# Environment: that of common.sh, SECONDS_PER_ATTEMPT, VERSION, SYNC and KUSTOMIZATION (base64: gotk-sync.yaml and
# kustomization.yaml), DIGEST (SHA-256 of gotk-components.yaml), ROOT_PATH (of the root Kustomization).

# Of another tool, or of a cluster that follows another directory: that Flux is left alone. What `flux bootstrap` asks.
refuse_other_flux() {
  ask get crd gitrepositories.source.toolkit.fluxcd.io --ignore-not-found \
    --output=jsonpath='{.metadata.labels.app\.kubernetes\.io/managed-by}'
  case $answer in
    '' | flux) ;;
    *) fail "another tool manages Flux on this cluster: $answer" ;;
  esac
  ask get crd "$kustomizations" --ignore-not-found --output=name
  [ -n "$answer" ] || return 0
  ask get "$kustomizations" "$NAMESPACE" --namespace="$NAMESPACE" --ignore-not-found --output=jsonpath='{.spec.path}'
  [ -z "$answer" ] || [ "$answer" = "$ROOT_PATH" ] ||
    fail "this cluster follows $answer: its Kustomization $NAMESPACE would be overwritten"
  ask get "$kustomizations" "$NAMESPACE" --namespace="$NAMESPACE" --ignore-not-found \
    --output=jsonpath='{.status.lastAppliedRevision}'
  applied=$answer
}

# The files as they are in Git. The long one is made here; it must be the same, or Flux would change itself at once.
write_files() {
  mkdir -p "$base"
  printf %s "$SYNC" | base64 -d >"$base/gotk-sync.yaml"
  printf %s "$KUSTOMIZATION" | base64 -d >"$base/kustomization.yaml"
  flux install --export --namespace="$NAMESPACE" "$@" >"$base/gotk-components.yaml"
  printf '%s  %s\n' "$DIGEST" "$base/gotk-components.yaml" | sha256sum -c - >/dev/null 2>&1 ||
    fail "this CLI makes another gotk-components.yaml than the one in Git: its image is not of version $VERSION"
  run kubectl kustomize "$base" >"$HOME/all.yaml"
}

# As the manager `flux`, from which kustomize-controller takes over.
apply() {
  run timeout "$left" kubectl apply --server-side --force-conflicts --field-manager=flux --filename="$1"
}

# Of a file with documents, those with custom resources definitions, or with the objects of Flux.
only() {
  awk -v kind="$1" 'BEGIN { RS = "---\n" } $0 ~ "(^|\n)kind: (" kind ")\n" { printf "---\n%s", $0 }' "$HOME/all.yaml"
}

# What Flux has applied once, it upgrades itself from Git.
install() {
  only 'GitRepository|Kustomization' >"$HOME/sync.yaml"
  if [ -z "$applied" ]; then
    only CustomResourceDefinition >"$HOME/crds.yaml"
    apply "$HOME/crds.yaml" || return 1
    kube wait crd --for=condition=Established --selector=app.kubernetes.io/part-of=flux --timeout=20s >/dev/null ||
      return 1
    apply "$HOME/all.yaml"
  else
    apply "$HOME/sync.yaml"
  fi
}

# One attempt to bring the cluster to what Git says.
follow() {
  catch_up || return 1
  old=$(kube get deployments --namespace="$NAMESPACE" --output=name \
    --selector="app.kubernetes.io/part-of=flux,app.kubernetes.io/version!=$VERSION") || return 1
  if [ -n "$old" ]; then
    log "Git, as Flux sees it, has another version than $VERSION"
    return 1
  fi
}

base=$HOME/flux-system
applied=
wait_for_access
write_files "$@"
refuse_other_flux
resume_frozen

until install && follow; do
  back_off
  time_left || fail "no attempt succeeded within $SECONDS_TO_ACT s"
  log "trying again, $left s left"
done

record
log "Flux $VERSION runs and follows Git"
