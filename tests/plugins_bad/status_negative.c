/* Returns a negative status that does not exist. */
#include "good.h"
#define BAD_TYPE "bad.status_negative"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    (void)call;
    return -99;
}
#define BAD_RUN run
#include "good_entry.h"
