#!/bin/sh
# Removes Flux, if the bootstrap of this release installed it; with REMOVAL_POLICY=delete first what it deployed.
# Everything is asked for and then watched until the deadline; nothing waits without end.
#
# Environment: that of common.sh, REMOVAL_POLICY (keep or delete), KEEP_NAMESPACE (true, or nothing when it goes next).

root=Kustomization/$NAMESPACE/$NAMESPACE
# On all that the root Kustomization applied.
applied_by_root=kustomize.toolkit.fluxcd.io/name=$NAMESPACE,kustomize.toolkit.fluxcd.io/namespace=$NAMESPACE

# The facts about the kinds that there are: without the helm-controller there is no kind HelmRelease.
look() {
  kinds=$(kube get crd "$kustomizations" "$helm_releases" --ignore-not-found --output=name) || return 1
  set --
  for kind in $kinds; do
    set -- "$@" "${kind#*/}"
  done
  gather_facts --all-namespaces "$@" || {
    cat "$HOME/error" >&2
    return 1
  }
}

# Stops all Kustomizations, the root first, so that none applies again what is being removed. Those that are leaving
# are let alone: suspended, they would leave without what they deployed.
freeze() {
  log "suspending all Kustomizations"
  insist look
  {
    echo "$root"
    awk -v root="$root" '/^object Kustomization/ && $2 != root && $3 == "here" { print $2 }' "$HOME/facts"
  } >"$HOME/to-freeze"
  while read -r object; do
    parse "$object"
    insist patch "$resource" "$name" "$ns" \
      '{"metadata":{"labels":{"'"$frozen"'":"uninstall"}},"spec":{"suspend":true}}'
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

# The objects that a Kustomization still waits for, unless they are on another cluster.
inventory='{{if not .spec.kubeConfig}}{{with .status.inventory}}{{range .entries}}{{.id}}{{"\n"}}{{end}}{{end}}{{end}}'
explain_wait() {
  parse "$1"
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
    if look; then
      make_plan "$root" >"$HOME/plan"
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
    case "$state $object" in
      'leaving Kustomization/'*) explain_wait "$object" ;;
    esac
  done <"$HOME/plan"
  log "Flux stays, its Kustomizations are suspended: run this again, or deploy with the removal policy 'keep'"
  fail "not all workloads were removed within $SECONDS_TO_ACT s"
}

# The namespaces that the root applied, but Flux's own, and those that Kubernetes does not let go.
never="metadata.name!=default,metadata.name!=kube-system,metadata.name!=kube-public,metadata.name!=kube-node-lease"
never="$never,metadata.name!=$NAMESPACE"
conditions='{{range .status.conditions}}{{if eq .status "True"}} {{.message}}{{end}}{{end}}'

# What keeps a namespace: what Kubernetes says of it, and the objects that are left, with their finalizers.
left_in='{{range .items}}    held by {{.kind}} {{.metadata.name}}{{range .metadata.finalizers}} ({{.}}){{end}}{{"\n"}}{{end}}'
explain_namespace() {
  message=$(kube get "$1" --ignore-not-found --output=go-template="$conditions") || :
  echo "  $1:$message"
  printf '%s\n' "$message" | grep -o '[a-z0-9.-]* has [0-9]* resource instances' >"$HOME/kinds" || return 0
  while read -r kind _ && [ "$left" -gt -30 ]; do
    kube get "${kind%.}" --namespace="${1#*/}" --output=go-template="$left_in" || :
    time_left || :
  done <"$HOME/kinds"
}

# Accounts keep their cluster-wide rights until here, because Kustomizations are removed in their name. The rights of
# the controllers belong to Flux and stay.
remove_namespaces() {
  insist kube delete clusterrolebindings,clusterroles --wait=false \
    --selector="$applied_by_root,app.kubernetes.io/part-of!=flux"
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
    explain_namespace "$object"
  done <"$HOME/namespaces"
  fail "not all namespaces were removed within $SECONDS_TO_ACT s; run it again when what keeps them is gone"
}

# The controllers go first and completely: one that is still alive while its objects are deleted would delete
# workloads, or add the finalizers again that `flux uninstall` has just removed.
stop_controllers() {
  insist kube delete deployments --selector=app.kubernetes.io/part-of=flux --wait=false
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

# What follows is about the namespace, which Terraform deletes next: it waits, and does not say for what.
availability='{{range .items}}{{.metadata.name}}{{range .status.conditions}}{{if eq .type "Available"}} {{.status}} {{.message}}{{end}}{{end}}{{"\n"}}{{end}}'
with_finalizers='{{range .items}}{{if .metadata.finalizers}}{{.kind}} {{.apiVersion}} {{.metadata.name}}{{if .metadata.deletionTimestamp}} leaving{{else}} here{{end}}{{range .metadata.finalizers}} {{.}}{{end}}{{"\n"}}{{end}}{{end}}'

# Writes to `apis` those that do not answer, because Kubernetes lets no namespace go without knowing what is in it, and to
# `holders` the objects that may hold it: TYPE NAME STATE FINALIZERS. Kubernetes takes off its own finalizers.
find_holders() {
  kube get apiservices --output=go-template="$availability" >"$HOME/objects" || return 1
  awk '$2 != "True" { sub(" [^ ]*", " does not answer:"); print "  APIService " $0 }' "$HOME/objects" >"$HOME/apis"
  # Both fail for what does not answer, and give the rest.
  kube api-resources --namespaced=true --verbs=list,delete --output=name >"$HOME/kinds" || [ -s "$HOME/apis" ] || return 1
  kinds=$(tr '\n' , <"$HOME/kinds")
  kube get "${kinds%,}" --namespace="$NAMESPACE" --output=go-template="$with_finalizers" >"$HOME/objects" ||
    [ -s "$HOME/apis" ] || return 1
  awk '{
    foreign = $4 == "leaving"
    for (i = 5; i <= NF; i++) if ($i !~ /^([^\/]*\.)?kubernetes\.io\/|^(foregroundDeletion|orphan)$/) foreign = 1
    if (!foreign) next
    n = split($2, version, "/")
    $1 = n == 1 ? $1 : $1 "." version[2] "." version[1]
    $2 = ""
    print
  }' "$HOME/objects" >"$HOME/holders"
}

# Whether somebody takes a finalizer off is seen only when the object is deleted: a little earlier than with the
# namespace, while it can still be said.
empty_namespace() {
  end=$(($(date +%s) + 180))
  : >"$HOME/apis"
  : >"$HOME/holders"
  while attempt_goes_on; do
    if find_holders 2>"$HOME/error"; then
      [ -s "$HOME/apis" ] || [ -s "$HOME/holders" ] || return 0
      while read -r type name state _; do
        [ "$state" = here ] || continue
        log "deleting $type $name, which has a finalizer"
        kube delete "$type" "$name" --namespace="$NAMESPACE" --ignore-not-found --wait=false >/dev/null || :
      done <"$HOME/holders"
    fi
    pause 2
  done
  cat "$HOME/error" >&2
  log "the namespace $NAMESPACE would stay Terminating:"
  cat "$HOME/apis"
  awk '{
    line = "  held by " $1 " " $2
    for (i = 4; i <= NF; i++) line = line " (" $i ")"
    print line
  }' "$HOME/holders"
  fail "Flux is removed, but its namespace could not go; destroy again when what holds it is gone"
}

wait_for_access
ask get configmap "$MARKER" --ignore-not-found --output=name
if [ -z "$answer" ]; then
  log "this release never finished a bootstrap: Flux, if there is one, is left alone"
  exit 0
fi
if [ "$REMOVAL_POLICY" = delete ]; then
  remove_workloads
  remove_namespaces
fi
stop_controllers
uninstall_flux
[ "${KEEP_NAMESPACE:-}" = true ] || empty_namespace
insist kube delete configmap "$MARKER" --ignore-not-found >/dev/null
log "Flux is removed"
