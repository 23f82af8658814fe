/* Takes long in create, and tells when it is made and when it runs. */
#include <unistd.h>

#include "good.h"
#define BAD_TYPE "bad.create_slow"
static pflow_status PFLOW_CALL create(const pflow_node_type *t, const pflow_host *h, pflow_call *call, void **out) {
    (void)t, (void)h, (void)call, (void)out;
    usleep(150000);
    tell("made");
    return PFLOW_OK;
}
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    tell("ran");
    return put(call, "fine");
}
#define BAD_CREATE create
#define BAD_RUN run
#include "good_entry.h"
