/* Prints a megabyte to stdout and stderr in init; nothing else is wrong. */
#include <stdio.h>

#include "good.h"
#define BAD_TYPE "bad.noise"
static pflow_status PFLOW_CALL init(const pflow_host *h, pflow_call *call) {
    int i;
    (void)call;
    host = h;
    for (i = 0; i < 16384; ++i) {
        printf("{\"noise\": \"on stdout, as if it were the result of scanning\"}\n");
        fprintf(stderr, "{\"noise\": \"on stderr, as if it were the result of scanning\"}\n");
    }
    fflush(stdout);
    return PFLOW_OK;
}
#define BAD_INIT init
#include "good_entry.h"
