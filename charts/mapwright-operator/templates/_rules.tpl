{{/*
What the operator may do in a namespace that it serves: what its code needs and nothing else, as a test checks.

- get, before the first apply: so that nobody else's object is taken over.
- create and patch: server-side apply.
- delete: only kinds that a changed spec can make superfluous. Secrets, volumes and Deployments are not among them.
- update: Secrets with random content are made once, then replaced at a known version.
- Secrets are read by the names that specs give and that follow from them, never listed or watched.
*/}}
{{- define "mapwright-operator.rules" -}}
# The operator never changes a spec: of what exists of its own kinds it writes the status, and the finalizer of instances
# that ask for a final backup. RBAC knows no right to the finalizers alone.
- apiGroups: [mapwright.io]
  resources: [mapwrightinstances, apikeys, originpolicies]
  verbs: [list, watch]
- apiGroups: [mapwright.io]
  resources: [mapwrightinstances]
  verbs: [patch]
{{- if .Values.restores.keys }}
# A restore makes the keys of a snapshot again, in digest form, and reads them from the log of its pod.
- apiGroups: [mapwright.io]
  resources: [apikeys, originpolicies]
  verbs: [create]
- apiGroups: [""]
  resources: [pods/log]
  verbs: [get]
{{- end }}
- apiGroups: [mapwright.io]
  resources: [mapwrightinstances/status, apikeys/status, originpolicies/status]
  verbs: [patch]
# To replace a status that somebody else wrote, with all that is not the operator's.
- apiGroups: [mapwright.io]
  resources: [mapwrightinstances/status, apikeys/status]
  verbs: [update]
# For blockOwnerDeletion, where the admission plugin OwnerReferencesPermissionEnforcement is on, as on OpenShift.
- apiGroups: [mapwright.io]
  resources: [mapwrightinstances/finalizers, apikeys/finalizers]
  verbs: [update]
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, create, update, patch]
- apiGroups: [""]
  resources: [persistentvolumeclaims, services]
  verbs: [get, list, watch, create, patch]
- apiGroups: [""]
  resources: [configmaps, serviceaccounts]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch]
# Listed for one object at a time, while it is not ready, to say why.
- apiGroups: [""]
  resources: [events]
  verbs: [create, list]
- apiGroups: [apps]
  resources: [deployments]
  verbs: [get, list, watch, create, patch]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [batch]
  resources: [cronjobs, jobs]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [ingresses, networkpolicies]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
# Kinds of other projects, where the cluster has them.
{{- if include "mapwright-operator.hasKind" (list .Values.optionalKinds.certificates "cert-manager.io/v1/Certificate" .) }}
- apiGroups: [cert-manager.io]
  resources: [certificates]
  verbs: [get, list, watch, create, patch, delete]
{{- end }}
{{- if include "mapwright-operator.hasKind" (list .Values.optionalKinds.httpRoutes "gateway.networking.k8s.io/v1/HTTPRoute" .) }}
- apiGroups: [gateway.networking.k8s.io]
  resources: [httproutes]
  verbs: [get, list, watch, create, patch, delete]
{{- end }}
{{- if include "mapwright-operator.hasKind" (list .Values.optionalKinds.serviceMonitors "monitoring.coreos.com/v1/ServiceMonitor" .) }}
- apiGroups: [monitoring.coreos.com]
  resources: [servicemonitors]
  verbs: [get, list, watch, create, patch, delete]
{{- end }}
{{- end -}}

{{/* Whether a kind of another project is there: as said, else as the cluster says. */}}
{{- define "mapwright-operator.hasKind" -}}
{{- $said := index . 0 -}}
{{- $root := index . 2 -}}
{{- if kindIs "bool" $said -}}
{{- if $said }}yes{{ end -}}
{{- else if $root.Capabilities.APIVersions.Has (index . 1) -}}
yes
{{- end -}}
{{- end -}}
