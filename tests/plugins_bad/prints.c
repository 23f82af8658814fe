/* Prints to stdout during run. */
#include <stdio.h>

#include "good.h"
#define BAD_TYPE "bad.prints"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    printf("noise\n");
    fflush(stdout);
    return put(call, "fine");
}
#define BAD_RUN run
#include "good_entry.h"
