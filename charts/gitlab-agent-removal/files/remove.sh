#!/bin/sh
# Deletes the agent's HelmRelease and waits until Flux has uninstalled it; runs as `sh -eu`.
#
# Environment: NAMESPACE, HELM_RELEASE, SECONDS_TO_ACT.

helm_releases=helmreleases.helm.toolkit.fluxcd.io
deadline=$(($(date +%s) + SECONDS_TO_ACT))

time_left() {
  [ "$(date +%s)" -lt "$deadline" ]
}

kube() {
  timeout 30 kubectl "$@"
}

# Suspended, it would leave without what it installed.
kube patch "$helm_releases" "$HELM_RELEASE" --namespace="$NAMESPACE" --type=merge --field-manager=flux \
  --patch='{"spec":{"suspend":false}}' >/dev/null 2>"$HOME/error" || :
# Whatever fails is tried again: the network of a new Pod, and its rights, may take a moment.
while time_left; do
  if kube delete "$helm_releases" "$HELM_RELEASE" --namespace="$NAMESPACE" --ignore-not-found --wait=false \
    >/dev/null 2>"$HOME/error" &&
    kube get "$helm_releases" "$HELM_RELEASE" --namespace="$NAMESPACE" --ignore-not-found --output=name \
      >"$HOME/left" 2>"$HOME/error"; then
    if ! [ -s "$HOME/left" ]; then
      echo "the agent is uninstalled"
      exit 0
    fi
  elif grep -q "doesn't have a resource type" "$HOME/error"; then
    echo "there is no Flux any more, and so no HelmRelease"
    exit 0
  fi
  sleep 1
done
cat "$HOME/error" >&2
echo "Flux did not uninstall HelmRelease $NAMESPACE/$HELM_RELEASE within $SECONDS_TO_ACT s: look at its status" >&2
exit 1
