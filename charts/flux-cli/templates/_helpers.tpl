{{/* The account of the Jobs and, across the cluster, its binding. */}}
{{- define "flux-cli.account" -}}
{{ .Release.Name }}
{{- end }}
{{- define "flux-cli.binding" -}}
{{ .Release.Namespace }}-{{ .Release.Name }}
{{- end }}

{{/* The ConfigMap by which a bootstrap records that it succeeded. */}}
{{- define "flux-cli.marker" -}}
{{ .Release.Name }}-bootstrapped
{{- end }}

{{- define "flux-cli.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "flux-cli.image" -}}
{{ .repository }}:{{ .tag }}{{ with .digest }}@{{ . }}{{ end }}
{{- end }}

{{/*
A hook Job. Arguments: root, name, hook, script (a file), deadlineSeconds, annotations, env (a list),
arguments (of the script).

The script is an argument of sh, not a mounted file, so the Job needs no ConfigMap that is a hook as well.
Kubernetes replaces $(NAME) and $$ in arguments: the scripts contain neither (a test looks).
*/}}
{{- define "flux-cli.job" -}}
{{- $ := .root }}
{{- $job := $.Values.job }}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .name }}
  namespace: {{ $.Release.Namespace }}
  labels:
    {{- merge (include "flux-cli.labels" $ | fromYaml) $job.labels | toYaml | nindent 4 }}
  annotations:
    {{- merge .annotations (dict
          "helm.sh/hook" .hook
          "helm.sh/hook-weight" "0"
          "helm.sh/hook-delete-policy" "before-hook-creation,hook-succeeded") $job.annotations | toYaml | nindent 4 }}
spec:
  # The script itself tries again. A failed Job stays for its log.
  backoffLimit: 0
  activeDeadlineSeconds: {{ int .deadlineSeconds }}
  template:
    metadata:
      labels:
        {{- merge (include "flux-cli.labels" $ | fromYaml) $job.labels | toYaml | nindent 8 }}
      {{- with $job.annotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      restartPolicy: Never
      # Time to put the Secret back and to give up the rights when the Job is killed.
      terminationGracePeriodSeconds: 60
      serviceAccountName: {{ include "flux-cli.account" $ }}
      automountServiceAccountToken: true
      enableServiceLinks: false
      {{- with $.Values.image.pullSecrets }}
      imagePullSecrets:
        {{- range . }}
        - name: {{ . }}
        {{- end }}
      {{- end }}
      {{- with $job.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $job.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        runAsNonRoot: true
        runAsUser: 65534
        runAsGroup: 65534
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: flux
          image: {{ include "flux-cli.image" $.Values.image }}
          imagePullPolicy: {{ $.Values.image.pullPolicy }}
          terminationMessagePolicy: FallbackToLogsOnError
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          resources:
            {{- toYaml $job.resources | nindent 12 }}
          env:
            - name: HOME
              value: /tmp
            - name: TMPDIR
              value: /tmp
            - name: NAMESPACE
              value: {{ $.Release.Namespace }}
            - name: BINDING
              value: {{ include "flux-cli.binding" $ }}
            - name: MARKER
              value: {{ include "flux-cli.marker" $ }}
            - name: SECONDS_TO_ACT
              value: {{ sub .deadlineSeconds 60 | quote }}
            {{- toYaml .env | nindent 12 }}
          command: [/bin/sh, -eu, -c]
          args:
            - |
              {{- $.Files.Get "files/common.sh" | nindent 14 }}
              {{- $.Files.Get .script | nindent 14 }}
            - {{ .name }}
            {{- range .arguments }}
            - {{ . | quote }}
            {{- end }}
          volumeMounts:
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: tmp
          emptyDir:
            sizeLimit: {{ $job.storage }}
{{- end }}
