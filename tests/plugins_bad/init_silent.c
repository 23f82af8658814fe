/* Its init fails and does not say why. */
#include "good.h"
#define BAD_TYPE "bad.init_silent"
static pflow_status PFLOW_CALL init(const pflow_host *h, pflow_call *call) {
    (void)h, (void)call;
    return PFLOW_E_IO;
}
#define BAD_INIT init
#include "good_entry.h"
