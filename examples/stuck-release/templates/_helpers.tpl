{{- define "chart.mlflowTrackingUri" -}}
{{- if .Values.externalBackend.enabled }}
{{- .Values.externalBackend.mlflow.trackingUri }}
{{- else }}
{{- printf "http://mlflow:%v" .Values.mlflow.service.port }}
{{- end }}
{{- end }}

{{- define "chart.gatewayUrl" -}}
{{- if .Values.externalBackend.enabled }}
{{- .Values.externalBackend.fastapi.gatewayUrl }}
{{- else }}
{{- printf "http://fastapi-app:%v" .Values.fastapi.service.port }}
{{- end }}
{{- end }}
