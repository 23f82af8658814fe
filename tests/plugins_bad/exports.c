/* Exports more than the entry (its version script is not the SDK's). */
#include "good.h"
#define BAD_TYPE "bad.exports"
PFLOW_EXPORT int bad_extra_function(void);
PFLOW_EXPORT int bad_extra_function(void) { return 1; }
PFLOW_EXPORT int bad_other_function(void);
PFLOW_EXPORT int bad_other_function(void) { return 2; }
#include "good_entry.h"
