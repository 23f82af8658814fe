/* Ends the process in init. */
#include <unistd.h>

#include "good.h"
#define BAD_TYPE "bad.init_exits"
static pflow_status PFLOW_CALL init(const pflow_host *h, pflow_call *call) {
    (void)h, (void)call;
    _exit(3);
}
#define BAD_INIT init
#include "good_entry.h"
