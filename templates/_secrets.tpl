{{- /*
The secrets: what each holds, whichever backend brings it.
*/ -}}

{{- /* chart.inlineCredential: a credential from values. key: its path; value: what is there. */ -}}
{{- define "chart.inlineCredential" -}}
{{- required (printf "%s is empty, and secrets.backend is inline: set it, or choose another backend (external, sealed or package)" .key) .value -}}
{{- end -}}

{{- /*
chart.checkSecrets: refuses credentials from values (secrets.backend inline) where
real ones are at stake.
*/ -}}
{{- define "chart.checkSecrets" -}}
{{- if ne .Values.environment "development" -}}
{{- fail (printf "secrets.backend inline takes credentials from a values file, which is for environment development only, and this is %s: set secrets.backend to external (External Secrets Operator), sealed (kubeseal) or package (secrets applied beforehand)" .Values.environment) -}}
{{- end -}}
{{- end -}}

{{- /*
chart.mlPlatformSettings: the keys of ml-platform that are no credentials.
*/ -}}
{{- define "chart.mlPlatformSettings" -}}
AWS_DEFAULT_REGION: {{ .Values.s3.region | quote }}
AWS_ENDPOINT_URL: {{ include "chart.minioEndpoint" . | quote }}
MLFLOW_TRACKING_URI: {{ include "chart.mlflowTrackingUri" . | quote }}
MLFLOW_S3_ENDPOINT_URL: {{ include "chart.minioEndpoint" . | quote }}
RCLONE_CONFIG_S3_TYPE: s3
RCLONE_CONFIG_S3_PROVIDER: {{ .Values.s3.provider | quote }}
RCLONE_CONFIG_S3_REGION: {{ .Values.s3.region | quote }}
RCLONE_CONFIG_S3_ENDPOINT: {{ include "chart.minioEndpoint" . | quote }}
{{- end -}}

{{- /*
chart.externalSecret: an ExternalSecret.
  root: the root context; name, namespace: of the secret; type: its type
  data: a list of lists: the key in the secret, the source secret, the key in it
  settings: keys that are no credentials, as YAML; may be absent
*/ -}}
{{- define "chart.externalSecret" -}}
{{- $external := .root.Values.secrets.external -}}
apiVersion: {{ $external.apiVersion }}
kind: ExternalSecret
metadata:
  {{- include "chart.metadata" (dict "root" .root "component" "secrets" "name" .name "namespace" .namespace) | nindent 2 }}
spec:
  refreshInterval: {{ $external.refreshInterval }}
  secretStoreRef:
    kind: SecretStore
    name: {{ $external.storeName }}
  target:
    name: {{ .name }}
    creationPolicy: Owner
    template:
      type: {{ .type }}
      mergePolicy: Merge
      {{- with .settings }}
      data:
        {{- . | nindent 8 }}
      {{- end }}
  data:
    {{- range .data }}
    - secretKey: {{ index . 0 }}
      remoteRef:
        key: {{ index . 1 }}
        property: {{ index . 2 }}
    {{- end }}
{{- end -}}

{{- /*
chart.sealedSecret: a SealedSecret. Every key must have its encrypted value.
  root: the root context; name, namespace: of the secret; type: its type
  encryptedData: the map of all secrets of that namespace; from: its path in the values
  keys: the keys it must have; settings: keys that are no credentials, as YAML; may be absent
*/ -}}
{{- define "chart.sealedSecret" -}}
{{- $sealed := .root.Values.secrets.sealed -}}
{{- $values := index .encryptedData .name | default dict -}}
{{- $name := .name -}}
{{- $from := .from -}}
apiVersion: {{ $sealed.apiVersion }}
kind: SealedSecret
metadata:
  {{- include "chart.metadata" (dict "root" .root "component" "secrets" "name" .name "namespace" .namespace) | nindent 2 }}
  {{- if ne $sealed.scope "strict" }}
  annotations:
    sealedsecrets.bitnami.com/{{ $sealed.scope }}: "true"
  {{- end }}
spec:
  encryptedData:
    {{- range .keys }}
    {{ . }}: {{ required (printf "%s has no %s of %s: put there what kubeseal prints for it" $from . $name) (index $values .) | quote }}
    {{- end }}
  template:
    metadata:
      name: {{ .name }}
      namespace: {{ .namespace }}
      {{- if ne $sealed.scope "strict" }}
      annotations:
        sealedsecrets.bitnami.com/{{ $sealed.scope }}: "true"
      {{- end }}
    type: {{ .type }}
    {{- with .settings }}
    data:
      {{- . | nindent 6 }}
    {{- end }}
{{- end -}}
