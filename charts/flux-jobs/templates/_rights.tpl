{{/*
The account of a Job, and what it may in the release's namespace. They are hooks too, so they exist only while a Job
runs. Arguments: root, account, hook, rules.
*/}}
{{- define "flux-jobs.rights" -}}
{{- $ := .root }}
{{- include "flux-jobs.account" . }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
{{ include "flux-jobs.right" (dict "root" $ "name" .account "hook" .hook "weight" "-2") }}
rules:
  {{- toYaml .rules | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
{{ include "flux-jobs.right" (dict "root" $ "name" .account "hook" .hook "weight" "-1") }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ .account }}
{{ include "flux-jobs.subjects" . }}
{{- end }}

{{- define "flux-jobs.account" -}}
apiVersion: v1
kind: ServiceAccount
{{ include "flux-jobs.right" (dict "root" .root "name" .account "hook" .hook "weight" "-2") }}
# Only the Jobs' Pods mount its token.
automountServiceAccountToken: false
{{- end }}

{{- define "flux-jobs.subjects" -}}
subjects:
  - kind: ServiceAccount
    name: {{ .account }}
    namespace: {{ .root.Release.Namespace }}
{{- end }}

{{- define "flux-jobs.right" -}}
metadata:
  name: {{ .name }}
  {{- if not .clusterWide }}
  namespace: {{ default .root.Release.Namespace .namespace }}
  {{- end }}
  labels:
    {{- include "flux-jobs.labels" .root | nindent 4 }}
  annotations:
    helm.sh/hook: {{ .hook }}
    helm.sh/hook-weight: '{{ .weight }}'
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}
