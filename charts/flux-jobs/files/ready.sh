#!/bin/sh
# Waits until flux-operator has installed Flux and Flux has applied the repository.
#
# Environment: that of common.sh, INSTANCE and ROOT (names of the FluxInstance and of the root Kustomization).

# GENERATION OBSERVED STATUS MESSAGE of an object's condition Ready, on one line.
condition='{{.metadata.generation}} {{with .status}}{{or .observedGeneration 0}}{{end}} {{range .status.conditions}}{{if eq .type "Ready"}}{{or .observedGeneration 0}} {{.status}} {{.message}}{{end}}{{end}}'

# Whether an object is ready as it is now; `state` tells what is known of it.
is_ready() {
  if ! kube get "$1" "$2" --output=go-template="$condition" >"$HOME/state" 2>"$HOME/error"; then
    read -r state <"$HOME/error" || :
    return 1
  fi
  # The operator says the generation in the condition only.
  read -r generation observed condition_generation status message <"$HOME/state" || :
  state="$1 $2: $message"
  [ "$status" = True ] && { [ "$generation" = "$observed" ] || [ "$generation" = "$condition_generation" ]; }
}

# Whether all are; `says` tells what is known of the first that stands in the way of the others: the FluxInstance only
# says that it waits for its root, and the root for its source.
all_are_ready() {
  says=
  is_ready fluxinstances.fluxcd.controlplane.io "$INSTANCE" || says=$state
  is_ready "$kustomizations" "$ROOT" || is_still_missing || says=$state
  answer=$state
  is_ready gitrepositories.source.toolkit.fluxcd.io "$ROOT" || is_still_missing || says=$state
  [ -z "$says" ]
}

# The operator has not made it yet, and says why.
is_still_missing() {
  [ -n "$says" ] && is_gone
}

says=
until all_are_ready; do
  time_left || fail "Flux was not ready within $SECONDS_TO_ACT s. $says"
  pause 2
done
log "$answer"
