#!/bin/sh
# Removes Flux, if the bootstrap of this release installed it; with REMOVAL_POLICY=delete first what it deployed.
# Everything is asked for and then watched until the deadline; nothing waits without end.
#
# Environment: that of common.sh, REMOVAL_POLICY (keep or delete).

helm_releases=helmreleases.helm.toolkit.fluxcd.io
root=Kustomization/$NAMESPACE/$NAMESPACE
# On all that the root Kustomization applied.
applied_by_root=kustomize.toolkit.fluxcd.io/name=$NAMESPACE,kustomize.toolkit.fluxcd.io/namespace=$NAMESPACE

# The objects that deploy workloads, and what must go after them, one fact a line:
#   object OBJECT here|leaving
#   needs OBJECT OTHER     it names the other one in dependsOn, or was applied by it
#   checks OBJECT OTHER    it names the other one in its health checks
# An object is KIND/NAMESPACE/NAME.
# shellcheck disable=SC2016 # the dollars are those of the template
facts='{{range .items}}{{$kind := .kind}}{{$ns := .metadata.namespace}}
{{- $me := printf "%s/%s/%s" $kind $ns .metadata.name}}object {{$me}} {{if .metadata.deletionTimestamp}}leaving{{else}}here{{end}}
{{range .spec.dependsOn}}needs {{$me}} {{$kind}}/{{or .namespace $ns}}/{{.name}}
{{end}}{{range .spec.healthChecks}}checks {{$me}} {{.kind}}/{{or .namespace $ns}}/{{.name}}
{{end}}{{with .metadata.labels}}{{$owner := index . "kustomize.toolkit.fluxcd.io/name"}}
{{- $owner_ns := index . "kustomize.toolkit.fluxcd.io/namespace"}}
{{- if $owner}}needs {{$me}} Kustomization/{{$owner_ns}}/{{$owner}}
{{end}}{{end}}{{end}}'

# From facts to a plan: STATE OBJECT for each object but the root. State is
#   next      nothing that is still here needs it: it can go
#   leaving   it is going
#   waits     something that is still here needs it
#   cycle     instead of waits, when nothing else moves
make_plan() {
  awk -v root="$root" '
    $1 == "object" && $2 != root { here[$2] = $3 }
    $1 == "needs" { needs[$2, $3] }
    $1 == "checks" { checks[$2, $3] }
    END {
      # A Kustomization that applied what it checks goes after it, not before.
      for (pair in checks) { split(pair, end, SUBSEP); if (!((end[2], end[1]) in needs)) needs[pair] }
      for (pair in needs) { split(pair, end, SUBSEP); if ((end[1] in here) && end[1] != end[2]) needed[end[2]] }
      moves = 0
      for (object in here) {
        state[object] = here[object] == "leaving" ? "leaving" : object in needed ? "waits" : "next"
        if (state[object] != "waits") moves = 1
      }
      for (object in here) print moves ? state[object] : "cycle", object
    }'
}

# Writes the facts to a file; false when the API did not answer.
gather_facts() {
  # Without the helm-controller there is no kind HelmRelease.
  kinds=$(kube get crd "$kustomizations" "$helm_releases" --ignore-not-found --output=name) || return 1
  : >"$HOME/facts"
  for kind in $kinds; do
    kube get "${kind#*/}" --all-namespaces --output=go-template="$facts" >>"$HOME/facts" || return 1
  done
}

# Splits an object into `resource`, `name` and `ns`.
parse() {
  case $1 in
    Kustomization/*) resource=$kustomizations ;;
    *) resource=$helm_releases ;;
  esac
  name=${1##*/}
  ns=${1#*/}
  ns=${ns%/*}
}

# Stops all Kustomizations, the root first, so that none applies again what is being removed. Those that are leaving
# are let alone: suspended, they would leave without what they deployed.
freeze() {
  log "suspending all Kustomizations"
  until gather_facts; do
    time_left || fail "the Kubernetes API does not answer"
    pause 2
  done
  {
    echo "$root"
    awk -v root="$root" '/^object Kustomization/ && $2 != root && $3 == "here" { print $2 }' "$HOME/facts"
  } >"$HOME/to-freeze"
  while read -r object; do
    parse "$object"
    patch "$resource" "$name" "$ns" \
      '{"metadata":{"labels":{"'"$frozen"'":"uninstall"}},"spec":{"suspend":true}}' || :
  done <"$HOME/to-freeze"
}

# A Kustomization is told to stay until all that it deployed is gone (after `timeout` it would leave anyway), and, should
# it start to reconcile once more, not to wait for the health of what it deploys.
last_will='"deletionPolicy":"WaitForTermination","timeout":"'$SECONDS_TO_ACT's","wait":false,"healthChecks":null'

# Deletes an object. It must not be suspended then, or it would leave without what it deployed: when that is not
# certain, it is not deleted before the next look.
take_down() {
  parse "$1"
  log "deleting $1"
  if [ "$resource" = "$kustomizations" ]; then
    patch "$resource" "$name" "$ns" '{"spec":{"suspend":false,'"$last_will"'}}' || return 0
  else
    suspended=$(kube get "$resource" "$name" --namespace="$ns" --output=jsonpath='{.spec.suspend}') || return 0
    if [ "$suspended" = true ]; then
      patch "$resource" "$name" "$ns" '{"spec":{"suspend":false}}' || return 0
    fi
  fi
  kube delete "$resource" "$name" --namespace="$ns" --ignore-not-found --wait=false >/dev/null || :
}

# What is known about an object that remains: its Ready message and, of a Kustomization, the objects that it still waits
# for, unless they are on another cluster.
ready='{{range .status.conditions}}{{if eq .type "Ready"}}{{.message}}{{end}}{{end}}'
inventory='{{if not .spec.kubeConfig}}{{with .status.inventory}}{{range .entries}}{{.id}}{{"\n"}}{{end}}{{end}}{{end}}'
explain() {
  parse "$1"
  message=$(kube get "$resource" "$name" --namespace="$ns" --ignore-not-found --output=go-template="$ready") || :
  echo "  $1 ($2): $message"
  [ "$2 $resource" = "leaving $kustomizations" ] || return 0
  kube get "$resource" "$name" --namespace="$ns" --output=go-template="$inventory" >"$HOME/inventory" || return 0
  while read -r id && [ "$left" -gt -30 ]; do
    # NAMESPACE_NAME_GROUP_KIND
    kind=${id##*_}
    id=${id%_*}
    group=${id##*_}
    id=${id%_*}
    found=$(kube get "$kind${group:+.$group}" "${id#*_}" --namespace="${id%%_*}" --ignore-not-found --output=name) || :
    [ -z "$found" ] || echo "    waits for $kind ${id%%_*}/${id#*_}"
    time_left || :
  done <"$HOME/inventory"
}

remove_workloads() {
  freeze
  : >"$HOME/plan"
  while time_left; do
    if gather_facts; then
      make_plan <"$HOME/facts" >"$HOME/plan"
      sort -o "$HOME/plan" "$HOME/plan"
      [ -s "$HOME/plan" ] || return 0
      while read -r state object; do
        case $state in
          cycle) log "$object is part of a cycle of dependencies" ;;
          leaving | waits) continue ;;
        esac
        take_down "$object"
      done <"$HOME/plan"
    fi
    pause 2
  done
  log "what remains:"
  while read -r state object; do
    explain "$object" "$state"
  done <"$HOME/plan"
  log "Flux stays, its Kustomizations are suspended: run this again, or deploy with the removal policy 'keep'"
  fail "not all workloads were removed within $SECONDS_TO_ACT s"
}

# The namespaces that the root applied, but Flux's own, and those that Kubernetes does not let go.
never="metadata.name!=default,metadata.name!=kube-system,metadata.name!=kube-public,metadata.name!=kube-node-lease"
never="$never,metadata.name!=$NAMESPACE"
conditions='{{range .status.conditions}}{{if eq .status "True"}} {{.message}}{{end}}{{end}}'

# Accounts keep their cluster-wide rights until here, because Kustomizations are removed in their name. The rights of
# the controllers belong to Flux and stay.
remove_namespaces() {
  kube delete clusterrolebindings,clusterroles --selector="$applied_by_root,app.kubernetes.io/part-of!=flux" --wait=false
  : >"$HOME/namespaces"
  while time_left; do
    if kube get namespaces --selector="$applied_by_root" --field-selector="$never" --output=name >"$HOME/namespaces"; then
      [ -s "$HOME/namespaces" ] || return 0
      while read -r object; do
        phase=$(kube get "$object" --ignore-not-found --output=jsonpath='{.status.phase}') || :
        [ "$phase" = Active ] || continue
        log "deleting $object"
        kube delete "$object" --wait=false >/dev/null || :
      done <"$HOME/namespaces"
    fi
    pause 2
  done
  log "what remains:"
  while read -r object; do
    message=$(kube get "$object" --ignore-not-found --output=go-template="$conditions") || :
    echo "  $object:$message"
  done <"$HOME/namespaces"
  fail "not all namespaces were removed within $SECONDS_TO_ACT s; run it again when what keeps them is gone"
}

# The controllers go first and completely: one that is still alive while its objects are deleted would delete
# workloads, or add the finalizers again that `flux uninstall` has just removed.
stop_controllers() {
  kube delete deployments --selector=app.kubernetes.io/part-of=flux --wait=false
  while time_left; do
    if kube get pods --selector=app.kubernetes.io/part-of=flux --output=name >"$HOME/pods" && ! [ -s "$HOME/pods" ]; then
      return 0
    fi
    pause 1
  done
  fail "the Flux controllers did not stop within $SECONDS_TO_ACT s"
}

# `flux uninstall` deletes without waiting and succeeds even where it could not remove a finalizer, so it is repeated
# until the kinds are gone.
uninstall_flux() {
  : >"$HOME/crds"
  while time_left; do
    run timeout "$left" flux uninstall --silent --keep-namespace --namespace="$NAMESPACE" || :
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      if kube get crd --selector=app.kubernetes.io/part-of=flux --output=name >"$HOME/crds" && ! [ -s "$HOME/crds" ]; then
        return 0
      fi
      pause 1
    done
  done
  log "what remains:"
  cat "$HOME/crds"
  fail "Flux was not removed within $SECONDS_TO_ACT s"
}

installed=$(kube get configmap "$MARKER" --ignore-not-found --output=name)
if [ -z "$installed" ]; then
  log "this release never finished a bootstrap: Flux, if there is one, is left alone"
  exit 0
fi
if [ "$REMOVAL_POLICY" = delete ]; then
  remove_workloads
  remove_namespaces
fi
stop_controllers
uninstall_flux
kube delete configmap "$MARKER" --ignore-not-found >/dev/null
log "Flux is removed"
