/* Appends a byte to the file $BAD_INIT_COUNT at each init: tells how often it was opened. */
#include <stdio.h>
#include <stdlib.h>

#include "good.h"
#define BAD_TYPE "bad.counts_inits"
static pflow_status PFLOW_CALL init(const pflow_host *h, pflow_call *call) {
    const char *name = getenv("BAD_INIT_COUNT");
    FILE *file = name != NULL ? fopen(name, "a") : NULL;
    (void)call;
    host = h;
    if (file != NULL) {
        fputc('i', file);
        fclose(file);
    }
    return PFLOW_OK;
}
#define BAD_INIT init
#include "good_entry.h"
