#!/bin/sh
# Waits until flux-operator has installed Flux and Flux has applied the repository; runs as `sh -eu`.
#
# Environment: NAMESPACE, INSTANCE, ROOT, SECONDS_TO_ACT.

deadline=$(($(date +%s) + SECONDS_TO_ACT))

time_left() {
  [ "$(date +%s)" -lt "$deadline" ]
}

# GENERATION OBSERVED STATUS MESSAGE of an object's condition Ready, on one line.
ready='{{.metadata.generation}} {{with .status}}{{or .observedGeneration 0}}{{end}} {{range .status.conditions}}{{if eq .type "Ready"}}{{or .observedGeneration 0}} {{.status}} {{.message}}{{end}}{{end}}'

# Whether an object is ready as it is now; `state` tells what is known of it.
is_ready() {
  if ! timeout 30 kubectl get "$1" "$2" --namespace="$NAMESPACE" --output=go-template="$ready" \
    >"$HOME/state" 2>"$HOME/error"; then
    read -r state <"$HOME/error" || :
    return 1
  fi
  # The operator says the generation in the condition only.
  read -r generation observed condition_generation status message <"$HOME/state" || :
  state="$1 $2: $message"
  [ "$status" = True ] && { [ "$generation" = "$observed" ] || [ "$generation" = "$condition_generation" ]; }
}

# Whatever fails is tried again: the network of a new Pod, and its rights, may take a moment.
state=
while time_left; do
  if is_ready fluxinstances.fluxcd.controlplane.io "$INSTANCE" &&
    is_ready gitrepositories.source.toolkit.fluxcd.io "$ROOT" &&
    is_ready kustomizations.kustomize.toolkit.fluxcd.io "$ROOT"; then
    echo "$state"
    exit 0
  fi
  sleep 2
done
echo "Flux was not ready within $SECONDS_TO_ACT s. $state" >&2
exit 1
