#!/bin/sh
# Takes a spoke off its hub: deletes the Flux objects of its components in the spoke's namespace on the hub, while Flux
# can still reach the spoke; runs as `sh -eu`. With REMOVAL_POLICY=keep everything stays on the spoke, and Flux need not
# reach it; with REMOVAL_POLICY=delete what was deployed is deleted, in the reverse order of dependencies.
#
# Environment: NAMESPACE, REMOVAL_POLICY, SECONDS_TO_ACT.

kustomizations=kustomizations.kustomize.toolkit.fluxcd.io
helm_releases=helmreleases.helm.toolkit.fluxcd.io
# What the hub's root applies: it goes when it leaves Git.
root=flux-system
namespaces=flux-system-namespaces
deadline=$(($(date +%s) + SECONDS_TO_ACT))

time_left() {
  [ "$(date +%s)" -lt "$deadline" ]
}

kube() {
  timeout 30 kubectl --namespace="$NAMESPACE" "$@"
}

# As the manager `flux`, because kustomize-controller reverts what kubectl changes.
patch() {
  kube patch "$1" "$2" --type=merge --field-manager=flux --patch="$3" >/dev/null 2>"$HOME/error" ||
    grep -q "NotFound\|doesn't have a resource type" "$HOME/error"
}

# Suspended, they apply nothing again, and leave without what they deployed.
stop_roots() {
  for name in "$root" "$namespaces"; do
    patch "$kustomizations" "$name" '{"spec":{"suspend":true,"deletionPolicy":"Orphan"}}' || return 1
  done
}

# The objects that are left, one fact a line: `object KIND/NAME here|leaving`, `needs KIND/NAME KIND/NAME`. An object that
# others wait for, by dependsOn, by their health checks or by values that it brings, goes after them.
# shellcheck disable=SC2016 # the dollars are those of the template
facts='{{range .items}}{{$kind := .kind}}{{$me := printf "%s/%s" $kind .metadata.name}}object {{$me}} {{if .metadata.deletionTimestamp}}leaving{{else}}here{{end}}
{{range .spec.dependsOn}}needs {{$me}} {{$kind}}/{{.name}}
{{end}}{{range .spec.healthChecks}}needs {{$me}} {{.kind}}/{{.name}}
{{end}}{{range .spec.valuesFrom}}needs {{$me}} Kustomization/{{.name}}
{{end}}{{end}}'
gather_facts() {
  : >"$HOME/facts"
  for kind in "$kustomizations" "$helm_releases"; do
    kube get "$kind" --output=go-template="$facts" >"$HOME/found" 2>"$HOME/error" ||
      grep -q "doesn't have a resource type" "$HOME/error" || return 1
    cat "$HOME/found" >>"$HOME/facts"
  done
}

# From facts to a plan: STATE OBJECT for each object but the roots. What waits for each other goes at once.
make_plan() {
  awk -v root="Kustomization/$root" -v namespaces="Kustomization/$namespaces" '
    $1 == "object" && $2 != root && $2 != namespaces { here[$2] = $3 }
    $1 == "needs" { needs[$2, $3] }
    END {
      for (pair in needs) { split(pair, end, SUBSEP); if (end[1] in here) needed[end[2]] }
      moves = 0
      for (object in here) if (here[object] == "leaving" || !(object in needed)) moves = 1
      for (object in here) print (here[object] == "leaving" ? "leaving" : object in needed && moves ? "waits" : "next"), object
    }'
}

# Suspended, a HelmRelease leaves its release alone.
take_down() {
  name=${1#*/}
  case $1/$REMOVAL_POLICY in
    Kustomization/*/keep) resource=$kustomizations will='{"spec":{"deletionPolicy":"Orphan"}}' ;;
    Kustomization/*) resource=$kustomizations will='{"spec":{"suspend":false,"deletionPolicy":"WaitForTermination"}}' ;;
    */keep) resource=$helm_releases will='{"spec":{"suspend":true}}' ;;
    *) resource=$helm_releases will='{"spec":{"suspend":false}}' ;;
  esac
  patch "$resource" "$name" "$will" || return 0
  kube delete "$resource" "$name" --ignore-not-found --wait=false >/dev/null 2>"$HOME/error" || :
}

ready='{{range .status.conditions}}{{if eq .type "Ready"}}{{.message}}{{end}}{{end}}'
explain() {
  case $1 in
    Kustomization/*) resource=$kustomizations ;;
    *) resource=$helm_releases ;;
  esac
  message=$(kube get "$resource" "${1#*/}" --ignore-not-found --output=go-template="$ready") || :
  echo "  $1 ($2): $message" >&2
}

# Whatever fails is tried again: the network of a new Pod, and its rights, may take a moment.
: >"$HOME/plan"
: >"$HOME/error"
while time_left; do
  if stop_roots && gather_facts; then
    make_plan <"$HOME/facts" >"$HOME/plan"
    if ! [ -s "$HOME/plan" ]; then
      echo "the spoke $NAMESPACE is off the hub, what was deployed to it: $REMOVAL_POLICY"
      exit 0
    fi
    while read -r state object; do
      [ "$state" != next ] || take_down "$object"
    done <"$HOME/plan"
  fi
  sleep 1
done
cat "$HOME/error" >&2
echo "what remains in the namespace $NAMESPACE:" >&2
while read -r state object; do
  explain "$object" "$state"
done <"$HOME/plan"
echo "the spoke was not removed within $SECONDS_TO_ACT s. If it cannot be reached any more: deploy it with the removal policy keep, which works on the hub alone, and destroy it then" >&2
exit 1
