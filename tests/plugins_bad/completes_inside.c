/* Nothing is wrong: it may complete before run has returned. */
#include "good.h"
#define BAD_TYPE "bad.completes_inside"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    put(call, "early");
    host->complete(call, PFLOW_OK);
    return PFLOW_PENDING;
}
#define BAD_RUN run
#include "good_entry.h"
