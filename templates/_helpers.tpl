{{- /*
Names, labels and addresses. Every address in the chart is made here, from
values: no other template spells out a host.
*/ -}}

{{- /* chart.name: the chart's name, as labels carry it. */ -}}
{{- define "chart.name" -}}
{{- .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* chart.label: the chart's name and version. */ -}}
{{- define "chart.label" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /*
chart.selectorLabels: what finds the pods of a component. They never change
between two versions of the chart.
  root: the root context; component: its name
*/ -}}
{{- define "chart.selectorLabels" -}}
app.kubernetes.io/name: {{ include "chart.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- /*
chart.labels: the labels of every object.
  root: the root context; component: the part of the pipeline it belongs to
*/ -}}
{{- define "chart.labels" -}}
helm.sh/chart: {{ include "chart.label" .root }}
{{ include "chart.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: {{ include "chart.name" .root }}
{{- end -}}

{{- /*
chart.metadata: name, namespace and labels.
  root, component: as for chart.labels; name, namespace: where they differ from
  the component and the release's namespace
*/ -}}
{{- define "chart.metadata" -}}
name: {{ .name | default .component }}
namespace: {{ .namespace | default .root.Release.Namespace }}
labels:
  {{- include "chart.labels" . | nindent 2 }}
{{- end -}}

{{- /*
chart.image: the image of a workload of the pipeline.
  root: the root context; values: the workload's values (repository, tag)
*/ -}}
{{- define "chart.image" -}}
{{- $tag := coalesce .values.tag .root.Values.image.tag .root.Chart.AppVersion -}}
{{- printf "%s/%s:%s" .root.Values.image.registry .values.repository $tag -}}
{{- end -}}

{{- /*
What runs in the cluster: "true" or nothing. MLflow, MinIO, Postgres and the
gateway do when they are enabled and no external backend takes their place;
Kafka whenever it is enabled.
*/ -}}
{{- define "chart.kafkaInCluster" -}}
{{- if .Values.kafka.enabled -}}true{{- end -}}
{{- end -}}

{{- define "chart.minioInCluster" -}}
{{- if and .Values.minio.enabled (not .Values.externalBackend.enabled) -}}true{{- end -}}
{{- end -}}

{{- define "chart.postgresInCluster" -}}
{{- if and .Values.postgres.enabled (not .Values.externalBackend.enabled) -}}true{{- end -}}
{{- end -}}

{{- define "chart.mlflowInCluster" -}}
{{- if and .Values.mlflow.enabled (not .Values.externalBackend.enabled) -}}true{{- end -}}
{{- end -}}

{{- define "chart.fastapiInCluster" -}}
{{- if and .Values.fastapi.enabled (not .Values.externalBackend.enabled) -}}true{{- end -}}
{{- end -}}

{{- /*
chart.serviceHost: the full name of a service of this release.
  root: the root context; name: the service's name
*/ -}}
{{- define "chart.serviceHost" -}}
{{- printf "%s.%s.svc.%s" .name .root.Release.Namespace .root.Values.clusterDomain -}}
{{- end -}}

{{- /*
chart.externalAddress: an address from externalBackend, checked.
  root: the root context; key: its path in the values; address: what is there
*/ -}}
{{- define "chart.externalAddress" -}}
{{- $address := required (printf "%s is empty: set the address of the service that is not in the cluster" .key) .address -}}
{{- if and (eq .root.Values.environment "production") (contains "host.docker.internal" $address) -}}
{{- fail (printf "%s is %s, a name that exists on Docker Desktop only: for environment production set the address of a real service" .key $address) -}}
{{- end -}}
{{- $address | trimSuffix "/" -}}
{{- end -}}

{{- /* chart.mlflowTrackingUri: where MLflow answers. */ -}}
{{- define "chart.mlflowTrackingUri" -}}
{{- if include "chart.mlflowInCluster" . -}}
{{- printf "http://%s:%d" (include "chart.serviceHost" (dict "root" . "name" .Values.mlflow.service.name)) (int .Values.mlflow.service.port) -}}
{{- else -}}
{{- include "chart.externalAddress" (dict "root" . "key" "externalBackend.mlflow.trackingUri" "address" .Values.externalBackend.mlflow.trackingUri) -}}
{{- end -}}
{{- end -}}

{{- /* chart.minioEndpoint: where the object store answers, as a URL. */ -}}
{{- define "chart.minioEndpoint" -}}
{{- if include "chart.minioInCluster" . -}}
{{- printf "http://%s:%d" (include "chart.serviceHost" (dict "root" . "name" .Values.minio.service.name)) (int .Values.minio.service.apiPort) -}}
{{- else -}}
{{- include "chart.externalAddress" (dict "root" . "key" "externalBackend.minio.endpoint" "address" .Values.externalBackend.minio.endpoint) -}}
{{- end -}}
{{- end -}}

{{- /* chart.minioAddress: the same as host:port, as the MinIO client wants it. */ -}}
{{- define "chart.minioAddress" -}}
{{- include "chart.minioEndpoint" . | trimPrefix "https://" | trimPrefix "http://" -}}
{{- end -}}

{{- /*
chart.minioAccessKey, chart.minioSecretKey: the keys of the object store, from
values. Only the inline secrets use them: workloads take the keys from a secret.
*/ -}}
{{- define "chart.minioAccessKey" -}}
{{- if include "chart.minioInCluster" . -}}
{{- include "chart.inlineCredential" (dict "key" "secrets.inline.minio.accessKey" "value" .Values.secrets.inline.minio.accessKey) -}}
{{- else -}}
{{- include "chart.inlineCredential" (dict "key" "externalBackend.minio.accessKey" "value" .Values.externalBackend.minio.accessKey) -}}
{{- end -}}
{{- end -}}

{{- define "chart.minioSecretKey" -}}
{{- if include "chart.minioInCluster" . -}}
{{- include "chart.inlineCredential" (dict "key" "secrets.inline.minio.secretKey" "value" .Values.secrets.inline.minio.secretKey) -}}
{{- else -}}
{{- include "chart.inlineCredential" (dict "key" "externalBackend.minio.secretKey" "value" .Values.externalBackend.minio.secretKey) -}}
{{- end -}}
{{- end -}}

{{- /* chart.gatewayUrl: where the gateway answers. */ -}}
{{- define "chart.gatewayUrl" -}}
{{- if include "chart.fastapiInCluster" . -}}
{{- printf "http://%s:%d" (include "chart.serviceHost" (dict "root" . "name" .Values.fastapi.service.name)) (int .Values.fastapi.service.port) -}}
{{- else -}}
{{- include "chart.externalAddress" (dict "root" . "key" "externalBackend.fastapi.gatewayUrl" "address" .Values.externalBackend.fastapi.gatewayUrl) -}}
{{- end -}}
{{- end -}}

{{- /*
chart.databaseNeeded: "true" when something in the cluster is the database or
uses it.
*/ -}}
{{- define "chart.databaseNeeded" -}}
{{- if or (include "chart.postgresInCluster" .) (include "chart.mlflowInCluster" .) -}}true{{- end -}}
{{- end -}}

{{- /* chart.postgresHost, chart.postgresPort: where the database answers. */ -}}
{{- define "chart.postgresHost" -}}
{{- if include "chart.postgresInCluster" . -}}
{{- include "chart.serviceHost" (dict "root" . "name" .Values.postgres.service.name) -}}
{{- else -}}
{{- include "chart.externalAddress" (dict "root" . "key" "externalBackend.postgres.host" "address" .Values.externalBackend.postgres.host) -}}
{{- end -}}
{{- end -}}

{{- define "chart.postgresPort" -}}
{{- if include "chart.postgresInCluster" . -}}
{{- int .Values.postgres.service.port -}}
{{- else -}}
{{- int .Values.externalBackend.postgres.port -}}
{{- end -}}
{{- end -}}

{{- /* chart.kafkaBootstrapServers: the brokers; empty where there are none. */ -}}
{{- define "chart.kafkaBootstrapServers" -}}
{{- if include "chart.kafkaInCluster" . -}}
{{- printf "%s:%d" (include "chart.serviceHost" (dict "root" . "name" .Values.kafka.service.name)) (int .Values.kafka.service.port) -}}
{{- else -}}
{{- .Values.kafka.bootstrapServers -}}
{{- end -}}
{{- end -}}

{{- /* chart.configData: the data of the config map flts-config. */ -}}
{{- define "chart.configData" -}}
MINIO_ENDPOINT: {{ include "chart.minioAddress" . | quote }}
MINIO_SECURE: {{ hasPrefix "https://" (include "chart.minioEndpoint" .) | quote }}
AWS_S3_ENDPOINT_URL: {{ include "chart.minioEndpoint" . | quote }}
AWS_DEFAULT_REGION: {{ .Values.s3.region | quote }}
AWS_S3_ADDRESSING_STYLE: {{ .Values.s3.addressingStyle | quote }}
MLFLOW_TRACKING_URI: {{ include "chart.mlflowTrackingUri" . | quote }}
MLFLOW_S3_ENDPOINT_URL: {{ include "chart.minioEndpoint" . | quote }}
GATEWAY_URL: {{ include "chart.gatewayUrl" . | quote }}
BUCKET_DATASET: {{ .Values.buckets.dataset | quote }}
BUCKET_PROCESSED: {{ .Values.buckets.processed | quote }}
BUCKET_MLFLOW: {{ .Values.buckets.mlflow | quote }}
BUCKET_PREDICTIONS: {{ .Values.buckets.predictions | quote }}
BUCKET_PROMOTION: {{ .Values.buckets.promotion | quote }}
BUCKET_INFERENCE_LOGS: {{ .Values.buckets.inferenceLogs | quote }}
{{- with include "chart.kafkaBootstrapServers" . }}
KAFKA_BOOTSTRAP_SERVERS: {{ . | quote }}
{{- end }}
KAFKA_TOPIC_TRAINING: {{ .Values.kafka.topics.training | quote }}
KAFKA_TOPIC_INFERENCE: {{ .Values.kafka.topics.inference | quote }}
KAFKA_TOPIC_MODELS: {{ .Values.kafka.topics.models | quote }}
KAFKA_TOPIC_SELECTED: {{ .Values.kafka.topics.selected | quote }}
{{- if include "chart.databaseNeeded" . }}
POSTGRES_HOST: {{ include "chart.postgresHost" . | quote }}
POSTGRES_PORT: {{ include "chart.postgresPort" . | quote }}
{{- end }}
{{- end -}}

{{- /*
chart.targets: the namespaces that need the platform's secrets, one a line: the
release's own and those of the teams, each once.
*/ -}}
{{- define "chart.targets" -}}
{{- $targets := list .Release.Namespace -}}
{{- range .Values.namespaces -}}
{{- $targets = append $targets .name -}}
{{- end -}}
{{- join "\n" (uniq $targets) -}}
{{- end -}}
