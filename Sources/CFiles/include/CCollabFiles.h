#ifndef CCOLLAB_FILES_H
#define CCOLLAB_FILES_H

#include <stddef.h>

// Files whose pages are looked at where the system keeps them. Whoever writes to such memory writes to a
// copy. Pages that a file no longer has, because somebody cut it short, are zeros: elsewhere they would
// end the process.

/// The first `count` bytes of an open file; NULL with `errno` set if that is not possible.
///
/// `missing` counts the pages that are asked for and that the file no longer has; it must last as long as
/// the memory.
void *cf_map(int descriptor, size_t count, long *missing);

/// Lets go of such memory.
void cf_unmap(void *start, size_t count);

/// The value of such a counter.
long cf_count(const long *missing);

// Files that have no name yet: nothing stays of them if the program ends.

/// Opens a new file in a folder, to be written to; negative where the system has no such files.
int cf_open_unnamed(const char *folder, unsigned mode);

/// Gives it a name that nothing has; negative with `errno` set if that is not possible.
int cf_link(int descriptor, const char *path);

#endif
