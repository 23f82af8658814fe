/* Sleeps in create for ever. */
#include <unistd.h>

#include "good.h"
#define BAD_TYPE "bad.create_hangs"
static pflow_status PFLOW_CALL create(const pflow_node_type *t, const pflow_host *h, pflow_call *call, void **out) {
    (void)t, (void)h, (void)call, (void)out;
    for (;;) sleep(1000);
    return PFLOW_OK;
}
#define BAD_CREATE create
#include "good_entry.h"
