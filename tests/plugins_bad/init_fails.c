/* Its init fails and says why. */
#include "good.h"
#define BAD_TYPE "bad.init_fails"
static pflow_status PFLOW_CALL init(const pflow_host *h, pflow_call *call) {
    host = h;
    return fail(call, PFLOW_E_UNAVAILABLE, "no_licence", "the licence server does not answer");
}
#define BAD_INIT init
#include "good_entry.h"
