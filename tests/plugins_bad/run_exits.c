/* Ends the process in run. */
#include <stdlib.h>

#include "good.h"
#define BAD_TYPE "bad.run_exits"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    (void)call;
    exit(3);
}
#define BAD_RUN run
#include "good_entry.h"
