{{/* What the scripts need that install and remove Flux: the names of what they remove, or leave, themselves. */}}
{{- define "flux-jobs.binding" -}}
{{ .Release.Namespace }}-{{ .Release.Name }}
{{- end }}

{{- define "flux-jobs.env" -}}
- name: BINDING
  value: {{ include "flux-jobs.binding" . }}
- name: MARKER
  value: {{ .Release.Name }}-bootstrapped
{{- end }}
