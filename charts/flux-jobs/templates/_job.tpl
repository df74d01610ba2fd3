{{- define "flux-jobs.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/*
A hook Job. Arguments: root, name, account, hook, script (a file), env (a list), arguments (of the script, may be
missing).

The script is an argument of sh, not a mounted file, so the Job needs no ConfigMap that is a hook as well.
Kubernetes replaces $(NAME) and $$ in arguments: the scripts contain neither (a test looks).
*/}}
{{- define "flux-jobs.job" -}}
{{- $ := .root }}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .name }}
  namespace: {{ $.Release.Namespace }}
  labels:
    {{- include "flux-jobs.labels" $ | nindent 4 }}
  annotations:
    helm.sh/hook: {{ .hook }}
    helm.sh/hook-weight: '0'
    # A failed Job stays for its log.
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  # The script itself tries again, and has cleaned up when it ends with this code. When it could not (no memory, a node
  # that is gone), another Pod makes it good: it puts back the credentials, goes on, and gives up the rights.
  backoffLimit: 2
  podFailurePolicy:
    rules:
      - action: FailJob
        onExitCodes:
          operator: In
          values: [3]
  activeDeadlineSeconds: {{ int $.Values.deadlineSeconds }}
  template:
    metadata:
      labels:
        {{- include "flux-jobs.labels" $ | nindent 8 }}
    spec:
      restartPolicy: Never
      # Time to undo what must not stay when the Job is killed.
      terminationGracePeriodSeconds: 60
      serviceAccountName: {{ .account }}
      automountServiceAccountToken: true
      enableServiceLinks: false
      {{- with $.Values.imagePullSecrets }}
      imagePullSecrets:
        {{- range . }}
        - name: {{ . }}
        {{- end }}
      {{- end }}
      {{- with $.Values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $.Values.tolerations }}
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
          image: {{ $.Values.image }}
          terminationMessagePolicy: FallbackToLogsOnError
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          resources:
            {{- toYaml $.Values.resources | nindent 12 }}
          env:
            - name: HOME
              value: /tmp
            - name: NAMESPACE
              value: {{ $.Release.Namespace }}
            - name: SECONDS_TO_ACT
              value: {{ sub $.Values.deadlineSeconds 60 | quote }}
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
            sizeLimit: {{ $.Values.storage }}
{{- end }}
