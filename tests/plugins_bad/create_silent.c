/* Its create fails and does not say why. */
#include "good.h"
#define BAD_TYPE "bad.create_silent"
static pflow_status PFLOW_CALL create(const pflow_node_type *t, const pflow_host *h, pflow_call *call, void **out) {
    (void)t, (void)h, (void)call, (void)out;
    return PFLOW_E_NOMEM;
}
#define BAD_CREATE create
#include "good_entry.h"
