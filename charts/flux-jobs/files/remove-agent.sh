#!/bin/sh
# Deletes the agent's HelmRelease and waits until Flux has uninstalled it.
#
# Environment: that of common.sh, HELM_RELEASE (its name).

# Suspended, it would leave without what it installed.
delete_release() {
  patch "$helm_releases" "$HELM_RELEASE" "$NAMESPACE" '{"spec":{"suspend":false}}' &&
    kube delete "$helm_releases" "$HELM_RELEASE" --ignore-not-found --wait=false >/dev/null 2>"$HOME/error" &&
    kube get "$helm_releases" "$HELM_RELEASE" --ignore-not-found --output=name >"$HOME/found" 2>"$HOME/error"
}

while time_left; do
  if delete_release; then
    if ! [ -s "$HOME/found" ]; then
      log "the agent is uninstalled"
      exit 0
    fi
  elif is_gone; then
    log "there is no Flux any more, and so no HelmRelease"
    exit 0
  fi
  pause 1
done
cat "$HOME/error" >&2
fail "Flux did not uninstall HelmRelease $NAMESPACE/$HELM_RELEASE within $SECONDS_TO_ACT s: look at its status"
