/* Only the note says ABI 2: refused before any code of it runs. */
#include <stdlib.h>

#include "good.h"
__attribute__((constructor)) static void never_runs(void) { abort(); }
#define BAD_TYPE "bad.note_major"
#define BAD_NOTE_MAJOR 2
#include "good_entry.h"
