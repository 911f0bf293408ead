#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A small face on libedit, whose own functions are variadic and cannot be called from Swift.
// All text is UTF-8. One editor may be open at a time; it is used on one thread.

typedef struct le_editor le_editor;

// The version of libedit's interface, such as "2.11".
const char *le_library_version(void);

typedef enum {
  LE_DONE,       // a hook ended the reading
  LE_EOF,        // the end of the input
  LE_INTERRUPT,  // SIGINT from outside; the line is discarded
  LE_ERROR,      // reading failed; errno says why
} le_result;

// Keys that are no characters, for the key hook; control characters come as they are. libedit maps
// keys up to 255 only. Nobody types C1 controls, so they stand for these.
enum {
  LE_KEY_FIRST = 0x80,
  LE_KEY_UP = LE_KEY_FIRST,
  LE_KEY_DOWN,
  LE_KEY_LEFT,
  LE_KEY_RIGHT,
  LE_KEY_HOME,
  LE_KEY_END,
  LE_KEY_DELETE,
  LE_KEY_PAGE_UP,
  LE_KEY_PAGE_DOWN,
  LE_KEY_BACKTAB,
  LE_KEY_WORD_LEFT,
  LE_KEY_WORD_RIGHT,
  LE_KEY_KILL_WORD_LEFT,
  LE_KEY_KILL_WORD_RIGHT,
  LE_KEY_BREAK,     // Meta and Enter
  LE_KEY_UNDO,      // ^X^U
  LE_KEY_REDO,      // M-_
  LE_KEY_EXTERNAL,  // ^X^E
  LE_KEY_ESCAPE,    // Escape alone, while le_take_escape is on
  LE_KEY_LAST = LE_KEY_ESCAPE,
};

// What the editor asks for. Lines are UTF-8 with a count of bytes; the cursor is an offset in them.
typedef struct {
  void *context;
  // Draws the line: called whenever the editor waits for a key and none is there yet. While libedit
  // searches its history, the last line is what is searched for, not part of the text.
  void (*paint)(void *context, const char *line, size_t count, size_t cursor, bool is_search);
  // Acts on a key. It may call le_set, le_beep and le_finish.
  void (*key)(void *context, int key, const char *line, size_t count, size_t cursor);
} le_hooks;

// Opens an editor on standard input and output, which must be terminals; NULL if that fails.
le_editor *le_open(const char *program, int history_size, le_hooks hooks);
void le_close(le_editor *editor);

// Reads until a hook calls le_finish. `initial` is the text to start with, or NULL.
le_result le_read(le_editor *editor, const char *initial, size_t cursor);
// Adds an entry for the searches of libedit: ^R, and those of vi.
void le_history_add(le_editor *editor, const char *entry);

// For hooks: replaces the line and sets the cursor; rings the bell; ends the reading.
void le_set(le_editor *editor, const char *text, size_t cursor);
void le_beep(le_editor *editor);
void le_finish(le_editor *editor);
// Whether Escape alone is a key for the hook; otherwise it is libedit's.
void le_take_escape(le_editor *editor, bool takes);
// Gives the terminal to another program, or takes it back.
void le_lend_terminal(le_editor *editor, bool lends);

// Counts SIGINT from now on instead of ending the process. A second one within two seconds of
// one that was not taken restores the terminal and leaves with 130.
void le_interrupt_watch(void);
// Whether there was a SIGINT since the last call.
bool le_interrupt_take(void);
// Whether there was one, without taking it.
bool le_interrupt_pending(void);

// Waits until a descriptor can be read; false when a signal came instead.
bool le_wait(int descriptor);

// Writes what is to be drawn to standard output, all at once if the terminal takes it.
void le_draw(const char *bytes, size_t count);

// Standard input, with bytes that were read too far in front of it: whether there is one, now or
// within some milliseconds; reads one, as read(2) does; puts some back.
bool le_is_readable(int milliseconds);
ptrdiff_t le_read_byte(unsigned char *byte);
void le_put_back(const char *bytes, size_t count);
