/* Nothing is wrong: a later minor of the header has longer structs, whose new members this host does not read. */
#include "good.h"
#define BAD_TYPE "bad.type_longer"
#define BAD_TYPE_SIZE (sizeof(pflow_node_type) + 64)
#define BAD_ENTRY_SIZE (sizeof(pflow_plugin_entry) + 64)
#include "good_entry.h"
