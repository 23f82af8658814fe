/* Nothing is wrong: it completes inside cancel. */
#include "good.h"
#define BAD_TYPE "bad.cancel_completes"
#define BAD_FLAGS PFLOW_NODE_NONBLOCKING
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    put(call, "staged");
    return PFLOW_PENDING;
}
static void PFLOW_CALL cancel(void *node, pflow_call *call) {
    (void)node;
    host->complete(call, PFLOW_E_CANCELLED);
}
#define BAD_RUN run
#define BAD_CANCEL cancel
#include "good_entry.h"
