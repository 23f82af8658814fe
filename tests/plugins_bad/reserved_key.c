/* Writes a key that is the host's own. */
#include "good.h"
#define BAD_TYPE "bad.reserved_key"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    host->store_set(call, str("__metrics__"), host->values->make_int(call, 1));
    return PFLOW_OK;
}
#define BAD_RUN run
#include "good_entry.h"
