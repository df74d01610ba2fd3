/** The component of a first project: a small web page, which Pod Security `restricted` takes. */
export const EXAMPLE_COMPONENT: Readonly<Record<string, string>> = {
  'components/podinfo/base/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - deployment.yaml
  - service.yaml
`,
  'components/podinfo/base/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: podinfo
  labels: { app.kubernetes.io/name: podinfo }
spec:
  selector:
    matchLabels: { app.kubernetes.io/name: podinfo }
  template:
    metadata:
      labels: { app.kubernetes.io/name: podinfo }
    spec:
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 100
        seccompProfile: { type: RuntimeDefault }
      containers:
        - name: podinfo
          image: ghcr.io/stefanprodan/podinfo:6.9.2
          env:
            - { name: PODINFO_UI_MESSAGE, value: Hello }
          ports:
            - { name: http, containerPort: 9898 }
          readinessProbe:
            httpGet: { path: /readyz, port: http }
          resources:
            requests: { cpu: 10m, memory: 32Mi }
            limits: { memory: 128Mi }
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
          volumeMounts:
            - { name: data, mountPath: /data }
      volumes:
        - name: data
          emptyDir: {}
`,
  'components/podinfo/base/service.yaml': `apiVersion: v1
kind: Service
metadata:
  name: podinfo
spec:
  selector: { app.kubernetes.io/name: podinfo }
  ports:
    - { name: http, port: 80, targetPort: http }
`,
};
