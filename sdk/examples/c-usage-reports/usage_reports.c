/* A plugin in plain C whose node calls a model three times and reports each of the calls. */
#include <pflow/plugin.h>
#include <string.h>

#define PLUGIN_ID "org.example.usage-reports"
#define PLUGIN_VERSION "1.0.0"

static const pflow_host *host; /* set once by init(), valid until deinit() has returned */

static const char descriptor[] =
    "{\"description\": \"Asks a model twice and another one once, and reports each call.\","
    " \"params\": {\"type\": \"object\", \"additionalProperties\": false, \"properties\": {}},"
    " \"outputs\": [{\"name\": \"response\", \"type\": \"string\", \"primary\": true, \"description\": \"The answer\"}]}";

static pflow_str str(const char *text) {
    pflow_str s = {text, strlen(text)};
    return s;
}

/* What is not known stays -1: the host tells unknown from 0. Texts are copied before the function returns. */
static pflow_status report(pflow_call *call, const char *provider, const char *model, int64_t input, int64_t output,
                           int64_t cached) {
    pflow_llm_usage usage = PFLOW_LLM_USAGE_INIT;
    usage.provider = str(provider);
    usage.model = str(model);
    usage.input_tokens = input;
    usage.output_tokens = output;
    usage.cache_read_tokens = cached;
    return host->report_llm_usage(call, &usage);
}

static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    const pflow_value *response = host->values->make_str(call, str("An answer."));
    pflow_status status;
    (void)node;
    if (response == NULL) return PFLOW_E_NOMEM;
    status = report(call, "openai", "gpt-4o-mini", 1000, 200, -1);
    if (status == PFLOW_OK) status = report(call, "openai", "gpt-4o-mini", 3000, 10, 2000);
    if (status == PFLOW_OK) status = report(call, "anthropic", "claude-sonnet-4-5", 500, 50, 0);
    return status == PFLOW_OK ? host->store_set(call, str("response"), response) : status;
}

static const pflow_node_type node_type = {
    .struct_size = sizeof(pflow_node_type),
    .flags = PFLOW_NODE_CONCURRENT | PFLOW_NODE_NONBLOCKING,
    .type_name = PFLOW_STR("example.usage-reports"),
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
