/* A plugin for ABI 2 only, without a note. */
__attribute__((visibility("default"))) extern const int pflow_plugin_v2;
const int pflow_plugin_v2 = 2;
