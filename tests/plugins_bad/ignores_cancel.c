/* Sleeps in run for ever and asks nobody. */
#include <unistd.h>

#include "good.h"
#define BAD_TYPE "bad.ignores_cancel"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    put(call, "staged");
    for (;;) sleep(1000);
    return PFLOW_OK;
}
#define BAD_RUN run
#include "good_entry.h"
