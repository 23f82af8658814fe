/* A text of 100 MiB, or an empty one when there is no memory for it; the caller frees it. */
#include <stdlib.h>
#include <string.h>

static pflow_str hundred_mebibytes(void) {
    pflow_str s;
    char *text = malloc((size_t)100 << 20);
    if (text != NULL) memset(text, 0x61, (size_t)100 << 20);
    s.ptr = text;
    s.len = text != NULL ? (size_t)100 << 20 : 0;
    return s;
}
