/* Never ends, and sleeps in cancel for ever. */
#include <unistd.h>

#include "good.h"
#define BAD_TYPE "bad.cancel_hangs"
#define BAD_FLAGS PFLOW_NODE_NONBLOCKING
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node, (void)call;
    return PFLOW_PENDING;
}
static void PFLOW_CALL cancel(void *node, pflow_call *call) {
    (void)node, (void)call;
    for (;;) sleep(1000);
}
#define BAD_RUN run
#define BAD_CANCEL cancel
#include "good_entry.h"
