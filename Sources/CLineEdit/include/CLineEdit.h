#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A small face on libedit, whose own functions are variadic and cannot be called from Swift.
// All text is UTF-8. One editor may be open at a time; it is used on one thread.

typedef struct le_editor le_editor;

typedef enum {
  LE_LINE,       // a line was entered
  LE_EOF,        // ^D on an empty line, or the end of the input
  LE_INTERRUPT,  // ^C, or SIGINT from outside; the line is discarded
  LE_REOPEN,     // Up on an empty continuation line: edit the lines above again
  LE_TRUNCATED,  // libedit lost the end of a line that was too long
  LE_ERROR,      // reading failed; errno says why
} le_result;

// What a read needs. `prompt` may hold escape sequences, each between two bytes of value 1.
typedef struct {
  const char *prompt;
  const char *initial;  // text to start with, or NULL
  bool continues;       // whether lines above belong to this one
} le_request;

// Called on Tab with the line and the cursor as an offset in bytes. It may call le_replace and
// le_list; when it calls neither, the terminal beeps.
typedef void (*le_completer)(void *context, const char *line, size_t cursor);

// Opens an editor on standard input and output, which must be terminals; NULL if that fails.
le_editor *le_open(const char *program, int history_size, le_completer complete, void *context);
void le_close(le_editor *editor);

// Reads a line. `*line` stays valid until the next call and has no newline at its end.
le_result le_read(le_editor *editor, const le_request *request, const char **line);
void le_history_add(le_editor *editor, const char *entry);

// For completers: replaces the last `count` code points before the cursor by `text`; writes a
// listing below the line.
void le_replace(le_editor *editor, int count, const char *text);
void le_list(le_editor *editor, const char *text);

// Counts SIGINT from now on instead of ending the process. A second one within two seconds of
// one that was not taken restores the terminal and leaves with 130.
void le_interrupt_watch(void);
// Whether there was a SIGINT since the last call.
bool le_interrupt_take(void);
// Whether there was one, without taking it.
bool le_interrupt_pending(void);

// Waits until a descriptor can be read; false when a signal came instead.
bool le_wait(int descriptor);
