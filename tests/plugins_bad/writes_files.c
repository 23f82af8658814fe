/* Writes a line to every open file in init and hangs. */
#include <unistd.h>

#include "good.h"
#define BAD_TYPE "bad.writes_files"
static pflow_status PFLOW_CALL init(const pflow_host *h, pflow_call *call) {
    int fd;
    (void)h, (void)call;
    for (fd = 0; fd < 256; ++fd) {
        if (write(fd, "hello\n", 6) != 6) continue;
    }
    for (;;) sleep(1000);
    return PFLOW_OK;
}
#define BAD_INIT init
#include "good_entry.h"
