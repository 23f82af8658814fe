/* A plugin in plain C whose node is metered by what it writes: an output with the name llm_usage. */
#include <pflow/plugin.h>
#include <string.h>

#define PLUGIN_ID "org.example.usage-output"
#define PLUGIN_VERSION "1.0.0"

static const pflow_host *host; /* set once by init(), valid until deinit() has returned */

static const char descriptor[] =
    "{\"description\": \"Answers as a model would, and writes what that took.\","
    " \"params\": {\"type\": \"object\", \"additionalProperties\": false, \"properties\": {}},"
    " \"outputs\": [{\"name\": \"response\", \"type\": \"string\", \"primary\": true, \"description\": \"The answer\"},"
    "  {\"name\": \"llm_usage\", \"type\": \"object\", \"description\": \"The tokens that it took\"}]}";

/* Here stands the call to a model; what it used comes back with its answer. */
static const char used[] =
    "{\"model\": \"gpt-4o-mini\", \"input_tokens\": 1000, \"output_tokens\": 200, \"total_tokens\": 1200}";

static pflow_str str(const char *text) {
    pflow_str s = {text, strlen(text)};
    return s;
}

static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    const pflow_value *usage = host->values->from_json(call, str(used));
    const pflow_value *response = host->values->make_str(call, str("An answer."));
    pflow_status status;
    (void)node;
    if (usage == NULL || response == NULL) return PFLOW_E_NOMEM;
    status = host->store_set(call, str("response"), response);
    return status == PFLOW_OK ? host->store_set(call, str("llm_usage"), usage) : status;
}

static const pflow_node_type node_type = {
    .struct_size = sizeof(pflow_node_type),
    .flags = PFLOW_NODE_CONCURRENT | PFLOW_NODE_NONBLOCKING,
    .type_name = PFLOW_STR("example.usage-output"),
    .version = PFLOW_STR(PLUGIN_VERSION),
    .descriptor_json = PFLOW_STR(descriptor),
    .run = run,
};

static size_t PFLOW_CALL type_count(void) { return 1; }

static const pflow_node_type *PFLOW_CALL type_at(size_t index) { return index == 0 ? &node_type : NULL; }

static const pflow_node_factory factory = {sizeof(pflow_node_factory), 0, type_count, type_at};

static pflow_status PFLOW_CALL init(const pflow_host *h, pflow_call *call) {
    (void)call;
    host = h;
    return PFLOW_OK;
}

static const void *PFLOW_CALL get_factory(const char *factory_id) {
    return strcmp(factory_id, PFLOW_FACTORY_NODES) == 0 ? &factory : NULL;
}

PFLOW_NOTE(PFLOW_TARGET_MINOR, PLUGIN_ID);

const pflow_plugin_entry pflow_plugin_v1 = {
    .magic = PFLOW_ENTRY_MAGIC,
    .struct_size = sizeof(pflow_plugin_entry),
    .abi_major = PFLOW_ABI_MAJOR,
    .abi_minor = PFLOW_ABI_MINOR,
    .min_host_minor = PFLOW_TARGET_MINOR,
    .id = PFLOW_STR(PLUGIN_ID),
    .version = PFLOW_STR(PLUGIN_VERSION),
    .init = init,
    .get_factory = get_factory,
};
