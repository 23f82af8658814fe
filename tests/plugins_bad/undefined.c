/* Needs a function that nobody has. */
#include "good.h"
#define BAD_TYPE "bad.undefined"
extern int bad_nobody_has_this(void);
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node, (void)call;
    return bad_nobody_has_this();
}
#define BAD_RUN run
#include "good_entry.h"
