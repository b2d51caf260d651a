// Which lists of the built-in kinds a strategic merge patch merges, and by which keys. The facts are those of
// the Kubernetes API of 1.21 (x-kubernetes-patch-strategy, x-kubernetes-patch-merge-key,
// x-kubernetes-list-map-keys), the version Kustomize 5.7 carries: a kind or a field that came later merges as
// an unknown one, by replacing lists. Types that lead to no merged list are left out.

#include "k8s/merge_keys.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define OBJECT(name)                                                                               \
	static const MergeType name = {.fields = name##_fields, .field_count = COUNT(name##_fields)}
#define LIST(name, ...)                                                                            \
	static const char *const name##_keys[] = {__VA_ARGS__};                                    \
	static const MergeType name = {                                                            \
		.merge = true, .keys = name##_keys, .key_count = COUNT(name##_keys)}
#define LIST_OF(name, items_type, ...)                                                             \
	static const char *const name##_keys[] = {__VA_ARGS__};                                    \
	static const MergeType name = {.merge = true,                                              \
	                               .keys = name##_keys,                                        \
	                               .key_count = COUNT(name##_keys),                            \
	                               .items = &(items_type)}

// Lists of plain values that merge as sets: finalizers.
static const MergeType list_of_values = {.merge = true};

LIST(list_by_uid, "uid");

static const MergeField object_meta_fields[] = {
	{"finalizers", &list_of_values},
	{"ownerReferences", &list_by_uid},
};
OBJECT(object_meta);
LIST(list_by_name, "name");

static const MergeField webhook_configuration_fields[] = {
	{"metadata", &object_meta},
	{"webhooks", &list_by_name},
};
OBJECT(webhook_configuration);

static const MergeField metadata_only_fields[] = {
	{"metadata", &object_meta},
};
OBJECT(metadata_only);
LIST(list_by_type, "type");

static const MergeField status_fields[] = {
	{"conditions", &list_by_type},
};
OBJECT(status);

static const MergeField with_status_fields[] = {
	{"metadata", &object_meta},
	{"status", &status},
};
OBJECT(with_status);
LIST(ports_by_container_port, "containerPort", "protocol");
LIST(list_by_device_path, "devicePath");
LIST(list_by_mount_path, "mountPath");

static const MergeField container_fields[] = {
	{"env", &list_by_name},
	{"ports", &ports_by_container_port},
	{"volumeDevices", &list_by_device_path},
	{"volumeMounts", &list_by_mount_path},
};
OBJECT(container);
LIST_OF(containers_by_name, container, "name");

static const MergeField ephemeral_container_fields[] = {
	{"env", &list_by_name},
	{"volumeDevices", &list_by_device_path},
	{"volumeMounts", &list_by_mount_path},
};
OBJECT(ephemeral_container);
LIST_OF(ephemeral_containers_by_name, ephemeral_container, "name");
LIST(list_by_ip, "ip");
LIST(list_by_topology_key, "topologyKey", "whenUnsatisfiable");

static const MergeField ephemeral_volume_source_fields[] = {
	{"volumeClaimTemplate", &metadata_only},
};
OBJECT(ephemeral_volume_source);

static const MergeField volume_fields[] = {
	{"ephemeral", &ephemeral_volume_source},
};
OBJECT(volume);
LIST_OF(volumes_by_name, volume, "name");

static const MergeField pod_spec_fields[] = {
	{"containers", &containers_by_name},
	{"ephemeralContainers", &ephemeral_containers_by_name},
	{"hostAliases", &list_by_ip},
	{"imagePullSecrets", &list_by_name},
	{"initContainers", &containers_by_name},
	{"topologySpreadConstraints", &list_by_topology_key},
	{"volumes", &volumes_by_name},
};
OBJECT(pod_spec);

static const MergeField pod_template_spec_fields[] = {
	{"metadata", &object_meta},
	{"spec", &pod_spec},
};
OBJECT(pod_template_spec);

static const MergeField pod_template_holder_fields[] = {
	{"template", &pod_template_spec},
};
OBJECT(pod_template_holder);

static const MergeField workload_fields[] = {
	{"metadata", &object_meta},
	{"spec", &pod_template_holder},
	{"status", &status},
};
OBJECT(workload);

static const MergeField job_template_spec_fields[] = {
	{"metadata", &object_meta},
	{"spec", &pod_template_holder},
};
OBJECT(job_template_spec);

static const MergeField cron_job_spec_fields[] = {
	{"jobTemplate", &job_template_spec},
};
OBJECT(cron_job_spec);

static const MergeField cron_job_fields[] = {
	{"metadata", &object_meta},
	{"spec", &cron_job_spec},
};
OBJECT(cron_job);

static const MergeField csi_node_spec_fields[] = {
	{"drivers", &list_by_name},
};
OBJECT(csi_node_spec);

static const MergeField csi_node_fields[] = {
	{"metadata", &object_meta},
	{"spec", &csi_node_spec},
};
OBJECT(csi_node);

static const MergeField component_status_fields[] = {
	{"conditions", &list_by_type},
	{"metadata", &object_meta},
};
OBJECT(component_status);

static const MergeField node_spec_fields[] = {
	{"podCIDRs", &list_of_values},
};
OBJECT(node_spec);

static const MergeField node_status_fields[] = {
	{"addresses", &list_by_type},
	{"conditions", &list_by_type},
};
OBJECT(node_status);

static const MergeField node_fields[] = {
	{"metadata", &object_meta},
	{"spec", &node_spec},
	{"status", &node_status},
};
OBJECT(node);

static const MergeField pod_status_fields[] = {
	{"conditions", &list_by_type},
	{"podIPs", &list_by_ip},
};
OBJECT(pod_status);

static const MergeField pod_fields[] = {
	{"metadata", &object_meta},
	{"spec", &pod_spec},
	{"status", &pod_status},
};
OBJECT(pod);

static const MergeField pod_template_fields[] = {
	{"metadata", &object_meta},
	{"template", &pod_template_spec},
};
OBJECT(pod_template);
LIST(ports_by_port, "port", "protocol");

static const MergeField service_spec_fields[] = {
	{"ports", &ports_by_port},
};
OBJECT(service_spec);

static const MergeField service_fields[] = {
	{"metadata", &object_meta},
	{"spec", &service_spec},
	{"status", &status},
};
OBJECT(service);

static const MergeField service_account_fields[] = {
	{"metadata", &object_meta},
	{"secrets", &list_by_name},
};
OBJECT(service_account);

typedef struct KindRow {
	const char *api_version, *kind;
	const MergeType *type;
} KindRow;

// Sorted by API version, then kind.
static const KindRow rows[] = {
	{"admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", &webhook_configuration},
	{"admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration",
         &webhook_configuration},
	{"admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration",
         &webhook_configuration},
	{"admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration",
         &webhook_configuration},
	{"apiextensions.k8s.io/v1", "CustomResourceDefinition", &metadata_only},
	{"apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", &metadata_only},
	{"apiregistration.k8s.io/v1", "APIService", &with_status},
	{"apiregistration.k8s.io/v1beta1", "APIService", &with_status},
	{"apps/v1", "ControllerRevision", &metadata_only},
	{"apps/v1", "DaemonSet", &workload},
	{"apps/v1", "Deployment", &workload},
	{"apps/v1", "ReplicaSet", &workload},
	{"apps/v1", "StatefulSet", &workload},
	{"authentication.k8s.io/v1", "TokenRequest", &metadata_only},
	{"authentication.k8s.io/v1", "TokenReview", &metadata_only},
	{"authentication.k8s.io/v1beta1", "TokenReview", &metadata_only},
	{"authorization.k8s.io/v1", "LocalSubjectAccessReview", &metadata_only},
	{"authorization.k8s.io/v1", "SelfSubjectAccessReview", &metadata_only},
	{"authorization.k8s.io/v1", "SelfSubjectRulesReview", &metadata_only},
	{"authorization.k8s.io/v1", "SubjectAccessReview", &metadata_only},
	{"authorization.k8s.io/v1beta1", "LocalSubjectAccessReview", &metadata_only},
	{"authorization.k8s.io/v1beta1", "SelfSubjectAccessReview", &metadata_only},
	{"authorization.k8s.io/v1beta1", "SelfSubjectRulesReview", &metadata_only},
	{"authorization.k8s.io/v1beta1", "SubjectAccessReview", &metadata_only},
	{"autoscaling/v1", "HorizontalPodAutoscaler", &metadata_only},
	{"autoscaling/v1", "Scale", &metadata_only},
	{"autoscaling/v2beta1", "HorizontalPodAutoscaler", &metadata_only},
	{"autoscaling/v2beta2", "HorizontalPodAutoscaler", &metadata_only},
	{"batch/v1", "CronJob", &cron_job},
	{"batch/v1", "Job", &workload},
	{"batch/v1beta1", "CronJob", &cron_job},
	{"certificates.k8s.io/v1", "CertificateSigningRequest", &metadata_only},
	{"certificates.k8s.io/v1beta1", "CertificateSigningRequest", &metadata_only},
	{"coordination.k8s.io/v1", "Lease", &metadata_only},
	{"coordination.k8s.io/v1beta1", "Lease", &metadata_only},
	{"discovery.k8s.io/v1", "EndpointSlice", &metadata_only},
	{"discovery.k8s.io/v1beta1", "EndpointSlice", &metadata_only},
	{"events.k8s.io/v1", "Event", &metadata_only},
	{"events.k8s.io/v1beta1", "Event", &metadata_only},
	{"extensions/v1beta1", "Ingress", &metadata_only},
	{"flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema", &metadata_only},
	{"flowcontrol.apiserver.k8s.io/v1beta1", "PriorityLevelConfiguration", &metadata_only},
	{"networking.k8s.io/v1", "Ingress", &metadata_only},
	{"networking.k8s.io/v1", "IngressClass", &metadata_only},
	{"networking.k8s.io/v1", "NetworkPolicy", &metadata_only},
	{"networking.k8s.io/v1beta1", "Ingress", &metadata_only},
	{"networking.k8s.io/v1beta1", "IngressClass", &metadata_only},
	{"node.k8s.io/v1", "RuntimeClass", &metadata_only},
	{"node.k8s.io/v1beta1", "RuntimeClass", &metadata_only},
	{"policy/v1", "PodDisruptionBudget", &with_status},
	{"policy/v1beta1", "Eviction", &metadata_only},
	{"policy/v1beta1", "PodDisruptionBudget", &with_status},
	{"policy/v1beta1", "PodSecurityPolicy", &metadata_only},
	{"rbac.authorization.k8s.io/v1", "ClusterRole", &metadata_only},
	{"rbac.authorization.k8s.io/v1", "ClusterRoleBinding", &metadata_only},
	{"rbac.authorization.k8s.io/v1", "Role", &metadata_only},
	{"rbac.authorization.k8s.io/v1", "RoleBinding", &metadata_only},
	{"rbac.authorization.k8s.io/v1beta1", "ClusterRole", &metadata_only},
	{"rbac.authorization.k8s.io/v1beta1", "ClusterRoleBinding", &metadata_only},
	{"rbac.authorization.k8s.io/v1beta1", "Role", &metadata_only},
	{"rbac.authorization.k8s.io/v1beta1", "RoleBinding", &metadata_only},
	{"scheduling.k8s.io/v1", "PriorityClass", &metadata_only},
	{"scheduling.k8s.io/v1beta1", "PriorityClass", &metadata_only},
	{"storage.k8s.io/v1", "CSIDriver", &metadata_only},
	{"storage.k8s.io/v1", "CSINode", &csi_node},
	{"storage.k8s.io/v1", "StorageClass", &metadata_only},
	{"storage.k8s.io/v1", "VolumeAttachment", &metadata_only},
	{"storage.k8s.io/v1beta1", "CSIDriver", &metadata_only},
	{"storage.k8s.io/v1beta1", "CSINode", &csi_node},
	{"storage.k8s.io/v1beta1", "CSIStorageCapacity", &metadata_only},
	{"storage.k8s.io/v1beta1", "StorageClass", &metadata_only},
	{"storage.k8s.io/v1beta1", "VolumeAttachment", &metadata_only},
	{"v1", "Binding", &metadata_only},
	{"v1", "ComponentStatus", &component_status},
	{"v1", "ConfigMap", &metadata_only},
	{"v1", "Endpoints", &metadata_only},
	{"v1", "Event", &metadata_only},
	{"v1", "LimitRange", &metadata_only},
	{"v1", "Namespace", &with_status},
	{"v1", "Node", &node},
	{"v1", "PersistentVolume", &metadata_only},
	{"v1", "PersistentVolumeClaim", &with_status},
	{"v1", "Pod", &pod},
	{"v1", "PodTemplate", &pod_template},
	{"v1", "ReplicationController", &workload},
	{"v1", "ResourceQuota", &metadata_only},
	{"v1", "Secret", &metadata_only},
	{"v1", "Service", &service},
	{"v1", "ServiceAccount", &service_account},
};

const MergeType *merge_type_of(Str api_version, Str kind)
{
	size_t low = 0, high = COUNT(rows);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_cmp(api_version, str_c(rows[middle].api_version));
		if (!order)
			order = str_cmp(kind, str_c(rows[middle].kind));
		if (!order)
			return rows[middle].type;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

typedef struct DefinitionRow {
	const char *name;
	const MergeType *type;
} DefinitionRow;

// What schemas of custom resources refer to, below "io.k8s.".
static const DefinitionRow definitions[] = {
	{"api.apps.v1.DaemonSetSpec", &pod_template_holder},
	{"api.apps.v1.DeploymentSpec", &pod_template_holder},
	{"api.apps.v1.ReplicaSetSpec", &pod_template_holder},
	{"api.apps.v1.StatefulSetSpec", &pod_template_holder},
	{"api.batch.v1.CronJobSpec", &cron_job_spec},
	{"api.batch.v1.JobSpec", &pod_template_holder},
	{"api.batch.v1.JobTemplateSpec", &job_template_spec},
	{"api.batch.v1beta1.CronJobSpec", &cron_job_spec},
	{"api.batch.v1beta1.JobTemplateSpec", &job_template_spec},
	{"api.core.v1.Container", &container},
	{"api.core.v1.EphemeralContainer", &ephemeral_container},
	{"api.core.v1.EphemeralVolumeSource", &ephemeral_volume_source},
	{"api.core.v1.NodeSpec", &node_spec},
	{"api.core.v1.NodeStatus", &node_status},
	{"api.core.v1.PersistentVolumeClaim", &with_status},
	{"api.core.v1.PersistentVolumeClaimTemplate", &metadata_only},
	{"api.core.v1.PodSpec", &pod_spec},
	{"api.core.v1.PodStatus", &pod_status},
	{"api.core.v1.PodTemplateSpec", &pod_template_spec},
	{"api.core.v1.ReplicationControllerSpec", &pod_template_holder},
	{"api.core.v1.ServiceSpec", &service_spec},
	{"api.core.v1.Volume", &volume},
	{"apimachinery.pkg.apis.meta.v1.ObjectMeta", &object_meta},
};

const MergeType *merge_type_of_definition(Str name)
{
	if (!str_has_prefix(name, S("io.k8s.")))
		return NULL;
	for (size_t i = 0; i < COUNT(definitions); i++)
		if (str_is(str_from(name, sizeof "io.k8s." - 1), definitions[i].name))
			return definitions[i].type;
	return NULL;
}

const MergeType *merge_type_field(const MergeType *type, Str name)
{
	if (!type)
		return NULL;
	for (size_t i = 0; i < type->field_count; i++)
		if (str_is(name, type->fields[i].name))
			return type->fields[i].type;
	return type->values;
}
