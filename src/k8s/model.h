#ifndef K8S_MODEL_H
#define K8S_MODEL_H

// What a set of manifests says, read once into tables: rules ask these and never walk YAML themselves. Building them
// is linear in the manifests; every lookup by name is a hash lookup.
//
// Rows keep the Node they were read from, and their resource keeps the text that its nodes' marks count in, so that
// every finding can be traced to its line and, where that text is traced, to the template and the values behind it.

#include "data/node.h"
#include "k8s/shell.h"

typedef struct Model Model;
typedef struct Resource Resource;
typedef struct Workload Workload;
typedef struct Container Container;
typedef struct Service Service;

// A line of a block scalar: what was looked up last. The next look-up mostly lies behind it.
typedef struct BlockCursor {
	const Node *node;
	size_t at;   // where the line begins, in the source's text
	size_t done; // and in the scalar's value
	size_t line; // lines from the scalar's own to it
	size_t indent;
} BlockCursor;

// A text that was read. Where it was rendered, `text` carries the origins of its bytes.
typedef struct Source {
	Str name; // the file, for places
	Str text;
	size_t lines_before; // of the file, where the text is a later part of it
	BlockCursor *cursor; // the model's; NULL: none is kept
} Source;

#define MODEL_TABLE(Row)                                                                           \
	struct {                                                                                   \
		Row **items;                                                                       \
		size_t len, cap;                                                                   \
	}

// Helm's hooks, as bits. A resource without any is installed with the release.
typedef enum HookPhase {
	HOOK_NONE = 0,
	HOOK_PRE = 1,    // pre-install, pre-upgrade, pre-rollback (and crd-install)
	HOOK_POST = 2,   // post-install, post-upgrade, post-rollback
	HOOK_DELETE = 4, // pre-delete, post-delete
	HOOK_TEST = 8,
} HookPhase;

struct Resource {
	const Source *source;
	const Node *node; // the root mapping
	Str api_version, group, kind, name;
	Str ns; // empty for what lives outside namespaces
	const Node *metadata, *spec;
	unsigned hooks;        // bits of HookPhase
	bool pre_upgrade_only; // not run at the first installation
	int64_t hook_weight;
	bool argo_hook; // its phase comes from Argo CD's own annotation
	bool has_wave;
	int64_t wave;
	bool custom;                     // not of a built-in API group: some operator acts on it
	MODEL_TABLE(Workload) workloads; // the pods it makes
};

typedef enum EnvSource { ENV_VALUE, ENV_SECRET, ENV_CONFIG, ENV_FIELD, ENV_OTHER } EnvSource;

typedef struct EnvVar EnvVar;
struct EnvVar {
	Str name;
	const Node *node; // the value, or the reference
	EnvSource source;
	Str value; // ENV_VALUE
	Str ref,
		key; // ENV_SECRET, ENV_CONFIG: which object, which key; ENV_FIELD: the path as `key`
	Str expanded; // the value with its references, as soon as somebody asked
	bool is_expanded;
	EnvVar *shadowed; // the one before it of the same name, where there is an index
};

typedef struct EnvFrom {
	bool secret;
	Str name, prefix;
} EnvFrom;

typedef struct ContainerPort {
	Str name;
	int64_t number;
	Str protocol;
} ContainerPort;

typedef enum ContainerKind {
	CONTAINER_MAIN,
	CONTAINER_INIT,
	CONTAINER_SIDECAR, // an init container with restartPolicy: Always
	CONTAINER_EPHEMERAL,
} ContainerKind;

struct Container {
	Workload *workload;
	ContainerKind kind;
	size_t order; // among those of its list
	const Node *node;
	Str name, image;
	const Node *image_node;
	const Node **command, **args; // scalars
	size_t command_count, arg_count;
	EnvVar *env;
	size_t env_count, env_cap;
	EnvFrom *env_from;
	size_t env_from_count, env_from_cap;
	ContainerPort *ports;
	size_t port_count, port_cap;
	const Node *resources;         // NULL where it says none
	Map *env_index;                // name to EnvVar; of many only
	size_t first_wait, wait_count; // in the model's waits
	Map *from_index;               // names to the EnvFrom that gives them; of many only
	Map *wait_hosts;               // what it waits for; NULL before somebody asked
};

struct Workload {
	Resource *resource;
	Str what; // "Deployment/name", with a part ("Workflow/name (template build)") where it makes several pods
	size_t order; // among all workloads
	const Node *pod_metadata, *pod_spec;
	const Node *labels;
	int64_t replicas; // 1 where not said; what an autoscaler starts with
	bool scaled_to_zero, completes, suspended;
	bool autoscaled;
	Str account;
	const Node *account_node;
	Map *aliases;                   // the names of its hostAliases; NULL: none
	MODEL_TABLE(Resource) policies; // those that select its pods by their labels
	Container *containers;          // init containers first, in their order
	size_t container_count, container_cap;
};

typedef struct ServicePort {
	Str name, target; // target: a number or a name, the port's own where it is not said
	int64_t number;
	Str protocol;
	const Node *node;
} ServicePort;

struct Service {
	Resource *resource;
	Str type, external_name;
	bool headless, no_selector;
	const Node *selector;
	ServicePort *ports;
	size_t port_count, port_cap;
	bool has_endpoints;             // Endpoints or EndpointSlices of the render stand behind it
	bool from_knative;              // made by another resource: its ports are not known
	MODEL_TABLE(Workload) backends; // the workloads whose pods it selects
	bool served;                    // by one of them at least that runs
	const Workload *resting;        // the last of them that does not
	Map *port_index;                // see service_has_port; NULL before somebody asked
};

// What of the render lives in a namespace, in its order.
typedef struct Namespace {
	MODEL_TABLE(Resource) resources;
	MODEL_TABLE(Workload) workloads;
	MODEL_TABLE(Service) services;
	MODEL_TABLE(Resource)
	open_policies; // those that hold for no labels alone: each pod asks them
	Map *owners; // names of custom resources that may make objects called like them; NULL: none
	bool has_seldon, has_prometheus, has_alertmanager;
} Namespace;

typedef enum ProviderKind {
	PROVIDER_PLAIN,    // the Secret or ConfigMap itself
	PROVIDER_EXTERNAL, // ExternalSecret and kin: an operator copies it from a store
	PROVIDER_SEALED,
	PROVIDER_CERTIFICATE,
	PROVIDER_OPERATOR, // something else that makes it
} ProviderKind;

// Somebody who makes a Secret or ConfigMap of a name.
typedef struct Provider Provider;
struct Provider {
	ProviderKind kind;
	Resource *resource;
	Map *keys;             // key to Node
	bool open;             // there may be more keys than these
	bool merges;           // adds to the object of another provider instead of writing its own
	Map *plain_keys;       // of a Secret, those of stringData; NULL before somebody asked
	Provider *next, *last; // of those of one name; `last` is the first one's
	Map *all_keys;         // the first one's, of all of them; NULL before somebody asked
};

typedef enum RefKind { REF_SECRET, REF_CONFIG, REF_CLAIM, REF_ACCOUNT } RefKind;

typedef struct Ref {
	RefKind kind;
	Resource *resource;
	Workload *workload; // NULL where no pod needs it
	Container *container;
	Str ns, name, key; // key empty: the whole object
	bool optional;
	bool of_mount;    // a mount wants the key; its volume wants the object
	const Node *node; // the scalar that names it
	const Node *key_node;
	const char *use; // "environment variable", "volume", "image pull secret", ...
} Ref;

// A text somewhere in the render: where a name or an address was read.
typedef struct Spot {
	Resource *resource;
	const Node *node;
	size_t offset, len; // in node->value
	size_t decoded;     // where that is base64, the byte of its content, from 1; else 0
} Spot;

typedef enum WaitKind {
	WAIT_TCP,  // connects to a port
	WAIT_NAME, // asks DNS
	WAIT_KUBE, // asks the API for an object's state
} WaitKind;

typedef struct Wait {
	Workload *workload;
	Container *container;
	WaitKind kind;
	Str tool;                                           // "nc"
	Str tool_package;                                   // what carries the tool, for messages
	Str host;                                           // as written, expanded
	int64_t port;                                       // 0: not said
	Str port_name;                                      // where the port is given by a name
	Str object_kind, object_name, object_ns, condition; // WAIT_KUBE
	Str selector;                                       // of all_objects: "app=db"
	bool all_objects;
	bool endless;     // tries again without limit
	bool conditional; // under a condition that could not be decided
	bool tries_once;  // no loop: the container fails, and is started anew
	bool gives_up;    // after some tries the script goes on without
	bool start;       // in a main container's start command
	Spot spot;        // the host, where it is written in a script
	const Node *
		value_node; // where the host's text itself stands, where that is another place (an environment value)
	Resource *value_resource;
	// Resolved:
	Str ns, service_name; // what the host means in the cluster, empty where it is no cluster name
	Service *service;
	bool in_render_ns; // its namespace is one of the render's own
} Wait;

typedef enum AddressWhere {
	ADDRESS_VARIABLE,
	ADDRESS_ARGUMENT,
	ADDRESS_KEY, // of a config map, or of a secret that is written in plain text
	ADDRESS_ANNOTATION,
	ADDRESS_FIELD,   // of an ingress, a route, a certificate: a name under which others find it
	ADDRESS_SETTING, // a field of a custom resource: where its operator or its pods are to go
} AddressWhere;

// An address in an environment value, an argument, a config map, an annotation or a field that holds hosts.
typedef struct Address {
	Spot spot;
	AddressWhere where;
	Workload *workload; // NULL outside of pods
	Container *container;
	Str variable; // the variable's, key's or field's name, empty in arguments
	Str setting;  // what says it: the variable, an option, a setting of a file; may be empty
	Str section;  // the table of the file that the setting stands in, where it has a name
	Str scheme, host;
	Str user, password; // of a URL
	int64_t port;       // 0: not said
	bool in_text;       // found inside a longer text (a configuration file)
	bool named;         // the name of its setting says what it is
	bool bare;          // a host alone, known by its variable's name
	bool port_said;     // not only the scheme's usual one
	bool used;          // a command connects to it
	Str ns, service_name;
	Service *service;
	bool in_render_ns;
} Address;

typedef struct ModelOptions {
	Str ns;             // the release's namespace: "default"
	Str cluster_domain; // "cluster.local"
	bool objects_only;  // who waits for whom, and who talks to whom, is not asked for
} ModelOptions;

struct Model {
	Arena *arena;
	ModelOptions options;
	MODEL_TABLE(Resource) resources;
	MODEL_TABLE(Workload) workloads;
	MODEL_TABLE(Service) services;
	MODEL_TABLE(Ref) refs;
	MODEL_TABLE(Wait) waits;
	MODEL_TABLE(Wait) uses; // what commands connect to that nothing waits with
	MODEL_TABLE(Address) addresses;
	MODEL_TABLE(Resource) custom; // of other API groups
	MODEL_TABLE(Resource) policies, quotas, limit_ranges, roles, bindings, autoscalers;
	Map *by_id;       // "Kind\nns\nname" to Resource
	Map *service_map; // "ns\nname" to Service
	Map *providers;   // "Secret\nns\nname" to Provider
	Map *namespaces; // names to Namespace: those that hold something of the render, or are made by it, and ""
	Map *service_names; // name to the first Service of it, in whatever namespace
	Map *bound;         // "ns\nname" of accounts, and groups, to the bindings that name them
	Map *permissions;   // what was asked of them
	Map *pods_by_label; // "ns\nkey\nvalue" to a list of workloads
	// Commands, arguments, environment values, scripts: they may speak of names made at run time.
	Str *texts;
	size_t text_count, text_cap;
	size_t asked; // how often model_mentions was
	Map *words;   // of the texts; NULL before it was asked often
};

// Reads `sources` into `model`. Text that is no YAML is an error with its place; documents that are no Kubernetes object
// are passed over.
bool model_build(Arena *arena, const Source *sources, size_t count, const ModelOptions *options,
                 Model **out, Diag *diag);

Resource *model_resource(const Model *model, const char *kind, Str ns, Str name);
Service *model_service(const Model *model, Str ns, Str name);
// Whether connections to this port of the service's name are answered: by one of its ports or, where it is headless, by the
// pods themselves. `*as_target` is the port whose target it is, else NULL.
bool service_has_port(const Model *model, Service *service, int64_t port,
                      const ServicePort **as_target);
// "80 (http), 443", or without the names; the first eight.
Str service_ports(Arena *arena, const Service *service, bool names);
// "Secret", "ConfigMap", ...
const char *ref_object_kind(RefKind kind);
Provider *model_provider(const Model *model, RefKind kind, Str ns, Str name);
// Whether one of those that begin with `first` has the key, or may have.
bool model_provides_key(const Model *model, Provider *first, Str key);
bool model_has_namespace(const Model *model, Str ns);
// NULL where the render has nothing there.
const Namespace *model_namespace(const Model *model, Str ns);
// Whether a custom resource of the namespace seems to own objects of this name (its name is a part of it).
bool model_operator_owns(const Model *model, Str ns, Str name);
// Whether a command, argument or variable speaks of the name: then something makes it at run time.
bool model_mentions(Model *model, Str name);
// Whether a command or script writes that key into the object while it runs: kubectl patch secret/NAME -p '{"data": ...}'
bool model_fills(const Model *model, Str name, Str key);
// Whether a line of one makes an object of that name: kubectl create job --from=cronjob/NIGHTLY NAME
bool model_makes(const Model *model, Str name);
// Workloads whose labels match a selector's matchLabels (or a service's plain selector), in order.
typedef bool WorkloadVisit(void *context, Workload *workload);
void model_select(const Model *model, Str ns, const Node *match_labels, WorkloadVisit *visit,
                  void *context);

// The text of a key of a config map or secret of the render (decoded); false where it is not known. `*node` is where.
bool model_key_text(const Model *model, bool secret, Str ns, Str name, Str key, Str *out,
                    const Node **node, Resource **resource);
// What a container sees as an environment variable: false where it does not know it or the value is not known.
// `*node` and `*resource` are where its text stands.
bool model_env(const Model *model, Container *container, Str name, Str *out, const Node **node,
               Resource **resource);
// Whether the container has the variable at all, known or not.
bool model_env_has(const Model *model, Container *container, Str name);
// The service that X_SERVICE_HOST or X_SERVICE_PORT[_NAME] speaks of, rendered or not; `*what` is HOST, PORT or PORT_NAME.
// Empty for other variables.
Str model_service_of_variable(Arena *arena, Str name, Str *what);
// The value of one of the container's variables, its references expanded: a variable can speak of those before it.
Str model_env_value(const Model *model, Container *container, EnvVar *var);
// Kubernetes' $(NAME) in an argument, expanded. What is not known becomes MODEL_UNKNOWN.
Str model_expand(const Model *model, Container *container, Str text);
// Stands in expanded texts where the value is not known.
#define MODEL_UNKNOWN '\x01'

// Whether the name is one that Docker Desktop and its kin resolve, and nothing else.
bool host_is_desktop(Str host);
// What a host means in the cluster, seen from namespace `ns`: false where it is no cluster name.
typedef struct ClusterName {
	Str service, ns;
	bool qualified; // it names the namespace
	bool full;      // it says svc
} ClusterName;
bool model_cluster_name(const Model *model, Str host, Str ns, ClusterName *out);

// Small helpers over Nodes, all of which accept NULL.
Str node_text(const Node *node); // of a scalar, else empty
Str node_text_at(const Node *mapping, const char *key);
// The name behind "value" in {name: X, value: Y}, else the key.
Str node_setting(const Node *mapping, Str key);
const Node *node_at(const Node *mapping,
                    const char *key); // aliases followed, NULL where it is not there
const Node *node_down(const Node *mapping, const char *path); // "spec.template.spec"
// Visits what stands at the end of a path: "spec.tls.[].secretName", where "[]" walks a list. `parent` holds `node`.
typedef void FoundVisit(void *context, const Node *parent, const Node *node);
void node_each_down(const Node *node, const char *path, FoundVisit *visit, void *context);
int64_t node_int(const Node *node, int64_t fallback);
bool node_bool(const Node *node, bool fallback);
size_t node_count(const Node *node); // of a sequence's items or a mapping's pairs
const Node *node_item(const Node *sequence, size_t i);
const Node *node_key(const Node *mapping, size_t i);
const Node *node_value(const Node *mapping, size_t i);

// Steps of building, each in its own file; for model.c only.
void model_read_workloads(Model *model, Resource *resource);
void model_read_owners(Model *model, Resource *resource);
void model_read_refs(Model *model, Resource *resource);
void model_see_operator(Model *model, const Resource *resource);
void model_read_waits(Model *model);
void model_read_addresses(Model *model);
void model_add_ref(Model *model, Ref ref);
void model_see_text(Model *model, Str text);
void model_add_provider(Model *model, RefKind kind, Str ns, Str name, Provider provider);
void *table_get(const Map *map, Str key);
void table_put(Arena *arena, Map *map, Str key, void *pointer);
Str model_key(Arena *arena, Str a, Str b, Str c);

#endif
