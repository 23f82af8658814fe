/* A constructor never returns: nothing of the ABI has been looked at by then. */
#include <unistd.h>

#include "good.h"
__attribute__((constructor)) static void hang(void) {
    for (;;) sleep(1000);
}
#define BAD_TYPE "bad.constructor_hangs"
#include "good_entry.h"
