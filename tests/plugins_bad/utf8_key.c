/* Writes an output whose name is not UTF-8. */
#include "good.h"
#define BAD_TYPE "bad.utf8_key"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    host->store_set(call, str("caf\xe9"), host->values->make_int(call, 1));
    return PFLOW_OK;
}
#define BAD_RUN run
#include "good_entry.h"
