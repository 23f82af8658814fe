/* Exports more than the entry (it is linked without the SDK's version script). */
#include "good.h"
#define BAD_TYPE "bad.exports"
PFLOW_EXPORT int bad_extra_function(void);
PFLOW_EXPORT int bad_extra_function(void) { return 1; }
PFLOW_EXPORT extern int bad_extra_data;
int bad_extra_data = 1;
#include "good_entry.h"
