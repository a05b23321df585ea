{{- define "rasid.fullname" -}}
{{- default (ternary .Release.Name (printf "%s-rasid" .Release.Name) (contains "rasid" .Release.Name)) .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "rasid.selector" -}}
app.kubernetes.io/name: {{ default "rasid" .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "rasid.labels" -}}
{{ include "rasid.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* What a person writes, and what the chart knows better. */}}
{{- define "rasid.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- if not $config.redis -}}
{{- if gt (int .Values.replicas) 1 -}}
{{- fail "config.redis.url is needed with more than one replica: the processes of one name share the outbox" -}}
{{- end -}}
{{- $config = omit $config "redis" -}}
{{- end -}}
{{- if .Values.topics -}}
{{- $config = set $config "topics" (append (default list $config.topics) "/etc/rasid/topics") -}}
{{- end -}}
{{- $config = set $config "state_dir" "/var/lib/rasid" -}}
{{- $config = set $config "http" (dict "listen" "0.0.0.0:9464" "token_file" "/etc/rasid-secrets/token") -}}
{{ toYaml $config }}
{{- end -}}
