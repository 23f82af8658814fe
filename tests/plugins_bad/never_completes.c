/* Returns PENDING and does nothing more. */
#include "good.h"
#define BAD_TYPE "bad.never_completes"
#define BAD_FLAGS PFLOW_NODE_NONBLOCKING
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    put(call, "staged");
    return PFLOW_PENDING;
}
#define BAD_RUN run
#include "good_entry.h"
