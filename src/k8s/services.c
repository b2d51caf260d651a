// Which ports a service answers on.

#include "k8s/model.h"

#include <stdio.h>

// What is known of a port: answered, or meant by one that is.
typedef struct PortAnswer {
	bool answers;
	const ServicePort *as_target;
} PortAnswer;

static PortAnswer *answer_at(const Model *model, Map *index, Str port)
{
	PortAnswer *answer = table_get(index, port);

	if (!answer) {
		answer = ARENA_NEW(model->arena, PortAnswer);
		table_put(model->arena, index, port, answer);
	}
	return answer;
}

static Str port_text(const Model *model, int64_t port)
{
	return str_printf(model->arena, "%lld", (long long)port);
}

// The pods' own ports: a headless name gives the pods' addresses; else the service's port may go by the port's name.
static void see_pod_ports(const Model *model, const Service *service, Map *index,
                          const Container *container)
{
	for (size_t i = 0; i < container->port_count; i++) {
		const ContainerPort *port = &container->ports[i];
		PortAnswer *answer = answer_at(model, index, port_text(model, port->number)),
			   *named;
		answer->answers |= service->headless;
		named = port->name.len && !answer->as_target ? table_get(index, port->name) : NULL;
		if (named)
			answer->as_target = named->as_target;
	}
}

// Ports by their numbers, and those that a port of the service names as its target by that, number or name.
static Map *index_ports(const Model *model, const Service *service)
{
	Map *index = map_new(model->arena, &TYPE_ANY_MAP);

	for (size_t i = 0; i < service->port_count; i++) {
		const ServicePort *port = &service->ports[i];
		answer_at(model, index, port_text(model, port->number))->answers = true;
		answer_at(model, index, port->target)->as_target = port;
	}
	for (size_t i = 0; i < service->backends.len; i++)
		for (size_t j = 0; j < service->backends.items[i]->container_count; j++)
			see_pod_ports(model, service, index,
			              &service->backends.items[i]->containers[j]);
	return index;
}

bool service_has_port(const Model *model, Service *service, int64_t port,
                      const ServicePort **as_target)
{
	char number[32];
	int len = snprintf(number, sizeof number, "%lld", (long long)port);
	const PortAnswer *answer;

	if (!service->port_index)
		service->port_index = index_ports(model, service);
	answer = table_get(service->port_index, str_n(number, (size_t)len));
	*as_target = answer ? answer->as_target : NULL;
	return answer && (answer->answers || (service->headless && answer->as_target));
}

Str service_ports(Arena *arena, const Service *service, bool names)
{
	Buf buf = buf_new(arena);

	for (size_t i = 0; i < service->port_count && i < 8; i++) {
		const ServicePort *port = &service->ports[i];
		buf_printf(&buf, "%s%lld", i ? ", " : "", (long long)port->number);
		if (names && port->name.len)
			buf_printf(&buf, " (%.*s)", STR_ARGS(port->name));
	}
	return buf_view(&buf);
}
