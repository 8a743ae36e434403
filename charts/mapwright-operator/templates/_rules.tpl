{{/*
What the operator may do in a namespace that it serves: what its code needs and nothing else, as a test checks.

- get, before the first apply: so that nobody else's object is taken over.
- create and patch: server-side apply.
- delete: only kinds that a changed spec can make superfluous. Secrets, volumes and Deployments are not among them.
- update: Secrets with random content are made once, then replaced at a known version.
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
# A restore makes the keys of a snapshot again, in digest form, and reads them from the log of its pod.
- apiGroups: [mapwright.io]
  resources: [apikeys, originpolicies]
  verbs: [create]
- apiGroups: [""]
  resources: [pods/log]
  verbs: [get]
- apiGroups: [mapwright.io]
  resources: [mapwrightinstances/status, apikeys/status, originpolicies/status]
  verbs: [patch]
# For blockOwnerDeletion, where the admission plugin OwnerReferencesPermissionEnforcement is on, as on OpenShift.
- apiGroups: [mapwright.io]
  resources: [mapwrightinstances/finalizers, apikeys/finalizers]
  verbs: [update]
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch, create, update, patch]
- apiGroups: [""]
  resources: [persistentvolumeclaims, services]
  verbs: [get, list, watch, create, patch]
- apiGroups: [""]
  resources: [configmaps, serviceaccounts]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [events]
  verbs: [create]
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
# Kinds of other projects; the rights stand ready for the day when one is installed.
- apiGroups: [cert-manager.io]
  resources: [certificates]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [gateway.networking.k8s.io]
  resources: [httproutes]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [monitoring.coreos.com]
  resources: [servicemonitors]
  verbs: [get, list, watch, create, patch, delete]
{{- end -}}
