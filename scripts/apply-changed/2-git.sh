# What Git says: files and objects of the cluster, in lists below $work.

# COMMIT NAME: lists in $work/NAME.files the files that may have objects for the cluster.
list_files() {
  GIT_INDEX_FILE=$work/$2.index
  export GIT_INDEX_FILE
  git read-tree "$(tree_of "$1")"
  git grep --cached --files-with-matches --null --fixed-strings --all-match -e "$cluster_label" -e "$cluster" \
    >"$work/files" || [ $? -eq 1 ]
  tr '\0' '\n' <"$work/files" >"$work/$2.files"
  unset GIT_INDEX_FILE
}

# COMMIT: the directory's tree, which may be empty.
tree_of() {
  git rev-parse --quiet --verify "$1:$directory" || git hash-object -t tree /dev/null
}

# NAME LIST: puts files of a list into $work/LIST/, as the commit NAME has them.
check_out() {
  mkdir "$work/$2"
  tr '\n' '\0' <"$work/$2.files" |
    GIT_INDEX_FILE=$work/$1.index git checkout-index --stdin -z --prefix="$work/$2/"
}

# BEFORE AFTER: what differs between two commits of the cluster's files: in $work/changed.files those to apply, in
# $work/replaced.files those that they replace.
compare_files() {
  list_files "$1" before
  list_files "$2" after
  git diff --name-only --no-renames -z "$(tree_of "$1")" "$(tree_of "$2")" >"$work/files"
  tr '\0' '\n' <"$work/files" >"$work/differing"
  sort "$work/differing" "$work/after.files" | uniq -d >"$work/changed.files"
  sort "$work/differing" "$work/before.files" | uniq -d >"$work/replaced.files"
}

# NAME LIST: writes to $work/LIST.objects the cluster's objects in the files of a list, one `KIND.GROUP NAMESPACE NAME
# COMPONENT` a line: all files at once, and without the cluster. False when a file cannot be read; the others are there.
read_objects() {
  check_out "$1" "$2"
  shift
  : >"$work/$1.objects"
  [ -s "$work/$1.files" ] || return 0
  status=0
  kubectl label --local --recursive --filename="$work/$1" gitlab-flux/read=true --output=go-template="
{{- with .metadata.labels}}{{if eq (printf \"%v\" (index . \"$cluster_label\")) \"$cluster\" -}}
{{\$.apiVersion}} {{\$.kind}} {{or \$.metadata.namespace \"-\"}} {{\$.metadata.name}} {{or (index . \"$component_label\") \"-\"}}
{{end}}{{end}}" >"$work/read" 2>"$work/problem" || status=$?
  sed "s|$work/$1/|$directory/|" "$work/problem" >&2
  normalize "$1"
  return "$status"
}

# LIST: `apps/v1 Deployment ...` in $work/read becomes `Deployment.apps ...` in $work/LIST.objects.
normalize() {
  awk 'NF { sub(/\/?[^\/]*$/, "", $1); print $2 ($1 == "" ? "" : "." $1), $3, $4, $5 }' "$work/read" |
    sort -u >"$work/$1.objects"
}
