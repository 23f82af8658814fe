/* Writes what make_float gives for NaN. */
#include <math.h>

#include "good.h"
#define BAD_TYPE "bad.nan"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    host->store_set(call, str("out"), host->values->make_float(call, (double)NAN));
    return PFLOW_OK;
}
#define BAD_RUN run
#include "good_entry.h"
