/* Writes without end and without a newline to the file that the host reads. */
#include <string.h>
#include <unistd.h>

#include "good.h"
#define BAD_TYPE "bad.floods_files"
static pflow_status PFLOW_CALL init(const pflow_host *h, pflow_call *call) {
    static char noise[65536];
    (void)h, (void)call;
    memset(noise, 'x', sizeof noise);
    while (write(3, noise, sizeof noise) > 0) continue;
    return PFLOW_OK;
}
#define BAD_INIT init
#include "good_entry.h"
