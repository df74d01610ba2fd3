#!/bin/sh
# Makes a root that is there, and its source, what Git says. A root that cannot be built never takes away its own
# settings, and `flux` takes away only what it has written itself: so both managers write both objects, and nothing else
# stays that one of them once wrote.
#
# Environment: that of common.sh, SYNC and KUSTOMIZATION (base64: gotk-sync.yaml and kustomization.yaml), ROOT_PATH (of the root),
# INSTALL_ARGUMENTS (those of `flux install --export`, one a line).

git_root=$HOME/git-root

# The objects as Flux would build them. A patch may name any object of Flux.
build_root() {
  mkdir -p "$git_root"
  printf %s "$SYNC" | base64 -d >"$git_root/gotk-sync.yaml"
  printf %s "$KUSTOMIZATION" | base64 -d >"$git_root/kustomization.yaml"
  printf %s "$INSTALL_ARGUMENTS" | xargs flux install --export --namespace="$NAMESPACE" >"$git_root/gotk-components.yaml"
  run kubectl kustomize "$git_root" >"$HOME/built.yaml"
  awk 'BEGIN { RS = "---\n" } /(^|\n)kind: (GitRepository|Kustomization)\n/ { printf "---\n%s", $0 }' \
    "$HOME/built.yaml" >"$HOME/root.yaml"
  # As kustomize-controller labels what it applies. kubectl puts nothing between two documents.
  kubectl label --local --filename="$HOME/root.yaml" --output=yaml "kustomize.toolkit.fluxcd.io/name=$NAMESPACE" \
    "kustomize.toolkit.fluxcd.io/namespace=$NAMESPACE" >"$HOME/labelled.yaml"
  awk '/^apiVersion:/ { print "---" } { print }' "$HOME/labelled.yaml" >"$HOME/labelled-root.yaml"
}

write_root() {
  kube apply --server-side --force-conflicts --field-manager=flux --filename="$HOME/root.yaml" >/dev/null &&
    kube apply --server-side --force-conflicts --field-manager=kustomize-controller \
      --filename="$HOME/labelled-root.yaml" >/dev/null
}

# Only of a Flux that follows this cluster's directory, and that no operator looks after.
read_root() {
  kube get "$kustomizations" "$NAMESPACE" --namespace="$NAMESPACE" 2>"$HOME/error" \
    --output=jsonpath='{.spec.path} {.metadata.labels.app\.kubernetes\.io/managed-by}' >"$HOME/live-root" || is_gone
}

# Has the source read Git. A root that can be built again would apply what the source still holds, and take from it what is
# to go. A source that cannot read is written as well.
read_git_before() {
  sources=gitrepositories.source.toolkit.fluxcd.io
  asked=$0-$(date +%s)
  patch "$sources" "$NAMESPACE" "$NAMESPACE" \
    '{"metadata":{"annotations":{"reconcile.fluxcd.io/requestedAt":"'"$asked"'"}}}' || return 0
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    handled=$(kube get "$sources" "$NAMESPACE" --namespace="$NAMESPACE" \
      --output=jsonpath='{.status.lastHandledReconcileAt}') || handled=
    [ "$handled" != "$asked" ] || return 0
    pause 2
  done
}

insist read_root
read -r path manager <"$HOME/live-root" || :
if [ "$path" != "$ROOT_PATH" ] || [ -n "$manager" ]; then
  log "there is no root of $ROOT_PATH that the flux CLI wrote"
  exit 0
fi
build_root
read_git_before
insist write_root
log "the root is what Git says"
