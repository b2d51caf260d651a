// The fields that Kustomize treats by itself.

#include "kustomize/config_table.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

// --- simple lists: list, group, version, kind, path, create ---

#define POD_LABELS "spec/template/metadata/labels"
#define AFFINITY   "spec/template/spec/affinity/"
#define PREFERRED                                                                                  \
	"preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/"           \
	"matchLabels"
#define REQUIRED "requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels"

// Where labels go besides selectors; common labels and template labels share them.
#define METADATA_LABELS(list)                                                                      \
	{list, "", "", "", "metadata/labels", true},                                               \
		{list, "", "v1", "ReplicationController", POD_LABELS, true},                       \
		{list, "", "", "Deployment", POD_LABELS, true},                                    \
		{list, "", "", "ReplicaSet", POD_LABELS, true},                                    \
		{list, "", "", "DaemonSet", POD_LABELS, true},                                     \
		{list, "apps", "", "StatefulSet", POD_LABELS, true},                               \
		{list, "apps", "", "StatefulSet", "spec/volumeClaimTemplates[]/metadata/labels",   \
	         true},                                                                            \
		{list, "batch", "", "Job", POD_LABELS, true},                                      \
		{list, "batch", "", "CronJob", "spec/jobTemplate/metadata/labels", true},          \
	{                                                                                          \
		list, "batch", "", "CronJob", "spec/jobTemplate/spec/template/metadata/labels",    \
			true                                                                       \
	}

#define POD_SELECTORS(kind)                                                                        \
	{CONFIG_COMMON_LABELS, "apps", "", kind, AFFINITY "podAffinity/" PREFERRED, false},        \
		{CONFIG_COMMON_LABELS, "apps", "", kind, AFFINITY "podAffinity/" REQUIRED, false}, \
		{CONFIG_COMMON_LABELS,                                                             \
	         "apps",                                                                           \
	         "",                                                                               \
	         kind,                                                                             \
	         AFFINITY "podAntiAffinity/" PREFERRED,                                            \
	         false},                                                                           \
		{CONFIG_COMMON_LABELS,                                                             \
	         "apps",                                                                           \
	         "",                                                                               \
	         kind,                                                                             \
	         AFFINITY "podAntiAffinity/" REQUIRED,                                             \
	         false},                                                                           \
	{                                                                                          \
		CONFIG_COMMON_LABELS, "apps", "", kind,                                            \
			"spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels",  \
			false                                                                      \
	}

const ConfigRow config_rows[] = {
	{CONFIG_NAME_PREFIX, "", "", "", "metadata/name", false},
	{CONFIG_NAME_SUFFIX, "", "", "", "metadata/name", false},

	{CONFIG_NAMESPACE, "", "", "Namespace", "metadata/name", true},
	{CONFIG_NAMESPACE, "apiregistration.k8s.io", "", "APIService", "spec/service/namespace",
         true},
	{CONFIG_NAMESPACE, "apiextensions.k8s.io", "", "CustomResourceDefinition",
         "spec/conversion/webhook/clientConfig/service/namespace", false},

	{CONFIG_COMMON_LABELS, "", "v1", "Service", "spec/selector", true},
	{CONFIG_COMMON_LABELS, "", "v1", "ReplicationController", "spec/selector", true},
	{CONFIG_COMMON_LABELS, "", "", "Deployment", "spec/selector/matchLabels", true},
	POD_SELECTORS("Deployment"),
	{CONFIG_COMMON_LABELS, "", "", "ReplicaSet", "spec/selector/matchLabels", true},
	{CONFIG_COMMON_LABELS, "", "", "DaemonSet", "spec/selector/matchLabels", true},
	{CONFIG_COMMON_LABELS, "apps", "", "StatefulSet", "spec/selector/matchLabels", true},
	POD_SELECTORS("StatefulSet"),
	{CONFIG_COMMON_LABELS, "batch", "", "Job", "spec/selector/matchLabels", false},
	{CONFIG_COMMON_LABELS, "batch", "", "CronJob", "spec/jobTemplate/spec/selector/matchLabels",
         false},
	{CONFIG_COMMON_LABELS, "policy", "", "PodDisruptionBudget", "spec/selector/matchLabels",
         false},
	{CONFIG_COMMON_LABELS, "networking.k8s.io", "", "NetworkPolicy",
         "spec/podSelector/matchLabels", false},
	{CONFIG_COMMON_LABELS, "networking.k8s.io", "", "NetworkPolicy",
         "spec/ingress/from/podSelector/matchLabels", false},
	{CONFIG_COMMON_LABELS, "networking.k8s.io", "", "NetworkPolicy",
         "spec/egress/to/podSelector/matchLabels", false},
	METADATA_LABELS(CONFIG_COMMON_LABELS),
	METADATA_LABELS(CONFIG_TEMPLATE_LABELS),

	{CONFIG_COMMON_ANNOTATIONS, "", "", "", "metadata/annotations", true},
	{CONFIG_COMMON_ANNOTATIONS, "", "v1", "ReplicationController",
         "spec/template/metadata/annotations", true},
	{CONFIG_COMMON_ANNOTATIONS, "", "", "Deployment", "spec/template/metadata/annotations",
         true},
	{CONFIG_COMMON_ANNOTATIONS, "", "", "ReplicaSet", "spec/template/metadata/annotations",
         true},
	{CONFIG_COMMON_ANNOTATIONS, "", "", "DaemonSet", "spec/template/metadata/annotations",
         true},
	{CONFIG_COMMON_ANNOTATIONS, "", "", "StatefulSet", "spec/template/metadata/annotations",
         true},
	{CONFIG_COMMON_ANNOTATIONS, "batch", "", "Job", "spec/template/metadata/annotations", true},
	{CONFIG_COMMON_ANNOTATIONS, "batch", "", "CronJob", "spec/jobTemplate/metadata/annotations",
         true},
	{CONFIG_COMMON_ANNOTATIONS, "batch", "", "CronJob",
         "spec/jobTemplate/spec/template/metadata/annotations", true},

	{CONFIG_IMAGES, "", "", "", "spec/containers[]/image", true},
	{CONFIG_IMAGES, "", "", "", "spec/initContainers[]/image", true},
	{CONFIG_IMAGES, "", "", "", "spec/volumes[]/image/reference", true},
	{CONFIG_IMAGES, "", "", "", "spec/template/spec/containers[]/image", true},
	{CONFIG_IMAGES, "", "", "", "spec/template/spec/initContainers[]/image", true},
	{CONFIG_IMAGES, "", "", "", "spec/template/spec/volumes[]/image/reference", true},

	{CONFIG_REPLICAS, "", "", "Deployment", "spec/replicas", true},
	{CONFIG_REPLICAS, "", "", "ReplicationController", "spec/replicas", true},
	{CONFIG_REPLICAS, "", "", "ReplicaSet", "spec/replicas", true},
	{CONFIG_REPLICAS, "", "", "StatefulSet", "spec/replicas", true},

	{CONFIG_VAR_REFERENCE, "", "", "CronJob",
         "spec/jobTemplate/spec/template/volumes/nfs/server", false},
	{CONFIG_VAR_REFERENCE, "", "", "DaemonSet", "spec/template/spec/volumes/nfs/server", false},
	{CONFIG_VAR_REFERENCE, "", "", "Deployment", "spec/template/spec/volumes/nfs/server",
         false},
	{CONFIG_VAR_REFERENCE, "", "", "Deployment", "spec/template/metadata/annotations", false},
	{CONFIG_VAR_REFERENCE, "", "", "Ingress", "spec/rules/host", false},
	{CONFIG_VAR_REFERENCE, "", "", "Ingress", "spec/tls/hosts", false},
	{CONFIG_VAR_REFERENCE, "", "", "Ingress", "spec/tls/secretName", false},
	{CONFIG_VAR_REFERENCE, "", "", "Job", "spec/template/spec/volumes/nfs/server", false},
	{CONFIG_VAR_REFERENCE, "", "", "Pod", "spec/volumes/nfs/server", false},
	{CONFIG_VAR_REFERENCE, "", "", "ReplicaSet", "spec/template/spec/volumes/nfs/server",
         false},
	{CONFIG_VAR_REFERENCE, "", "", "Service", "spec/ports/port", false},
	{CONFIG_VAR_REFERENCE, "", "", "Service", "spec/ports/targetPort", false},
	{CONFIG_VAR_REFERENCE, "", "", "StatefulSet", "spec/volumeClaimTemplates/spec/nfs/server",
         false},
	{CONFIG_VAR_REFERENCE, "", "", "PersistentVolume", "spec/nfs/server", false},
	{CONFIG_VAR_REFERENCE, "", "", "", "metadata/labels", false},
	{CONFIG_VAR_REFERENCE, "", "", "", "metadata/annotations", false},
};
const size_t config_row_count = COUNT(config_rows);

// --- fields of pods, wherever a kind holds one ---

// Pods name their version for config maps and secrets only.
const PodHolder pod_holders[] = {
	{"Pod", "v1", "spec/", POD_CONFIG},
	{"Pod", "", "spec/", POD_IDENTITY | POD_VARS},
	{"PodTemplate", "", "template/spec/", POD_CONFIG},
	{"Deployment", "", "spec/template/spec/", POD_CONFIG | POD_IDENTITY | POD_VARS},
	{"ReplicaSet", "", "spec/template/spec/", POD_CONFIG | POD_VARS},
	{"DaemonSet", "", "spec/template/spec/", POD_CONFIG | POD_IDENTITY | POD_VARS},
	{"StatefulSet", "", "spec/template/spec/", POD_CONFIG | POD_IDENTITY | POD_VARS},
	{"ReplicationController", "", "spec/template/spec/", POD_IDENTITY},
	{"Job", "", "spec/template/spec/", POD_CONFIG | POD_IDENTITY | POD_VARS},
	{"CronJob", "", "spec/jobTemplate/spec/template/spec/",
         POD_CONFIG | POD_IDENTITY | POD_VARS},
};
const size_t pod_holder_count = COUNT(pod_holders);

const PodField pod_fields[] = {
	{POD_CONFIG, "", "v1", "ConfigMap", "volumes/configMap/name"},
	{POD_CONFIG, "", "v1", "ConfigMap", "containers/env/valueFrom/configMapKeyRef/name"},
	{POD_CONFIG, "", "v1", "ConfigMap", "initContainers/env/valueFrom/configMapKeyRef/name"},
	{POD_CONFIG, "", "v1", "ConfigMap", "containers/envFrom/configMapRef/name"},
	{POD_CONFIG, "", "v1", "ConfigMap", "initContainers/envFrom/configMapRef/name"},
	{POD_CONFIG, "", "v1", "ConfigMap", "volumes/projected/sources/configMap/name"},
	{POD_CONFIG, "", "v1", "Secret", "volumes/secret/secretName"},
	{POD_CONFIG, "", "v1", "Secret", "containers/env/valueFrom/secretKeyRef/name"},
	{POD_CONFIG, "", "v1", "Secret", "initContainers/env/valueFrom/secretKeyRef/name"},
	{POD_CONFIG, "", "v1", "Secret", "containers/envFrom/secretRef/name"},
	{POD_CONFIG, "", "v1", "Secret", "initContainers/envFrom/secretRef/name"},
	{POD_CONFIG, "", "v1", "Secret", "imagePullSecrets/name"},
	{POD_CONFIG, "", "v1", "Secret", "volumes/projected/sources/secret/name"},
	{POD_IDENTITY, "", "v1", "ServiceAccount", "serviceAccountName"},
	{POD_IDENTITY, "", "v1", "PersistentVolumeClaim",
         "volumes/persistentVolumeClaim/claimName"},
	{POD_IDENTITY, "scheduling.k8s.io", "v1", "PriorityClass", "priorityClassName"},
	{POD_VARS, "", "", "", "containers/args"},
	{POD_VARS, "", "", "", "containers/command"},
	{POD_VARS, "", "", "", "containers/env/value"},
	{POD_VARS, "", "", "", "containers/volumeMounts/mountPath"},
	{POD_VARS, "", "", "", "initContainers/args"},
	{POD_VARS, "", "", "", "initContainers/command"},
	{POD_VARS, "", "", "", "initContainers/env/value"},
	{POD_VARS, "", "", "", "initContainers/volumeMounts/mountPath"},
};
const size_t pod_field_count = COUNT(pod_fields);

// --- other references: target group, version, kind; group, version, kind of the referrer; path ---

#define RBAC      "rbac.authorization.k8s.io"
#define ADMISSION "admissionregistration.k8s.io"

const ReferenceRow reference_rows[] = {
	{"", "", "Deployment", "", "", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name"},
	{"", "", "ReplicationController", "", "", "HorizontalPodAutoscaler",
         "spec/scaleTargetRef/name"},
	{"", "", "ReplicaSet", "", "", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name"},
	{"", "", "StatefulSet", "", "", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name"},

	{"", "v1", "ConfigMap", "", "", "Node", "spec/configSource/configMap"},
	{"", "v1", "ConfigMap", "", "", "Role", "rules/resourceNames"},
	{"", "v1", "ConfigMap", "", "", "ClusterRole", "rules/resourceNames"},
	{"", "v1", "ConfigMap", "", "", "Ingress",
         "metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap"},

	{"", "v1", "Secret", "", "", "Ingress", "spec/tls/secretName"},
	{"", "v1", "Secret", "", "", "Ingress",
         "metadata/annotations/ingress.kubernetes.io\\/auth-secret"},
	{"", "v1", "Secret", "", "", "Ingress",
         "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret"},
	{"", "v1", "Secret", "", "", "Ingress",
         "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret"},
	{"", "v1", "Secret", "", "", "ServiceAccount", "imagePullSecrets/name"},
	{"", "v1", "Secret", "", "", "StorageClass", "parameters/secretName"},
	{"", "v1", "Secret", "", "", "StorageClass", "parameters/adminSecretName"},
	{"", "v1", "Secret", "", "", "StorageClass", "parameters/userSecretName"},
	{"", "v1", "Secret", "", "", "StorageClass", "parameters/secretRef"},
	{"", "v1", "Secret", "", "", "Role", "rules/resourceNames"},
	{"", "v1", "Secret", "", "", "ClusterRole", "rules/resourceNames"},
	{"", "v1", "Secret", "serving.knative.dev", "v1", "Service",
         "spec/template/spec/containers/env/valueFrom/secretKeyRef/name"},
	{"", "v1", "Secret", "", "", "PersistentVolume", "spec/azureFile/secretName"},

	{"", "v1", "Service", "apps", "", "StatefulSet", "spec/serviceName"},
	{"", "v1", "Service", "", "", "Ingress", "spec/rules/http/paths/backend/serviceName"},
	{"", "v1", "Service", "", "", "Ingress", "spec/backend/serviceName"},
	{"", "v1", "Service", "", "", "Ingress", "spec/rules/http/paths/backend/service/name"},
	{"", "v1", "Service", "", "", "Ingress", "spec/defaultBackend/service/name"},
	{"", "v1", "Service", "apiregistration.k8s.io", "", "APIService", "spec/service/name"},
	{"", "v1", "Service", ADMISSION, "", "ValidatingWebhookConfiguration",
         "webhooks/clientConfig/service"},
	{"", "v1", "Service", ADMISSION, "", "MutatingWebhookConfiguration",
         "webhooks/clientConfig/service"},

	{RBAC, "", "Role", RBAC, "", "RoleBinding", "roleRef/name"},
	{RBAC, "", "ClusterRole", RBAC, "", "RoleBinding", "roleRef/name"},
	{RBAC, "", "ClusterRole", RBAC, "", "ClusterRoleBinding", "roleRef/name"},
	{"", "v1", "ServiceAccount", RBAC, "", "RoleBinding", "subjects"},
	{"", "v1", "ServiceAccount", RBAC, "", "ClusterRoleBinding", "subjects"},

	{"", "v1", "PersistentVolume", "", "", "PersistentVolumeClaim", "spec/volumeName"},
	{"", "v1", "PersistentVolume", "", "", "ClusterRole", "rules/resourceNames"},
	{"storage.k8s.io", "v1", "StorageClass", "", "", "PersistentVolume",
         "spec/storageClassName"},
	{"storage.k8s.io", "v1", "StorageClass", "", "", "PersistentVolumeClaim",
         "spec/storageClassName"},
	{"storage.k8s.io", "v1", "StorageClass", "", "", "StatefulSet",
         "spec/volumeClaimTemplates/spec/storageClassName"},
	// The group is Kustomize's slip; no ingress class ever has it.
	{"networking.k8s.io/v1", "v1", "IngressClass", "", "", "Ingress", "spec/ingressClassName"},
	{ADMISSION, "", "ValidatingAdmissionPolicy", ADMISSION, "",
         "ValidatingAdmissionPolicyBinding", "spec/policyName"},
};
const size_t reference_row_count = COUNT(reference_rows);
