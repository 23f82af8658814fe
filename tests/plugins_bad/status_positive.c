/* Returns a positive status that does not exist. */
#include "good.h"
#define BAD_TYPE "bad.status_positive"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    (void)call;
    return 7;
}
#define BAD_RUN run
#include "good_entry.h"
