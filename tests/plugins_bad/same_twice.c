/* Offers one node type twice. */
#include "good.h"
#define BAD_TYPE "bad.same_twice"
#define BAD_TYPE_COUNT 2
static const pflow_node_type *PFLOW_CALL always(size_t index);
#define BAD_AT always
#include "good_entry.h"
static const pflow_node_type *PFLOW_CALL always(size_t index) {
    (void)index;
    return &good_type;
}
