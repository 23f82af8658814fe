/* Crashes in init. */
#include <stdlib.h>

#include "good.h"
#define BAD_TYPE "bad.init_aborts"
static pflow_status PFLOW_CALL init(const pflow_host *h, pflow_call *call) {
    (void)h, (void)call;
    abort();
}
#define BAD_INIT init
#include "good_entry.h"
