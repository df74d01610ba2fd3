#!/bin/sh
# Takes a spoke off its hub: deletes the Flux objects of its components in the spoke's namespace on the hub, while Flux
# can still reach the spoke. With REMOVAL_POLICY=keep everything stays on the spoke, and Flux need not reach it; with
# REMOVAL_POLICY=delete what was deployed is deleted, in the reverse order of dependencies.
#
# Environment: that of common.sh, REMOVAL_POLICY.

# What the hub's root applies: it goes when it leaves Git.
root=flux-system
namespaces=flux-system-namespaces

# Suspended, they apply nothing again, and leave without what they deployed.
stop_roots() {
  for name in "$root" "$namespaces"; do
    patch "$kustomizations" "$name" "$NAMESPACE" '{"spec":{"suspend":true,"deletionPolicy":"Orphan"}}' || return 1
  done
}

# Suspended, a HelmRelease leaves its release alone.
take_down() {
  parse "$1"
  case $1/$REMOVAL_POLICY in
    Kustomization/*/keep) will='{"spec":{"deletionPolicy":"Orphan"}}' ;;
    Kustomization/*) will='{"spec":{"suspend":false,"deletionPolicy":"WaitForTermination"}}' ;;
    */keep) will='{"spec":{"suspend":true}}' ;;
    *) will='{"spec":{"suspend":false}}' ;;
  esac
  patch "$resource" "$name" "$ns" "$will" || return 0
  kube delete "$resource" "$name" --namespace="$ns" --ignore-not-found --wait=false >/dev/null 2>"$HOME/error" || :
}

: >"$HOME/plan"
while time_left; do
  if stop_roots && gather_facts "--namespace=$NAMESPACE" "$kustomizations" "$helm_releases"; then
    make_plan "Kustomization/$NAMESPACE/$root" "Kustomization/$NAMESPACE/$namespaces" >"$HOME/plan"
    if ! [ -s "$HOME/plan" ]; then
      log "the spoke $NAMESPACE is off the hub, what was deployed to it: $REMOVAL_POLICY"
      exit 0
    fi
    while read -r state object; do
      case $state in
        next | cycle) take_down "$object" ;;
      esac
    done <"$HOME/plan"
  fi
  pause 1
done
cat "$HOME/error" >&2
log "what remains in the namespace $NAMESPACE:" >&2
while read -r state object; do
  explain "$object" "$state" >&2
done <"$HOME/plan"
fail "the spoke was not removed within $SECONDS_TO_ACT s. If it cannot be reached any more: deploy it with the removal policy keep, which works on the hub alone, and destroy it then"
