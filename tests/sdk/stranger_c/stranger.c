/* A stranger's plugin in C: says how many bytes its text has. */
#include <pflow/plugin.h>
#include <string.h>

static const pflow_host *host;

static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    const pflow_str key = PFLOW_STR("text");
    const pflow_str bytes = PFLOW_STR("bytes");
    const pflow_value_api *v = host->values;
    (void)node;
    return host->store_set(call, bytes, v->make_uint(call, v->length(v->get(host->params(call), key))));
}

static const pflow_node_type type = {
    .struct_size = sizeof(pflow_node_type),
    .type_name = PFLOW_STR("stranger.c"),
    .version = PFLOW_STR("1.0.0"),
    .descriptor_json = PFLOW_STR("{\"params\": {\"properties\": {\"text\": {\"type\": \"string\"}},"
                                 " \"required\": [\"text\"]},"
                                 " \"outputs\": [{\"name\": \"bytes\", \"type\": \"integer\", \"primary\": true}]}"),
    .run = run,
};

static size_t PFLOW_CALL count(void) { return 1; }

static const pflow_node_type *PFLOW_CALL at(size_t index) { return index == 0 ? &type : NULL; }

static const pflow_node_factory factory = {sizeof(pflow_node_factory), 0, count, at};

static pflow_status PFLOW_CALL init(const pflow_host *h, pflow_call *call) {
    (void)call;
    host = h;
    return PFLOW_OK;
}

static const void *PFLOW_CALL get_factory(const char *id) {
    return strcmp(id, PFLOW_FACTORY_NODES) == 0 ? &factory : NULL;
}

PFLOW_NOTE(PFLOW_TARGET_MINOR, "com.stranger.c");

const pflow_plugin_entry pflow_plugin_v1 = {
    .magic = PFLOW_ENTRY_MAGIC,
    .struct_size = sizeof(pflow_plugin_entry),
    .abi_major = PFLOW_ABI_MAJOR,
    .abi_minor = PFLOW_ABI_MINOR,
    .min_host_minor = PFLOW_TARGET_MINOR,
    .id = PFLOW_STR("com.stranger.c"),
    .version = PFLOW_STR("1.0.0"),
    .init = init,
    .get_factory = get_factory,
};
