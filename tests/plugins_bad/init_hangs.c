/* Its init never returns. */
#include <unistd.h>

#include "good.h"
#define BAD_TYPE "bad.init_hangs"
static pflow_status PFLOW_CALL init(const pflow_host *h, pflow_call *call) {
    (void)h, (void)call;
    for (;;) sleep(1000);
    return PFLOW_OK;
}
#define BAD_INIT init
#include "good_entry.h"
