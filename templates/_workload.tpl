{{- /*
The pieces that workloads are made of.
*/ -}}

{{- /*
chart.waitAddress: what to wait for, as "host port"; nothing when the service is
not in the cluster, since then there is nothing to wait for.
  root: the root context; service: kafka, minio, postgres, mlflow or fastapi
*/ -}}
{{- define "chart.waitAddress" -}}
{{- $values := .root.Values -}}
{{- if eq .service "kafka" -}}
  {{- if include "chart.kafkaInCluster" .root -}}
    {{- printf "%s %d" (include "chart.serviceHost" (dict "root" .root "name" $values.kafka.service.name)) (int $values.kafka.service.port) -}}
  {{- end -}}
{{- else if eq .service "minio" -}}
  {{- if include "chart.minioInCluster" .root -}}
    {{- printf "%s %d" (include "chart.serviceHost" (dict "root" .root "name" $values.minio.service.name)) (int $values.minio.service.apiPort) -}}
  {{- end -}}
{{- else if eq .service "postgres" -}}
  {{- if include "chart.postgresInCluster" .root -}}
    {{- printf "%s %d" (include "chart.serviceHost" (dict "root" .root "name" $values.postgres.service.name)) (int $values.postgres.service.port) -}}
  {{- end -}}
{{- else if eq .service "mlflow" -}}
  {{- if include "chart.mlflowInCluster" .root -}}
    {{- printf "%s %d" (include "chart.serviceHost" (dict "root" .root "name" $values.mlflow.service.name)) (int $values.mlflow.service.port) -}}
  {{- end -}}
{{- else if eq .service "fastapi" -}}
  {{- if include "chart.fastapiInCluster" .root -}}
    {{- printf "%s %d" (include "chart.serviceHost" (dict "root" .root "name" $values.fastapi.service.name)) (int $values.fastapi.service.port) -}}
  {{- end -}}
{{- else -}}
  {{- fail (printf "chart.waitFor knows no service %q" .service) -}}
{{- end -}}
{{- end -}}

{{- /*
chart.waitFor: the init containers that wait for services of this release, with
their key; nothing at all when none of them is in the cluster.
  root: the root context; services: a list of kafka, minio, postgres, mlflow, fastapi
*/ -}}
{{- define "chart.waitFor" -}}
{{- $root := .root -}}
{{- $containers := "" -}}
{{- range $service := .services -}}
  {{- $address := include "chart.waitAddress" (dict "root" $root "service" $service) -}}
  {{- if $address -}}
    {{- $containers = printf "%s\n%s" $containers (include "chart.waitContainer" (dict "root" $root "service" $service "address" $address)) -}}
  {{- end -}}
{{- end -}}
{{- if $containers -}}
initContainers:
  {{- $containers | nindent 2 | replace "\n  \n" "\n" }}
{{- end -}}
{{- end -}}

{{- /* chart.waitContainer: one of them. */ -}}
{{- define "chart.waitContainer" -}}
- name: wait-for-{{ .service }}
  image: {{ .root.Values.wait.image | quote }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy }}
  command:
    - sh
    - -c
    - |
      tries=0
      until nc -z -w 2 {{ .address }}; do
        tries=$((tries + 1))
        if [ "$tries" -ge {{ int .root.Values.wait.attempts }} ]; then
          echo "{{ .service }} does not answer at {{ .address }} after $tries tries" >&2
          exit 1
        fi
        sleep {{ int .root.Values.wait.intervalSeconds }}
      done
  securityContext:
    {{- include "chart.containerSecurity" . | nindent 4 }}
  resources:
    {{- toYaml .root.Values.wait.resources | nindent 4 }}
{{- end -}}

{{- /* chart.containerSecurity: the security context of a container that writes only to its volumes. */ -}}
{{- define "chart.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
{{- end -}}

{{- /*
chart.podMetadata: labels and annotations of a pod. Not the chart's version: a
new chart alone should not restart what did not change. The checksum restarts
the pods when the configuration they read at their start changes.
  root: the root context; component: its name
  standalone: true for a pod that does not read flts-config
*/ -}}
{{- define "chart.podMetadata" -}}
labels:
  {{- include "chart.selectorLabels" . | nindent 2 }}
  app.kubernetes.io/part-of: {{ include "chart.name" .root }}
  {{- with .root.Values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- if or (not .standalone) .root.Values.podAnnotations }}
annotations:
  {{- if not .standalone }}
  checksum/config: {{ include "chart.configData" .root | sha256sum }}
  {{- end }}
  {{- with .root.Values.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end -}}

{{- /*
chart.podSettings: what all pods have in common.
  root: the root context; user: the user id of the image (1000 when not given)
*/ -}}
{{- define "chart.podSettings" -}}
{{- $user := .user | default 1000 | int -}}
serviceAccountName: {{ .root.Values.serviceAccount.name }}
automountServiceAccountToken: false
{{- with .root.Values.image.pullSecret }}
imagePullSecrets:
  - name: {{ . }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ $user }}
  runAsGroup: {{ $user }}
  fsGroup: {{ $user }}
  seccompProfile:
    type: RuntimeDefault
{{- with .root.Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* chart.scalar: a value as a quoted string. A large number stays in full (1000000, not 1e+06). */ -}}
{{- define "chart.scalar" -}}
{{- ternary . (toJson .) (kindIs "string" .) | quote -}}
{{- end -}}

{{- /*
chart.environment: what every workload of the pipeline reads: the configuration,
the object store's keys and MLflow's login, the last two from secrets. Where MLflow
and its artifacts are stands in the pod itself, too: `kubectl describe` shows it,
and a moved backend rolls the workload out.
  root: the root context; env: variables of its own (NAME: value)
*/ -}}
{{- define "chart.environment" -}}
envFrom:
  - configMapRef:
      name: flts-config
  - secretRef:
      name: flts-secrets
env:
  - name: HOME
    value: /tmp
  - name: MLFLOW_TRACKING_URI
    value: {{ include "chart.mlflowTrackingUri" .root | quote }}
  - name: MLFLOW_S3_ENDPOINT_URL
    value: {{ include "chart.minioEndpoint" .root | quote }}
  - name: MLFLOW_TRACKING_USERNAME
    valueFrom:
      secretKeyRef:
        name: ml-platform
        key: MLFLOW_TRACKING_USERNAME
  - name: MLFLOW_TRACKING_PASSWORD
    valueFrom:
      secretKeyRef:
        name: ml-platform
        key: MLFLOW_TRACKING_PASSWORD
  {{- range $name, $value := .env }}
  - name: {{ $name }}
    value: {{ include "chart.scalar" $value }}
  {{- end }}
{{- end -}}

{{- /* chart.probes: is it ready, is it alive; on the port called http. path: what to ask for. */ -}}
{{- define "chart.probes" -}}
startupProbe:
  httpGet:
    path: {{ .path }}
    port: http
  periodSeconds: 5
  failureThreshold: 60
readinessProbe:
  httpGet:
    path: {{ .path }}
    port: http
  periodSeconds: 10
  timeoutSeconds: 3
livenessProbe:
  httpGet:
    path: {{ .path }}
    port: http
  periodSeconds: 20
  timeoutSeconds: 5
{{- end -}}

{{- /*
chart.deployment: a workload of the pipeline.
  root: the root context; component: its name; values: its values;
  waitFor: the services it needs; unscaled: true when an autoscaler counts its pods
With a `service` in its values it listens on the service's port.
*/ -}}
{{- define "chart.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "chart.metadata" (dict "root" .root "component" .component) | nindent 2 }}
spec:
  {{- if not .unscaled }}
  replicas: {{ int .values.replicas }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "chart.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      {{- include "chart.podMetadata" . | nindent 6 }}
    spec:
      {{- include "chart.podSettings" (dict "root" .root) | nindent 6 }}
      {{- with include "chart.waitFor" (dict "root" .root "services" .waitFor) }}
      {{- . | nindent 6 }}
      {{- end }}
      containers:
        - name: {{ .component }}
          image: {{ include "chart.image" . | quote }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          {{- with .values.service }}
          ports:
            - name: http
              containerPort: {{ int .port }}
          {{- end }}
          {{- include "chart.environment" (dict "root" .root "env" .values.env) | nindent 10 }}
          {{- with .values.healthPath }}
          {{- include "chart.probes" (dict "path" .) | nindent 10 }}
          {{- end }}
          securityContext:
            {{- include "chart.containerSecurity" . | nindent 12 }}
          resources:
            {{- toYaml .values.resources | nindent 12 }}
          volumeMounts:
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: tmp
          emptyDir: {}
{{- end -}}

{{- /*
chart.service: the service of a component that listens on one port called http.
  root: the root context; component: its name; values: its values (service)
*/ -}}
{{- define "chart.service" -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "chart.metadata" (dict "root" .root "component" .component "name" .values.service.name) | nindent 2 }}
spec:
  type: {{ .values.service.type | default "ClusterIP" }}
  selector:
    {{- include "chart.selectorLabels" . | nindent 4 }}
  ports:
    - name: http
      port: {{ int .values.service.port }}
      targetPort: http
{{- end -}}

{{- /*
chart.dataVolume: the volume called data of a stateful set, kept or not.
  persistence: enabled, size, storageClass
*/ -}}
{{- define "chart.dataVolume" -}}
{{- if .persistence.enabled -}}
volumeClaimTemplates:
  - metadata:
      name: data
    spec:
      accessModes:
        - ReadWriteOnce
      {{- with .persistence.storageClass }}
      storageClassName: {{ . }}
      {{- end }}
      resources:
        requests:
          storage: {{ .persistence.size }}
{{- end -}}
{{- end -}}
