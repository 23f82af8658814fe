/* Writes NULL. */
#include "good.h"
#define BAD_TYPE "bad.null_value"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    host->store_set(call, str("out"), NULL);
    return PFLOW_OK;
}
#define BAD_RUN run
#include "good_entry.h"
