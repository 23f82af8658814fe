/* Includes the header first and uses each of its macros: compiled as every C and C++ it promises to work with. */
#include <pflow/plugin.h>

#if !defined(PFLOW_HOST_SIDE)
PFLOW_NOTE(PFLOW_TARGET_MINOR, "org.example.header");
#endif

int header_uses(const pflow_call_info *info);

int header_uses(const pflow_call_info *info) {
    static const pflow_str text = PFLOW_STR("text");
    const pflow_error error = PFLOW_ERROR_INIT;
    const pflow_llm_usage usage = PFLOW_LLM_USAGE_INIT;
    int sum = (int)text.len + (int)error.status + (int)usage.flags;
    if (PFLOW_HAS(info, pflow_call_info, remaining_ns)) ++sum;
    if (PFLOW_HOST_SIZE_1_0 > sizeof(pflow_host)) return -1;
    if (PFLOW_NODE_TYPE_SIZE_1_0 > sizeof(pflow_node_type)) return -1;
    if (PFLOW_ENTRY_SIZE_1_0 > sizeof(pflow_plugin_entry)) return -1;
    if (PFLOW_LLM_USAGE_SIZE_1_0 > sizeof(pflow_llm_usage)) return -1;
    if (PFLOW_ERROR_SIZE_1_0 > sizeof(pflow_error)) return -1;
    return sum;
}
