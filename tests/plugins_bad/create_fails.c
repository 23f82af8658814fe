/* Its create fails and says why. */
#include "good.h"
#define BAD_TYPE "bad.create_fails"
static pflow_status PFLOW_CALL create(const pflow_node_type *t, const pflow_host *h, pflow_call *call, void **out) {
    (void)t, (void)h, (void)out;
    return fail(call, PFLOW_E_NOT_FOUND, "no_model", "its model \"tiny\" is not there");
}
#define BAD_CREATE create
#include "good_entry.h"
