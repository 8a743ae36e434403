{{/* Name of the objects of this release. */}}
{{- define "mapwright-operator.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/*
Labels that select the pods. The name is a fixed part of the contract: the network policies of instances admit the
operator by its namespace and this label.
*/}}
{{- define "mapwright-operator.selector" -}}
app.kubernetes.io/name: mapwright-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "mapwright-operator.labels" -}}
{{ include "mapwright-operator.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: mapwright
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name (.Chart.Version | replace "+" "_") }}
{{- end -}}

{{- define "mapwright-operator.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "mapwright-operator.fullname" .) -}}
{{- else -}}
{{- required "serviceAccount.name is needed when serviceAccount.create is false" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* No image is published: a default would only fail later, as ImagePullBackOff. */}}
{{- define "mapwright-operator.image" -}}
{{- with .Values.image -}}
{{- if not .repository -}}
{{- fail "image.repository is not set, and no operator image is published: build one (make images), push it to your registry, then --set image.repository=registry.example.com/mapwright/operator (README.md, \"Install\")" -}}
{{- end -}}
{{- if .digest -}}
{{- printf "%s@%s" .repository .digest -}}
{{- else -}}
{{- printf "%s:%s" .repository (.tag | default $.Chart.AppVersion) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Whether an object of the whole cluster is wanted: as said, else only when the whole cluster is served. */}}
{{- define "mapwright-operator.clusterScoped" -}}
{{- $said := index . 0 -}}
{{- $root := index . 1 -}}
{{- if kindIs "bool" $said -}}
{{- if $said }}yes{{ end -}}
{{- else if not $root.Values.watchNamespaces -}}
yes
{{- end -}}
{{- end -}}

{{/* Who may scrape: token or none. Without a token a NetworkPolicy must say who reaches the port. */}}
{{- define "mapwright-operator.metricsAuthentication" -}}
{{- $said := .Values.metrics.authentication | default (ternary "none" "token" (not (empty .Values.watchNamespaces))) -}}
{{- if and (eq $said "none") (not .Values.networkPolicy.enabled) -}}
{{- fail "metrics.authentication is none, so anybody who reaches the port could scrape: set networkPolicy.enabled, or metrics.authentication=token (which takes rights in the whole cluster)" -}}
{{- end -}}
{{- $said -}}
{{- end -}}
