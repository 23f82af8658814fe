/* Completes with the status that means that it has not. */
#include "good.h"
#define BAD_TYPE "bad.completes_pending"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    host->complete(call, PFLOW_PENDING);
    return PFLOW_PENDING;
}
#define BAD_RUN run
#include "good_entry.h"
