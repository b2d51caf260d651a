// Which kinds make pods, where in them the pods are described, and what a pod's description says.

#include "k8s/model.h"

#include <string.h>

typedef enum PodShape {
	POD_SELF,     // the object is a pod
	POD_TEMPLATE, // {metadata, spec}
	POD_SPEC,     // a pod spec without metadata
	POD_STEPS,    // Tekton: {steps, sidecars}
	POD_ARGO,  // Argo Workflows: {container | script | containerSet, initContainers, sidecars}
	POD_MODEL, // KServe: a pod spec with one more container under the framework's name
	POD_SPARK, // Spark: the container's fields themselves
} PodShape;

typedef struct PodKind {
	const char *group; // a prefix of the API version; "" for any
	const char *kind;
	const char *path; // "[]" walks a list, "*" the values of a mapping
	PodShape shape;
	bool completes;
} PodKind;

static const PodKind pod_kinds[] = {
	{"v1", "Pod", "", POD_SELF, false},
	{"apps/", "Deployment", "spec.template", POD_TEMPLATE, false},
	{"extensions/", "Deployment", "spec.template", POD_TEMPLATE, false},
	{"apps/", "StatefulSet", "spec.template", POD_TEMPLATE, false},
	{"apps/", "DaemonSet", "spec.template", POD_TEMPLATE, false},
	{"extensions/", "DaemonSet", "spec.template", POD_TEMPLATE, false},
	{"apps/", "ReplicaSet", "spec.template", POD_TEMPLATE, false},
	{"v1", "ReplicationController", "spec.template", POD_TEMPLATE, false},
	{"batch/", "Job", "spec.template", POD_TEMPLATE, true},
	{"batch/", "CronJob", "spec.jobTemplate.spec.template", POD_TEMPLATE, true},
	{"argoproj.io/", "Rollout", "spec.template", POD_TEMPLATE, false},
	{"argoproj.io/", "Workflow", "spec.templates.[]", POD_ARGO, true},
	{"argoproj.io/", "WorkflowTemplate", "spec.templates.[]", POD_ARGO, true},
	{"argoproj.io/", "ClusterWorkflowTemplate", "spec.templates.[]", POD_ARGO, true},
	{"argoproj.io/", "CronWorkflow", "spec.workflowSpec.templates.[]", POD_ARGO, true},
	{"tekton.dev/", "Task", "spec", POD_STEPS, true},
	{"tekton.dev/", "ClusterTask", "spec", POD_STEPS, true},
	{"tekton.dev/", "TaskRun", "spec.taskSpec", POD_STEPS, true},
	{"tekton.dev/", "Pipeline", "spec.tasks.[].taskSpec", POD_STEPS, true},
	{"tekton.dev/", "Pipeline", "spec.finally.[].taskSpec", POD_STEPS, true},
	{"tekton.dev/", "PipelineRun", "spec.pipelineSpec.tasks.[].taskSpec", POD_STEPS, true},
	{"machinelearning.seldon.io/", "SeldonDeployment", "spec.predictors.[].componentSpecs.[]",
         POD_TEMPLATE, false},
	{"serving.knative.dev/", "Service", "spec.template", POD_TEMPLATE, false},
	{"serving.knative.dev/", "Configuration", "spec.template", POD_TEMPLATE, false},
	{"serving.kserve.io/", "InferenceService", "spec.predictor", POD_MODEL, false},
	{"serving.kserve.io/", "InferenceService", "spec.transformer", POD_MODEL, false},
	{"serving.kserve.io/", "InferenceService", "spec.explainer", POD_MODEL, false},
	{"serving.kserve.io/", "ServingRuntime", "spec", POD_SPEC, false},
	{"serving.kserve.io/", "ClusterServingRuntime", "spec", POD_SPEC, false},
	{"kubeflow.org/", "Notebook", "spec.template", POD_TEMPLATE, false},
	{"kubeflow.org/", "TFJob", "spec.tfReplicaSpecs.*.template", POD_TEMPLATE, true},
	{"kubeflow.org/", "PyTorchJob", "spec.pytorchReplicaSpecs.*.template", POD_TEMPLATE, true},
	{"kubeflow.org/", "MPIJob", "spec.mpiReplicaSpecs.*.template", POD_TEMPLATE, true},
	{"kubeflow.org/", "XGBoostJob", "spec.xgbReplicaSpecs.*.template", POD_TEMPLATE, true},
	{"kubeflow.org/", "PaddleJob", "spec.paddleReplicaSpecs.*.template", POD_TEMPLATE, true},
	{"kubeflow.org/", "JAXJob", "spec.jaxReplicaSpecs.*.template", POD_TEMPLATE, true},
	{"ray.io/", "RayCluster", "spec.headGroupSpec.template", POD_TEMPLATE, false},
	{"ray.io/", "RayCluster", "spec.workerGroupSpecs.[].template", POD_TEMPLATE, false},
	{"ray.io/", "RayJob", "spec.rayClusterSpec.headGroupSpec.template", POD_TEMPLATE, true},
	{"ray.io/", "RayJob", "spec.rayClusterSpec.workerGroupSpecs.[].template", POD_TEMPLATE,
         true},
	{"ray.io/", "RayService", "spec.rayClusterConfig.headGroupSpec.template", POD_TEMPLATE,
         false},
	{"ray.io/", "RayService", "spec.rayClusterConfig.workerGroupSpecs.[].template",
         POD_TEMPLATE, false},
	{"jobset.x-k8s.io/", "JobSet", "spec.replicatedJobs.[].template.spec.template",
         POD_TEMPLATE, true},
	{"batch.volcano.sh/", "Job", "spec.tasks.[].template", POD_TEMPLATE, true},
	{"sparkoperator.k8s.io/", "SparkApplication", "spec.driver", POD_SPARK, true},
	{"sparkoperator.k8s.io/", "SparkApplication", "spec.executor", POD_SPARK, true},
	{"sparkoperator.k8s.io/", "ScheduledSparkApplication", "spec.template.driver", POD_SPARK,
         true},
	{"sparkoperator.k8s.io/", "ScheduledSparkApplication", "spec.template.executor", POD_SPARK,
         true},
	{"trainer.kubeflow.org/", "TrainingRuntime",
         "spec.template.spec.replicatedJobs.[].template.spec.template", POD_TEMPLATE, true},
	{"trainer.kubeflow.org/", "ClusterTrainingRuntime",
         "spec.template.spec.replicatedJobs.[].template.spec.template", POD_TEMPLATE, true},
	{"kubeflow.org/", "Experiment", "spec.trialTemplate.trialSpec.spec.template", POD_TEMPLATE,
         true},
	{"flink.apache.org/", "FlinkDeployment", "spec.podTemplate", POD_TEMPLATE, false},
	{"flink.apache.org/", "FlinkDeployment", "spec.jobManager.podTemplate", POD_TEMPLATE,
         false},
	{"flink.apache.org/", "FlinkDeployment", "spec.taskManager.podTemplate", POD_TEMPLATE,
         false},
	{"keda.sh/", "ScaledJob", "spec.jobTargetRef.template", POD_TEMPLATE, true},
	{"leaderworkerset.x-k8s.io/", "LeaderWorkerSet", "spec.leaderWorkerTemplate.leaderTemplate",
         POD_TEMPLATE, false},
	{"leaderworkerset.x-k8s.io/", "LeaderWorkerSet", "spec.leaderWorkerTemplate.workerTemplate",
         POD_TEMPLATE, false},
	{"apps.openshift.io/", "DeploymentConfig", "spec.template", POD_TEMPLATE, false},
	{"apps.kruise.io/", "CloneSet", "spec.template", POD_TEMPLATE, false},
	{"", "", "spec.template", POD_TEMPLATE,
         false}, // any other kind that holds a pod template in the usual place
};

static void read_env_item(Model *model, Container *container, const Node *item)
{
	EnvVar *var =
		&VEC_PUSH(model->arena, container->env, container->env_count, container->env_cap);
	const Node *from = node_at(item, "valueFrom"), *ref;

	*var = (EnvVar){.name = node_text_at(item, "name"), .source = ENV_VALUE};
	if (!from) {
		var->node = node_at(item, "value");
		var->value = node_text(var->node);
		return;
	}
	var->source = ENV_OTHER;
	if ((ref = node_at(from, "secretKeyRef")))
		var->source = ENV_SECRET;
	else if ((ref = node_at(from, "configMapKeyRef")))
		var->source = ENV_CONFIG;
	else if ((ref = node_at(from, "fieldRef")))
		var->source = ENV_FIELD;
	var->node = ref ? ref : from;
	var->ref = node_text_at(ref, "name");
	var->key = node_text_at(ref, var->source == ENV_FIELD ? "fieldPath" : "key");
}

static void add_env_refs(Model *model, Container *container, const Node *item)
{
	static const char *const fields[] = {"secretKeyRef", "configMapKeyRef"};
	const Node *from = node_at(item, "valueFrom");

	for (int i = 0; i < 2; i++) {
		const Node *ref = node_at(from, fields[i]);
		if (!ref)
			continue;
		model_add_ref(model, (Ref){.kind = i ? REF_CONFIG : REF_SECRET,
		                           .resource = container->workload->resource,
		                           .workload = container->workload,
		                           .container = container,
		                           .ns = container->workload->resource->ns,
		                           .name = node_text_at(ref, "name"),
		                           .key = node_text_at(ref, "key"),
		                           .optional = node_bool(node_at(ref, "optional"), false),
		                           .node = node_at(ref, "name"),
		                           .key_node = node_at(ref, "key"),
		                           .use = "an environment variable"});
	}
}

static void read_env_from(Model *model, Container *container, const Node *list)
{
	for (size_t i = 0; i < node_count(list); i++) {
		const Node *item = node_item(list, i), *ref = node_at(item, "secretRef");
		bool secret = ref != NULL;
		if (!ref)
			ref = node_at(item, "configMapRef");
		if (!ref)
			continue;
		VEC_PUSH(model->arena, container->env_from, container->env_from_count,
		         container->env_from_cap) =
			(EnvFrom){secret, node_text_at(ref, "name"), node_text_at(item, "prefix")};
		model_add_ref(model, (Ref){.kind = secret ? REF_SECRET : REF_CONFIG,
		                           .resource = container->workload->resource,
		                           .workload = container->workload,
		                           .container = container,
		                           .ns = container->workload->resource->ns,
		                           .name = node_text_at(ref, "name"),
		                           .optional = node_bool(node_at(ref, "optional"), false),
		                           .node = node_at(ref, "name"),
		                           .use = "the environment"});
	}
}

static void read_ports(Model *model, Container *container, const Node *list)
{
	VEC_RESERVE(model->arena, container->ports, 0, container->port_cap, node_count(list));
	for (size_t i = 0; i < node_count(list); i++) {
		const Node *item = node_item(list, i);
		VEC_PUSH(model->arena, container->ports, container->port_count,
		         container->port_cap) = (ContainerPort){
			node_text_at(item, "name"), node_int(node_at(item, "containerPort"), 0),
			node_text_at(item, "protocol").len ? node_text_at(item, "protocol")
							   : S("TCP")};
	}
}

static const Node **read_words(Model *model, const Node *list, size_t *count)
{
	size_t n = list && list->kind == NODE_SEQUENCE ? list->len : 0;
	const Node **words = ARENA_ARRAY(model->arena, const Node *, n + 1);

	for (size_t i = 0; i < n; i++)
		words[i] = node_item(list, i);
	*count = n;
	return words;
}

static void see_container_words(Model *model, const Container *container)
{
	for (size_t i = 0; i < container->command_count; i++)
		model_see_text(model, node_text(container->command[i]));
	for (size_t i = 0; i < container->arg_count; i++)
		model_see_text(model, node_text(container->args[i]));
	for (size_t i = 0; i < container->env_count; i++)
		if (container->env[i].source == ENV_VALUE)
			model_see_text(model, container->env[i].value);
}

static void read_container(Model *model, Workload *workload, const Node *node, ContainerKind kind,
                           size_t order)
{
	Container *container;
	const Node *env;

	if (!node || node->kind != NODE_MAPPING)
		return;
	container = &VEC_PUSH(model->arena, workload->containers, workload->container_count,
	                      workload->container_cap);
	if (kind == CONTAINER_INIT && str_is(node_text_at(node, "restartPolicy"), "Always"))
		kind = CONTAINER_SIDECAR;
	*container = (Container){.workload = workload, .kind = kind, .order = order, .node = node};
	container->name = node_text_at(node, "name");
	container->image_node = node_at(node, "image");
	container->image = node_text(container->image_node);
	container->command = read_words(model, node_at(node, "command"), &container->command_count);
	container->args = read_words(model, node_at(node, "args"), &container->arg_count);
	container->resources = node_at(node, "resources");
	env = node_at(node, "env");
	VEC_RESERVE(model->arena, container->env, 0, container->env_cap, node_count(env));
	for (size_t i = 0; i < node_count(env); i++)
		if (env->kind == NODE_SEQUENCE)
			read_env_item(model, container, node_item(env, i));
	read_ports(model, container, node_at(node, "ports"));
}

static void read_containers(Model *model, Workload *workload, const Node *list, ContainerKind kind)
{
	VEC_RESERVE(model->arena, workload->containers, workload->container_count,
	            workload->container_cap, node_count(list));
	for (size_t i = 0; list && list->kind == NODE_SEQUENCE && i < list->len; i++)
		read_container(model, workload, node_item(list, i), kind, i);
}

// References are read once the containers stand still in their array.
static void read_container_refs(Model *model, Workload *workload)
{
	for (size_t i = 0; i < workload->container_count; i++) {
		Container *container = &workload->containers[i];
		const Node *env = node_at(container->node, "env");
		for (size_t j = 0; env && env->kind == NODE_SEQUENCE && j < env->len; j++)
			add_env_refs(model, container, node_item(env, j));
		read_env_from(model, container, node_at(container->node, "envFrom"));
		see_container_words(model, container);
		if (container->env_count < 16)
			continue;
		container->env_index = map_new(model->arena, &TYPE_ANY_MAP);
		for (size_t j = 0; j < container->env_count; j++) {
			EnvVar *var = &container->env[j];
			var->shadowed = table_get(container->env_index, var->name);
			table_put(model->arena, container->env_index, var->name, var);
		}
	}
}

static void add_volume_ref(Model *model, Workload *workload, RefKind kind, const Node *name,
                           bool optional, const Node *items, const char *use)
{
	Ref ref = {.kind = kind,
	           .resource = workload->resource,
	           .workload = workload,
	           .ns = workload->resource->ns,
	           .name = node_text(name),
	           .optional = optional,
	           .node = name,
	           .use = use};

	if (!node_count(items))
		model_add_ref(model, ref);
	for (size_t i = 0; i < node_count(items); i++) {
		ref.key_node = node_at(node_item(items, i), "key");
		ref.key = node_text(ref.key_node);
		model_add_ref(model, ref);
	}
}

static void read_volume(Model *model, Workload *workload, const Node *volume)
{
	const Node *secret = node_at(volume, "secret"), *config = node_at(volume, "configMap");
	const Node *claim = node_at(volume, "persistentVolumeClaim"),
		   *projected = node_at(volume, "projected");
	const Node *sources = node_at(projected, "sources");
	const Node *templates = node_at(workload->resource->spec, "volumeClaimTemplates");

	for (size_t i = 0; claim && i < node_count(templates); i++)
		if (str_eq(node_text_at(node_at(node_item(templates, i), "metadata"), "name"),
		           node_text_at(volume, "name")))
			claim = NULL; // each pod's own claim takes the volume's place
	if (secret)
		add_volume_ref(model, workload, REF_SECRET, node_at(secret, "secretName"),
		               node_bool(node_at(secret, "optional"), false),
		               node_at(secret, "items"), "a volume");
	if (config)
		add_volume_ref(model, workload, REF_CONFIG, node_at(config, "name"),
		               node_bool(node_at(config, "optional"), false),
		               node_at(config, "items"), "a volume");
	if (claim)
		add_volume_ref(model, workload, REF_CLAIM, node_at(claim, "claimName"), false, NULL,
		               "a volume");
	for (size_t i = 0; i < node_count(sources); i++) {
		const Node *item = node_item(sources, i);
		for (int j = 0; j < 2; j++) {
			const Node *ref = node_at(item, j ? "configMap" : "secret");
			if (ref)
				add_volume_ref(model, workload, j ? REF_CONFIG : REF_SECRET,
				               node_at(ref, "name"),
				               node_bool(node_at(ref, "optional"), false),
				               node_at(ref, "items"), "a volume");
		}
	}
}

// Other volumes that need a secret, by the path to its name.
static const char *const secret_volumes[] = {
	"csi.nodePublishSecretRef.name", "flexVolume.secretRef.name",
	"cephfs.secretRef.name",         "rbd.secretRef.name",
	"iscsi.secretRef.name",          "scaleIO.secretRef.name",
	"storageos.secretRef.name",      "azureFile.secretName",
};

static void read_secret_volume(Model *model, Workload *workload, const Node *volume)
{
	for (size_t i = 0; i < sizeof secret_volumes / sizeof *secret_volumes; i++) {
		const Node *name = node_down(volume, secret_volumes[i]);
		if (name)
			add_volume_ref(model, workload, REF_SECRET, name, false, NULL, "a volume");
	}
}

static const Node *volume_named(const Workload *workload, Str name)
{
	const Node *volumes = node_at(workload->pod_spec, "volumes");

	for (size_t i = 0; i < node_count(volumes); i++)
		if (str_eq(node_text_at(node_item(volumes, i), "name"), name))
			return node_item(volumes, i);
	return NULL;
}

// A mount's subPath is a key of its volume's secret or config map: without it there is nothing to mount.
static void read_mounts(Model *model, Container *container)
{
	const Node *mounts = node_at(container->node, "volumeMounts");

	for (size_t i = 0; i < node_count(mounts); i++) {
		const Node *mount = node_item(mounts, i), *key = node_at(mount, "subPath");
		const Node *volume, *secret, *from;
		if (!node_text(key).len || str_find_byte(node_text(key), '/') != STR_NONE)
			continue;
		volume = volume_named(container->workload, node_text_at(mount, "name"));
		secret = node_at(volume, "secret");
		from = secret ? secret : node_at(volume, "configMap");
		if (!from || node_count(node_at(from, "items")))
			continue;
		model_add_ref(model,
		              (Ref){.kind = secret ? REF_SECRET : REF_CONFIG,
		                    .resource = container->workload->resource,
		                    .workload = container->workload,
		                    .container = container,
		                    .ns = container->workload->resource->ns,
		                    .name = node_text_at(from, secret ? "secretName" : "name"),
		                    .key = node_text(key),
		                    .optional = node_bool(node_at(from, "optional"), false),
		                    .of_mount = true,
		                    .node = key,
		                    .key_node = key,
		                    .use = "a mount"});
	}
}

static void read_pod_refs(Model *model, Workload *workload)
{
	const Node *volumes = node_at(workload->pod_spec, "volumes");
	const Node *pulls = node_at(workload->pod_spec, "imagePullSecrets");
	Ref account = {.kind = REF_ACCOUNT,
	               .resource = workload->resource,
	               .workload = workload,
	               .ns = workload->resource->ns,
	               .name = workload->account,
	               .node = workload->account_node,
	               .use = "the pod"};

	for (size_t i = 0; volumes && volumes->kind == NODE_SEQUENCE && i < volumes->len; i++) {
		read_volume(model, workload, node_item(volumes, i));
		read_secret_volume(model, workload, node_item(volumes, i));
	}
	for (size_t i = 0; i < workload->container_count; i++)
		read_mounts(model, &workload->containers[i]);
	for (size_t i = 0; pulls && pulls->kind == NODE_SEQUENCE && i < pulls->len; i++)
		model_add_ref(model, (Ref){.kind = REF_SECRET,
		                           .resource = workload->resource,
		                           .workload = workload,
		                           .ns = workload->resource->ns,
		                           .name = node_text_at(node_item(pulls, i), "name"),
		                           .node = node_at(node_item(pulls, i), "name"),
		                           .use = "an image pull secret"});
	if (workload->account_node && !str_is(workload->account, "default"))
		model_add_ref(model, account);
}

static Workload *add_workload(Model *model, Resource *resource, const PodKind *kind, Str part)
{
	Workload *workload = ARENA_NEW(model->arena, Workload);

	workload->resource = resource;
	workload->order = model->workloads.len;
	workload->completes = kind->completes;
	workload->what = str_printf(model->arena, "%.*s/%.*s", STR_ARGS(resource->kind),
	                            STR_ARGS(resource->name));
	if (part.len)
		workload->what = str_printf(model->arena, "%.*s (%.*s)", STR_ARGS(workload->what),
		                            STR_ARGS(part));
	VEC_PUSH(model->arena, model->workloads.items, model->workloads.len, model->workloads.cap) =
		workload;
	VEC_PUSH(model->arena, resource->workloads.items, resource->workloads.len,
	         resource->workloads.cap) = workload;
	return workload;
}

static void read_scale(Workload *workload)
{
	const Resource *resource = workload->resource;
	const Node *replicas = node_at(resource->spec, "replicas");
	const Node *parallelism = node_at(resource->spec, "parallelism");

	workload->replicas = 1;
	if (replicas && replicas->kind == NODE_SCALAR)
		workload->replicas = node_int(replicas, 1);
	else if (workload->completes && parallelism)
		workload->replicas = node_int(parallelism, 1);
	workload->scaled_to_zero = workload->replicas == 0;
	workload->suspended = node_bool(node_at(resource->spec, "suspend"), false);
}

static void read_pod_spec(Model *model, Workload *workload, PodShape shape)
{
	static const char *const not_containers[] = {
		"containers",      "initContainers", "volumes",      "imagePullSecrets",
		"securityContext", "affinity",       "nodeSelector", "tolerations",
		"batcher",         "logger",         "workerSpec",   "canaryTrafficPercent",
	};
	const Node *spec = workload->pod_spec;

	read_containers(model, workload, node_at(spec, "initContainers"), CONTAINER_INIT);
	read_containers(model, workload, node_at(spec, "containers"), CONTAINER_MAIN);
	read_containers(model, workload, node_at(spec, "ephemeralContainers"), CONTAINER_EPHEMERAL);
	if (shape == POD_STEPS) {
		read_containers(model, workload, node_at(spec, "steps"), CONTAINER_MAIN);
		read_containers(model, workload, node_at(spec, "sidecars"), CONTAINER_SIDECAR);
	}
	if (shape == POD_ARGO) {
		read_container(model, workload, node_at(spec, "container"), CONTAINER_MAIN, 0);
		read_container(model, workload, node_at(spec, "script"), CONTAINER_MAIN, 0);
		read_containers(model, workload, node_down(spec, "containerSet.containers"),
		                CONTAINER_MAIN);
		read_containers(model, workload, node_at(spec, "sidecars"), CONTAINER_SIDECAR);
	}
	if (shape == POD_SPARK)
		read_container(model, workload, spec, CONTAINER_MAIN, 0);
	if (shape != POD_MODEL)
		return;
	for (size_t i = 0; i < node_count(spec); i++) {
		bool skip = false;
		for (size_t j = 0; j < sizeof not_containers / sizeof *not_containers; j++)
			skip |= str_is(node_text(node_key(spec, i)), not_containers[j]);
		if (!skip && node_value(spec, i) && node_value(spec, i)->kind == NODE_MAPPING)
			read_container(model, workload, node_value(spec, i), CONTAINER_MAIN, 0);
	}
}

static void read_aliases(Model *model, Workload *workload)
{
	const Node *aliases = node_at(workload->pod_spec, "hostAliases");

	if (node_count(aliases))
		workload->aliases = map_new(model->arena, &TYPE_ANY_MAP);
	for (size_t i = 0; i < node_count(aliases); i++) {
		const Node *names = node_at(node_item(aliases, i), "hostnames");
		for (size_t j = 0; j < node_count(names); j++)
			map_set(model->arena, workload->aliases, node_text(node_item(names, j)),
			        value_bool(true));
	}
}

static void read_pod(Model *model, Resource *resource, const PodKind *kind, const Node *at,
                     Str part)
{
	bool template = kind->shape == POD_TEMPLATE;
	const Node *spec = template || kind->shape == POD_SELF ? node_at(at, "spec") : at;
	Workload *workload;

	if (!spec || spec->kind != NODE_MAPPING)
		return;
	if (!*kind->kind && !node_at(spec, "containers"))
		return;
	workload = add_workload(model, resource, kind, part);
	workload->pod_metadata =
		template || kind->shape == POD_SELF ? node_at(at, "metadata") : NULL;
	if (kind->shape == POD_ARGO)
		workload->pod_metadata = node_at(at, "metadata");
	workload->labels = node_at(workload->pod_metadata, "labels");
	workload->pod_spec = spec;
	read_scale(workload);
	read_aliases(model, workload);
	workload->account_node = node_at(spec, "serviceAccountName");
	if (!workload->account_node)
		workload->account_node = node_at(spec, "serviceAccount");
	if (!workload->account_node && kind->shape == POD_ARGO)
		workload->account_node = node_at(resource->spec, "serviceAccountName");
	workload->account = node_text(workload->account_node);
	if (!workload->account.len)
		workload->account = S("default");
	read_pod_spec(model, workload, kind->shape);
	read_container_refs(model, workload);
	read_pod_refs(model, workload);
}

// Walks the path of a kind to each of its pods.
static void find_pods(Model *model, Resource *resource, const PodKind *kind, const Node *node,
                      Str path, Str part)
{
	Str step;

	if (!node)
		return;
	if (!path.len || !str_cut(&path, S("."), &step)) {
		read_pod(model, resource, kind, node, part);
		return;
	}
	if (!path.p)
		path = S("");
	if (str_is(step, "[]")) {
		for (size_t i = 0; node->kind == NODE_SEQUENCE && i < node->len; i++) {
			Str name = node_text_at(node_item(node, i), "name");
			if (!name.len)
				name = node_text_at(node_item(node, i), "groupName");
			find_pods(model, resource, kind, node_item(node, i), path,
			          name.len ? name : part);
		}
		return;
	}
	if (str_is(step, "*")) {
		for (size_t i = 0; node->kind == NODE_MAPPING && i < node->len / 2; i++)
			find_pods(model, resource, kind, node_value(node, i), path,
			          node_text(node_key(node, i)));
		return;
	}
	find_pods(model, resource, kind,
	          node->kind == NODE_MAPPING ? node_at(node, str_to_c(model->arena, step)) : NULL,
	          path, part);
}

void model_read_workloads(Model *model, Resource *resource)
{
	bool known = false;

	for (size_t i = 0; i < sizeof pod_kinds / sizeof *pod_kinds; i++) {
		const PodKind *kind = &pod_kinds[i];
		Str path = str_c(kind->path), part = S("");
		if (*kind->kind && (!str_is(resource->kind, kind->kind) ||
		                    !str_has_prefix(resource->api_version, str_c(kind->group))))
			continue;
		if (!*kind->kind && (known || !resource->custom))
			continue;
		known = true;
		if (str_is(resource->kind, "InferenceService"))
			part = str_from(path, 5);
		find_pods(model, resource, kind, resource->node, path, part);
	}
}
