/* Fails in init until the file $BAD_DEPENDS_ON is there: the fault lies outside the plugin. */
#include <stdlib.h>
#include <unistd.h>

#include "good.h"
#define BAD_TYPE "bad.depends"
static pflow_status PFLOW_CALL init(const pflow_host *h, pflow_call *call) {
    const char *name = getenv("BAD_DEPENDS_ON");
    host = h;
    if (name != NULL && access(name, R_OK) == 0) return PFLOW_OK;
    return fail(call, PFLOW_E_NOT_FOUND, "no_model", "its model is not installed");
}
#define BAD_INIT init
#include "good_entry.h"
